"""Clearing targets in bulk: a walk is led towards worlds in which open targets have other sizes and other answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.attack.groups import Wave
from app.core.attack.moves import Moves, Wish
from app.core.attack.neighbours import exchanges
from app.core.attack.published import Counts
from app.core.attack.ranges import Flags, Incidence, Ranges
from app.core.attack.statements import Statements
from app.core.attack.targets import Target
from app.core.attack.walking import Walk

CANDIDATES = 6
MOST_WISHES = 4000
SINGLE_WISHES = 6
EXCHANGES = 40
RECORDED = 4
MOST_MOVED = 500
MOST_MIXES = 12
STALE = 0.08
MANY_PEOPLE = 3_000
MANY_WISHES = 500
MANY_CANDIDATES = 16
STRAY = 20


class Search:
    """One wave's targets, what is known of them, and the walk. Only targets that are still open are looked at:
    row r of `members` and of counts is target `active[r]`."""

    def __init__(
        self, wave: Wave, said: Statements, targets: tuple[Target, ...], ranges: Ranges, walk: Walk
    ) -> None:
        self.wave, self.said, self.targets, self.ranges, self.walk = wave, said, targets, ranges, walk
        self.moves = Moves(walk)
        self._sized = np.array([target.sizes for target in targets], dtype=bool)
        widest = max((len(codes) for block in said.blocks for codes in block.codes), default=1)
        self._sets = np.zeros((len(ranges.quantities), widest), dtype=bool)
        for number, quantity in enumerate(ranges.quantities):
            self._sets[number, list(quantity.places)] = True
        self._items = np.array([quantity.item for quantity in ranges.quantities], dtype=np.int64)
        self._look_at(np.arange(len(targets)))
        for place in range(len(said.blocks)):
            self._record_block(place)

    def _look_at(self, active: Counts) -> None:
        self.active = active
        self._incidence = Incidence(self.wave, tuple(self.targets[place] for place in active))
        self._record_places()

    def _record_places(self) -> None:
        self.members = self._incidence.of(self.walk.members)
        self.sizes = np.asarray(self.members.sum(axis=1)).ravel().astype(np.int64)
        self.ranges.record_sizes(self.active, self.sizes)

    def _record_block(self, place: int) -> NDArray[np.int32]:
        counts = self.ranges.counts(place, self.members, self.walk.features[place])
        self.ranges.record(self.active, place, counts)
        return counts

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
        if len(self.walk.world.strata) < MANY_PEOPLE:
            self._places()
        for place in range(len(self.said.blocks)):
            self.moves.exchange_bundles(place, self._of_open())
            self._answers(place)
            exchanges(self.walk, place, self.members, self.ranges, self.active)

    def _of_open(self) -> Counts:
        """Members of open targets in any order, one of each and each once."""
        is_open = self.open_sizes() | self.ranges.open_answers().any(axis=1)
        rows = np.flatnonzero(is_open[self.active] & (self.sizes > 0))
        some = self.walk.rng.permutation(rows)[:MOST_MOVED]
        found: Counts = self.walk.rng.permutation(np.unique(self._somebody(some, 1).ravel()))
        return found

    def _answers(self, place: int) -> None:
        counts = self._record_block(place)
        columns = self.ranges.of_block[place]
        open_ = self.ranges.open_answers()[np.ix_(self.active, columns)] & (self.sizes > 0)[:, None]
        entries = np.argwhere(open_)
        if not len(entries):
            return
        rng = self.walk.rng
        chosen = entries[rng.permutation(len(entries))[:MOST_WISHES]]
        wish = self._wish(place, chosen, counts)
        if rng.random() < 0.5:
            self.moves.swap_answers(place, wish)
        else:
            self.moves.square_answers(place, wish)
        again = entries[rng.permutation(len(entries))[:MANY_WISHES]]
        self.moves.change_answers(place, self._wish(place, again, counts, MANY_CANDIDATES), same_side=True)
        few = entries[rng.integers(0, len(entries), SINGLE_WISHES)]
        self.moves.change_answers(place, self._wish(place, few, counts))

    def _wish(self, place: int, entries: Counts, counts: NDArray[np.int32], tries: int = CANDIDATES) -> Wish:
        """Up where the count is as high as it ever was, down where it is as low, else either."""
        rows, columns = entries[:, 0], entries[:, 1]
        numbers = self.ranges.of_block[place][columns]
        now = counts[rows, columns]
        at_high = now >= self.ranges.high[self.active[rows], numbers]
        at_low = now <= self.ranges.low[self.active[rows], numbers]
        up = np.where(at_high == at_low, self.walk.rng.random(len(now)) < 0.5, at_high)
        up |= now == 0
        return Wish(self._somebody(rows, tries), self._items[numbers], self._sets[numbers], up)

    def _somebody(self, rows: Counts, count: int) -> Counts:
        """(rows, count) members of each, which must have some."""
        start = self.members.indptr[rows][:, None]
        pick = self.walk.rng.random((len(rows), count)) * self.sizes[rows][:, None]
        found: Counts = self.members.indices[start + pick.astype(np.int64)].astype(np.int64)
        return found

    def _places(self) -> None:
        """Move members of open targets, and a few others who may come in."""
        rng = self.walk.rng
        is_open = self.open_sizes() | self.ranges.open_answers().any(axis=1)
        if 2 * is_open[self.active].sum() < len(self.active):
            self._look_at(np.flatnonzero(is_open))
        wanted = np.flatnonzero(is_open[self.active] & (self.sizes > 0))
        wanted = rng.permutation(wanted)[: max(STRAY, len(self.walk.world.strata) // 4)]
        stray = rng.integers(0, len(self.walk.world.strata), STRAY)
        self.moves.move_people(np.concatenate([self._somebody(wanted, 1).ravel(), stray]))
        self._record_places()
