"""Consulting: adviser and management talk from an agenda of what is new; notes by side, and what they agree, stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from app.core import decision as decision_core
from app.core.access import Actor, check
from app.core.advice import Kind, State
from app.core.consultation import MOST_AGREED, Point, agenda, check_note, check_rewrite
from app.core.days import local_day
from app.core.lifecycle import State as ScanState
from app.core.refusal import Refused
from app.services.agreeing import side_of
from app.storage.database import Store
from app.storage.office import advice as advices
from app.storage.office import audit, consultations, decisions, releases, scans, signal_reports
from app.storage.office.consultations import Agreed, Consultation, ConsultationNote
from app.storage.office.scans import Scan
from app.storage.office.sign_ins import Session

ACT = "hold-consultation"


def prepare(store: Store, *, by: Actor, today: date) -> tuple[Point, ...]:
    """The agenda as it would be today. Raises NotAllowed."""
    check(ACT, by)
    with store.reading() as session:
        return _agenda(session, by.organisation, today)


def begin(store: Store, *, by: Actor, now: datetime) -> int:
    """Its number; the agenda is kept as it is now. Raises NotAllowed, or Refused("one-open")."""
    check(ACT, by)
    today = local_day(now)
    with store.office() as session:
        if any(not one.closed for one in consultations.of_organisation(session, by.organisation)):
            raise Refused("one-open", "a consultation is still open; close it first")
        points = _agenda(session, by.organisation, today)
        row = Consultation(
            organisation_id=by.organisation,
            held_on=today,
            begun_by=by.name,
            closed=False,
            agenda=consultations.as_json(points),
        )
        made = consultations.add(session, row)
        audit.record(session, by=by, now=now, act="begin-consultation", detail=str(made))
        return made


def write(store: Store, *, consultation: int, text: str, by: Actor) -> None:
    """A note for one's own side. Raises NotAllowed, or Refused: no-consultation, closed, no-note, too-long."""
    check(ACT, by)
    check_note(text)
    with store.office() as session:
        _open(session, consultation, by)
        note = ConsultationNote(
            consultation_id=consultation,
            side=side_of(by).value,
            account_id=_account(by),
            name=by.name,
            text=text.strip(),
        )
        consultations.add(session, note)


def rewrite(store: Store, *, consultation: int, note: int, text: str, by: Actor) -> None:
    """Change a note of one's own. Raises NotAllowed, or Refused: no-consultation, closed, not-yours, no-note, too-long."""
    check(ACT, by)
    check_note(text)
    with store.office() as session:
        talk = _own(session, consultation, by)
        row = consultations.note(session, consultation, note)
        if row is None:
            raise Refused("not-yours", "only who wrote a note can change it")
        check_rewrite(
            closed=talk.closed,
            side=side_of(by),
            writer_side=type(side_of(by))(row.side),
            account=by.account,
            writer=row.account_id,
        )
        row.text = text.strip()


def agree(
    store: Store,
    *,
    consultation: int,
    what: str,
    owner: str,
    due: date | None,
    by: Actor,
    now: datetime,
) -> None:
    """Something to do, with who and by when.

    Raises NotAllowed, or Refused: no-consultation, closed, no-decision, no-owner, no-due, too-long.
    """
    check(ACT, by)
    decision_core.check(text=what, owner=owner, due=due, today=local_day(now))
    if len(what) > MOST_AGREED:
        raise Refused("too-long", f"at most {MOST_AGREED} characters fit", most=MOST_AGREED)
    assert due is not None
    with store.office() as session:
        _open(session, consultation, by)
        row = Agreed(consultation_id=consultation, what=what.strip(), owner=owner, due_on=due)
        consultations.add(session, row)


def tick(store: Store, *, consultation: int, agreed: int, by: Actor, now: datetime) -> None:
    """What was agreed is done, also after the consultation was closed. Raises NotAllowed, or Refused("no-consultation")."""
    check(ACT, by)
    with store.office() as session:
        _own(session, consultation, by)
        row = consultations.agreed_one(session, consultation, agreed)
        if row is None:
            raise Refused("no-consultation", "there is no such consultation in this organisation")
        row.done_on = row.done_on or local_day(now)


