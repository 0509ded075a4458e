"""Comparing: released scans enter, differences with verdicts leave; only published documents are read."""

from __future__ import annotations

from datetime import datetime

from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.core.release import Document
from app.services import opening, releasing
from app.storage.database import Store
from app.storage.office import scans
from app.storage.office.scans import Scan

READABLE = (State.RELEASED, State.ARCHIVED)


def compare_scans(
    store: Store, *, old: str, new: str, unit_map: str | None = None, by: Actor, now: datetime
) -> Document:
    """The later scan held against the earlier one, as docs/comparison.schema.json describes it.

    `unit_map` is CSV text with the columns old,new. Raises FileFaults with its bad rows, and Refused for a scan
    of another organisation, without a release, not open yet to who asks, or compared with itself.
    """
    # Imported here: pages ask this module which scans there are, and must not load scipy for it.
    from app.core.comparison.between import compare
    from app.core.comparison.unit_map import read_map

    before, after = documents(store, old=old, new=new, by=by, now=now)
    units = None
    if unit_map is not None:
        units = read_map(unit_map, old=codes(before), new=codes(after))
    return compare(before, after, units=units).to_document()


def compare_with_rest(store: Store, *, scan: str, by: Actor, now: datetime) -> Document:
    """Each published group of a scan held against everybody else."""
    from app.core.comparison.rest import with_rest

    check("read-results", by)
    opening.check_row(own_scan(store, scan, by), by=by, now=now)
    return with_rest(releasing.document(store, scan=scan)).to_document()


def documents(store: Store, *, old: str, new: str, by: Actor, now: datetime) -> tuple[Document, Document]:
    """The latest releases of two different scans of the actor's organisation."""
    check("read-results", by)
    rows = [own_scan(store, scan, by) for scan in (old, new)]
    if old == new:
        raise Refused("same-scan", "a scan can't be compared with itself; choose two scans", scan=old)
    for row in rows:
        opening.check_row(row, by=by, now=now)
    return releasing.document(store, scan=old), releasing.document(store, scan=new)


def own_scan(store: Store, scan: str, by: Actor) -> Scan:
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    return row


def codes(document: Document) -> frozenset[str]:
    """Codes of all units of a release, published or not."""
    return frozenset(group["group"] for group in document["groups"] if group["grouping"] == "unit")


def series(store: Store, *, scan: str, by: Actor, now: datetime) -> tuple[Scan, ...]:
    """Released scans of this organisation with the same questionnaire as this one, the earliest first.

    Imported scans count too; the scan itself is one of them. Those that are not open yet to who asks are left out.
    Nothing joins people of one scan to those of another.
    """
    check("read-results", by)
    own = releasing.document(store, scan=own_scan(store, scan, by).id)["instrument"]["id"]
    with store.reading() as session:
        rows = [
            row for row in scans.of_organisation(session, by.organisation) if State(row.state) in READABLE
        ]
    rows = opening.only_readable(rows, by=by, now=now)
    found = [row for row in rows if _asks(store, row.id) == own]
    return tuple(
        sorted(found, key=lambda row: (row.opened_on or row.created_at.date(), row.created_at, row.id))
    )


def _asks(store: Store, scan: str) -> str | None:
    """The questionnaire of a release; None for a scan that was archived without one."""
    try:
        return str(releasing.document(store, scan=scan)["instrument"]["id"])
    except Refused:
        return None


def baseline(store: Store, *, scan: str, by: Actor, now: datetime) -> Scan | None:
    """What a scan is compared with unless somebody chooses: the scan it was planned to follow where that asked the
    same questionnaire, else the latest earlier one of its series; None for the first."""
    row = own_scan(store, scan, by)
    found = series(store, scan=scan, by=by, now=now)
    follows = next((one for one in found if one.id == row.previous_id), None)
    if follows is not None:
        return follows
    place = next((place for place, one in enumerate(found) if one.id == scan), 0)
    return found[place - 1] if place else None
