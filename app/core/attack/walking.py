"""Walking from world to world: changes enter, those under which every statement stays true are made.

A batch of changes is tried at once; where a statement of a group fails, about half of the changes that touch the group
are taken back, until all hold or none are left. So every world that is reached was checked in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy import sparse

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.attack.ranges import Flags
from app.core.attack.statements import Block, Statements
from app.core.attack.worlds import Answers, Membership, World, features, slack, value_bounds

TRIES = 7
TAKEN_BACK = 0.6


@dataclass(frozen=True)
class Entries:
    """Entry e belongs to move moves[e] and gives persons[e] the answer new[e] to items[e] of a block."""

    moves: Counts
    persons: Counts
    items: Counts
    new: Answers

    def only(self, kept: Flags) -> Entries:
        return Entries(self.moves[kept], self.persons[kept], self.items[kept], self.new[kept])


@dataclass(frozen=True)
class Places:
    """Entry e belongs to move moves[e] and puts persons[e] at to[e] on an axis: 0 the stratum, else 1 + a question."""

    axis: int
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

    def settle_answers(self, place: int, entries: Entries) -> None:
        """Make the moves that can be made together."""
        alive = np.ones(int(entries.moves.max()) + 1 if len(entries.moves) else 0, dtype=bool)
        for _ in range(TRIES):
            use = entries.only(alive[entries.moves])
            if not len(use.moves):
                return
            touched, answers, values = self._answered(place, use)
            fresh = features_of(self.said.blocks[place], answers, self.world.scored[place][touched], values)
            if (failing := self._failing(place, touched, fresh)) is None:
                self.world.answers[place][touched] = answers
                self.world.values[place][touched] = values
                return
            alive &= ~self._taken_back(failing, entries.moves, entries.persons, len(alive))

    def _answered(self, place: int, entries: Entries) -> tuple[Counts, Answers, Floats]:
        """The people touched, with their answers and values afterwards; what skipped items add stays as it is."""
        block = self.said.blocks[place]
        touched, where = np.unique(entries.persons, return_inverse=True)
        answers = self.world.answers[place][touched]
        before = value_array(block, answers)
        answers[where, entries.items] = entries.new
        values = self.world.values[place][touched] + value_array(block, answers) - before
        return touched, answers, values

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
        return self._some(moves[_touching(self.members, failing)[persons]], count)

    def _some(self, moves: Counts, count: int, part: float = TAKEN_BACK) -> Flags:
        """About half of the moves: that may be enough, and the others were perhaps right."""
        found = np.zeros(count, dtype=bool)
        found[moves] = True
        return found & (self.rng.random(count) < part)

    def settle_places(
        self, places: Places, mends: Sequence[Entries | None] | None = None, *, apart: bool = False
    ) -> None:
        """Put people elsewhere; `mends` holds per block the answers that are exchanged with it, by the same moves.

        `apart`: moves hardly share groups, so that whatever touches a failing group is taken back at once.
        """
        alive = np.ones(places.count, dtype=bool)
        mends = mends or [None] * len(self.said.blocks)
        for _ in range(TRIES):
            use = alive[places.moves]
            if not use.any():
                return
            candidate, changed = self._elsewhere(
                places, use, [m.only(alive[m.moves]) if m else None for m in mends]
            )
            members = self.membership.of(candidate)
            sums = [members @ each for each in changed]
            over = np.bincount(candidate.strata, minlength=len(self._invited)) > self._invited
            failing = self._failing_groups(members, sums)
            if not len(failing) and not over.any():
                self.world, self.sums, self.features, self.members = candidate, sums, changed, members
                self._alike = {}
                return
            touching = _touching(self.members, failing) | _touching(members, failing)
            touching |= over[candidate.strata]
            moves = [places.moves[touching[places.persons]]]
            moves += [m.moves[touching[m.persons]] for m in mends if m]
            alive &= ~self._some(np.concatenate(moves), len(alive), 1.0 if apart else TAKEN_BACK)

    def _elsewhere(
        self, places: Places, use: Flags, mends: Sequence[Entries | None]
    ) -> tuple[World, list[Floats]]:
        """The world afterwards and its features; what didn't change is shared with the world of now."""
        now = self.world
        strata, options = now.strata.copy(), now.options.copy()
        (strata if places.axis == 0 else options[:, places.axis - 1])[places.persons[use]] = places.to[use]
        answers, values, changed = list(now.answers), list(now.values), list(self.features)
        for place, mend in enumerate(mends):
            if mend is None or not len(mend.moves):
                continue
            touched, own, worth = self._answered(place, mend)
            answers[place], values[place] = answers[place].copy(), values[place].copy()
            answers[place][touched], values[place][touched] = own, worth
            changed[place] = changed[place].copy()
            changed[place][touched] = features_of(
                self.said.blocks[place], own, now.scored[place][touched], worth
            )
        return World(strata, options, answers, now.scored, values), changed

    def _failing_groups(self, members: sparse.csr_matrix, sums: list[Floats]) -> Counts:
        people = np.asarray(members.sum(axis=1)).reshape(-1, 1)
        wrong = [
            rows.groups[slack(rows, own) < 0]
            for rows, own in zip((self.said.people, *self.said.rows), (people, *sums), strict=True)
            if len(rows.groups)
        ]
        return np.unique(np.concatenate(wrong)) if wrong else np.zeros(0, dtype=np.int64)


def value_array(block: Block, answers: Answers) -> Floats:
    """(persons, meanings): what the answers themselves give, without what skipped questions may add."""
    return np.array([value_bounds(block, index, answers)[0] for index in range(len(block.meanings))]).T


def features_of(block: Block, answers: Answers, scored: Flags, values: Floats) -> Floats:
    """(persons, features) of a few people."""
    empty = np.zeros(len(answers), dtype=np.int64)
    return features(World(empty, empty[:, None], [answers], [scored], [values]), 0, block)


def _touching(members: sparse.csr_matrix, groups: Counts) -> Flags:
    """Persons in any of these groups."""
    wanted = np.zeros(members.shape[0])
    wanted[groups] = 1
    found: Flags = members.T @ wanted > 0
    return found
