"""The groups of a programme and their true counts: a plan and its tally enter, counts per group leave, unprotected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure.backgrounds import Classes
from app.core.disclosure.structure import Forest, holder
from app.core.instrument import Item
from app.core.tally import Layout, Tally

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Programme:
    """Every group that might be published: the forest's nodes first, then each option of each grouping.

    `options[i]` is (place of the grouping, answer index + 1) of group len(forest.nodes) + i.
    """

    forest: Forest
    layout: Layout
    backgrounds: tuple[Item, ...]
    options: tuple[tuple[int, int], ...]
    stratum: Counts
    answers: Counts

    @property
    def units(self) -> int:
        return len(self.forest.nodes)

    def add_up(self, counts: Counts) -> Counts:
        """Counts per class (C, ...) -> counts per group (groups, ...)."""
        found = np.zeros((self.units + len(self.options), *counts.shape[1:]), dtype=np.int64)
        homes = np.array(self.forest.home, dtype=np.intp)
        np.add.at(found, homes[self.stratum], counts)
        for place in range(self.units - 1, 0, -1):
            parent = self.forest.nodes[place].parent
            if parent is not None:
                found[parent] += found[place]
        for number, (grouping, option) in enumerate(self.options):
            found[self.units + number] = counts[self.answers[:, grouping] == option].sum(axis=0)
        return found

    def classes(self, published: Collection[int]) -> Classes:
        """The classes beside a choice of published unit groups. Everybody in none of them is one more atom."""
        chosen = set(published)
        atom = [
            place if place in chosen else holder(self.forest, place, chosen) for place in self.forest.home
        ]
        numbers = {place: number for number, place in enumerate(dict.fromkeys(atom))}
        table = np.array([numbers[place] for place in atom], dtype=np.int64)
        return Classes(table[self.stratum], self.answers)


def programme_of(forest: Forest, layout: Layout, tally: Tally) -> Programme:
    items = tuple(layout.instrument.coded[column] for column in layout.backgrounds)
    options = [
        (grouping, option + 1)
        for grouping, column in enumerate(layout.backgrounds)
        for option in range(layout.options[column])
    ]
    answers = np.zeros((len(tally.keys), len(items)), dtype=np.int64)
    keys = tally.keys
    for grouping in range(len(items) - 1, -1, -1):
        keys, answers[:, grouping] = np.divmod(keys, layout.options[layout.backgrounds[grouping]] + 1)
    return Programme(forest, layout, items, tuple(options), keys, answers)
