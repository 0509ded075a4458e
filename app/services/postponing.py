"""Postponing: a scan, a later day and a reason enter; everybody reads both days and the reason from then on."""

from __future__ import annotations

from datetime import date, datetime

from app.core import opening
from app.core.access import Actor, Role, check
from app.core.days import local_day
from app.core.lifecycle import State, is_frozen
from app.core.opening import Postponement
from app.core.refusal import Refused
from app.services.launching import own_scan
from app.storage.database import Store
from app.storage.office import audit, postponements
from app.storage.office.scans import Scan

ACT = "postpone-results"


def may_be_postponed(row: Scan, *, now: datetime) -> bool:
    """From opening on, until everybody reads the results."""
    state = State(row.state)
    if not is_frozen(state) or state is State.ARCHIVED or row.promise_on is None:
        return False
    return not opening.is_open(released=state is State.RELEASED, promise_on=row.promise_on, now=now)


def postpone(store: Store, *, scan: str, to_on: date, reason: str, by: Actor, now: datetime) -> None:
    """Promise the results for a later day. Raises Refused: no-promise, and what core.opening.check_postponement raises."""
    check(ACT, by)
    said = " ".join(reason.split())
    with store.office() as session:
        row = own_scan(session, scan, by)
        promised = row.promise_on
        if promised is None or not may_be_postponed(row, now=now):
            raise Refused(
                "no-promise", "there is no promise to move: these results are open, or have no day yet"
            )
        today = local_day(now)
        opening.check_postponement(
            promised=promised, to_on=to_on, destroy_on=row.destroy_on, reason=said, today=today
        )
        row.promise_on = to_on
        moved = Postponement(promised, to_on, said, today)
        postponements.add(session, scan, moved, by_role=Role.COORDINATOR.value)
        audit.record(
            session,
            by=by,
            now=now,
            act=ACT,
            scan=scan,
            detail=f"{promised:%Y-%m-%d} > {to_on:%Y-%m-%d}: {said}",
        )
