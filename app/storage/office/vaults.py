"""Vaults: keys of advisers, one vault an organisation, and what is sealed in it under random keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db


class AdviserKey(db.Model):
    """The key pair of one adviser, for all organisations; the private half under the passphrase, and under the recovery code."""

    __tablename__ = "adviser_key"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    locked: Mapped[bytes] = mapped_column(LargeBinary(128))
    recovery_salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    recovery_locked: Mapped[bytes] = mapped_column(LargeBinary(128))


class Vault(db.Model):
    """The vault of one organisation. A new generation has a new key pair, with everything sealed anew."""

    __tablename__ = "vault"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, default=1)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))


class VaultKey(db.Model):
    """The private key of a vault, sealed to one adviser."""

    __tablename__ = "vault_key"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(128))


class Sealed(db.Model):
    """One thing in a vault: a card, a choice of themes, a draft. The key is random and says nothing of when."""

    __tablename__ = "sealed"
    __table_args__ = {"sqlite_with_rowid": False}
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


def vault(session: Session, organisation: int) -> Vault | None:
    return session.get(Vault, organisation)


def put(session: Session, organisation: int, kind: str, bodies: Mapping[bytes, bytes]) -> None:
    """Sealed bodies by their random keys, in the order of the keys."""
    rows = [
        {"organisation_id": organisation, "kind": kind, "key": key, "body": bodies[key]}
        for key in sorted(bodies)
    ]
    if rows:
        session.execute(insert(Sealed), rows)


def every(session: Session, organisation: int, kind: str) -> list[tuple[bytes, bytes]]:
    """(key, sealed body) of all of one kind, in the order of their keys."""
    rows = session.execute(
        select(Sealed.key, Sealed.body)
        .where(Sealed.organisation_id == organisation, Sealed.kind == kind)
        .order_by(Sealed.key)
    )
    return [(key, body) for key, body in rows]


def drop(session: Session, organisation: int, kind: str, keys: Iterable[bytes]) -> None:
    for key in sorted(keys):
        session.execute(
            delete(Sealed).where(
                Sealed.organisation_id == organisation, Sealed.kind == kind, Sealed.key == key
            )
        )
