"""Promises of results that were moved: every time stays, with both days and the reason that everybody reads."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.opening import Postponement
from app.storage.database import db
from app.storage.office.frozen import guard_rows


class PostponementRow(db.Model):
    __tablename__ = "postponement"
    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    on: Mapped[date] = mapped_column(Date)
    by_role: Mapped[str] = mapped_column(String(20))


guard_rows(PostponementRow)


def add(session: Session, scan: str, moved: Postponement, *, by_role: str) -> None:
    session.add(
        PostponementRow(
            scan_id=scan,
            from_on=moved.from_on,
            to_on=moved.to_on,
            reason=moved.reason,
            on=moved.on,
            by_role=by_role,
        )
    )


def of_scan(session: Session, scan: str) -> tuple[Postponement, ...]:
    """The first one first."""
    rows = session.scalars(
        select(PostponementRow).where(PostponementRow.scan_id == scan).order_by(PostponementRow.id)
    )
    return tuple(Postponement(row.from_on, row.to_on, row.reason, row.on) for row in rows)
