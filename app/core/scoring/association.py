"""How two scales go together: their sums and products enter, Pearson's r leaves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def correlation(sums: Counts) -> float | None:
    """Pearson's r from (n, sum x, sum y, sum xx, sum yy, sum xy); None where one of both doesn't vary."""
    n, x, y, xx, yy, xy = (
        int(number) for number in sums
    )  # Python integers: no product of large sums overflows
    return _ratio(n * xy - x * y, n * xx - x * x, n * yy - y * y)


def item_rest(moments: Counts) -> tuple[float | None, ...]:
    """Correlation of each item with the sum of the other items, over people who answered all.

    From a tally's (J + 1, J + 1) moments. None where one of both doesn't vary; r.drop in R's psych::alpha.
    """
    n = int(moments[0, 0])
    sums = moments[0, 1:].astype(object)
    scatter = n * moments[1:, 1:].astype(object) - np.outer(sums, sums)
    whole, with_all = int(scatter.sum()), scatter.sum(axis=1)
    found: list[float | None] = []
    for item in range(len(sums)):
        own, shared = int(scatter[item, item]), int(with_all[item])
        found.append(_ratio(shared - own, own, whole - 2 * shared + own))
    return tuple(found)


def _ratio(shared: int, one: int, other: int) -> float | None:
    if one <= 0 or other <= 0:
        return None
    return max(-1.0, min(1.0, shared / (math.sqrt(one) * math.sqrt(other))))
