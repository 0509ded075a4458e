"""What is counted: an instrument and its groupings enter, columns and points of every scale leave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.instrument import INCIDENCE, Instrument, Item, Scale


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

    @property
    def most(self) -> int:
        """The most points one person can have."""
        return len(self.columns) * self.span


@dataclass(frozen=True)
class Layout:
    """What is counted: every scale of an instrument, and the columns of the background groupings."""

    instrument: Instrument
    scales: tuple[ScaleColumns, ...]
    options: tuple[int, ...]
    backgrounds: tuple[int, ...]

    @property
    def outcome(self) -> int | None:
        """Number of the scale that the instrument names as its outcome."""
        ids = [scale.scale.id for scale in self.scales]
        named = self.instrument.outcome
        return ids.index(named) if named in ids else None

    def beside_outcome(self, number: int) -> bool:
        """Whether scale `number` is counted together with the outcome scale: another scale, and averaged too."""
        return self.outcome not in (None, number) and not self.scales[number].incidence

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
