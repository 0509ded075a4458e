"""Whether people of one group see the same, and whether groups differ: counts enter, rwg(J) and ICCs leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Points = NDArray[np.integer]


@dataclass(frozen=True)
class Grouping:
    """How much of the differences between people lies between groups; a figure is None where it has no meaning."""

    icc1: float | None
    icc2: float | None
    n: int
    groups: int


def grouping(n: Counts, total: Counts, squares: Counts, span: int) -> Grouping:
    """From one-way ANOVA of person scores, as ICC1 and ICC2 of R's multilevel (Bliese 2000) with k the mean size.

    n, total, squares: (groups, J + 1) by items answered, as in a tally. ICC(1) = (MSB - MSW) / (MSB + (k - 1) MSW),
    ICC(2) = (MSB - MSW) / MSB. None under two groups, without a second person in any, or without variance.
    """
    people = n.sum(axis=1)
    there = people > 0
    count, groups = int(people.sum()), int(there.sum())
    if groups < 2 or count <= groups:
        return Grouping(None, None, count, groups)
    answered = np.maximum(1, np.arange(n.shape[1])) * span
    sums = (total[there] / answered).sum(axis=1)
    crossed = float((squares[there] / answered**2).sum())
    explained = float((sums * sums / people[there]).sum())
    between = (explained - float(sums.sum()) ** 2 / count) / (groups - 1)
    within = (crossed - explained) / (count - groups)
    return Grouping(*_iccs(max(0.0, between), max(0.0, within), count / groups), count, groups)


def _iccs(between: float, within: float, size: float) -> tuple[float | None, float | None]:
    """ICC(1) and ICC(2) of mean squares; a mean square that is rounding error counts as none."""
    whole = between + (size - 1) * within
    if whole < 1e-12:
        return None, None
    return (between - within) / whole, None if between < 1e-12 else (between - within) / between


def agreement(counts: Counts, points: Points) -> Floats:
    """rwg(J) of each group: J (1 - r) / (J (1 - r) + r), r the mean of the items' variance over that of chance.

    James, Demaree & Wolf (1984). counts: (groups, J, options) people by answer to each item; points: (J, options)
    of each answer, -1 for an answer that counts as missing. Chance is the uniform distribution over an item's
    answers, (A^2 - 1) / 12 for A answers one point apart. An item counts with the people who answered it (n - 1);
    0 where r is more than 1; NaN without an item that two people answered.
    """
    here = np.where(points >= 0, counts, 0)
    size = here.sum(axis=2)
    total = (here * points).sum(axis=2)
    squares = (here * points * points).sum(axis=2)
    expected = np.array([np.var(row[row >= 0]) for row in points])
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (size * squares - total * total) / (size * (size - 1))
        ratios = np.where(size > 1, variance / expected, np.nan)
        items = np.sum(~np.isnan(ratios), axis=1)
        ratio = np.minimum(1.0, np.nansum(ratios, axis=1) / items)
        items_agree = items * (1 - ratio)
        return np.asarray(items_agree / (items_agree + ratio))