def close(store: Store, *, consultation: int, next_on: date | None, by: Actor, now: datetime) -> None:
    """From now on notes stay as they are. Raises NotAllowed, or Refused: no-consultation, closed, next-on."""
    check(ACT, by)
    if next_on is not None and next_on < local_day(now):
        raise Refused("next-on", "the next consultation is today or later")
    with store.office() as session:
        row = _open(session, consultation, by)
        row.closed, row.next_on = True, next_on
        audit.record(session, by=by, now=now, act="close-consultation", detail=str(consultation))


def _account(by: Actor) -> int:
    assert by.account is not None, "the command line holds no consultations"
    return by.account


def _own(session: Session, consultation: int, by: Actor) -> Consultation:
    row = consultations.get(session, by.organisation, consultation)
    if row is None:
        raise Refused("no-consultation", "there is no such consultation in this organisation")
    return row


def _open(session: Session, consultation: int, by: Actor) -> Consultation:
    row = _own(session, consultation, by)
    if row.closed:
        raise Refused("closed", "this consultation is closed; its notes stay as they are")
    return row


def _agenda(session: Session, organisation: int, today: date) -> tuple[Point, ...]:
    earlier = consultations.of_organisation(session, organisation)
    points = [
        *_of_advice(advices.of_organisation(session, organisation, today)),
        *_of_decisions(decisions.of_organisation(session, organisation), today),
        *(
            Point("agreed", one.what, one.due_on, f"{one.consultation_id}")
            for one in consultations.still_to_do(session, organisation)
        ),
        *_of_reports(signal_reports.listed(session, organisation)),
        *_of_scans(session, scans.of_organisation(session, organisation), today),
    ]
    return agenda(points, since=earlier[0].held_on if earlier else None)


def _of_advice(told: Iterable[advices.Told]) -> Iterator[Point]:
    for one in told:
        if one.now.state is State.OVERDUE:
            yield Point("overdue-advice", one.theme, one.now.due, str(one.id))
        elif one.now.open:
            yield Point("open-advice", one.theme, one.now.due, str(one.id))
        elif one.events[-1].kind is Kind.ANSWERED:
            yield Point("answered", one.theme, one.events[-1].on, str(one.id))


def _of_decisions(rows: Iterable[decisions.Decision], today: date) -> Iterator[Point]:
    for row in rows:
        if not row.over:
            kind = "late-decision" if row.late(today) else "decision"
            yield Point(kind, row.text, row.due_on, str(row.id))


def _of_scans(session: Session, rows: Iterable[Scan], today: date) -> Iterator[Point]:
    """Results since the last time, and days that were promised and are still to come."""
    for row in rows:
        if row.state in (ScanState.RELEASED.value, ScanState.ARCHIVED.value):
            if row.promise_on is not None and today < row.promise_on:
                yield Point("date", row.name, row.promise_on, row.id)
                continue
            for edition in releases.listed(session, row.id)[-1:]:
                opened = max(local_day(edition.released_at), row.promise_on or local_day(edition.released_at))
                yield Point("scan", row.name, opened, row.id)
        elif row.promise_on is not None and row.promise_on >= today:
            yield Point("date", row.name, row.promise_on, row.id)


def _of_reports(rows: Iterable[signal_reports.ListedReport]) -> Iterator[Point]:
    """Each report once, whatever languages it came in, and of each kind when the next one is due."""
    seen, due = set(), set()
    for row in rows:
        if (row.kind, row.window) not in seen:
            seen.add((row.kind, row.window))
            yield Point("report", f"{row.kind} {row.window}", row.released_on, row.digest)
        if row.kind not in due:
            due.add(row.kind)
            yield Point("report-due", row.kind, row.next_due)
