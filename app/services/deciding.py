"""Deciding: management says how far a decision is, or gives it another date."""

from __future__ import annotations

from datetime import date, datetime

from app.core.access import Actor, check
from app.core.days import local_day
from app.core.decision import MOST_TEXT, State, check_change
from app.core.refusal import Refused
from app.services import advising
from app.storage.database import Store
from app.storage.office import advice as advices
from app.storage.office import audit, decisions
from app.storage.office.decisions import Decision
from app.storage.office.sign_ins import Session


def move(
    store: Store,
    *,
    decision: int,
    state: State,
    note: str = "",
    due: date | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Another state, and another date when one is given; a later date needs a note, as stopping does.

    Raises NotAllowed, or Refused: no-decision-here, decision-over, no-reason, no-due, too-long.
    """
    check("answer-advice", by)
    today = local_day(now)
    with store.office() as session:
        row = own(session, decision, by, today)
        check_change(State(row.state), state, note)
        if len(note) > MOST_TEXT:
            raise Refused("too-long", f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
        if due is not None and due != row.due_on:
            _check_due(row, due, note, today)
            row.due_on = due
        row.state, row.changed_on = state.value, today
        row.note = note.strip() or row.note
        audit.record(session, by=by, now=now, act="move-decision", detail=f"{decision}: {state.value}")


def own(session: Session, decision: int, by: Actor, today: date) -> Decision:
    """A decision of this organisation that this actor may read. Raises Refused("no-decision-here")."""
    row = decisions.get(session, by.organisation, decision)
    if row is None or not _reads(session, row, by, today):
        raise Refused("no-decision-here", "there is no such decision in this organisation")
    return row


def readable(store: Store, *, by: Actor, today: date) -> list[Decision]:
    """Every decision this actor may read: of advice that it may read, or of none. Raises NotAllowed."""
    check("read-advice", by)
    with store.reading() as session:
        told = {one.id: one for one in advices.of_organisation(session, by.organisation, today)}
        found = decisions.of_organisation(session, by.organisation)
    return [row for row in found if row.advice_id is None or advising.reads(told[row.advice_id], by)]


def _reads(session: Session, row: Decision, by: Actor, today: date) -> bool:
    if row.advice_id is None:
        return True
    told = advices.get(session, by.organisation, row.advice_id, today)
    return told is not None and advising.reads(told, by)


def _check_due(row: Decision, due: date, note: str, today: date) -> None:
    if due < today:
        raise Refused("no-due", "say by when; today or later")
    if due > row.due_on and not note.strip():
        raise Refused("no-reason", "say why it takes longer")
