"""Counts that can be added: parts of a dataset enter, integer counts per class of people leave.

A class is everybody of one stratum with the same answers to the background questions that are groupings. All
counts are whole numbers, so the tallies of two parts added are exactly the tally of the whole, in any order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.dataset import Answers, Numbers, Part, unpack
from app.core.instrument import INCIDENCE, Instrument, Item, Scale

CHUNK_ROWS = 16_384
MOST_TOGETHER = 64
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ScaleColumns:
    """How one scale is counted. `values[j][i]` is item j's answer index i - 1 as points above the lowest code,
    after reversing, -1 for no answer; points of all items are on one range of 0 to `span`."""

    scale: Scale
    columns: tuple[int, ...]
    values: tuple[NDArray[np.int16], ...]
    span: int
    least: int

    @property
    def incidence(self) -> bool:
        return self.scale.kind == INCIDENCE


@dataclass(frozen=True)
class Layout:
    """What is counted: every scale of an instrument, and the columns of the background groupings."""

    instrument: Instrument
    scales: tuple[ScaleColumns, ...]
    options: tuple[int, ...]
    backgrounds: tuple[int, ...]

    @property
    def combinations(self) -> int:
        """Sets of answers to the background questions, no answer included."""
        return math.prod(self.options[column] + 1 for column in self.backgrounds)


def layout_of(instrument: Instrument, groupings: Sequence[str] = ()) -> Layout:
    """`groupings` are ids of background items; other ids, such as "unit", are passed over."""
    places = {item.id: place for place, item in enumerate(instrument.coded)}
    return Layout(
        instrument,
        tuple(_columns(instrument, scale, places) for scale in instrument.scales),
        tuple(len(instrument.options_of(item).codes) for item in instrument.coded),
        tuple(places[item.id] for item in instrument.backgrounds if item.id in groupings),
    )


def least_answered(scale: Scale, items: int) -> int:
    """How many of a scale's items a person must have answered to be scored; at least 1."""
    return max(1, math.ceil(scale.min_answered * items - 1e-9))


def _columns(instrument: Instrument, scale: Scale, places: dict[str, int]) -> ScaleColumns:
    items = instrument.items_of(scale.id)
    ranges = [instrument.options_of(item).high - instrument.options_of(item).low for item in items]
    span = math.lcm(*(max(1, width) for width in ranges))
    return ScaleColumns(
        scale,
        tuple(places[item.id] for item in items),
        tuple(
            points_of(instrument, item, span // max(1, width))
            for item, width in zip(items, ranges, strict=True)
        ),
        span,
        least_answered(scale, len(items)),
    )


def points_of(instrument: Instrument, item: Item, times: int = 1) -> NDArray[np.int16]:
    """Points by answer index + 1: -1 for no answer, else (code - lowest) x times after reversing.

    Reversed code = min + max - code.
    """
    options = instrument.options_of(item)
    points = [-1]
    for code in options.codes:
        above = options.high - code if item.reversed else code - options.low
        points.append(-1 if code in options.missing else above * times)
    return np.array(points, dtype=np.int16)


@dataclass(frozen=True)
class ScaleTally:
    """One scale. Shapes: C classes, J items.

    n, total, squares: (C, J + 1) by the number of items answered: people scored, their points, and the squares
    of a person's points; for incidence n and total are (C, 1), total the people with anything above the lowest.
    moments: (J + 1, J + 1), products of (1, points of each item) over people who answered all items.
    """

    n: Counts
    total: Counts
    squares: Counts
    moments: Counts

    def __add__(self, other: ScaleTally) -> ScaleTally:
        return ScaleTally(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
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
                ScaleTally(spread(s.n), spread(s.total), spread(s.squares), s.moments) for s in self.scales
            ),
        )


def tally(parts: Iterable[Part], layout: Layout) -> Tally:
    """The counts of all parts together; parts may also be tallied apart and added."""
    whole = _empty(layout, np.zeros(0, dtype=np.int64))
    for part in parts:
        strata, answers = unpack(part, len(layout.options))
        one = tally_rows(strata, answers, layout)
        whole = one if not len(whole.keys) else whole + one
    return whole


def tally_rows(strata: Numbers, answers: Answers, layout: Layout) -> Tally:
    """Counts of rows in any order; quickest when rows of a stratum lie together. Shapes (n,) and (n, items)."""
    places, keys = _classes(strata, answers, layout)
    found = _empty(layout, keys)
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


def _empty(layout: Layout, keys: Counts) -> Tally:
    classes = len(keys)
    most = max(layout.options, default=0)

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    scales = []
    for scale in layout.scales:
        items = len(scale.columns)
        width = 1 if scale.incidence else items + 1
        squares = 0 if scale.incidence else width
        moments = 0 if scale.incidence else items + 1
        scales.append(
            ScaleTally(
                zeros(classes, width), zeros(classes, width), zeros(classes, squares), zeros(moments, moments)
            )
        )
    return Tally(keys, zeros(classes), zeros(classes, len(layout.options), most + 1), tuple(scales))


class _Work:
    """Counts one chunk of rows that fits the processor's cache into a tally."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.moments = _Moments(layout)

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
    if (high - low) * (items + 1) * wide > 4_000_000:
        _add_sparse(keys, scored, items, wide, into, low)
        return
    counts = np.bincount(keys, minlength=(high - low) * (items + 1) * wide).reshape(-1, items + 1, wide)
    counts[:, : scale.least] = 0
    points = np.arange(wide)
    into.n[low:high] += counts.sum(axis=2)
    into.total[low:high] += counts @ points
    into.squares[low:high] += counts @ (points * points)


def _add_sparse(
    keys: Counts, scored: NDArray[np.bool_], items: int, wide: int, into: ScaleTally, low: int
) -> None:
    """The same where the histogram would be far larger than the rows."""
    cells, points = np.divmod(keys[scored], wide)
    where = (cells // (items + 1) + low, cells % (items + 1))
    np.add.at(into.n, where, 1)
    np.add.at(into.total, where, points)
    np.add.at(into.squares, where, points * points)


class _Moments:
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
