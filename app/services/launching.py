"""Launching: a finished plan enters; its checklist, the works council's word and an open scan leave."""

from __future__ import annotations

import json
from datetime import date, datetime

from app.core import checklist, lifecycle
from app.core.access import Actor, check
from app.core.checklist import Dates, Facts
from app.core.days import local_day
from app.core.lifecycle import State, WrongState
from app.core.plan import check_plan
from app.core.refusal import Refused
from app.services import placing, promising, responding
from app.services.promising import Overdue
from app.storage.database import Session, Store
from app.storage.office import audit, organisations, scans, vaults
from app.storage.office.frozen import Frozen
from app.storage.office.organisations import Organisation
from app.storage.office.scans import Scan


def own_scan(session: Session, scan: str, by: Actor) -> Scan:
    """The row of a scan of the actor's organisation. Raises Refused("no-scan")."""
    row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    return row


def own_draft(session: Session, scan: str, by: Actor) -> Scan:
    """The same, for a scan whose settings can still change. Raises Frozen from opening on."""
    row = own_scan(session, scan, by)
    if lifecycle.is_frozen(State(row.state)):
        raise Frozen("the settings of this scan were frozen when it opened and can't be changed")
    return row


def facts(row: Scan, owner: Organisation, *, rehearsed: bool = False, own_words: bool = False) -> Facts:
    """What the checklist finds already done in the settings of the scan and of its organisation.

    `rehearsed` and `own_words` only matter to who shows the checklist: a scan opens without them.
    """
    chosen = owner.settings
    return Facts(
        settings=bool(row.plan),
        dates=dates_of(row) is not None,
        own_help=any(line.own for line in chosen.help_lines),
        report_elsewhere=bool(chosen.report_elsewhere.strip()),
        rehearsed=rehearsed,
        own_words=own_words,
        confirmed=row.confirmed,
    )


def waits_for_vault(store: Store, row: Scan) -> bool:
    """Whether questions for own words are left out for now: what people write is sealed to the advisers' vault, or not asked."""
    plan = row.settings
    if plan is None or not plan.questionnaire.comments:
        return False
    with store.reading() as session:
        return vaults.public_key(session, row.organisation_id) is None


def dates_of(row: Scan) -> Dates | None:
    """The three dates once all are set."""
    if row.closes_on is None or row.promise_on is None or row.destroy_on is None:
        return None
    return Dates(row.closes_on, row.promise_on, row.destroy_on)


def missing(session: Session, row: Scan) -> tuple[str, ...]:
    """Ids of the checklist steps that still keep this scan from opening."""
    return checklist.missing(row.steps, facts(row, _owner(session, row)))


def settle(session: Session, row: Scan) -> None:
    """Draft or ready, as the checklist says; called after each change before opening."""
    state, complete = State(row.state), not missing(session, row)
    if complete and lifecycle.may("complete", state):
        row.state = lifecycle.after("complete", state)
    elif not complete and lifecycle.may("reconsider", state):
        row.state = lifecycle.after("reconsider", state)


def complete_step(store: Store, *, scan: str, step: str, answer: str, by: Actor, now: datetime) -> None:
    """Fill in a step that asks for a sentence; an empty answer takes the step back."""
    found = checklist.BY_ID.get(step)
    if found is None or found.asks is not checklist.Asks.TEXT:
        raise Refused("no-step", f"the checklist has no step “{step}” to fill in", step=step)
    check(found.act, by)
    text = " ".join(answer.split())
    if len(text) > checklist.LONGEST_ANSWER:
        most = checklist.LONGEST_ANSWER
        raise Refused("too-long", f"at most {most} characters", most=most)
    with store.office() as session:
        row = own_draft(session, scan, by)
        row.checklist = json.dumps({**row.steps, step: text}, ensure_ascii=False, sort_keys=True)
        settle(session, row)
        detail = f"{step}: {text}" if text else f"{step} taken back"
        audit.record(session, by=by, now=now, act="complete-step", scan=scan, detail=detail)


def set_dates(
    store: Store, *, scan: str, closes_on: date, promise_on: date, destroy_on: date, by: Actor, now: datetime
) -> None:
    """The days of closing, promised results and destruction. Raises core.checklist.BadDate."""
    check("plan-scan", by)
    dates = Dates(closes_on, promise_on, destroy_on)
    checklist.check_dates(dates, local_day(now))
    with store.office() as session:
        row = own_draft(session, scan, by)
        _put_dates(row, dates)
        settle(session, row)
        audit.record(session, by=by, now=now, act="set-dates", scan=scan, detail=_in_words(dates))


def confirm_by_council(store: Store, *, scan: str, digest: str, by: Actor, now: datetime) -> None:
    """The works council confirms exactly the settings it was shown, named by their digest."""
    check("confirm-scan", by)
    with store.office() as session:
        row = own_draft(session, scan, by)
        if not row.plan_digest:
            raise Refused("plan-incomplete", "the settings are not complete yet; there is nothing to confirm")
        if digest != row.plan_digest:
            raise Refused("settings-changed", "the settings were changed since; read them again")
        row.confirmed_digest, row.confirmed_by = digest, by.name
        settle(session, row)
        audit.record(session, by=by, now=now, act="confirm-scan", scan=scan, detail=digest)


