"""Consultations of adviser and management: the agenda as it was, notes by side, and what was agreed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.consultation import Point
from app.storage.database import db


class Consultation(db.Model):
    """One talk. `agenda` is JSON as prepared when it began; once closed nothing of it changes any more."""

    __tablename__ = "consultation"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    begun_by: Mapped[str] = mapped_column(String(254))
    closed: Mapped[bool] = mapped_column(Boolean, default=False)
    next_on: Mapped[date | None] = mapped_column(Date)
    agenda: Mapped[str] = mapped_column(Text, default="[]")

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(
            Point(one["kind"], one["name"], date.fromisoformat(one["on"]) if one["on"] else None, one["ref"])
            for one in json.loads(self.agenda)
        )


class ConsultationNote(db.Model):
    """What somebody wrote down; `side` is adviser or management, as whom it was written."""

    __tablename__ = "consultation_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(254))
    text: Mapped[str] = mapped_column(Text)


class Agreed(db.Model):
    """Something to do that was agreed in a consultation."""

    __tablename__ = "consultation_agreed"
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)


def as_json(points: Iterable[Point]) -> str:
    rows = [{**asdict(one), "on": one.on.isoformat() if one.on else ""} for one in points]
    return json.dumps(rows, ensure_ascii=False)


def add(session: Session, row: Consultation | ConsultationNote | Agreed) -> int:
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, organisation: int, consultation: int) -> Consultation | None:
    row = session.get(Consultation, consultation)
    return row if row is not None and row.organisation_id == organisation else None


def of_organisation(session: Session, organisation: int) -> list[Consultation]:
    """The latest first."""
    return list(
        session.scalars(
            select(Consultation)
            .where(Consultation.organisation_id == organisation)
            .order_by(Consultation.held_on.desc(), Consultation.id.desc())
        )
    )


def notes(session: Session, consultation: int) -> list[ConsultationNote]:
    return list(
        session.scalars(
            select(ConsultationNote)
            .where(ConsultationNote.consultation_id == consultation)
            .order_by(ConsultationNote.id)
        )
    )


def note(session: Session, consultation: int, id: int) -> ConsultationNote | None:
    row = session.get(ConsultationNote, id)
    return row if row is not None and row.consultation_id == consultation else None


def agreed(session: Session, consultation: int) -> list[Agreed]:
    return list(
        session.scalars(select(Agreed).where(Agreed.consultation_id == consultation).order_by(Agreed.id))
    )


def agreed_one(session: Session, consultation: int, id: int) -> Agreed | None:
    row = session.get(Agreed, id)
    return row if row is not None and row.consultation_id == consultation else None


def still_to_do(session: Session, organisation: int) -> list[Agreed]:
    """Agreed in any consultation and not done, what is due first first."""
    return list(
        session.scalars(
            select(Agreed)
            .join(Consultation, Consultation.id == Agreed.consultation_id)
            .where(Consultation.organisation_id == organisation, Agreed.done_on.is_(None))
            .order_by(Agreed.due_on, Agreed.id)
        )
    )
