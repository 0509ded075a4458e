"""Released signal reports: immutable protected documents of an organisation, as readers find them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db
from app.storage.office.frozen import guard_rows


class SignalReport(db.Model):
    """One report in one language. It holds days only, and not which adviser released it."""

    __tablename__ = "signal_report"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "period", "language"),)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    window: Mapped[str] = mapped_column("period", String(24))  # “window” is a word of SQL
    language: Mapped[str] = mapped_column(String(8))
    document: Mapped[str] = mapped_column(Text)
    released_on: Mapped[date] = mapped_column(Date)
    next_due: Mapped[date] = mapped_column(Date)


guard_rows(SignalReport)


@dataclass(frozen=True)
class ListedReport:
    """One report as a list names it."""

    digest: str
    kind: str
    window: str
    language: str
    released_on: date
    next_due: date


def listed(session: Session, organisation: int) -> list[ListedReport]:
    """All reports of an organisation without their documents, the latest first."""
    rows = session.execute(
        select(
            SignalReport.digest,
            SignalReport.kind,
            SignalReport.window,
            SignalReport.language,
            SignalReport.released_on,
            SignalReport.next_due,
        )
        .where(SignalReport.organisation_id == organisation)
        .order_by(SignalReport.released_on.desc(), SignalReport.window.desc(), SignalReport.language)
    )
    return [ListedReport(*row) for row in rows]


def by_digest(session: Session, organisation: int, digest: str) -> SignalReport | None:
    return session.scalar(
        select(SignalReport).where(
            SignalReport.organisation_id == organisation, SignalReport.digest == digest
        )
    )


def documents(session: Session, organisation: int) -> list[str]:
    """The documents of all reports, the first released first."""
    return list(
        session.scalars(
            select(SignalReport.document)
            .where(SignalReport.organisation_id == organisation)
            .order_by(SignalReport.released_on, SignalReport.digest)
        )
    )


def add(session: Session, row: SignalReport) -> None:
    session.add(row)
