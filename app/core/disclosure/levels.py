"""Who is published at which level of detail: counts per class enter, a set of groups per scale and item leaves.

A level never publishes a group that the level above it doesn't, and each level is safe by itself with the
numbers of people who answered there, so that missing answers open no hole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure.groups import Programme
from app.core.disclosure.suppression import Choice, publishable

Counts = NDArray[np.int64]
Groups = frozenset[int]


@dataclass(frozen=True)
class ScaleLevels:
    """Groups with the scale's score or share, those with shares and spread too, and those with each item."""

    scored: Groups
    detailed: Groups
    items: tuple[Groups, ...]
    optimal: bool = True


def scale_levels(
    programme: Programme, scored: Counts, answered: Counts, least: int, detail: int, allowed: Groups
) -> ScaleLevels:
    """`scored` (C,): people the scale scores; `answered` (C, J): of those, who answered each item.

    `least` is how many a score needs, `detail` how many shares, spread and items do.
    """
    groups = publishable(programme, scored, least, allowed)
    detailed = groups if least >= detail else publishable(programme, scored, detail, groups.groups)
    items: list[Choice] = []
    for item in range(answered.shape[1]):
        column = answered[:, item]
        same = np.array_equal(column, scored)
        items.append(detailed if same else publishable(programme, column, detail, detailed.groups))
    return ScaleLevels(
        groups.groups,
        detailed.groups,
        tuple(choice.groups for choice in items),
        all(choice.optimal for choice in (groups, detailed, *items)),
    )
