"""Digests of a board: how often an organisation wants one and which were made enters; what they tell of leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, DateTime, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db
from app.storage.office.updates import Update, UpdateVersion

Published = tuple[Update, UpdateVersion, datetime]
"""An update, the version that people see, and when its first version was published."""


class DigestChoice(db.Model):
    """How often subscribers get mail: "weekly" (where there is no row) or "each" (soon after each publication)."""

    __tablename__ = "digest_choice"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    often: Mapped[str] = mapped_column(String(8))


class Digest(db.Model):
    """One mailing: it tells what was published after `since`, up to `until`. `made` once each subscriber's letter is there."""

    __tablename__ = "digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    since: Mapped[datetime] = mapped_column(DateTime)
    until: Mapped[datetime] = mapped_column(DateTime)
    made_at: Mapped[datetime] = mapped_column(DateTime)
    made: Mapped[bool] = mapped_column(Boolean, default=False)


def often(session: Session, organisation: int) -> str:
    row = session.get(DigestChoice, organisation)
    return row.often if row is not None else "weekly"


def choose(session: Session, organisation: int, value: str) -> None:
    row = session.get(DigestChoice, organisation)
    if row is None:
        session.add(DigestChoice(organisation_id=organisation, often=value))
    else:
        row.often = value


def latest(session: Session, organisation: int) -> Digest | None:
    return session.scalar(
        select(Digest).where(Digest.organisation_id == organisation).order_by(Digest.id.desc()).limit(1)
    )


def get(session: Session, digest: int) -> Digest | None:
    return session.get(Digest, digest)


def published(
    session: Session,
    organisation: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = 50,
) -> list[Published]:
    """Updates whose newest version was published in this span, the newest first, at most so many."""
    first = (
        select(func.min(UpdateVersion.published_at))
        .where(UpdateVersion.update_id == Update.id)
        .correlate(Update)
        .scalar_subquery()
    )
    wanted = (
        select(Update, UpdateVersion, first)
        .join(
            UpdateVersion,
            (UpdateVersion.update_id == Update.id) & (UpdateVersion.version == Update.version),
        )
        .where(Update.organisation_id == organisation, Update.version > 0, Update.withdrawn.is_(False))
        .where(UpdateVersion.published_at.is_not(None))
        .order_by(UpdateVersion.published_at.desc(), Update.id.desc())
        .limit(most)
    )
    if since is not None:
        wanted = wanted.where(UpdateVersion.published_at > since)
    if until is not None:
        wanted = wanted.where(UpdateVersion.published_at <= until)
    rows = session.execute(wanted)
    return [(update, version, begun) for update, version, begun in rows if begun is not None]
