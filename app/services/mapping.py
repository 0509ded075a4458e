"""Mapping: what became of units between two scans enters, and every comparison of the two goes by it."""

from __future__ import annotations

from datetime import datetime

from app.core.access import Actor, check
from app.services import comparing
from app.storage.database import Store
from app.storage.office import audit, unit_maps


def map_units(store: Store, *, earlier: str, scan: str, rows: str, by: Actor, now: datetime) -> None:
    """Keep the map, or forget it when `rows` is empty. Raises FileFaults with every bad row, and Refused."""
    # Imported here: the page that asks must not load scipy for it.
    from app.core.comparison.unit_map import read_map

    check("map-units", by)
    before, after = comparing.documents(store, old=earlier, new=scan, by=by, now=now)
    text = rows.strip()
    if text:
        read_map(text, old=comparing.codes(before), new=comparing.codes(after))
    with store.office() as session:
        unit_maps.put(session, earlier=earlier, scan=scan, rows=text)
        audit.record(session, by=by, now=now, act="map-units", scan=scan, detail=earlier)


def unit_map(store: Store, *, earlier: str, scan: str) -> str:
    """The rows that were kept, "" for none."""
    with store.reading() as session:
        return unit_maps.between(session, earlier=earlier, scan=scan)
