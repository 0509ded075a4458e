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

    Whole numbers below 2^53 in a chunk, which the weights of `bincount`, double precision, keep exact.
    """

    def __init__(self, layout: Layout) -> None:
        self.outcome = layout.outcome
        self.beside = [number for number in range(len(layout.scales)) if layout.beside_outcome(number)]
        self.points: dict[int, Counts] = {}
        self.complete: dict[int, NDArray[np.bool_]] = {}

    def keep(self, number: int, total: NDArray[Any], complete: NDArray[np.bool_]) -> None:
        """Remember one scale's points of this chunk, and who answered all of its items."""
        if number == self.outcome or number in self.beside:
            self.points[number] = total
            self.complete[number] = complete

    def add(self, local: Counts, into: tuple[ScaleTally, ...], low: int, high: int) -> None:
        if self.outcome is None:
            return
        for number in self.beside:
            both = self.complete[number] & self.complete[self.outcome]
            places = local[both]
            x = self.points[number][both].astype(np.float64)
            y = self.points[self.outcome][both].astype(np.float64)
            sums = into[number].with_outcome[low:high]
            sums[:, 0] += np.bincount(places, minlength=high - low)
            for place, weights in enumerate((x, y, x * x, y * y, x * y)):
                found = np.bincount(places, weights, minlength=high - low)
                sums[:, place + 1] += np.rint(found).astype(np.int64)
