"""Promising: scans, releases and updates of an organisation enter; its timeline and what of it is overdue leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core import cadence, noticed
from app.core.cadence import Line, Run
from app.core.days import local_day
from app.core.feedback import Content, is_late
from app.core.lifecycle import State, is_frozen
from app.core.release import Release
from app.services import releasing
from app.storage.database import Session, Store
from app.storage.office import postponements, releases, scans, updates
from app.storage.office.scans import Scan

OVER = (State.RELEASED, State.ARCHIVED)


@dataclass(frozen=True)
class Overdue:
    """One promise that is late: a step of a scan ("results", "decisions") or an update, with its name and date."""

    what: str
    name: str
    due_on: date


@dataclass(frozen=True)
class Told:
    """One update that people see: what it says now, and each published version with its day, the first one first."""

    update: int
    content: Content
    versions: tuple[tuple[date, Content], ...]


def told(session: Session, organisation: int) -> tuple[Told, ...]:
    """What was published last comes first."""
    found = []
    for update, versions in updates.all_versions(session, organisation):
        days = tuple(
            (local_day(one.published_at), one.content) for one in versions if one.published_at is not None
        )
        if days:
            found.append(Told(update.id, days[-1][1], days))
    return tuple(found)


def out_on(session: Session, row: Scan, today: date) -> date | None:
    """Since when everybody can read the results of a scan; None while they can't."""
    listed = releases.listed(session, row.id)
    if not listed:
        return None
    day = cadence.out_on(local_day(listed[0].released_at), row.promise_on)
    return day if day <= today else None


def timeline(store: Store, *, organisation: int, today: date) -> tuple[Line, ...]:
    """Of every scan that was opened here, the newest first; for everybody, without an account."""
    with store.reading() as session:
        rows = [row for row in scans.of_organisation(session, organisation) if _runs(row)]
        out = {row.id: out_on(session, row, today) for row in rows}
        first = {row.id: _promised_first(session, row) for row in rows}
        said = told(session, organisation)
    runs = [_run(store, row, first[row.id], out[row.id], said) for row in rows]
    return cadence.timeline(runs, today)


def _runs(row: Scan) -> bool:
    dated = row.opened_on is not None and row.closes_on is not None and row.promise_on is not None
    return dated and not row.imported and is_frozen(State(row.state))


def _promised_first(session: Session, row: Scan) -> date:
    """Before anybody moved it: moving a promise doesn't keep it."""
    moved = postponements.of_scan(session, row.id)
    assert row.promise_on is not None
    return moved[0].from_on if moved else row.promise_on


def _run(store: Store, row: Scan, first: date, out: date | None, said: tuple[Told, ...]) -> Run:
    assert row.opened_on is not None and row.closes_on is not None
    return Run(
        row.id,
        row.name,
        row.kind,
        row.opened_on,
        row.closes_on,
        first,
        sealed=row.state != State.OPEN,
        out_on=out,
        decided_on=min(_decided(store, row, out, said), default=None) if out is not None else None,
        moved_to=row.promise_on if row.promise_on != first else None,
        overdue_reason=row.overdue_reason,
    )


def _decided(store: Store, row: Scan, out: date, said: tuple[Told, ...]) -> list[date]:
    """Days on which a decision about this scan was published: it says so, or is about a theme of it and came after."""
    themes = themes_of(store, row.id)
    found = []
    for one in said:
        own = one.content.source.ref == row.id
        day = next((day for day, content in one.versions if content.decision is not None), None)
        if day is not None and (own or (one.content.theme in themes and day >= out)):
            found.append(day)
    return found


def themes_of(store: Store, scan: str) -> tuple[str, ...]:
    """What its released questionnaire asks about, in its order."""
    found = Release(releasing.document(store, scan=scan))
    return tuple(dict.fromkeys(str(scale["theme"]) for scale in found.scales if not noticed.asks(scale)))


def overdue(store: Store, *, organisation: int, but: str, today: date) -> tuple[Overdue, ...]:
    """Promises of the last scan opened before `but` that are late, and updates that are."""
    lines = [line for line in timeline(store, organisation=organisation, today=today) if line.run.scan != but]
    late = (
        [Overdue(one.step.value, lines[0].run.name, one.due_on) for one in cadence.overdue(lines[0], today)]
        if lines
        else []
    )
    with store.reading() as session:
        said = told(session, organisation)
    late += [
        Overdue("update", one.content.in_language("nl")[1].title, _past(one.content, today))
        for one in said
        if is_late(one.content, today)
    ]
    return tuple(late)


def _past(content: Content, today: date) -> date:
    """The day that passed first."""
    return min(day for day in (content.due_on, content.next_on) if day is not None and day < today)
