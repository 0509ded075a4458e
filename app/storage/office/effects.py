"""Effect of updates as worked out from two releases, and which reminders of promises were sent."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.effect import Effect, from_json
from app.storage.database import db
from app.storage.office.updates import Update


class BoardEffect(db.Model):
    """What the worker found for an update, from published numbers only. `made_of` tells of which releases."""

    __tablename__ = "board_effect"
    update_id: Mapped[int] = mapped_column(ForeignKey("board_update.id"), primary_key=True)
    made_of: Mapped[str] = mapped_column(String(64))
    effect_json: Mapped[str] = mapped_column(Text)

    @property
    def effect(self) -> Effect:
        return from_json(self.effect_json)


class PromiseReminder(db.Model):
    """That staff were reminded of a date, so that nobody is twice. `of` names it: "update:7:due", "scan:ab12:promise"."""

    __tablename__ = "promise_reminder"
    __table_args__ = (UniqueConstraint("organisation_id", "of", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    of: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    sent_on: Mapped[date] = mapped_column(Date)


NOT_OUT = "not-out"
UNSAFE, BROKEN = "unsafe", "broken"
"""Why results that were to come out by themselves did not: they didn't pass the attack, or something went wrong."""


def note_not_out(
    session: Session, organisation: int, scan: str, why: str, day: date, *, sent_on: date
) -> bool:
    """Note a try of a day that failed; False where that was noted already."""
    of = f"{NOT_OUT}:{scan}:{why}"
    if (of, day) in reminded(session, organisation):
        return False
    note_reminders(session, organisation, [(of, day)], sent_on)
    return True


def not_out(session: Session, organisation: int) -> dict[str, str]:
    """Scan -> why the last try of the product to release it by itself failed."""
    found = session.execute(
        select(PromiseReminder.of)
        .where(PromiseReminder.organisation_id == organisation, PromiseReminder.of.startswith(f"{NOT_OUT}:"))
        .order_by(PromiseReminder.id)
    )
    return {scan: why for _, scan, why in (of.split(":") for (of,) in found)}


def put(session: Session, update: int, made_of: str, effect: Effect) -> None:
    row = session.get(BoardEffect, update)
    if row is None:
        session.add(BoardEffect(update_id=update, made_of=made_of, effect_json=effect.to_json()))
    else:
        row.made_of, row.effect_json = made_of, effect.to_json()


def rows(session: Session, organisation: int) -> dict[int, BoardEffect]:
    """By update."""
    found = session.scalars(
        select(BoardEffect)
        .join(Update, Update.id == BoardEffect.update_id)
        .where(Update.organisation_id == organisation)
    )
    return {row.update_id: row for row in found}


def stamp(session: Session, organisation: int) -> str:
    """Another text whenever an effect has changed; for keys of caches."""
    made = session.scalars(
        select(BoardEffect.made_of)
        .join(Update, Update.id == BoardEffect.update_id)
        .where(Update.organisation_id == organisation)
        .order_by(BoardEffect.update_id)
    )
    return hashlib.sha256("".join(made).encode()).hexdigest()[:16]


def reminded(session: Session, organisation: int) -> set[tuple[str, date]]:
    """What was reminded of, and of which day of it."""
    found = session.execute(
        select(PromiseReminder.of, PromiseReminder.day).where(PromiseReminder.organisation_id == organisation)
    )
    return {(of, day) for of, day in found}


def note_reminders(session: Session, organisation: int, told: list[tuple[str, date]], sent_on: date) -> None:
    session.add_all(
        PromiseReminder(organisation_id=organisation, of=of, day=day, sent_on=sent_on) for of, day in told
    )
