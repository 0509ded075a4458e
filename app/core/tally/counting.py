"""Counting: parts of a dataset enter, integer counts per class of people leave.

A class is everybody of one stratum with the same answers to the background questions that are groupings. All
counts are whole numbers, so the tallies of two parts added are exactly the tally of the whole, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.dataset import Answers, Numbers, Part, unpack
from app.core.tally.counts import Counts, ScaleTally, Tally, empty
from app.core.tally.layout import Layout, ScaleColumns
from app.core.tally.moments import CHUNK_ROWS, Moments, OutcomeSums

MOST_CELLS = 4_000_000
"""Of the histogram of a chunk; with more classes than that allows, people are added one by one."""


def tally(parts: Iterable[Part], layout: Layout) -> Tally:
    """The counts of all parts together; parts may also be tallied apart and added."""
    whole = empty(layout, np.zeros(0, dtype=np.int64))
    for part in parts:
        strata, answers = unpack(part, len(layout.options))
        one = tally_rows(strata, answers, layout)
        whole = one if not len(whole.keys) else whole + one
    return whole


def tally_rows(strata: Numbers, answers: Answers, layout: Layout) -> Tally:
    """Counts of rows in any order; quickest when rows of a stratum lie together. Shapes (n,) and (n, items)."""
    places, keys = _classes(strata, answers, layout)
    found = empty(layout, keys)
    work = _Work(layout)
    for start in range(0, len(strata), CHUNK_ROWS):
        stop = min(start + CHUNK_ROWS, len(strata))
        work.count(places[start:stop], answers.T[:, start:stop], found)
    return found


def _classes(strata: Numbers, answers: Answers, layout: Layout) -> tuple[Numbers, Counts]:
    """(place of each row's class, keys of the classes that occur)."""
    keys = strata
    if layout.backgrounds:
        keys = strata.astype(np.int64)
        for column in layout.backgrounds:
            keys = keys * (layout.options[column] + 1) + (answers[:, column] + 1)
    universe = int(keys.max()) + 1 if len(keys) else 0
    if universe > max(1 << 22, len(keys)):
        found, places = np.unique(keys, return_inverse=True)
        return places.astype(np.int32), found.astype(np.int64)
    there = np.zeros(universe, dtype=bool)
    there[keys] = True
    numbers = np.cumsum(there, dtype=np.int32) - 1
    return numbers[keys], np.flatnonzero(there).astype(np.int64)


class _Work:
    """Counts one chunk of rows that fits the processor's cache into a tally."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.moments = Moments(layout)
        self.sums = OutcomeSums(layout)

    def count(self, places: Numbers, columns: Answers, into: Tally) -> None:
        low, high = int(places.min()), int(places.max()) + 1
        local = places.astype(np.int64) - low
        into.people[low:high] += np.bincount(local, minlength=high - low)
        counted = list(columns)
        for number, scale in enumerate(self.layout.scales):
            unscored = self._scale(number, scale, local, counted, into.scales[number], low, high)
            if unscored is not None:
                for column in scale.columns:
                    counted[column] = counted[column] | unscored
        self.moments.add(len(local), into.scales)
        self.sums.add(local, into.scales, low, high)
        self._items(counted, local, into, low, high)

    def _scale(
        self,
        number: int,
        scale: ScaleColumns,
        local: Counts,
        columns: list[Answers],
        into: ScaleTally,
        low: int,
        high: int,
    ) -> Answers | None:
        """Add one scale's people; gives -1 for everybody who isn't scored, or None when all are."""
        points: list[NDArray[Any]] = [
            _points(columns[column], values)
            for column, values in zip(scale.columns, scale.values, strict=True)
        ]
        answered = np.zeros(len(local), dtype=np.int16)
        total: NDArray[Any] = np.zeros(
            len(local), dtype=np.int16 if scale.span * len(points) < 32_000 else np.int32
        )
        for each in points:
            answered += each >= 0
            total += np.maximum(each, 0)
        scored: NDArray[np.bool_] = answered >= scale.least
        everybody = bool(scored.all())
        if scale.incidence:
            _add_incidence(local, scored, total > 0, into, low, high)
        else:
            _add_mean(local, scored, answered, total, scale, into, low, high)
            self.moments.keep(number, points, answered)
            self.sums.keep(number, total, answered == len(points))
        return None if everybody else scored.astype(np.int8) - np.int8(1)

    def _items(self, columns: list[Answers], local: Counts, into: Tally, low: int, high: int) -> None:
        """Two items a code halve the passes over the rows."""
        options = self.layout.options
        groups = high - low
        for first in range(0, len(columns), 2):
            width = options[first] + 1
            if first + 1 == len(columns):
                found = np.bincount(local * width + (columns[first] + np.int8(1)), minlength=groups * width)
                into.items[low:high, first, :width] += found.reshape(groups, width)
                continue
            other = options[first + 1] + 1
            pair = columns[first].astype(np.int16)
            pair *= other
            pair += columns[first + 1]
            keys = local * (width * other)
            keys += pair
            keys += other + 1
            counts = np.bincount(keys, minlength=groups * width * other).reshape(groups, width, other)
            into.items[low:high, first, :width] += counts.sum(axis=2)
            into.items[low:high, first + 1, :other] += counts.sum(axis=1)


def _points(column: Answers, values: NDArray[np.int16]) -> NDArray[Any]:
    """Points of each answer, -1 for none; without a look-up where they rise or fall by one an option."""
    last = len(values) - 2
    if np.array_equal(values[1:], np.arange(last + 1)):
        return column
    if np.array_equal(values[1:], np.arange(last, -1, -1)):
        return np.where(column < 0, np.int8(-1), np.int8(last) - column)
    return values.take(column + np.int8(1))


def _add_incidence(
    local: Counts, scored: NDArray[np.bool_], above: NDArray[np.bool_], into: ScaleTally, low: int, high: int
) -> None:
    keys = local * 4 + scored * 2 + above
    counts = np.bincount(keys, minlength=(high - low) * 4).reshape(-1, 4)
    into.n[low:high, 0] += counts[:, 2] + counts[:, 3]
    into.total[low:high, 0] += counts[:, 3]


def _add_mean(
    local: Counts,
    scored: NDArray[np.bool_],
    answered: NDArray[np.int16],
    total: NDArray[Any],
    scale: ScaleColumns,
    into: ScaleTally,
    low: int,
    high: int,
) -> None:
    """Sums by way of a histogram of (items answered, points), which whole numbers keep exact."""
    items = len(scale.columns)
    wide = items * scale.span + 1
    keys = local * ((items + 1) * wide)
    keys += answered.astype(np.int64) * wide
    keys += total
    if (high - low) * (items + 1) * wide > MOST_CELLS:
        _add_sparse(keys[scored], items, wide, into, low)
        return
    counts = np.bincount(keys, minlength=(high - low) * (items + 1) * wide).reshape(-1, items + 1, wide)
    into.histogram[low:high] += counts[:, items]
    counts[:, : scale.least] = 0
    points = np.arange(wide)
    into.n[low:high] += counts.sum(axis=2)
    into.total[low:high] += counts @ points
    into.squares[low:high] += counts @ (points * points)


def _add_sparse(keys: Counts, items: int, wide: int, into: ScaleTally, low: int) -> None:
    """The same where the histogram would be far larger than the rows."""
    cells, points = np.divmod(keys, wide)
    places, answered = cells // (items + 1) + low, cells % (items + 1)
    np.add.at(into.n, (places, answered), 1)
    np.add.at(into.total, (places, answered), points)
    np.add.at(into.squares, (places, answered), points * points)
    complete = answered == items
    np.add.at(into.histogram, (places[complete], points[complete]), 1)
