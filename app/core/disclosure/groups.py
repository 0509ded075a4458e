"""The groups of a programme and their true counts: a plan and its tally enter, counts per group leave, unprotected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure.structure import Forest
from app.core.instrument import Item
from app.core.plan import CROSSED, UNIT
from app.core.tally import Layout, Tally

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Answered:
    """People with certain answers to background questions, in the whole organisation or in one unit group.

    `answers` holds (place of the background question, answer index + 1), one or two of them; `node` is the place
    of the unit group in the forest, None for the whole organisation.
    """

    answers: tuple[tuple[int, int], ...]
    node: int | None = None

    @property
    def plain(self) -> bool:
        """One answer in the whole organisation, no crossing."""
        return self.node is None and len(self.answers) == 1


@dataclass(frozen=True)
class Programme:
    """Every group that might be published: the forest's nodes first, then `others`, plain ones before crossings.

    `stratum` (C,) and `answers` (C, backgrounds; answer index + 1, 0 for none) say who a class of people is.
    """

    forest: Forest
    layout: Layout
    backgrounds: tuple[Item, ...]
    others: tuple[Answered, ...]
    stratum: Counts
    answers: Counts

    @property
    def units(self) -> int:
        return len(self.forest.nodes)

    @property
    def groups(self) -> int:
        return self.units + len(self.others)

    def other(self, group: int) -> Answered:
        return self.others[group - self.units]

    def add_up(self, counts: Counts) -> Counts:
        """Counts per class (C, ...) -> counts per group (groups, ...)."""
        found = np.zeros((self.groups, *counts.shape[1:]), dtype=np.int64)
        found[: self.units] = self._by_unit(counts)
        crossed: dict[tuple[tuple[int, int], ...], Counts] = {}
        for number, other in enumerate(self.others):
            if other.node is None:
                found[self.units + number] = counts[self._having(other.answers)].sum(axis=0)
                continue
            if other.answers not in crossed:
                inside = self._having(other.answers)
                crossed[other.answers] = self._by_unit(np.where(_as_wide(inside, counts), counts, 0))
            found[self.units + number] = crossed[other.answers][other.node]
        return found

    def _having(self, answers: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
        inside = np.ones(len(self.answers), dtype=bool)
        for grouping, option in answers:
            inside &= self.answers[:, grouping] == option
        return inside

    def _by_unit(self, counts: Counts) -> Counts:
        found = np.zeros((self.units, *counts.shape[1:]), dtype=np.int64)
        np.add.at(found, np.array(self.forest.home, dtype=np.intp)[self.stratum], counts)
        for place in range(self.units - 1, 0, -1):
            parent = self.forest.nodes[place].parent
            if parent is not None:
                found[parent] += found[place]
        return found

    def inside(self, group: int) -> NDArray[np.bool_]:
        """Which classes of people belong to a group; (C,)."""
        if group >= self.units:
            other = self.other(group)
            having = self._having(other.answers)
            return having if other.node is None else having & self._in_node(other.node)
        return self._in_node(group)

    def _in_node(self, node: int) -> NDArray[np.bool_]:
        table = np.zeros(len(self.forest.home), dtype=bool)
        for stratum, place in enumerate(self.forest.home):
            above: int | None = place
            while above is not None and above > node:
                above = self.forest.nodes[above].parent
            table[stratum] = above == node
        return np.asarray(table[self.stratum])

    def atoms(self, published: Collection[int]) -> list[Counts]:
        """The pieces into which published groups cut the people: units, each background question with the
        crossings of units, each crossing of two questions. Every sum of published groups is a sum of functions of these."""
        chosen = set(published)
        found = [self._nearest({group for group in chosen if group < self.units})]
        others = [self.other(group) for group in chosen if group >= self.units]
        found += [
            self._background(grouping, [o for o in others if _of(o, grouping)])
            for grouping in range(len(self.backgrounds))
        ]
        pairs = {tuple(g for g, _ in o.answers) for o in others if len(o.answers) == 2}
        for pair in sorted(pairs):
            label = np.zeros(len(self.answers), dtype=np.int64)
            crossed = [o for o in others if tuple(g for g, _ in o.answers) == pair]
            for number, other in enumerate(sorted(crossed, key=lambda o: o.answers), start=1):
                label[self._having(other.answers)] = number
            found.append(label)
        return found

    def _background(self, grouping: int, others: Sequence[Answered]) -> Counts:
        label = np.zeros(len(self.answers), dtype=np.int64)
        width = self.units + 1
        for option in {o.answers[0][1] for o in others}:
            having = self.answers[:, grouping] == option
            nodes = {o.node for o in others if o.answers[0][1] == option and o.node is not None}
            shown = any(o.node is None for o in others if o.answers[0][1] == option)
            nearest = self._nearest(nodes)[having] if nodes else np.full(int(having.sum()), -1)
            label[having] = np.where(
                nearest >= 0, option * width + nearest + 1, option * width if shown else 0
            )
        return label

    def _nearest(self, nodes: Collection[int | None]) -> Counts:
        """The lowest of these nodes that holds each class; -1 for none."""
        chosen = set(nodes)
        found = np.full(self.units, -1, dtype=np.int64)
        for place, node in enumerate(self.forest.nodes):
            if place in chosen:
                found[place] = place
            elif node.parent is not None:
                found[place] = found[node.parent]
        return np.asarray(found[np.array(self.forest.home, dtype=np.intp)[self.stratum]])


def _of(other: Answered, grouping: int) -> bool:
    return len(other.answers) == 1 and other.answers[0][0] == grouping


def _as_wide(inside: NDArray[np.bool_], counts: Counts) -> NDArray[np.bool_]:
    return inside.reshape(len(inside), *([1] * (counts.ndim - 1)))


def programme_of(forest: Forest, layout: Layout, tally: Tally, groupings: Sequence[str] = ()) -> Programme:
    """`groupings` are those of the plan; of them "unit" and other backgrounds than the layout's are passed over."""
    items = tuple(layout.instrument.coded[column] for column in layout.backgrounds)
    widths = [layout.options[column] for column in layout.backgrounds]
    answers = np.zeros((len(tally.keys), len(items)), dtype=np.int64)
    keys = tally.keys
    for grouping in range(len(items) - 1, -1, -1):
        keys, answers[:, grouping] = np.divmod(keys, widths[grouping] + 1)
    plain = [
        Answered(((grouping, option + 1),))
        for grouping, width in enumerate(widths)
        for option in range(width)
    ]
    crossed = _crossings(forest, [item.id for item in items], widths, groupings)
    return Programme(forest, layout, items, (*plain, *crossed), keys, answers)


def _crossings(
    forest: Forest, names: Sequence[str], widths: Sequence[int], groupings: Sequence[str]
) -> list[Answered]:
    found = []
    for grouping in groupings:
        first, crossed, second = grouping.partition(CROSSED)
        if not crossed:
            continue
        inner = names.index(second)
        for option in range(1, widths[inner] + 1):
            if first == UNIT:
                nodes = [place for place in range(1, len(forest.nodes)) if forest.nodes[place].whole]
                found += [Answered(((inner, option),), node) for node in nodes]
            else:
                outer = names.index(first)
                found += [Answered(((outer, o), (inner, option))) for o in range(1, widths[outer] + 1)]
    return found
