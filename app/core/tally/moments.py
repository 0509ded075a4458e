"""Products of answers within a scale, and of scales with the outcome: points of one chunk enter, sums leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.tally.counts import Counts, ScaleTally
from app.core.tally.layout import Layout

CHUNK_ROWS = 16_384
MOST_TOGETHER = 64
MOST_CELLS = 100_000
"""Of a table of two scales' points in a chunk."""


class Moments:
    """Products of the items of each scale, over people who answered all of them.

    Scales share one product of at most MOST_TOGETHER rows: many narrow products are far slower. Sums are whole
    numbers below 2^24 in a chunk, which single precision keeps exact.
    """

    def __init__(self, layout: Layout) -> None:
        self.batches: list[list[int]] = []
        self.places: dict[int, slice] = {}
        start = 0
        for number, scale in enumerate(layout.scales):
            if scale.incidence:
                continue
            stop = start + len(scale.columns) + 1
            if not self.batches or stop - self.places[self.batches[-1][0]].start > MOST_TOGETHER:
                self.batches.append([])
            self.batches[-1].append(number)
            self.places[number] = slice(start, stop)
            start = stop
        widest = max((scale.span for scale in layout.scales), default=1)
        exact = widest * widest * CHUNK_ROWS < 1 << 24
        self.rows = np.empty((start, CHUNK_ROWS), dtype=np.float32 if exact else np.float64)

    def keep(self, number: int, points: Sequence[NDArray[Any]], answered: NDArray[np.int16]) -> None:
        """Put one scale's points in the rows; those of incomplete people become 0."""
        rows = self.rows[self.places[number], : len(answered)]
        complete = answered == len(points)
        rows[0] = complete
        if complete.all():
            for place, each in enumerate(points):
                rows[place + 1] = each
            return
        mask = -complete.astype(np.int8)
        for place, each in enumerate(points):
            rows[place + 1] = each & mask

    def add(self, count: int, into: tuple[ScaleTally, ...]) -> None:
        for batch in self.batches:
            first = self.places[batch[0]].start
            rows = self.rows[first : self.places[batch[-1]].stop, :count]
            products = rows @ rows.T
            for number in batch:
                own = slice(self.places[number].start - first, self.places[number].stop - first)
                into[number].moments[:] += np.rint(products[own, own]).astype(np.int64)


class OutcomeSums:
    """Sums and products of each scale's points with those on the outcome scale, per class.

    By way of a table of both scales' points, one pass over the rows; where that would be far larger than the
    rows, by the weights of `bincount`: whole numbers below 2^53 in a chunk, which double precision keeps exact.
    """

    def __init__(self, layout: Layout) -> None:
        self.outcome = layout.outcome
        self.beside = [number for number in range(len(layout.scales)) if layout.beside_outcome(number)]
        self.widths = [scale.most + 2 for scale in layout.scales]
        self.points: dict[int, Counts] = {}

    def keep(self, number: int, total: NDArray[Any], complete: NDArray[np.bool_]) -> None:
        """Remember one scale's points of this chunk, plus one; 0 for who didn't answer all of its items."""
        if number == self.outcome or number in self.beside:
            self.points[number] = (total.astype(np.int64) + 1) * complete

    def add(self, local: Counts, into: tuple[ScaleTally, ...], low: int, high: int) -> None:
        if self.outcome is None:
            return
        y, height = self.points[self.outcome], self.widths[self.outcome]
        base = local * height + y
        for number in self.beside:
            x, width = self.points[number], self.widths[number]
            sums = into[number].with_outcome[low:high]
            cells = (high - low) * height * width
            if cells > MOST_CELLS:
                both = (x > 0) & (y > 0)
                sums += _by_weights(local[both], x[both] - 1, y[both] - 1, high - low)
                continue
            table = np.bincount(base * width + x, minlength=cells).reshape(-1, height, width)
            sums += _by_table(table[:, 1:, 1:])


def _by_table(table: Counts) -> Counts:
    """(classes, 6) sums of a table (classes, points on the outcome, points on the scale) of people."""
    y, x = np.arange(table.shape[1]), np.arange(table.shape[2])
    rows, columns = table.sum(axis=2), table.sum(axis=1)
    products = ((table @ x) * y).sum(axis=1)
    return np.stack(
        [rows.sum(axis=1), columns @ x, rows @ y, columns @ (x * x), rows @ (y * y), products], axis=1
    )


def _by_weights(places: Counts, x: Counts, y: Counts, classes: int) -> Counts:
    sums = [np.bincount(places, minlength=classes)]
    for weights in (x, y, x * x, y * y, x * y):
        found = np.bincount(places, weights.astype(np.float64), minlength=classes)
        sums.append(np.rint(found).astype(np.int64))
    return np.stack(sums, axis=1)
