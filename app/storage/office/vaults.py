"""Vaults: keys of advisers, one vault an organisation, and what is sealed in it under random keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import (
    Boolean,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Role
from app.storage import mixing
from app.storage.database import db
from app.storage.office.accounts import Account, SignIn, roles

DRAFT, IMPORT = "draft", "import"


class AdviserKey(db.Model):
    """The key pair of one adviser, for all organisations; the private half under the passphrase, and under the recovery code.

    `operations` and `memory` (bytes) are what Argon2id was asked for this one, so that later ones can be asked more.
    `confirmed`: the adviser has shown to have the recovery code.
    """

    __tablename__ = "adviser_key"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    operations: Mapped[int] = mapped_column(Integer)
    memory: Mapped[int] = mapped_column(Integer)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    locked: Mapped[bytes] = mapped_column(LargeBinary(128))
    recovery_salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    recovery_locked: Mapped[bytes] = mapped_column(LargeBinary(128))
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)


class Unlocked(db.Model):
    """An adviser's private key under a random key that only the cookie holds. It goes with the sign-in it belongs to."""

    __tablename__ = "unlocked"
    sign_in: Mapped[bytes] = mapped_column(
        LargeBinary(32), ForeignKey("sign_in.token", ondelete="CASCADE"), primary_key=True
    )
    wrapped: Mapped[bytes] = mapped_column(LargeBinary(128))
    seen_at: Mapped[datetime] = mapped_column(DateTime)


class Vault(db.Model):
    """The vault of one organisation. A new generation has a new key pair, with everything sealed anew.

    `made_by` is an account. `confirmed`: the works council has compared its fingerprint, before which it takes and gives nothing.
    `stale`: somebody who held its key no longer may, so the next adviser who opens it makes a new generation.
    `years`: how many whole years after the year of a card it is kept; it stands outside, so that what nobody opens goes as well.
    """

    __tablename__ = "vault"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, default=1)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_by: Mapped[int | None] = mapped_column(Integer)
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    stale: Mapped[bool] = mapped_column(Boolean, default=False)
    years: Mapped[int] = mapped_column(Integer, default=2, server_default="2")


class VaultKey(db.Model):
    """The private key of a vault, sealed to one adviser; `proof` shows that it was given by somebody who has that key.

    `known` shows that this adviser knows the vault's key, or knew one before it; none before they first compared it.
    """

    __tablename__ = "vault_key"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(128))
    proof: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    known: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Admission(db.Model):
    """An adviser with a key who asks to be let into a vault."""

    __tablename__ = "admission"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)


class Sealed(db.Model):
    """One thing in a vault: a card, a choice of themes, a draft. The key is random and says nothing of when.

    `until`: of a card, the last year in which it is kept; no finer time stands beside it.
    """

    __tablename__ = "sealed"
    __table_args__ = {"sqlite_with_rowid": False}
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[int | None] = mapped_column(Integer)


def vault(session: Session, organisation: int, *, steady: bool = False) -> Vault | None:
    """`steady` holds its key as it is until the end of the transaction (SQLite has one writer at a time anyway)."""
    return session.get(Vault, organisation, with_for_update={"read": True} if steady else None)


def put(
    session: Session,
    organisation: int,
    kind: str,
    bodies: Mapping[bytes, bytes],
    until: Mapping[bytes, int] | None = None,
) -> None:
    """Sealed bodies by their random keys, in the order of the keys; `until` by the same keys."""
    known = until or {}
    rows = [
        {
            "organisation_id": organisation,
            "kind": kind,
            "key": key,
            "body": bodies[key],
            "until": known.get(key),
        }
        for key in sorted(bodies)
    ]
    if rows:
        session.execute(insert(Sealed), rows)
        _leave_no_order(session, kind)


def years_kept(session: Session, organisation: int, kind: str) -> tuple[int, ...]:
    """The different years until which things of a kind are kept, without how many there are."""
    mine = Sealed.organisation_id == organisation, Sealed.kind == kind, Sealed.until.is_not(None)
    return tuple(
        sorted(year for year in session.scalars(select(Sealed.until).where(*mine).distinct()) if year)
    )


def any_kept_until(session: Session, organisation: int, kind: str, year: int) -> bool:
    """Whether anything was to be kept until this year or an earlier one."""
    found = select(Sealed.key).where(
        Sealed.organisation_id == organisation, Sealed.kind == kind, Sealed.until <= year
    )
    return session.execute(found.limit(1)).first() is not None


def drop_kept_until(session: Session, organisation: int, kind: str, year: int) -> int:
    """What was to be kept until this year or an earlier one; gives how many there were."""
    gone = session.execute(
        delete(Sealed)
        .where(Sealed.organisation_id == organisation, Sealed.kind == kind, Sealed.until <= year)
        .returning(Sealed.kind)
    )
    return len(gone.all())


