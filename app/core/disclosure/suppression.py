"""Which groups are published together: sizes and atoms enter, a safe choice that loses as little as can be leaves.

Optimal complementary suppression in the manner of Fischetti & Salazar (2001): a master problem in whole numbers
(HiGHS) chooses groups, a separation problem (derivable.py) looks for a small group that the choice gives away, and each
one found becomes a cut: the groups it was made of are not all published. A choice without such a group is the best
one there is. Where that doesn't end in time, groups are withheld one by one, the smallest of those that give
something away first, until nothing is given away: safe too, but perhaps more than needed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from app.core.disclosure.derivable import TINY, Leak, leaks
from app.core.disclosure.groups import Programme
from app.core.disclosure.structure import choose

Counts = NDArray[np.int64]
Groups = frozenset[int]
OPTIMAL = "optimal"
HEURISTIC = "heuristic"
MOST_ROUNDS = 40
MOST_CLASSES = 2_500
"""Classes of people beyond which a cut takes too long to find."""
SECONDS_A_ROUND = 5.0


@dataclass(frozen=True)
class Choice:
    """Groups to publish; `optimal` says whether no safe choice shows more."""

    groups: Groups
    optimal: bool = True


def publishable(programme: Programme, people: Counts, least: int, allowed: Collection[int]) -> Choice:
    """The groups that may be published together. `people` (C,) counts who answered in each class.

    First as many people as can be are in a published unit below the root; then a group is worth its size and
    `least` more. Without the root nothing is published.
    """
    sizes = programme.add_up(people)
    units = choose(
        programme.forest,
        sizes[: programme.units].tolist(),
        least,
        [g for g in allowed if g < programme.units],
    )
    others = frozenset(g for g in allowed if g >= programme.units and sizes[g] >= least)
    if not others or 0 not in units:
        return Choice(units)
    everything = units | others
    found = _derived(programme, people, least, everything)
    if not found:
        return Choice(everything)
    if len(people) <= MOST_CLASSES:
        best = _Master(programme, people, least, sizes, allowed).solve(everything, found)
        if best is not None:
            return Choice(best)
    return Choice(_one_by_one(programme, people, least, sizes, everything, found), optimal=False)


def _derived(programme: Programme, people: Counts, least: int, published: Collection[int]) -> list[Leak]:
    return leaks(programme.atoms(published), people, least)


def _one_by_one(
    programme: Programme, people: Counts, least: int, sizes: Counts, start: Groups, found: list[Leak]
) -> Groups:
    """Withhold the smallest group beside the units that holds some of a derived group, until nothing is derived."""
    published = set(start)
    while found:
        touched = np.abs(np.stack([leak.weight for leak in found])).max(axis=0) > TINY
        able = [g for g in published if g >= programme.units]
        guilty = [g for g in able if bool((touched & programme.inside(g)).any())] or able
        if not guilty:
            # Units by themselves are safe: choose() saw to that.
            break
        published.discard(min(guilty, key=lambda g: (int(sizes[g]), g)))
        found = _derived(programme, people, least, published)
    return frozenset(published)


class _Master:
    """Chooses groups under cuts: z (groups) is 1 when published, y (strata) when in a published unit below the root."""

    def __init__(
        self, programme: Programme, people: Counts, least: int, sizes: Counts, allowed: Collection[int]
    ) -> None:
        self.programme, self.people, self.least = programme, people, least
        self.groups = sorted(g for g in allowed if sizes[g] >= least)
        self.at = {group: place for place, group in enumerate(self.groups)}
        there = people > 0
        self.inside = np.stack([programme.inside(group) for group in self.groups])[:, there].astype(
            np.float64
        )
        strata = np.bincount(programme.stratum, weights=people, minlength=len(programme.forest.home))
        self.strata = np.flatnonzero(strata)
        worth = np.array([int(sizes[group]) + least for group in self.groups], dtype=np.float64)
        cover = (worth.sum() + 1) * strata[self.strata]
        self.cost = -np.concatenate([worth, cover]) / max(1.0, worth.sum())
        self.rows: list[NDArray[np.float64]] = []
        self.most: list[float] = []
        self._add_cover()

    def _add_cover(self) -> None:
        """y of a stratum is at most the number of published units below the root that hold it."""
        stratum = self.programme.stratum[self.people > 0]
        units = [place for place, group in enumerate(self.groups) if 0 < group < self.programme.units]
        for number, one in enumerate(self.strata):
            row = np.zeros(len(self.groups) + len(self.strata))
            row[len(self.groups) + number] = 1
            someone = int(np.flatnonzero(stratum == one)[0])
            for place in units:
                row[place] = -self.inside[place, someone]
            self.rows.append(row)
            self.most.append(0.0)

    def solve(self, first: Groups, found: list[Leak]) -> Groups | None:
        """The best safe choice, or None when it isn't found within the rounds and their time."""
        published = first
        for _ in range(MOST_ROUNDS):
            cuts = [self._cut(published, leak) for leak in found]
            if not all(cuts):
                return None
            chosen = self._choose()
            if chosen is None:
                return None
            published = chosen
            found = _derived(self.programme, self.people, self.least, published)
            if not found:
                return published
        return None

    def _choose(self) -> Groups | None:
        lower = np.zeros(len(self.cost))
        lower[self.at[0]] = 1
        found = optimize.milp(
            self.cost,
            integrality=np.ones(len(self.cost)),
            bounds=optimize.Bounds(lower, 1),
            constraints=optimize.LinearConstraint(sparse.csr_array(np.stack(self.rows)), -np.inf, self.most),
            options={"time_limit": SECONDS_A_ROUND, "mip_rel_gap": 0},
        )
        if found.status != 0:
            return None
        return frozenset(group for place, group in enumerate(self.groups) if found.x[place] > 0.5)

    def _cut(self, published: Groups, leak: Leak) -> bool:
        """Published groups whose sum the leak is are not all published: any choice that has them all leaks."""
        places = [self.at[group] for group in sorted(published)]
        columns = self.inside[places].T
        weight = leak.weight[self.people > 0]
        found = optimize.linprog(
            np.ones(2 * len(places)),
            A_eq=sparse.csr_array(np.hstack([columns, -columns])),
            b_eq=weight,
            method="highs",
        )
        if found.status != 0:
            return False
        used = np.abs(found.x[: len(places)] - found.x[len(places) :]) > TINY
        row = np.zeros(len(self.cost))
        row[np.array(places)[used]] = 1
        self.rows.append(row)
        self.most.append(float(used.sum() - 1))
        return True
