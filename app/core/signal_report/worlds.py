"""Whole numbers that fit sums known to lie between bounds: a system enters, what must hold and examples of it leave."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST = 500
"""No variable is larger: what has no bound of its own is still a number of people."""
NEAR = 12
SHORT = 100
"""Choices of a search that may begin anew; at least one for each variable."""
Terms = tuple[tuple[int, int], ...]
"""(1 or -1, variable) of a sum."""


class Unfinished(RuntimeError):
    """The search was longer than allowed: nothing is known then, which whoever protects must read as a finding."""


@dataclass(frozen=True)
class Sum:
    """low <= the sum of its terms <= high."""

    terms: Terms
    low: int
    high: int


@dataclass
class Bounds:
    """The lowest and highest value of each variable so far."""

    low: list[int]
    high: list[int]

    def copy(self) -> Bounds:
        return Bounds(self.low.copy(), self.high.copy())

    def of(self, terms: Terms) -> tuple[int, int]:
        least = most = 0
        for sign, at in terms:
            if sign > 0:
                least, most = least + self.low[at], most + self.high[at]
            else:
                least, most = least - self.high[at], most - self.low[at]
        return least, most


@dataclass
class System:
    """Variables from 0 up, and sums between bounds."""

    bounds: Bounds = field(default_factory=lambda: Bounds([], []))
    sums: list[Sum] = field(default_factory=list)
    _in: list[list[int]] = field(default_factory=list)

    def variable(self, low: int = 0, high: int = MOST) -> int:
        self.bounds.low.append(low)
        self.bounds.high.append(min(high, MOST))
        self._in.append([])
        return len(self._in) - 1

    def hold(self, terms: Iterable[tuple[int, int]], low: int, high: int) -> None:
        """Terms name each variable once. One term is a bound and costs nothing later."""
        found = tuple(terms)
        if len(found) == 1 and found[0][0] > 0:
            at = found[0][1]
            self.bounds.low[at] = max(self.bounds.low[at], low)
            self.bounds.high[at] = min(self.bounds.high[at], high)
            return
        for _sign, at in found:
            self._in[at].append(len(self.sums))
        self.sums.append(Sum(found, low, high))

    def tightened(self, bounds: Bounds, more: Sequence[Sum] = ()) -> Bounds | None:
        """What must hold as far as single sums tell; None when nothing can fit. `more` is held beside the system's own."""
        if any(low > high for low, high in zip(bounds.low, bounds.high, strict=True)):
            return None
        return self._settled(bounds.copy(), set(range(len(self.sums))), more)

    def _settled(self, found: Bounds, waiting: set[int], more: Sequence[Sum]) -> Bounds | None:
        """Tightens the sums that wait, and whatever follows from them."""
        again = True
        while again:
            while waiting:
                touched = _tighten(self.sums[waiting.pop()], found)
                if touched is None:
                    return None
                for at in touched:
                    waiting.update(self._in[at])
            for one in more:
                touched = _tighten(one, found)
                if touched is None:
                    return None
                for at in touched:
                    waiting.update(self._in[at])
            again = bool(waiting)
        return found

    def world(
        self,
        chance: random.Random,
        *,
        more: Sequence[Sum] = (),
        within: Bounds | None = None,
        nodes: int = 2000,
    ) -> list[int] | None:
        """Numbers that fit, as chance has them; None when there are none. Raises Unfinished after so many choices.

        A search that began with an unlucky choice can go on for long where another finds an example at once, so it begins anew a
        few times before it is taken to the end.
        """
        start = self.tightened(within or self.bounds, more)
        short = max(SHORT, len(self._in))
        for limit in (short, short, 2 * short, max(short, nodes - 4 * short)):
            found, ended = self._searched(start, chance, more, limit)
            if ended:
                return found
        raise Unfinished

    def _searched(
        self, start: Bounds | None, chance: random.Random, more: Sequence[Sum], nodes: int
    ) -> tuple[list[int] | None, bool]:
        """An example, or None; and whether the search came to its end."""
        waiting: list[Bounds] = [start] if start else []
        while waiting:
            nodes -= 1
            if nodes < 0:
                return None, False
            at = waiting.pop()
            free = [i for i, low in enumerate(at.low) if low < at.high[i]]
            if not free:
                return at.low, True
            waiting += self._branches(at, min(free, key=lambda i: at.high[i] - at.low[i]), chance, more)
        return None, True

    def _branches(
        self, at: Bounds, variable: int, chance: random.Random, more: Sequence[Sum]
    ) -> list[Bounds]:
        """The same world with one variable at a value, below it and above it; the first to try stands last."""
        low, high = at.low[variable], at.high[variable]
        value = chance.randint(low, min(high, low + NEAR))
        found = []
        for start, end in ((value + 1, high), (low, value - 1), (value, value)):
            if start <= end:
                branch = at.copy()
                branch.low[variable], branch.high[variable] = start, end
                tight = self._settled(branch, set(self._in[variable]), more)
                if tight is not None:
                    found.append(tight)
        return found


def _tighten(one: Sum, found: Bounds) -> list[int] | None:
    """Variables whose bounds moved; None when the sum can't be."""
    least, most = found.of(one.terms)
    if least > one.high or most < one.low:
        return None
    touched: list[int] = []
    if least >= one.low and most <= one.high:
        return touched
    down, up = (
        one.high - least,
        most - one.low,
    )  # how far a term may rise above its least, or fall below its most
    lows, highs = found.low, found.high
    for sign, at in one.terms:
        low, high = lows[at], highs[at]
        if high - low <= down and high - low <= up:
            continue
        if sign > 0:
            new_low, new_high = max(low, high - up), min(high, low + down)
        else:
            new_low, new_high = max(low, high - down), min(high, low + up)
        if new_low > new_high:
            return None
        lows[at], highs[at] = new_low, new_high
        touched.append(at)
    return touched
