"""Clearing targets in bulk: a walk is led towards worlds in which open targets have other sizes and other answers."""

from __future__ import annotations

import numpy as np

from app.core.attack.groups import Wave
from app.core.attack.moves import Moves
from app.core.attack.neighbours import exchanges
from app.core.attack.published import Counts
from app.core.attack.ranges import Flags, Incidence, Ranges
from app.core.attack.statements import Statements
from app.core.attack.targets import Target
from app.core.attack.walking import Walk

EXCHANGES = 40
RECORDED = 4
MOST_MOVED = 500
MOST_MIXES = 12
STALE = 0.08
MANY_PEOPLE = 3_000


class Search:
    """One wave's targets, what is known of them, and the walk. Only targets that are still open are looked at:
    row r of `members` and of counts is target `active[r]`."""

    def __init__(
        self, wave: Wave, said: Statements, targets: tuple[Target, ...], ranges: Ranges, walk: Walk
    ) -> None:
        self.wave, self.said, self.targets, self.ranges, self.walk = wave, said, targets, ranges, walk
        self.moves = Moves(walk)
        self._sized = np.array([target.sizes for target in targets], dtype=bool)
        self._look_at(np.arange(len(targets)))
        for place in range(len(said.blocks)):
            ranges.record(self.active, place, ranges.counts(place, self.members, walk.features[place]))

    def _look_at(self, active: Counts) -> None:
        self.active = active
        self._incidence = Incidence(self.wave, tuple(self.targets[place] for place in active))
        self._record_places()

    def _record_places(self) -> None:
        self.members = self._incidence.of(self.walk.members)
        self.sizes = np.asarray(self.members.sum(axis=1)).ravel().astype(np.int64)
        self.ranges.record_sizes(self.active, self.sizes)

    def open_sizes(self) -> Flags:
        found: Flags = self.ranges.open_sizes() & self._sized
        return found

    def left(self) -> int:
        """Sizes and answers that are open."""
        return int(self.open_sizes().sum() + self.ranges.open_answers().sum())

    def mix(self) -> None:
        """Other places for people, until hardly any size is cleared by it any more."""
        before = int(self.open_sizes().sum())
        for _ in range(MOST_MIXES):
            for number in range(EXCHANGES // 2):
                self.moves.exchange_strata(self._of_open())
                if number % RECORDED == 0:
                    self._record_places()
            now = int(self.open_sizes().sum())
            if before - now <= STALE * before:
                return
            before = now

    def round(self) -> None:
        """Other places for people, other answers, and then all that one or two exchanges from there would give."""
        for number in range(EXCHANGES):
            self.moves.exchange_strata(self._of_open())
            if number % RECORDED == 0:
                self._record_places()
        self._look_at_open()
        for place in range(len(self.said.blocks)):
            self.moves.exchange_bundles(place, self._of_open())
            exchanges(self.walk, place, self.members, self.ranges, self.active)

    def _is_open(self) -> Flags:
        found: Flags = self.open_sizes() | self.ranges.open_answers().any(axis=1)
        return found

    def _look_at_open(self) -> None:
        """Leave out what was cleared, once that saves something."""
        is_open = self._is_open()
        if 2 * is_open[self.active].sum() < len(self.active):
            self._look_at(np.flatnonzero(is_open))
        else:
            self._record_places()

    def _of_open(self) -> Counts:
        """Members of open targets in any order, one of each and each once."""
        rows = np.flatnonzero(self._is_open()[self.active] & (self.sizes > 0))
        some = self.walk.rng.permutation(rows)[:MOST_MOVED]
        found: Counts = self.walk.rng.permutation(np.unique(self._somebody(some, 1).ravel()))
        return found

    def _somebody(self, rows: Counts, count: int) -> Counts:
        """(rows, count) members of each, which must have some."""
        start = self.members.indptr[rows][:, None]
        pick = self.walk.rng.random((len(rows), count)) * self.sizes[rows][:, None]
        found: Counts = self.members.indices[start + pick.astype(np.int64)].astype(np.int64)
        return found
