"""The audit log: what staff did, in the same transaction as what they did; never anything about a respondent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Actor
from app.storage.database import db


class AuditRow(db.Model):
    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scan: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(DateTime)
    who: Mapped[str] = mapped_column(String(254))
    act: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")


def record(
    session: Session, *, by: Actor, now: datetime, act: str, scan: str | None = None, detail: str = ""
) -> None:
    session.add(
        AuditRow(organisation_id=by.organisation, scan=scan, at=now, who=by.name, act=act, detail=detail)
    )


def rows(session: Session, organisation: int, *, scan: str | None = None, most: int = 500) -> list[AuditRow]:
    """The latest rows first."""
    query = select(AuditRow).where(AuditRow.organisation_id == organisation)
    if scan is not None:
        query = query.where(AuditRow.scan == scan)
    return list(session.scalars(query.order_by(AuditRow.id.desc()).limit(most)))
