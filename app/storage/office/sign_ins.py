"""Queries for sign-ins, links by mail and the throttle: hashes and times enter, rows leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session as Session

from app.core.access import Role
from app.storage.office.accounts import Account, MailedLink, Membership, SignIn, Throttle


def end(session: Session, token: bytes) -> bool:
    """Whether there was one to end."""
    return bool(session.scalars(delete(SignIn).where(SignIn.token == token).returning(SignIn.token)).all())


def forget_second(session: Session, account: int) -> None:
    """No session of this account counts as one in which a second factor was shown."""
    session.execute(update(SignIn).where(SignIn.account_id == account).values(second=False))


def tidy(session: Session, now: datetime) -> None:
    """Forget sign-ins, links and throttles that are over."""
    session.execute(delete(SignIn).where(SignIn.ends_at <= now))
    session.execute(delete(MailedLink).where(MailedLink.ends_at <= now))


def forget_throttles(session: Session, before: datetime) -> None:
    session.execute(delete(Throttle).where(Throttle.until <= before))


def link(session: Session, token: bytes, purpose: str, now: datetime) -> MailedLink | None:
    """A link that still works, else None."""
    return session.scalar(
        select(MailedLink).where(
            MailedLink.token == token, MailedLink.purpose == purpose, MailedLink.ends_at > now
        )
    )


def drop_links(session: Session, *, purpose: str, email: str, organisation: int | None = None) -> int:
    """Make earlier links of this kind for this address useless; returns how many there were."""
    query = delete(MailedLink).where(MailedLink.purpose == purpose, MailedLink.email == email)
    if organisation is not None:
        query = query.where(MailedLink.organisation_id == organisation)
    return len(session.scalars(query.returning(MailedLink.token)).all())


def invitations(session: Session, organisation: int, now: datetime) -> list[MailedLink]:
    """Invitations that nobody has accepted yet and that still work."""
    return list(
        session.scalars(
            select(MailedLink)
            .where(
                MailedLink.organisation_id == organisation,
                MailedLink.purpose == "invitation",
                MailedLink.ends_at > now,
            )
            .order_by(MailedLink.email)
        )
    )


def count_administrators(session: Session, organisation: int, *, but: int) -> int:
    """Active administrators of an organisation other than this account."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.organisation_id == organisation,
                Membership.role == Role.ADMINISTRATOR.value,
                Membership.account_id != but,
                Account.active,
            )
        )
        or 0
    )
