"""Advice and all that happened with it: rows that are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.advice import Answer, Event, Kind, Standing, standing
from app.storage.database import db
from app.storage.office.frozen import guard_rows


class Advice(db.Model):
    """One advice. `theme` is a known theme's id or own words; `source_ref` leads to what it grew out of."""

    __tablename__ = "advice"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked: Mapped[bool] = mapped_column(Boolean)
    theme: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(Text)
    why_now: Mapped[str] = mapped_column(Text)
    to_role: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12), default="")
    source_ref: Mapped[str | None] = mapped_column(String(40))


class AdviceEvent(db.Model):
    """Giving, a repeat, an answer or withdrawing, on a day. `due`: by when an answer is asked or promised."""

    __tablename__ = "advice_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    advice_id: Mapped[int] = mapped_column(ForeignKey("advice.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    on: Mapped[date] = mapped_column(Date)
    who: Mapped[str] = mapped_column(String(254))
    text: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(String(8), default="")
    due: Mapped[date | None] = mapped_column(Date)


class AdviceReminder(db.Model):
    """That management was reminded of an advice on a day."""

    __tablename__ = "advice_reminder"
    advice_id: Mapped[int] = mapped_column(ForeignKey("advice.id"), primary_key=True)
    on: Mapped[date] = mapped_column(Date, primary_key=True)


guard_rows(Advice)
guard_rows(AdviceEvent)


@dataclass(frozen=True)
class Told:
    """An advice with its history, oldest first, and how it stands on the day that was asked for."""

    id: int
    organisation: int
    asked: bool
    theme: str
    what: str
    why_now: str
    to_role: str
    audience: str
    source: str
    source_ref: str | None
    events: tuple[Event, ...]
    now: Standing


def add(session: Session, row: Advice, event: Event) -> int:
    session.add(row)
    session.flush()
    happen(session, row.id, event)
    return row.id


def happen(session: Session, advice: int, event: Event) -> None:
    session.add(
        AdviceEvent(
            advice_id=advice,
            kind=event.kind.value,
            on=event.on,
            who=event.who,
            text=event.text,
            answer=event.answer.value if event.answer else "",
            due=event.due,
        )
    )
    session.flush()


def get(session: Session, organisation: int, advice: int, today: date) -> Told | None:
    row = session.get(Advice, advice)
    if row is None or row.organisation_id != organisation:
        return None
    return _told(row, _events(session, [row.id])[row.id], today)


def of_organisation(session: Session, organisation: int, today: date) -> list[Told]:
    """The latest given first."""
    rows = list(
        session.scalars(
            select(Advice).where(Advice.organisation_id == organisation).order_by(Advice.id.desc())
        )
    )
    events = _events(session, [row.id for row in rows])
    return [_told(row, events[row.id], today) for row in rows]


def reminded(session: Session, advice: Iterable[int]) -> dict[int, list[date]]:
    """Advice -> the days on which management was reminded of it."""
    found: dict[int, list[date]] = {id: [] for id in advice}
    rows = session.execute(
        select(AdviceReminder.advice_id, AdviceReminder.on).where(AdviceReminder.advice_id.in_(found))
    )
    for id, on in rows:
        found[id].append(on)
    return found


def note_reminder(session: Session, advice: Iterable[int], on: date) -> None:
    session.add_all(AdviceReminder(advice_id=id, on=on) for id in advice)


def _events(session: Session, advice: list[int]) -> dict[int, tuple[Event, ...]]:
    found: dict[int, list[Event]] = {id: [] for id in advice}
    rows = session.scalars(
        select(AdviceEvent).where(AdviceEvent.advice_id.in_(advice)).order_by(AdviceEvent.id)
    )
    for row in rows:
        answer = Answer(row.answer) if row.answer else None
        found[row.advice_id].append(Event(Kind(row.kind), row.on, row.who, row.text, answer, row.due))
    return {id: tuple(events) for id, events in found.items()}


def _told(row: Advice, events: tuple[Event, ...], today: date) -> Told:
    return Told(
        row.id,
        row.organisation_id,
        row.asked,
        row.theme,
        row.what,
        row.why_now,
        row.to_role,
        row.audience,
        row.source,
        row.source_ref,
        events,
        standing(events, today),
    )
