"""Everything a small group can have answered on one scale: a size enters, the counts that figures leave open leave."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy.signal import fftconvolve


class Patterns:
    """All tables of `n` people's answers to `items` items with `options` answers, 0 to options - 1 points each.

    Of one item every way to answer is listed; of the others every pair of (points, variance x n (n - 1)) that
    they can add up to.
    """

    def __init__(self, n: int, items: int, options: int) -> None:
        self.n, self.items, self.options = n, items, options
        self.ways = np.array(list(_ways(n, options)))
        points = np.arange(options)
        totals = self.ways @ points
        differences = n * (self.ways @ points**2) - totals**2
        pairs, self.place = np.unique(np.stack([totals, differences], axis=1), axis=0, return_inverse=True)
        self.total, self.difference = pairs.T
        self.place = self.place.reshape(-1)

    @property
    def most(self) -> int:
        return self.n * self.items * (self.options - 1)

    @cached_property
    def _others(self) -> np.ndarray:
        """(points, difference) -> whether the other items can add up to it, summed along the second axis."""
        one = np.zeros((self.total.max() + 1, self.difference.max() + 1))
        one[self.total, self.difference] = 1.0
        found = np.ones((1, 1))
        for _ in range(self.items - 1):
            found = (fftconvolve(found, one) > 0.5).astype(float)
        return np.concatenate([np.zeros((len(found), 1), dtype=int), np.cumsum(found > 0.5, axis=1)], axis=1)

    @cached_property
    def agreement(self) -> np.ndarray:
        """rwg(J) by the sum of differences of all items."""
        most = self._others.shape[1] + self.difference.max()
        chance = (self.options**2 - 1) / 12
        ratio = np.arange(most) / (self.n * (self.n - 1) * self.items * chance)
        agreed = self.items * (1 - np.minimum(1, ratio))
        return agreed / (agreed + np.minimum(1, ratio))

    def fewest(self, low: int, high: int, where: np.ndarray | None = None) -> int | None:
        """The fewest possible counts of any answer to an item, with low to high points in all; None: impossible.

        `where`: which differences may be, a stretch of them; all by default.
        """
        others = self._others
        chosen = np.arange(len(self.agreement)) if where is None else np.flatnonzero(where)
        if not len(chosen):
            return None
        open_ = np.zeros(len(self.total), dtype=bool)
        start = np.clip(chosen[0] - self.difference, 0, others.shape[1] - 1)
        stop = np.clip(chosen[-1] - self.difference + 1, 0, others.shape[1] - 1)
        for total in range(low, high + 1):
            rest = total - self.total
            there = (rest >= 0) & (rest < len(others))
            row = np.where(there, rest, 0)
            open_ |= there & (others[row, stop] > others[row, start])
        if not open_.any():
            return None
        possible = self.ways[open_[self.place]]
        return min(len(np.unique(column)) for column in possible.T)


def _ways(people: int, options: int) -> Iterator[tuple[int, ...]]:
    if options == 1:
        yield (people,)
        return
    for count in range(people + 1):
        for rest in _ways(people - count, options - 1):
            yield (count, *rest)
