"""Fulfilling: scans whose promised day comes enter; the worker is asked to release them, and who can act hears when it fails.

Nobody has to remember a promise: the eve of the promised day is early enough for the release to be there at 00:00, and late
enough for a coordinator to give people more days. Whoever wants it later says why, by postponing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.core.access import Role, itself
from app.core.days import local_day
from app.core.lifecycle import State
from app.core.opening import is_released_by_itself
from app.mail import Mailer, Message, promise_letters, staff
from app.services import asking, releasing
from app.services.asking import Queue
from app.storage.database import Session, Store
from app.storage.office import accounts, effects, organisations, scans, tasks
from app.storage.office.organisations import Organisation
from app.storage.office.scans import Scan
from app.storage.office.tasks import Task

ACT = "fulfil"
WAITING = frozenset({State.OPEN, State.SEALED})
_SAME_WORK = (ACT, "seal", "release")


def ask_due(store: Store, queue: Queue, *, now: datetime) -> int:
    """Ask the worker for each release that is due today; gives how many were asked for."""
    due = [row for _, row in _waiting(store) if _is_due(store, row, local_day(now))]
    for row in due:
        asking.ask(store, queue, act=ACT, scan=row.id, by=itself(row.organisation_id), now=now)
    return len(due)


def tell(store: Store, *, mailer: Mailer, address: str, now: datetime) -> int:
    """Write to coordinators about each try that failed, once; gives how many letters went out. The board says it too.

    That it was told is noted first: a letter that can't be sent is logged and not sent twice.
    """
    sent = 0
    for organisation, row in _waiting(store):
        with store.office() as session:
            task = tasks.latest(session, row.id, ACT)
            if task is None or task.state != "failed":
                continue
            day = local_day(task.created_at)
            why = effects.UNSAFE if task.message == releasing.NOT_PASSED else effects.BROKEN
            if not effects.note_not_out(session, organisation.id, row.id, why, day, sent_on=local_day(now)):
                continue
            letters = list(_letters(session, organisation, row, why, address))
        sent += staff.send(mailer, letters)
    return sent


def _waiting(store: Store) -> list[tuple[Organisation, Scan]]:
    """Scans of every organisation that were opened and have no release."""
    with store.reading() as session:
        return [
            (organisation, row)
            for organisation in organisations.everyone(session)
            for row in scans.of_organisation(session, organisation.id)
            if State(row.state) in WAITING
        ]


def _is_due(store: Store, row: Scan, today: date) -> bool:
    with store.reading() as session:
        last: Task | None = tasks.latest(session, row.id, ACT)
        busy = any(tasks.under_way(session, row.id, act, "") is not None for act in _SAME_WORK)
    tried_on = local_day(last.created_at) if last is not None else None
    return not busy and is_released_by_itself(
        closes_on=row.closes_on, promise_on=row.promise_on, tried_on=tried_on, today=today
    )


def _letters(
    session: Session, organisation: Organisation, row: Scan, why: str, address: str
) -> Iterator[Message]:
    assert row.promise_on is not None
    link = f"{address}/manage/{organisation.slug}/{row.id}/" if address else ""
    for account, roles in accounts.members(session, organisation.id):
        if account.active and Role.COORDINATOR in roles:
            yield promise_letters.results_not_out(
                account.language,
                to=account.email,
                organisation=organisation.name,
                scan=row.name,
                day=row.promise_on,
                unsafe=why == effects.UNSAFE,
                link=link,
            )
