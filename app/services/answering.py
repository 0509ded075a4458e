"""Answering: management says what it does with an advice; "will do" and "partly" make a decision in the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.core import decision as core
from app.core.access import Actor, Role, check
from app.core.advice import DECIDES, Answer, Event, Kind, check_next
from app.core.days import local_day
from app.core.refusal import Refused
from app.services import advising
from app.storage.database import Store
from app.storage.office import advice as rows
from app.storage.office import audit, decisions
from app.storage.office.decisions import Decision
from app.storage.office.sign_ins import Session


@dataclass(frozen=True)
class Reply:
    """An answer. `reason`: why, required for partly and won't. `decision`, `owner`, `due`: what will be done.

    `until`: when management will answer, with "later".
    """

    answer: Answer
    reason: str = ""
    decision: str = ""
    owner: str = ""
    due: date | None = None
    until: date | None = None


def answer(store: Store, *, advice: int, reply: Reply, by: Actor, now: datetime) -> int | None:
    """The number of the decision, if it makes one. An earlier decision of the same advice that is not over stops.

    Who advises here doesn't answer, whatever other roles it has: nobody answers itself.
    Raises NotAllowed, or Refused: own-advice, no-advice, withdrawn, no-reason, no-date, no-decision, no-owner, no-due, too-long.
    """
    check("answer-advice", by)
    if Role.ADVISER in by.roles:
        raise Refused("own-advice", "an adviser can't answer advice; somebody else of management does")
    today = local_day(now)
    with store.office() as session:
        told = advising.own(session, advice, by, today)
        promised = reply.until if reply.answer is Answer.LATER else None
        event = Event(Kind.ANSWERED, today, by.name, reply.reason.strip(), reply.answer, promised)
        check_next(told.events, event)
        if reply.answer in DECIDES:
            core.check(text=reply.decision, owner=reply.owner, due=reply.due, today=today)
        rows.happen(session, advice, event)
        if reply.answer is not Answer.LATER:
            _stop_earlier(session, advice, reply.reason.strip(), today)
        made = None
        if reply.answer in DECIDES:
            assert reply.due is not None
            made = decisions.add(
                session,
                Decision(
                    organisation_id=by.organisation,
                    advice_id=advice,
                    theme=told.theme,
                    text=reply.decision.strip(),
                    owner=reply.owner,
                    decided_on=today,
                    due_on=reply.due,
                    state=core.State.DECIDED.value,
                    changed_on=today,
                ),
            )
        audit.record(session, by=by, now=now, act="answer-advice", detail=f"{advice}: {reply.answer.value}")
        return made


def _stop_earlier(session: Session, advice: int, why: str, today: date) -> None:
    for row in decisions.of_advice(session, advice):
        if not row.over:
            row.state, row.changed_on, row.note = core.State.STOPPED.value, today, why
