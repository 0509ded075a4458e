"""Decisions of management: what, who sees to it, by when, and how far it is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.decision import OVER, State, is_late
from app.storage.database import db
from app.storage.office.frozen import guard_rows


class Decision(db.Model):
    """`advice_id` is empty for a decision that no advice asked for. `note` says why it was stopped, or how it was done."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    advice_id: Mapped[int | None] = mapped_column(ForeignKey("advice.id"), index=True)
    theme: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(20))
    decided_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default=State.DECIDED.value)
    changed_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")

    def late(self, today: date) -> bool:
        return is_late(State(self.state), self.due_on, today)

    @property
    def over(self) -> bool:
        return State(self.state) in OVER


class TeamTalk(db.Model):
    """In which team talk a decision was made: about which scan, and the unit's name as its release shows it."""

    __tablename__ = "team_talk"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    unit: Mapped[str] = mapped_column(String(200))


guard_rows(TeamTalk)


def add(session: Session, row: Decision) -> int:
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, organisation: int, decision: int) -> Decision | None:
    row = session.get(Decision, decision)
    return row if row is not None and row.organisation_id == organisation else None


def of_organisation(session: Session, organisation: int) -> list[Decision]:
    """What is due first comes first."""
    return list(
        session.scalars(
            select(Decision)
            .where(Decision.organisation_id == organisation)
            .order_by(Decision.due_on, Decision.id)
        )
    )


def of_advice(session: Session, advice: int) -> list[Decision]:
    """The oldest first."""
    return list(session.scalars(select(Decision).where(Decision.advice_id == advice).order_by(Decision.id)))


def of_talks(session: Session, scan: str) -> list[tuple[Decision, TeamTalk]]:
    """Made in team talks about this scan, the oldest first."""
    rows = session.execute(
        select(Decision, TeamTalk)
        .join(TeamTalk, TeamTalk.decision_id == Decision.id)
        .where(TeamTalk.scan_id == scan)
        .order_by(Decision.id)
    )
    return [(decision, talk) for decision, talk in rows]


def talks(session: Session, organisation: int) -> dict[int, TeamTalk]:
    """Decision -> the team talk it was made in, for those that were."""
    rows = session.scalars(
        select(TeamTalk)
        .join(Decision, Decision.id == TeamTalk.decision_id)
        .where(Decision.organisation_id == organisation)
    )
    return {row.decision_id: row for row in rows}
