"""Walking from world to world: changes enter, those under which every statement stays true are made.

A batch of changes is tried at once; where a statement of a group fails, the changes that touch the group are taken
back, until all hold or none are left. So every world that is reached was checked in full.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from scipy import sparse

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.attack.ranges import Flags
from app.core.attack.statements import Statements
from app.core.attack.worlds import Membership, World, features, slack

TRIES = 7


@dataclass(frozen=True)
class Places:
    """Entry e belongs to move moves[e] and puts persons[e] into the stratum to[e]."""

    moves: Counts
    persons: Counts
    to: Counts

    @property
    def count(self) -> int:
        return int(self.moves.max()) + 1 if len(self.moves) else 0


@dataclass(frozen=True)
class Classes:
    """People that are alike: `of` (persons,) the class of each, `order` the persons class by class."""

    of: Counts
    order: Counts
    starts: Counts
    sizes: Counts

    def somebody(self, classes: Counts, rng: Generator) -> Counts:
        """Somebody of each of these classes; -1 where nobody is in it."""
        known = (classes >= 0) & (classes < len(self.sizes))
        own = np.where(known, classes, 0)
        pick = self.starts[own] + (rng.random(own.shape) * self.sizes[own]).astype(np.int64)
        there = known & (self.sizes[own] > 0)
        return np.where(there, self.order[np.where(there, pick, 0)], -1)


def alike(classes: Counts, count: int | None = None) -> Classes:
    order = np.argsort(classes, kind="stable")
    sizes = np.bincount(classes, minlength=count or 0)
    return Classes(classes, order, np.cumsum(sizes) - sizes, sizes)


class Walk:
    """A world that moves. `members` is the (groups, persons) matrix of where it is now."""

    def __init__(self, wave: Wave, said: Statements, world: World, rng: Generator) -> None:
        self.wave, self.said, self.world, self.rng = wave, said, world, rng
        self.membership = Membership(wave)
        self._weights = rng.integers(1, 1 << 40, size=len(wave.groups)).astype(np.float64)
        self.hard = [self._hard_groups(place) for place in range(len(said.blocks))]
        self._invited = np.array(wave.invited)
        self.members = self.membership.of(world)
        self.features = [features(world, place, block) for place, block in enumerate(said.blocks)]
        self.sums = [self.members @ each for each in self.features]
        self._alike: dict[bytes, Classes] = {}

    def _hard_groups(self, place: int) -> Counts:
        """Groups about whose answers something is said, beside a score."""
        rows, block = self.said.rows[place], self.said.blocks[place]
        first = 2 + len(block.meanings)
        return np.unique(rows.groups[(rows.coefficients[:, first:] != 0).any(axis=1)])

    def alike(self, groups: Counts) -> Classes:
        """People in the same of these groups."""
        key = groups.tobytes()
        if key not in self._alike:
            signature = (
                self.members[groups].T @ self._weights[groups]
                if len(groups)
                else np.zeros(self.members.shape[1])
            )
            self._alike[key] = alike(np.unique(signature, return_inverse=True)[1].astype(np.int64))
        return self._alike[key]

    def settle_bundles(self, place: int, persons: Counts, partners: Counts) -> None:
        """Exchange everything about one scale between each person and their partner."""
        moves = np.tile(np.arange(len(persons)), 2)
        both, source = np.concatenate([persons, partners]), np.concatenate([partners, persons])
        alive = np.ones(len(persons), dtype=bool)
        world = self.world
        for _ in range(TRIES):
            use = alive[moves]
            if not use.any():
                return
            if (failing := self._failing(place, both[use], self.features[place][source[use]])) is None:
                for array in (world.answers[place], world.scored[place], world.values[place]):
                    array[both[use]] = array[source[use]]
                return
            alive &= ~self._taken_back(failing, moves, both, len(alive))

    def _failing(self, place: int, touched: Counts, fresh: Floats) -> Counts | None:
        """Groups of which a statement would fail; None when all hold, and the sums are then up to date."""
        change = np.zeros_like(self.features[place])
        change[touched] = fresh - self.features[place][touched]
        sums = self.sums[place] + self.members @ change
        rows = self.said.rows[place]
        wrong = slack(rows, sums) < 0
        if wrong.any():
            return np.unique(rows.groups[wrong])
        self.sums[place] = sums
        self.features[place][touched] = fresh
        return None

    def _taken_back(self, failing: Counts, moves: Counts, persons: Counts, count: int) -> Flags:
        found = np.zeros(count, dtype=bool)
        found[moves[_touching(self.members, failing)[persons]]] = True
        return found

    def settle_places(self, places: Places) -> None:
        """Put people into other strata; moves hardly meet in a group, so that whatever touches a failing group is taken
        back at once."""
        alive = np.ones(places.count, dtype=bool)
        now = self.world
        for _ in range(TRIES):
            use = alive[places.moves]
            if not use.any():
                return
            strata = now.strata.copy()
            strata[places.persons[use]] = places.to[use]
            candidate = replace(now, strata=strata)
            members = self.membership.of(candidate)
            sums = [members @ each for each in self.features]
            over = np.bincount(strata, minlength=len(self._invited)) > self._invited
            failing = self._failing_groups(members, sums)
            if not len(failing) and not over.any():
                self.world, self.sums, self.members = candidate, sums, members
                self._alike = {}
                return
            touching = _touching(self.members, failing) | _touching(members, failing) | over[strata]
            alive[places.moves[touching[places.persons]]] = False

    def _failing_groups(self, members: sparse.csr_matrix, sums: list[Floats]) -> Counts:
        people = np.asarray(members.sum(axis=1)).reshape(-1, 1)
        wrong = [
            rows.groups[slack(rows, own) < 0]
            for rows, own in zip((self.said.people, *self.said.rows), (people, *sums), strict=True)
            if len(rows.groups)
        ]
        return np.unique(np.concatenate(wrong)) if wrong else np.zeros(0, dtype=np.int64)


def _touching(members: sparse.csr_matrix, groups: Counts) -> Flags:
    """Persons in any of these groups."""
    wanted = np.zeros(members.shape[0])
    wanted[groups] = 1
    found: Flags = members.T @ wanted > 0
    return found
