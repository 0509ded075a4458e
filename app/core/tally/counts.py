"""Counts that can be added: whole numbers per class of people enter, the same of both parts together leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.tally.layout import Layout, ScaleColumns

Counts = NDArray[np.int64]
OUTCOME_SUMS = 6
"""n, sum x, sum y, sum xx, sum yy, sum xy."""


@dataclass(frozen=True)
class ScaleTally:
    """One scale. Shapes: C classes, J items.

    n, total, squares: (C, J + 1) by the number of items answered: people scored, their points, and the squares
    of a person's points; for incidence n and total are (C, 1), total the people with anything above the lowest.
    histogram: (C, J x span + 1), people who answered all items by their points.
    with_outcome: (C, 6), for a mean scale that isn't the outcome itself: over people who answered all items of
    both, n, sum x, sum y, sum xx, sum yy, sum xy; x are points here, y points on the outcome scale.
    moments: (J + 1, J + 1), products of (1, points of each item) over people who answered all items.
    """

    n: Counts
    total: Counts
    squares: Counts
    histogram: Counts
    with_outcome: Counts
    moments: Counts

    def __add__(self, other: ScaleTally) -> ScaleTally:
        return ScaleTally(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            self.histogram + other.histogram,
            self.with_outcome + other.with_outcome,
            self.moments + other.moments,
        )


@dataclass(frozen=True)
class Tally:
    """`keys` (C,) rising: stratum x combinations + place of the background answers. `people` (C,): rows.

    `items` (C, coded items, options + 1): people by answer, column 0 for no answer. A scale's item counts only
    people the scale scores; the others are in column 0.
    """

    keys: Counts
    people: Counts
    items: Counts
    scales: tuple[ScaleTally, ...]

    def __add__(self, other: Tally) -> Tally:
        keys = np.union1d(self.keys, other.keys)
        one, two = self._on(keys), other._on(keys)
        return Tally(
            keys,
            one.people + two.people,
            one.items + two.items,
            tuple(mine + theirs for mine, theirs in zip(one.scales, two.scales, strict=True)),
        )

    def _on(self, keys: Counts) -> Tally:
        """The same counts over more classes."""
        if np.array_equal(keys, self.keys):
            return self
        places = np.searchsorted(keys, self.keys)

        def spread(counts: Counts) -> Counts:
            wider = np.zeros((len(keys), *counts.shape[1:]), dtype=np.int64)
            wider[places] = counts
            return wider

        return Tally(
            keys,
            spread(self.people),
            spread(self.items),
            tuple(
                ScaleTally(
                    spread(s.n),
                    spread(s.total),
                    spread(s.squares),
                    spread(s.histogram),
                    spread(s.with_outcome),
                    s.moments,
                )
                for s in self.scales
            ),
        )


def empty(layout: Layout, keys: Counts) -> Tally:
    """Nobody yet, in these classes."""
    most = max(layout.options, default=0)
    return Tally(
        keys,
        np.zeros(len(keys), dtype=np.int64),
        np.zeros((len(keys), len(layout.options), most + 1), dtype=np.int64),
        tuple(_empty_scale(scale, len(keys), OUTCOME_SUMS if layout.beside_outcome(number) else 0)
              for number, scale in enumerate(layout.scales)),
    )  # fmt: skip


def _empty_scale(scale: ScaleColumns, classes: int, sums: int) -> ScaleTally:
    items = len(scale.columns)

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    if scale.incidence:
        one, none = (classes, 1), (classes, 0)
        return ScaleTally(zeros(*one), zeros(*one), zeros(*none), zeros(*none), zeros(*none), zeros(0, 0))
    by_answered = (classes, items + 1)
    return ScaleTally(
        zeros(*by_answered),
        zeros(*by_answered),
        zeros(*by_answered),
        zeros(classes, scale.most + 1),
        zeros(classes, sums),
        zeros(items + 1, items + 1),
    )
