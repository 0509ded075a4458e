"""Which scales go together with the outcome: true sums per class enter, protected correlations per group leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.disclosure import grids
from app.core.disclosure.figures import ScaleFigures
from app.core.disclosure.grids import DETAIL, EXACT
from app.core.disclosure.groups import Programme
from app.core.disclosure.intervals import correlation_interval
from app.core.disclosure.suppression import publishable
from app.core.scoring import correlation
from app.core.tally import Tally


def associations_of(
    programme: Programme, tally: Tally, figures: Sequence[ScaleFigures], least: int
) -> dict[int, dict[str, Any]]:
    """By group {"associations": {scale id: {"r", "interval", "n"}}}, for groups of 100 people or more.

    Only groups that publish both scores, and only where the people who answered all items of both can be told
    apart from nobody or from 30 or more others. No variance counts as no relation: to say that a correlation
    doesn't exist would say that everybody answered the same.
    """
    found: dict[int, dict[str, Any]] = {}
    layout = programme.layout
    for number, scale in enumerate(layout.scales):
        if layout.outcome is None or not layout.beside_outcome(number):
            continue
        sums = tally.scales[number].with_outcome
        together = programme.add_up(sums)
        both = figures[number].scale.keys() & figures[layout.outcome].scale.keys()
        for group in sorted(publishable(programme, sums[:, 0], max(DETAIL, least), both).groups):
            n = int(together[group, 0])
            if n < EXACT:
                continue
            size = grids.people(n, EXACT, exact=False)
            r = grids.correlation_cell(correlation(together[group]) or 0.0, size)
            entry = {"r": r, "interval": correlation_interval(r, size), "n": size.num}
            found.setdefault(group, {"associations": {}})["associations"][scale.scale.id] = entry
    return found
