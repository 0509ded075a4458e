"""Deciding what the worlds left open: linear bounds first, whole numbers where those leave doubt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from app.core.attack.groups import Region, Wave
from app.core.attack.published import Floats
from app.core.attack.ranges import LEAST_NUMBERS, Quantity, Ranges
from app.core.attack.report import ANSWERS, SIDE, SIZE, Finding
from app.core.attack.statements import Statements
from app.core.attack.system import Bound, System, of_block, of_people
from app.core.attack.tables import Cells, cells
from app.core.attack.targets import INTERSECTION, Target, inside_of, outside_of
from app.core.refusal import Cancelled

WHOLE_SECONDS = 2.0
ALONE, WITH_SCORES = -2, -1
SPOT_CHECKS = 3
"""Sizes that are worked out with scores too, though people alone leave them wide."""
# Linear bounds of fewer numbers than this may be narrower in whole numbers.
DOUBTFUL = 5


@dataclass
class Clock:
    """Until when, and whether somebody wants to stop. `until` in seconds of the monotonic clock, None for no end."""

    until: float | None
    cancelled: Callable[[], bool] | None

    def over(self) -> bool:
        """Raises Cancelled."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        return self.until is not None and time.monotonic() > self.until


@dataclass
class Decider:
    """One wave; `counts` says how many targets were decided how."""

    wave: Wave
    said: Statements
    targets: tuple[Target, ...]
    ranges: Ranges
    clock: Clock
    counts: dict[str, int] = field(default_factory=lambda: {"lp": 0, "milp": 0})

    def __post_init__(self) -> None:
        self._spot_checks = SPOT_CHECKS
        self._system = lru_cache(maxsize=64)(self._make_system)

    def _make_system(self, regions: tuple[Region, ...], block: int) -> System:
        own = cells(self.wave, regions)
        if block == ALONE:
            return of_people(self.wave, self.said, own, scores=False)
        if block == WITH_SCORES:
            return of_people(self.wave, self.said, own)
        return of_block(self.wave, self.said, own, block)

    def _regions(self, target: Target) -> tuple[Region, ...]:
        return (inside_of(self.wave, target), *outside_of(self.wave, target))

    def size(self, number: int) -> Finding | None:
        """What is known of a target's size, where that is too much."""
        target = self.targets[number]
        regions = self._regions(target)
        if self.clock.over():
            return self._finding(SIZE, target, None, Bound(1, 1, frozenset()), finished=False)
        if self._spot_checks <= 0 and self._overlap_is_wide(target):
            self.counts["lp"] += 1
            return None
        own = cells(self.wave, regions)
        alone = self._system(regions, ALONE)
        if self._wide(alone.bound(self._weights(alone, own, regions, (0,)))) and self._spot_checks <= 0:
            self.counts["lp"] += 1
            return None
        self._spot_checks -= 1
        system = self._system(regions, WITH_SCORES)
        weights = self._weights(system, own, regions, (0,))
        bound = system.bound(weights)
        if not self._size_matters(target, regions, bound):
            witness = (int(self.ranges.size_low[number]), int(self.ranges.size_high[number]))
            whole = self._in_whole_numbers(system, weights, bound, witness)
            if whole is None or not self._size_matters(target, regions, whole[0]):
                return None
            return self._finding(SIZE, target, None, whole[0], finished=whole[1])
        self.counts["lp"] += 1
        return self._finding(SIZE, target, None, bound)

    def _overlap_is_wide(self, target: Target) -> bool:
        """Whether two published groups may share many numbers of people, by their own n and that of the organisation
        (Fréchet's bounds; the bounds of the whole system where nothing else crosses the two)."""
        if target.kind != INTERSECTION or len(target.inside) != 2:
            return False
        one, other = (self.wave.groups[place] for place in target.inside)
        whole = self.wave.groups[0].most
        if not one.published or not other.published or whole is None:
            return False
        high = min(one.most or whole, other.most or whole)
        return high - max(0, one.least + other.least - whole) + 1 >= DOUBTFUL

    def _wide(self, bound: Bound) -> bool:
        """Whether what is said of people alone leaves so many sizes that scores won't make a few of them."""
        return bound.possible and bound.high - bound.low + 1 >= DOUBTFUL

    def _size_matters(self, target: Target, regions: tuple[Region, ...], bound: Bound) -> bool:
        """Few people pinned, and by the release rather than by headcounts or a full response."""
        if not bound.possible or bound.low < 1 or bound.low >= self.ranges.limit:
            return False
        if bound.high - bound.low >= LEAST_NUMBERS - 1:
            return False
        low, high = self._known(regions)
        return bound.low > low or bound.high < high

    def _known(self, regions: tuple[Region, ...]) -> tuple[int, int]:
        """What headcounts and groups in which all took part say of the size."""
        invited = self.wave.invited
        full: set[int] = set()
        for place in self.wave.published:
            group = self.wave.groups[place]
            strata = group.region.strata
            if not group.region.answers and group.least >= sum(invited[s] for s in strata):
                full |= strata
        whole, cut = regions[0], regions[1:]
        sure = set(whole.strata)
        for region in cut:
            if not region.answers:
                sure -= region.strata
        high = sum(invited[s] for s in sure)
        asks = whole.answers or any(region.answers for region in cut)
        return (0 if asks else sum(invited[s] for s in sure & full)), high

    def _weights(
        self, system: System, own: Cells, regions: tuple[Region, ...], columns: tuple[int, ...]
    ) -> Floats:
        """Of everybody in the first region and in none of the others, which lie inside it and apart."""
        weights = system.objective(own.of(regions[0]), columns)
        for region in regions[1:]:
            weights -= system.objective(own.of(region), columns)
        return weights

    def _in_whole_numbers(
        self, system: System, weights: Floats, bound: Bound, witness: tuple[int, int]
    ) -> tuple[Bound, bool] | None:
        """The bound in whole numbers and whether it was finished; None when three numbers are possible for sure or
        the linear bounds are wide."""
        low, high = witness
        if bound.high - bound.low + 1 >= DOUBTFUL or not bound.possible:
            self.counts["lp"] += 1
            return None
        self.counts["milp"] += 1
        if high < 0:
            low, high = bound.high, bound.low  # no world is known: nothing is excluded yet
        up = system.reaches(weights, low + LEAST_NUMBERS - 1, WHOLE_SECONDS)
        if up:
            return None
        down = system.reaches(-weights, -(high - LEAST_NUMBERS + 1), WHOLE_SECONDS)
        if down:
            return None
        most = min(bound.high, low + LEAST_NUMBERS - 2)
        least = max(bound.low, high - LEAST_NUMBERS + 2)
        return Bound(least, most, bound.groups), up is False and down is False

    def answers(self, number: int, block: int, open_: list[int]) -> Iterator[Finding]:
        """Findings about one target's answers to the items of a block; `open_` are quantities. One an item is enough."""
        target = self.targets[number]
        regions = self._regions(target)
        found: set[int] = set()
        system = own = None
        for index in sorted(open_, key=lambda i: not self.ranges.quantities[i].off):
            quantity = self.ranges.quantities[index]
            if quantity.item in found:
                continue
            if self.clock.over():
                found.add(quantity.item)
                yield self._finding(ANSWERS, target, quantity, Bound(0, 0, frozenset()), finished=False)
                continue
            if system is None or own is None:
                system, own = self._system(regions, block), cells(self.wave, regions)
            finding = self._answer(target, index, system, own, regions, number)
            if finding is not None:
                found.add(quantity.item)
                yield finding

    def _answer(
        self, target: Target, index: int, system: System, own: Cells, regions: tuple[Region, ...], number: int
    ) -> Finding | None:
        quantity = self.ranges.quantities[index]
        answers = self.said.blocks[quantity.block].answers(quantity.item)
        weights = self._weights(
            system, own, regions, tuple(answers[place] for place in sorted(quantity.places))
        )
        bound = system.bound(weights)
        witness = (int(self.ranges.low[number, index]), int(self.ranges.high[number, index]))
        finished = True
        if not self._answer_matters(quantity, bound):
            whole = self._in_whole_numbers(system, weights, bound, witness)
            if whole is None or not self._answer_matters(quantity, whole[0]):
                return None
            bound, finished = whole
        else:
            self.counts["lp"] += 1
        people = system.bound(self._weights(system, own, regions, (0,)))
        if quantity.off:
            there = system.bound(self._weights(system, own, regions, tuple(answers)))
            if there.low <= bound.high:
                return None
            return self._finding(SIDE, target, quantity, bound, finished=finished)
        if bound.low <= 0 and bound.high >= people.high:
            return None
        return self._finding(ANSWERS, target, quantity, bound, finished=finished)

    def _answer_matters(self, quantity: Quantity, bound: Bound) -> bool:
        if not bound.possible:
            return False
        if quantity.off:
            return bound.high <= self.ranges.colluders
        return bound.high - bound.low < LEAST_NUMBERS - 1

    def _finding(
        self, kind: str, target: Target, quantity: Quantity | None, bound: Bound, *, finished: bool = True
    ) -> Finding:
        wave = self.wave
        item = None if quantity is None else self.said.blocks[quantity.block].items[quantity.item]
        named = {place for place in (*target.inside, *target.outside) if wave.groups[place].published}
        return Finding(
            kind,
            target.kind,
            tuple(wave.key(place) for place in target.inside),
            tuple(wave.key(place) for place in target.outside),
            item,
            None if quantity is None else quantity.answer,
            bound.low,
            bound.high,
            tuple(wave.key(place) for place in sorted(bound.groups | (named if not bound.groups else set()))),
            finished,
        )
