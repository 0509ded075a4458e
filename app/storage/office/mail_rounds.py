"""Rounds of mail of a scan and how many took part, in a band: days and states enter and leave; nothing here is about a person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db

INVITATION = 0
NEW_LINKS = 100
"""The round of links that replace a lost one; it never ends while the scan is open. Reminders are 1, 2, ..."""
PLANNED, GOING, DONE = "planned", "going", "done"


class MailRound(db.Model):
    """Letters to everybody invited. `next_at` is when there is something to send; after a pass in which the mail server said
    “not now” to some, that is later. `passes` counts those waits."""

    __tablename__ = "mail_round"
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8))
    passes: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime | None] = mapped_column(DateTime)


class Participation(db.Model):
    """At least so many people filled in this scan, as the count of that day found it; the count itself is kept nowhere."""

    __tablename__ = "participation"
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    least: Mapped[int] = mapped_column(Integer)
    counted_on: Mapped[date | None] = mapped_column(Date)


def get(session: Session, scan: str, number: int) -> MailRound | None:
    return session.get(MailRound, (scan, number))


def of_scan(session: Session, scan: str) -> list[MailRound]:
    """By number: the invitation first."""
    return list(
        session.scalars(select(MailRound).where(MailRound.scan_id == scan).order_by(MailRound.number))
    )


def due(session: Session, now: datetime) -> list[MailRound]:
    """Rounds with something to send now: new links first, for somebody waits for them."""
    return list(
        session.scalars(
            select(MailRound)
            .where(MailRound.state == GOING, MailRound.next_at <= now)
            .order_by(MailRound.number.desc(), MailRound.scan_id)
        )
    )


def planned_until(session: Session, day: date) -> list[MailRound]:
    """Rounds that were planned for this day or an earlier one and have not begun."""
    return list(
        session.scalars(
            select(MailRound)
            .where(MailRound.state == PLANNED, MailRound.day <= day)
            .order_by(MailRound.scan_id, MailRound.number)
        )
    )


def participation(session: Session, scan: str) -> Participation | None:
    """None before the first count."""
    return session.get(Participation, scan)


def note_participation(session: Session, scan: str, least: int, day: date) -> None:
    row = session.get(Participation, scan)
    if row is None:
        session.add(Participation(scan_id=scan, least=least, counted_on=day))
    else:
        row.least, row.counted_on = max(row.least, least), day
