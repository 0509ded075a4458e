"""Advising: an adviser gives advice, repeats it or withdraws it. It exists from the moment it is given; there are no drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.core.access import Actor, Role, check
from app.core.advice import (
    AUDIENCES,
    COUNCIL_TOO,
    MOST_TEXT,
    MOST_THEME,
    SOURCES,
    TO,
    Event,
    Kind,
    answer_by,
    check_next,
)
from app.core.days import local_day
from app.core.refusal import Refused
from app.services.agreeing import terms_now
from app.storage.database import Store
from app.storage.office import advice as rows
from app.storage.office import audit
from app.storage.office.advice import Advice, Told
from app.storage.office.sign_ins import Session

_READS_ALL = frozenset({Role.ADVISER, Role.COORDINATOR, Role.MANAGER})


@dataclass(frozen=True)
class New:
    """Advice to give. `given_on`: None for today, or the day on which it was given by word of mouth."""

    theme: str
    what: str
    why_now: str
    asked: bool = False
    to_role: str = "manager"
    audience: str = COUNCIL_TOO
    source: str = ""
    source_ref: str | None = None
    given_on: date | None = None


def give(store: Store, *, new: New, by: Actor, now: datetime) -> int:
    """The number of the advice. An answer is asked within the agreed term from today, however long ago it was given.

    Raises NotAllowed, or Refused: no-theme, no-what, no-why-now, too-long, to, audience, source, given-on.
    """
    check("give-advice", by)
    today = local_day(now)
    _check(new, today)
    with store.office() as session:
        due = answer_by(today, terms_now(session, by.organisation).answer_weeks)
        row = Advice(
            organisation_id=by.organisation,
            asked=new.asked,
            theme=new.theme.strip(),
            what=new.what.strip(),
            why_now=new.why_now.strip(),
            to_role=new.to_role,
            audience=new.audience,
            source=new.source,
            source_ref=new.source_ref or None,
        )
        given = rows.add(session, row, Event(Kind.GIVEN, new.given_on or today, by.name, due=due))
        audit.record(session, by=by, now=now, act="give-advice", detail=str(given))
        return given


def repeat(store: Store, *, advice: int, text: str = "", by: Actor, now: datetime) -> None:
    """Give it once more; `text` says why now. Raises NotAllowed, or Refused: no-advice, withdrawn, repeated-today, too-long."""
    check("give-advice", by)
    today = local_day(now)
    with store.office() as session:
        told = own(session, advice, by, today)
        due = answer_by(today, terms_now(session, by.organisation).answer_weeks)
        event = Event(Kind.REPEATED, today, by.name, text.strip(), due=due)
        check_next(told.events, event)
        rows.happen(session, advice, event)
        audit.record(session, by=by, now=now, act="repeat-advice", detail=str(advice))


def withdraw(store: Store, *, advice: int, reason: str, by: Actor, now: datetime) -> None:
    """Take it back; it stays in the register. Raises NotAllowed, or Refused: no-advice, withdrawn, no-reason, too-long."""
    check("give-advice", by)
    with store.office() as session:
        told = own(session, advice, by, local_day(now))
        event = Event(Kind.WITHDRAWN, local_day(now), by.name, reason.strip())
        check_next(told.events, event)
        rows.happen(session, advice, event)
        audit.record(session, by=by, now=now, act="withdraw-advice", detail=str(advice))


def own(session: Session, advice: int, by: Actor, today: date) -> Told:
    """An advice of this organisation that this actor may read. Raises Refused("no-advice")."""
    told = rows.get(session, by.organisation, advice, today)
    if told is None or not reads(told, by):
        raise Refused("no-advice", "there is no such advice in this organisation")
    return told


def readable(store: Store, *, by: Actor, today: date) -> list[Told]:
    """All advice this actor may read, the latest first. Raises NotAllowed."""
    check("read-advice", by)
    with store.reading() as session:
        return [told for told in rows.of_organisation(session, by.organisation, today) if reads(told, by)]


def reads(told: Told, by: Actor) -> bool:
    """The works council reads what was not given to management alone."""
    return told.audience == COUNCIL_TOO or bool(by.roles & _READS_ALL)


def _check(new: New, today: date) -> None:
    for reason, text, most in (
        ("no-theme", new.theme, MOST_THEME),
        ("no-what", new.what, MOST_TEXT),
        ("no-why-now", new.why_now, MOST_TEXT),
    ):
        if not text.strip():
            raise Refused(reason, "fill this in: an advice has a theme, what you advise, and why now")
        if len(text.strip()) > most:
            raise Refused("too-long", f"at most {most} characters fit", most=most)
    if new.to_role not in TO:
        raise Refused("to", "advice goes to a manager or a coordinator")
    if new.audience not in AUDIENCES:
        raise Refused("audience", "choose who reads it")
    if new.source not in SOURCES or len(new.source_ref or "") > 40:
        raise Refused("source", "choose what it grew out of")
    if new.given_on is not None and new.given_on > today:
        raise Refused("given-on", "advice can't be given on a day that is still to come")
