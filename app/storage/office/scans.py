"""Scans: their plan, dates, checklist and state."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.lifecycle import State
from app.core.plan import Plan, from_json
from app.storage.database import db
from app.storage.office.frozen import guard_plan


class Scan(db.Model):
    """One measurement. `plan` is the canonical JSON of core.plan.Plan, empty until instrument and units are chosen."""

    __tablename__ = "scan"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT.value)
    plan: Mapped[str] = mapped_column(Text, default="")
    plan_digest: Mapped[str] = mapped_column(String(64), default="")
    draft: Mapped[str] = mapped_column(Text, default="{}")
    checklist: Mapped[str] = mapped_column(Text, default="{}")
    confirmed_digest: Mapped[str] = mapped_column(String(64), default="")
    confirmed_by: Mapped[str] = mapped_column(String(254), default="")
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id"))
    imported: Mapped[bool] = mapped_column(Boolean, default=False)
    opened_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    promise_on: Mapped[date | None] = mapped_column(Date)
    destroy_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    # Why it was opened while promises of the scan before it were overdue; the board shows it.
    overdue_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def settings(self) -> Plan | None:
        """The plan as a core value; None while the draft misses an instrument or units."""
        return from_json(self.plan) if self.plan else None

    @property
    def steps(self) -> dict[str, str]:
        """Checklist: step -> what was filled in ("" or absent: not done)."""
        return dict(json.loads(self.checklist))

    @property
    def confirmed(self) -> bool:
        """Whether the works council confirmed exactly these settings."""
        return bool(self.plan_digest) and self.confirmed_digest == self.plan_digest


guard_plan(Scan)


def get(session: Session, scan: str) -> Scan | None:
    return session.get(Scan, scan)


def of_organisation(session: Session, organisation: int) -> list[Scan]:
    """The newest first."""
    return list(
        session.scalars(
            select(Scan).where(Scan.organisation_id == organisation).order_by(Scan.created_at.desc(), Scan.id)
        )
    )
