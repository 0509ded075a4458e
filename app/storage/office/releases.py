"""Releases: immutable protected documents, by scan and edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db
from app.storage.office.frozen import guard_rows


class Release(db.Model):
    """`instrument` is the corrected questionnaire (TOML) and `reason` why, from the second edition on; else empty."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("scan_id", "edition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    edition: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime] = mapped_column(DateTime)
    instrument: Mapped[str] = mapped_column(Text, default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")


guard_rows(Release)


def latest(session: Session, scan: str) -> Release | None:
    return session.scalar(
        select(Release).where(Release.scan_id == scan).order_by(Release.edition.desc()).limit(1)
    )


def latest_digest(session: Session, scan: str) -> str | None:
    """The digest alone, without the document, for caches keyed by it."""
    return session.scalar(
        select(Release.digest).where(Release.scan_id == scan).order_by(Release.edition.desc()).limit(1)
    )


def by_digest(session: Session, digest: str) -> Release | None:
    return session.scalar(select(Release).where(Release.digest == digest).limit(1))


def editions(session: Session, scan: str) -> list[Release]:
    """All editions of a scan, the first one first."""
    return list(session.scalars(select(Release).where(Release.scan_id == scan).order_by(Release.edition)))


@dataclass(frozen=True)
class Listed:
    """One edition as a list names it. `reason` is empty for the first."""

    edition: int
    digest: str
    released_at: datetime
    reason: str


def listed(session: Session, scan: str) -> list[Listed]:
    """All editions of a scan without their documents, the first one first."""
    rows = session.execute(
        select(Release.edition, Release.digest, Release.released_at, Release.reason)
        .where(Release.scan_id == scan)
        .order_by(Release.edition)
    )
    return [Listed(*row) for row in rows]
