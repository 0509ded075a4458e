"""Staff accounts, their roles per organisation, sign-ins, links by mail, and the throttle."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, LargeBinary, String, delete, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Role
from app.storage.database import db


class Account(db.Model):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Membership(db.Model):
    """One role of one account in one organisation."""

    __tablename__ = "membership"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class SignIn(db.Model):
    """A staff session: the hash of what the cookie holds, when it ends, and whether a second factor was shown in it."""

    __tablename__ = "sign_in"
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime)
    ends_at: Mapped[datetime] = mapped_column(DateTime)
    second: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class MailedLink(db.Model):
    """A link that works once: an invitation of a colleague or a new password. Only its hash is kept."""

    __tablename__ = "mailed_link"
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    email: Mapped[str] = mapped_column(String(254))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    roles: Mapped[str] = mapped_column(String(120), default="")
    ends_at: Mapped[datetime] = mapped_column(DateTime)


class Throttle(db.Model):
    """Failed sign-ins of one e-mail address, by its hash."""

    __tablename__ = "throttle"
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    until: Mapped[datetime] = mapped_column(DateTime)


def by_email(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def roles(session: Session, account: int, organisation: int) -> frozenset[Role]:
    rows = session.scalars(
        select(Membership.role).where(
            Membership.account_id == account, Membership.organisation_id == organisation
        )
    )
    return frozenset(Role(role) for role in rows)


def organisations_of(session: Session, account: int) -> list[int]:
    return sorted(
        set(session.scalars(select(Membership.organisation_id).where(Membership.account_id == account)))
    )


def members(session: Session, organisation: int) -> list[tuple[Account, frozenset[Role]]]:
    """Accounts of an organisation with their roles, by name."""
    found: dict[int, tuple[Account, set[Role]]] = {}
    rows = session.execute(
        select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == organisation)
        .order_by(Account.name, Account.email)
    )
    for account, role in rows:
        found.setdefault(account.id, (account, set()))[1].add(Role(role))
    return [(account, frozenset(held)) for account, held in found.values()]


def set_roles(session: Session, account: int, organisation: int, held: frozenset[Role]) -> None:
    session.execute(
        delete(Membership).where(Membership.account_id == account, Membership.organisation_id == organisation)
    )
    session.add_all(
        Membership(account_id=account, organisation_id=organisation, role=role.value) for role in held
    )


def sign_out_everywhere(session: Session, account: int) -> None:
    session.execute(delete(SignIn).where(SignIn.account_id == account))
