"""Results that everybody may read: scans of an organisation and a language enter; a release made ready to show leaves."""

from __future__ import annotations

from datetime import datetime

from app.core.refusal import Refused
from app.render.reading import Reading
from app.services import condensing, opening
from app.storage.office.scans import Scan
from app.web.ui import settings, store

MOST_KEPT = 8
_readings: dict[tuple[str, str], Reading] = {}


def reading(scan: str, language: str) -> Reading | None:
    """The latest release of a scan, prepared once per process and language; None where nothing was released."""
    try:
        document = condensing.condensed(store(), scan=scan, files=settings().files)
    except Refused:
        return None
    key = (str(document["digest"]), language)
    if key not in _readings:
        if len(_readings) >= MOST_KEPT:
            _readings.pop(next(iter(_readings)))
        _readings[key] = Reading(language, key[0], document)
    return _readings[key]


def newest(organisation: int, language: str, now: datetime) -> tuple[Scan, Reading] | None:
    """Of the newest scan whose results everybody may read; None while there are none."""
    for row in opening.open_scans(store(), organisation=organisation, now=now):
        found = reading(row.id, language)
        if found is not None:
            return row, found
    return None


def shown_units(found: Reading | None) -> dict[str, str]:
    """Code and name of the units whose numbers are published, in the order of the tree."""
    if found is None:
        return {}
    return {one.code: one.name for one in found.parts if one.published and one.grouping == "unit"}


def inside(found: Reading | None, code: str) -> frozenset[str]:
    """A unit with all units below it."""
    held = {code}
    for one in found.parts if found else ():
        if one.grouping == "unit" and one.parent in held:
            held.add(one.code)
    return frozenset(held)
