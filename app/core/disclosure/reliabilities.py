"""What leaves about a scale as a measure, for the organisation only: true counts enter, rounded figures leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure import grids
from app.core.disclosure.figures import ScaleFigures
from app.core.disclosure.grids import DETAIL, EXACT, FINE, Num, Size, num
from app.core.disclosure.groups import Programme
from app.core.instrument import Item
from app.core.scoring import grouping, item_rest, reliability
from app.core.tally import ScaleColumns, ScaleTally, Tally

Counts = NDArray[np.int64]
LEAST_UNITS = 5
"""Over fewer units an ICC means little, and would say how far apart two of them are."""


def reliabilities_of(
    programme: Programme, tally: Tally, figures: Sequence[ScaleFigures], least: int, whole: Size | None
) -> dict[str, Any]:
    """By scale alpha, omega, ICC(1), ICC(2), item-rest correlations and n; {} where the organisation isn't published.

    `whole` is the organisation's published size.
    """
    result: dict[str, Any] = {}
    for scale, counted, published in zip(programme.layout.scales, tally.scales, figures, strict=True):
        if scale.incidence or whole is None:
            continue
        enough = max(DETAIL, least)
        result[scale.scale.id] = {
            **_hanging_together(programme, scale, counted, enough, whole),
            **_between_units(programme, scale, counted, enough, published.scale),
        }
    return result


def _hanging_together(
    programme: Programme, scale: ScaleColumns, counted: ScaleTally, least: int, whole: Size
) -> dict[str, Any]:
    """One decimal from 30 complete answers, two from 100; from 1,000 six, item-rest correlations three.

    No variance counts as 0: a figure that isn't there would say that everybody answered the same.
    """
    items = [programme.layout.instrument.coded[column] for column in scale.columns]
    figures = reliability(counted.moments)
    if figures.n < least:
        return {"alpha": None, "omega": None, "item_rest": dict.fromkeys(map(_id, items)), "n": _below(least)}
    digits = 6 if figures.n >= FINE else 2 if figures.n >= EXACT else 1
    rest = item_rest(counted.moments) if len(items) > 1 else (None,)
    size = grids.people(figures.n, least, exact=False)
    return {
        "alpha": round(figures.alpha or 0.0, digits) if len(items) > 1 else None,
        "omega": None if figures.omega is None else round(figures.omega, digits),
        "item_rest": {
            item.id: None if len(items) == 1 else round(r or 0.0, min(3, digits))
            for item, r in zip(items, rest, strict=True)
        },
        "n": num(min(size.value, whole.high), size.low, min(size.high, whole.high)),
    }


def _id(item: Item) -> str:
    return item.id


def _between_units(
    programme: Programme, scale: ScaleColumns, counted: ScaleTally, least: int, published: Collection[int]
) -> dict[str, float | None]:
    """ICC(1) and ICC(2) over the smallest parts that the units with a published score make of the organisation.

    Each part holds at least the smallest group that may be published, so no smaller team's mean enters by itself.
    One decimal from 30 people, two from 100, three from 1,000; what is below 0 is given as 0.
    """
    nobody: dict[str, float | None] = {"icc1": None, "icc2": None}
    chosen = [group for group in published if group < programme.units]
    if 0 not in chosen:
        return nobody
    atoms, parts = np.unique(programme.atoms(chosen)[0], return_inverse=True)
    count = len(atoms)

    def together(counts: Counts) -> Counts:
        found = np.zeros((count, counts.shape[1]), dtype=np.int64)
        np.add.at(found, parts, counts)
        return found

    n = together(counted.n)
    figures = grouping(n, together(counted.total), together(counted.squares), scale.span)
    if figures.n < least or figures.groups < LEAST_UNITS:
        return nobody
    digits = 3 if figures.n >= FINE else 2 if figures.n >= EXACT else 1
    return {
        "icc1": round(max(0.0, figures.icc1 or 0.0), digits),
        "icc2": round(max(0.0, figures.icc2 or 0.0), digits),
    }


def _below(least: int) -> Num:
    return num(None, 0, least - 1)
