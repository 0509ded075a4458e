"""Who is published at which level of detail: counts per class enter, a set of groups per scale and item leaves.

A level never publishes a group that the level above it doesn't, and each level is safe by itself with the
numbers of people who answered there, so that missing answers open no hole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure.backgrounds import choose_options
from app.core.disclosure.groups import Programme
from app.core.disclosure.structure import choose

Counts = NDArray[np.int64]
Groups = frozenset[int]


def publishable(programme: Programme, people: Counts, least: int, allowed: Collection[int]) -> Groups:
    """The groups that may be published together. `people` (C,) counts who answered in each class."""
    sizes = programme.add_up(people)
    units = choose(
        programme.forest,
        sizes[: programme.units].tolist(),
        least,
        [g for g in allowed if g < programme.units],
    )
    if not programme.options or 0 not in units:
        return units
    asked: list[set[int]] = [set() for _ in programme.backgrounds]
    for group in allowed:
        if group >= programme.units:
            grouping, option = programme.options[group - programme.units]
            asked[grouping].add(option)
    shown = choose_options(programme.classes(units), people, least, [frozenset(options) for options in asked])
    return units | {
        programme.units + number
        for number, (grouping, option) in enumerate(programme.options)
        if option in shown[grouping]
    }


@dataclass(frozen=True)
class ScaleLevels:
    """Groups with the scale's score or share, those with shares and spread too, and those with each item."""

    scored: Groups
    detailed: Groups
    items: tuple[Groups, ...]


def scale_levels(
    programme: Programme, scored: Counts, answered: Counts, least: int, detail: int, allowed: Groups
) -> ScaleLevels:
    """`scored` (C,): people the scale scores; `answered` (C, J): of those, who answered each item.

    `least` is how many a score needs, `detail` how many shares, spread and items do.
    """
    groups = publishable(programme, scored, least, allowed)
    detailed = groups if least >= detail else publishable(programme, scored, detail, groups)
    items = []
    for item in range(answered.shape[1]):
        column = answered[:, item]
        same = np.array_equal(column, scored)
        items.append(detailed if same else publishable(programme, column, detail, detailed))
    return ScaleLevels(groups, detailed, tuple(items))
