"""The protector of a report's figures: unprotected counts enter, figures that may be told leave, by one fixed ladder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.core.signal_report.bands import LEAST, STEP, Floors, not_shown, shown
from app.core.signal_report.counting import CATEGORY, CELLS, CONTACT, REPORTER, ROUTE, SOURCE, Counted
from app.core.signal_report.kinds import Kind, Window

Figures = dict[str, Any]
TABLES: Mapping[Kind, tuple[str, ...]] = {
    Kind.MONTHLY: (),
    Kind.QUARTERLY: (CATEGORY,),
    Kind.HALF_YEARLY: (CATEGORY, CONTACT),
    Kind.YEARLY: (CATEGORY, CONTACT, REPORTER, SOURCE, ROUTE),
    Kind.CULTURE: (CATEGORY,),
}
"""The tables of a kind, always the same ones. Units are never counted, and themes never either: between the floor for words and
the floor for counts lie two numbers, so that a theme that is named and not counted would be known to be three or four."""
MOST_IDENTIFYING = (ROUTE, SOURCE, REPORTER, CONTACT, CATEGORY)
"""What goes first when figures together tell too much."""
ROUTES_FROM = 30
"""Reporters in the window from which routes are counted: few people file a complaint, and many know of it."""


def figures(
    counted: Counted, kind: Kind, window: Window, *, floors: Floors = LEAST, without: Collection[str] = ()
) -> Figures:
    """What may be told of these counts; `without` names axes, and "reporters", that are left out.

    "reporters" is None for a kind without counts. A table has "rows": None when it is left out.
    """
    whole = None if kind is Kind.MONTHLY else shown(counted.reporters, floors)
    if whole is not None and "reporters" in without:
        whole = not_shown()
    return {
        "kind": str(kind),
        "window": window.id,
        "quarters": sorted(window.quarters),
        "reporters": whole,
        "tables": [_table(counted, axis, floors, without) for axis in TABLES[kind]],
    }


def _table(counted: Counted, axis: str, floors: Floors, without: Collection[str]) -> dict[str, Any]:
    cells = counted.cells.get(axis, {})
    if axis in without or (axis == ROUTE and counted.reporters < ROUTES_FROM):
        return {"axis": axis, "cells": list(CELLS[axis]), "rows": None, "rest": not_shown()}
    told = [id for id, count in cells.items() if count >= floors.count]
    # Within a band by id: an order by count would tell more than the band does.
    told.sort(key=lambda id: (-((cells[id] - floors.count) // STEP), id))
    return {
        "axis": axis,
        # Rows of an adviser's own making are listed only once they are told: their names could tell more than a count.
        "cells": [*CELLS[axis], *(id for id in told if id not in CELLS[axis])],
        "rows": [{"id": id, "count": shown(cells[id], floors)} for id in told],
        "rest": shown(0, floors),
    }
