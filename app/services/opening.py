"""Opening: a scan, a reader and the clock enter; whether its results may be read now is decided here, for every way out.

Whatever shows, draws, exports or retells a number of a release (pages, PDF, workbooks, JSON, comparisons, kits for a team talk,
what is filled in for an update) asks `check_readable` first, and gets NotYet with the promised day until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.core import opening
from app.core.access import Actor
from app.core.lifecycle import State
from app.core.opening import NotYet, Postponement
from app.core.refusal import Refused
from app.storage.database import Store
from app.storage.office import postponements, releases, scans
from app.storage.office.scans import Scan

OUT = frozenset({State.RELEASED, State.ARCHIVED})


def readable(row: Scan, *, by: Actor | None, now: datetime) -> bool:
    """Whether this reader may have numbers of this scan now; None is somebody without an account."""
    return opening.may_read(released=State(row.state) in OUT, promise_on=row.promise_on, now=now, by=by)


def only_readable(rows: Iterable[Scan], *, by: Actor | None, now: datetime) -> list[Scan]:
    """Those of these scans whose results this reader may have now, in the same order."""
    return [row for row in rows if readable(row, by=by, now=now)]


def check_row(row: Scan, *, by: Actor | None, now: datetime) -> None:
    """Raise NotYet unless this reader may have numbers of this scan now."""
    if not readable(row, by=by, now=now):
        raise NotYet(row.id, row.promise_on)


def check_readable(store: Store, *, scan: str, by: Actor | None, now: datetime) -> None:
    """The same by id. Raises NotYet, and Refused("no-scan") for a scan of another organisation than the reader's."""
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or (by is not None and row.organisation_id != by.organisation):
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    check_row(row, by=by, now=now)


def postponed(store: Store, *, scan: str) -> tuple[Postponement, ...]:
    """Every time the promise of a scan was moved, the first one first; for everybody to read."""
    with store.reading() as session:
        return postponements.of_scan(session, scan)


def open_scans(store: Store, *, organisation: int, now: datetime) -> list[Scan]:
    """Scans of an organisation whose results everybody may read, the newest first."""
    with store.reading() as session:
        rows = scans.of_organisation(session, organisation)
        out = [row for row in rows if releases.latest_digest(session, row.id) is not None]
    return only_readable(out, by=None, now=now)