def keep_longer(session: Session, organisation: int, kind: str, years: int) -> None:
    """So many years more, or fewer when under 0, for everything of a kind that has a year."""
    session.execute(
        update(Sealed)
        .where(Sealed.organisation_id == organisation, Sealed.kind == kind, Sealed.until.is_not(None))
        .values(until=Sealed.until + years)
    )


def organisations(session: Session) -> list[int]:
    """Those that have a vault."""
    return list(session.scalars(select(Vault.organisation_id).order_by(Vault.organisation_id)))


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
    _leave_no_order(session, kind)


def _leave_no_order(session: Session, kind: str) -> None:
    """Drafts and imports under way are written often, one of each: their place on a page tells nothing worth a rewrite."""
    if kind not in (DRAFT, IMPORT):
        session.info.setdefault(mixing.ORDERLESS, set()).add(Sealed.__tablename__)


def everything(session: Session, organisation: int) -> list[Sealed]:
    """All that is in a vault, in the order of kinds and keys."""
    return list(
        session.scalars(
            select(Sealed).where(Sealed.organisation_id == organisation).order_by(Sealed.kind, Sealed.key)
        )
    )


def empty(session: Session, organisation: int) -> None:
    """Throw away all that is in a vault."""
    session.execute(delete(Sealed).where(Sealed.organisation_id == organisation))
    session.info.setdefault(mixing.ORDERLESS, set()).add(Sealed.__tablename__)


def holders(
    session: Session, organisation: int
) -> list[tuple[VaultKey, Account, AdviserKey | None, frozenset[Role]]]:
    """Who holds a key of this vault, with their own keys and the roles they have here now, by name."""
    rows = session.execute(
        select(VaultKey, Account, AdviserKey)
        .join(Account, Account.id == VaultKey.account_id)
        .outerjoin(AdviserKey, AdviserKey.account_id == VaultKey.account_id)
        .where(VaultKey.organisation_id == organisation)
        .order_by(Account.name, Account.id)
    ).all()
    return [(held, who, key, roles(session, who.id, organisation)) for held, who, key in rows]


def asking(session: Session, organisation: int) -> list[tuple[Account, AdviserKey]]:
    """Who asks to be let in, with their keys, by name."""
    rows = session.execute(
        select(Account, AdviserKey)
        .join(Admission, Admission.account_id == Account.id)
        .join(AdviserKey, AdviserKey.account_id == Account.id)
        .where(Admission.organisation_id == organisation)
        .order_by(Account.name, Account.id)
    ).all()
    return [(who, key) for who, key in rows]


def ask(session: Session, organisation: int, account: int) -> None:
    if session.get(Admission, (organisation, account)) is None:
        session.add(Admission(organisation_id=organisation, account_id=account))


def ask_no_more(session: Session, organisation: int, account: int) -> None:
    session.execute(
        delete(Admission).where(Admission.organisation_id == organisation, Admission.account_id == account)
    )


def drop_key(session: Session, organisation: int, account: int) -> None:
    session.execute(
        delete(VaultKey).where(VaultKey.organisation_id == organisation, VaultKey.account_id == account)
    )


def vaults_of(session: Session, account: int) -> list[int]:
    """Organisations whose vault this account holds a key of."""
    return list(
        session.scalars(
            select(VaultKey.organisation_id)
            .where(VaultKey.account_id == account)
            .order_by(VaultKey.organisation_id)
        )
    )


def adviser_key(session: Session, account: int) -> AdviserKey | None:
    return session.get(AdviserKey, account)


def key_of(session: Session, organisation: int, account: int) -> VaultKey | None:
    return session.get(VaultKey, (organisation, account))


def unlocked(session: Session, sign_in: bytes) -> Unlocked | None:
    return session.get(Unlocked, sign_in)


def end_unlocked(session: Session, sign_in: bytes) -> None:
    session.execute(delete(Unlocked).where(Unlocked.sign_in == sign_in))


def end_idle(session: Session, before: datetime) -> None:
    """Forget what nobody used since."""
    session.execute(delete(Unlocked).where(Unlocked.seen_at <= before))


def end_unlocked_of(session: Session, account: int) -> None:
    """Lock everything of one adviser, in every browser."""
    theirs = select(SignIn.token).where(SignIn.account_id == account)
    session.execute(delete(Unlocked).where(Unlocked.sign_in.in_(theirs)))


def public_key(session: Session, organisation: int) -> bytes | None:
    """What to seal to; None until there is a vault that the works council has confirmed and that somebody holds the key of."""
    held = exists().where(VaultKey.organisation_id == Vault.organisation_id)
    return session.scalar(
        select(Vault.public).where(Vault.organisation_id == organisation, Vault.confirmed, held)
    )


def drop_kind(session: Session, organisation: int, kind: str) -> None:
    session.execute(delete(Sealed).where(Sealed.organisation_id == organisation, Sealed.kind == kind))
    _leave_no_order(session, kind)