def open_scan(
    store: Store,
    *,
    scan: str,
    checklist_confirmed: bool = False,
    overdue_reason: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Freeze the settings and start taking answers.

    While promises of the scan before it are late, `overdue_reason` says why it is opened all the same; the board shows that.

    `checklist_confirmed` stands for every step, with default dates where none were set. Nothing is opened on
    WrongState, BadPlan, TooFewInvited, BadDate, or Refused("plan-incomplete", "checklist" with steps=..., or
    "promises-overdue" with late=...).
    """
    check("open-scan", by)
    with store.reading() as session, session.no_autoflush:
        _prepare(session, own_scan(session, scan, by), checklist_confirmed, by, now)
    reason = _checked_reason(store, scan, overdue_reason, by, now)
    # The ballots database first: its word counts, and after a crash in between opening again does the rest.
    responding.open_intake(store, scan)
    with store.office() as session:
        row = own_scan(session, scan, by)
        _prepare(session, row, checklist_confirmed, by, now)
        row.state = lifecycle.after("open", State(row.state))
        row.opened_on = local_day(now)
        row.overdue_reason = reason
        # The last page of a scan leads to the board, so there is one from the first scan on.
        placing.ensure(session, by.organisation)
        audit.record(session, by=by, now=now, act="open-scan", scan=scan, detail=row.plan_digest)


def late_promises(store: Store, *, scan: str, by: Actor, today: date) -> tuple[Overdue, ...]:
    """What was promised before this scan and is late; opening it then asks for a reason."""
    check("see-scans", by)
    return promising.overdue(store, organisation=by.organisation, but=scan, today=today)


def _checked_reason(store: Store, scan: str, reason: str, by: Actor, now: datetime) -> str:
    """The reason on one line; none is kept where nothing is late."""
    late = promising.overdue(store, organisation=by.organisation, but=scan, today=local_day(now))
    said = " ".join(reason.split())
    if not late:
        return ""
    if not said:
        first = late[0]
        raise Refused(
            "promises-overdue",
            f"{len(late)} promises to staff are late, the first since {first.due_on} ({first.what}, {first.name}); "
            "say why a new scan starts all the same (--overdue-reason); everybody will read it",
            late=late,
        )
    if len(said) > checklist.LONGEST_ANSWER:
        raise Refused(
            "too-long", f"at most {checklist.LONGEST_ANSWER} characters", most=checklist.LONGEST_ANSWER
        )
    return said


def _prepare(session: Session, row: Scan, checklist_confirmed: bool, by: Actor, now: datetime) -> None:
    """Bring the row to where it may open, or raise what stands in the way."""
    if lifecycle.is_frozen(State(row.state)):
        raise WrongState("open", State(row.state))
    plan = row.settings
    if plan is None:
        raise Refused("plan-incomplete", "choose a questionnaire and load the units first")
    check_plan(plan)
    if checklist_confirmed:
        _stand_in(row, by, now)
    dates = dates_of(row)
    if dates is not None:
        checklist.check_dates(dates, local_day(now))
    settle(session, row)
    still = missing(session, row)
    if still:
        raise Refused("checklist", f"the launch checklist is not complete: {', '.join(still)}", steps=still)


def _stand_in(row: Scan, by: Actor, now: datetime) -> None:
    said = f"confirmed at the {by.name}" if by.command_line else f"confirmed by {by.name}"
    for_all = {step.id: said for step in checklist.STEPS if step.id not in checklist.NOT_BY_WORD}
    filled_in = {step: text for step, text in row.steps.items() if text}
    row.checklist = json.dumps({**for_all, **filled_in}, ensure_ascii=False, sort_keys=True)
    if dates_of(row) is None:
        _put_dates(row, checklist.default_dates(local_day(now)))


def extend(store: Store, *, scan: str, closes_on: date, by: Actor, now: datetime) -> None:
    """A later closing date, still before the promised results. Raises core.checklist.BadDate."""
    check("extend-scan", by)
    with store.office() as session:
        row = own_scan(session, scan, by)
        dates = dates_of(row)
        if State(row.state) is not State.OPEN or dates is None:
            raise WrongState("extend", State(row.state))
        checklist.check_extension(dates, closes_on, local_day(now))
        row.closes_on = closes_on
        detail = f"{dates.closes_on:%Y-%m-%d} > {closes_on:%Y-%m-%d}"
        audit.record(session, by=by, now=now, act="extend-scan", scan=scan, detail=detail)


def _owner(session: Session, row: Scan) -> Organisation:
    owner = organisations.get(session, row.organisation_id)
    assert owner is not None
    return owner


def _put_dates(row: Scan, dates: Dates) -> None:
    row.closes_on, row.promise_on, row.destroy_on = dates.closes_on, dates.promise_on, dates.destroy_on


def _in_words(dates: Dates) -> str:
    return f"closes {dates.closes_on}, results {dates.promise_on}, destroyed {dates.destroy_on}"
