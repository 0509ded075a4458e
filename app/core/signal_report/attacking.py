"""The attacker on signal reports: the figures of all reports of an organisation enter, what they give away leaves.

It knows every number that was ever released, and which quarters each covers. It also tries what it may know or guess: that
nobody was counted in two quarters, and that everybody was counted in one row of a table only. Under each guess that fits it
looks for groups of reporters (a cell, a quarter, what one window has more than another, what is left of a total) for which
fewer than three numbers remain. It shares nothing with what protects.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.signal_report.worlds import MOST, Bounds, Sum, System, Terms, Unfinished
from app.core.signals.card import Quarter

SMALL = 5
"""Groups of fewer reporters are to stay unknown."""
OPEN = 3
"""At least so many numbers must remain possible for a group that can be small."""
TRIES = 8
ALL = "reporters"
Range = tuple[int, int]
ANY: Range = (0, MOST)
UNTOLD, OTHERS, REST = "a row that is not told", "other rows that are not told", "what is left of the total"
Quarters = frozenset[int]
Target = tuple[str, Quarters]
"""A row, and the quarters in which (or in which more than elsewhere) its reporters reported."""


@dataclass(frozen=True)
class Finding:
    """A group of reporters that is known too well. `axis` is ALL for reporters as a whole; `numbers` what it can still be."""

    axis: str
    what: str
    numbers: tuple[int, ...]
    finished: bool = True


@dataclass(frozen=True)
class Seen:
    """What one report says on one axis: its quarters, all reporters, and each row as the numbers it can be."""

    quarters: Quarters
    whole: Range
    rows: Mapping[str, Range]


def attack(documents: Sequence[Mapping[str, Any]], *, seed: int = 1) -> tuple[Finding, ...]:
    """Findings over these figures together, each with a "quarters" list, "reporters" and "tables". Empty when all stays open."""
    counted = [one for one in documents if one.get("reporters")]
    axes = sorted({table["axis"] for one in counted for table in one["tables"]})
    found: dict[tuple[str, str], Finding] = {}
    for axis in axes or [ALL]:
        for seen in _fitting(axis, [_seen(one, axis) for one in counted]):
            open_: set[Target] = set()
            for guess in _guesses(axis, seen):
                for finding in guess.findings(open_, random.Random(seed)):
                    found.setdefault((finding.axis, finding.what), finding)
    return tuple(found.values())


def _fitting(axis: str, seen: Sequence[Seen]) -> Iterator[Sequence[Seen]]:
    """Reports that can be true together, from the newest back; what fits none of those after it is tried by itself.

    A card that comes late makes an earlier report untrue. Taken all together they would then fit no world at all, and an attacker
    who believed that would find nothing any more; a reader just believes the newest.
    """
    left = list(seen)
    while left:
        if _Guess(axis, left, once=False, single=False).fits():
            yield left
            return
        kept: list[Seen] = []
        for one in reversed(left):
            if _Guess(axis, [one, *kept], once=False, single=False).fits():
                kept.insert(0, one)
        if not kept:
            return  # not one of them can be true by itself
        yield kept
        left = [one for one in left if not any(one is other for other in kept)]


def _guesses(axis: str, seen: Sequence[Seen]) -> Iterator[_Guess]:
    """The boldest first. That nobody stands in two rows is tried over time, and within each report by itself."""
    yield _Guess(axis, seen, once=True, single=True)
    yield _Guess(axis, seen, once=True, single=False)
    for one in seen:
        yield _Guess(axis, [one], once=True, single=True)
    yield _Guess(axis, seen, once=False, single=False)


def _seen(document: Mapping[str, Any], axis: str) -> Seen:
    table = next((one for one in document["tables"] if one["axis"] == axis), None)
    whole = _range(document["reporters"], least=SMALL)
    rows: dict[str, Range] = {}
    if table is not None and table.get("rows") is not None:
        rows = {id: _range(table["rest"]) for id in table["cells"]}
        rows |= {one["id"]: _range(one["count"]) for one in table["rows"]}
    return Seen(frozenset(document["quarters"]), whole, rows)


def _range(count: Mapping[str, Any], least: int = 0) -> Range:
    """What is not shown is at least `least`: a smaller one would have been called “fewer”."""
    if "below" in count:
        return 0, count["below"] - 1
    if count.get("value") is not None:
        return count["value"], count["value"]
    return (count["low"], count["high"]) if "low" in count else (least, MOST)


class _Guess:
    """One system for one axis. `once`: nobody reported in two quarters. `single`: everybody stands in one row.

    Rows that are never told look all alike. One of them stands for each, and the rest of them are taken together.
    """

    def __init__(self, axis: str, seen: Sequence[Seen], once: bool, single: bool) -> None:
        self.axis, self.seen, self.once, self.single = axis, seen, once, single
        self.system = System()
        names = {row for one in seen for row in one.rows}
        self.told = sorted(row for row in names if any(one.rows.get(row, ANY)[0] > 0 for one in seen))
        self.untold = len(names) - len(self.told)
        self.rows = [*self.told, *([UNTOLD] if self.untold else []), *([OTHERS] if self.untold > 1 else [])]
        self.windows = self._windows()
        singles = [one for one in self.windows if len(one) == 1]
        self.at = {(row, one): self.system.variable() for row in (ALL, *self.rows) for one in singles}
        for row in (ALL, *self.rows):
            self._over_time(row)
        for window in self.windows:
            self._across(window)
        for one in seen:
            self._said(one)

    def _windows(self) -> list[Quarters]:
        """Those of reports and their single quarters, the shortest first."""
        found = {one.quarters for one in self.seen}
        found |= {frozenset({quarter}) for one in found for quarter in one}
        return sorted(found, key=lambda one: (len(one), sorted(one)))

    def _inside(self, window: Quarters) -> Iterator[Quarters]:
        return (other for other in self.windows if other < window)

    def _over_time(self, row: str) -> None:
        for window in self.windows:
            if len(window) == 1:
                continue
            at = self.at[row, window] = self.system.variable()
            self._together(at, [self.at[row, frozenset({quarter})] for quarter in sorted(window)], self.once)
            for other in self._inside(window):
                # Follows from the quarters, and shows at once what they show only after much searching.
                rest = window - other
                if len(other) > 1 and (row, rest) in self.at:
                    self._together(at, [self.at[row, other], self.at[row, rest]], self.once)
            for other in self._inside(window) if not self.once else ():
                self.system.hold(((1, at), (-1, self.at[row, other])), 0, MOST)

    def _across(self, window: Quarters) -> None:
        whole = self.at[ALL, window]
        if self.rows:
            self._together(whole, [self.at[row, window] for row in self.rows], self.single)
        for row in (*self.told, UNTOLD) if self.rows and not self.single else ():
            if (row, window) in self.at:
                self.system.hold(((1, whole), (-1, self.at[row, window])), 0, MOST)

    def _together(self, whole: int, parts: Iterable[int], exact: bool) -> None:
        """The parts together are the whole, or more than it when somebody can be in two."""
        self.system.hold(((1, whole), *((-1, part) for part in parts)), 0 if exact else -MOST * MOST, 0)

    def _said(self, one: Seen) -> None:
        self.system.hold(((1, self.at[ALL, one.quarters]),), *one.whole)
        for row in self.told:
            if row in one.rows:
                self.system.hold(((1, self.at[row, one.quarters]),), *one.rows[row])
        low, high = next((said for row, said in one.rows.items() if row not in self.told), ANY)
        for row, times in ((UNTOLD, 1), (OTHERS, self.untold - 1)):
            if row in self.rows:
                self.system.hold(((1, self.at[row, one.quarters]),), low, high * times)

    def fits(self) -> bool:
        """Whether it can be true at all."""
        try:
            return self.system.world(random.Random(1)) is not None
        except Unfinished:
            return True  # then the search for findings isn't finished either, and says so

    def findings(self, open_: set[Target], chance: random.Random) -> Iterator[Finding]:
        """`open_` takes in what stays open: what does so under a bolder guess does so under this one."""
        targets = {target: terms for target, terms in self._targets().items() if target not in open_}
        start = self.system.tightened(self.system.bounds) if targets else None
        try:
            worlds = self._examples(start, chance) if start else []
        except Unfinished:
            yield Finding(self.axis, "everything", (), finished=False)
            return
        if not start or not worlds:
            return  # a guess that can't be true tells nothing
        for target, terms in targets.items():
            finding = self._known(target, terms, start, worlds, chance)
            if finding:
                yield finding
            else:
                open_.add(target)

    def _examples(self, start: Bounds, chance: random.Random) -> list[list[int]]:
        found = (self.system.world(chance, within=start) for _ in range(TRIES))
        return [one for one in found if one is not None]

    def _targets(self) -> dict[Target, Terms]:
        """Groups of reporters: rows and totals, what a window has more than one inside it, what is left of a total."""
        found: dict[Target, Terms] = {}
        for (row, window), at in self.at.items():
            if row != OTHERS:
                found[row, window] = ((1, at),)
                for other in self._inside(window):
                    found.setdefault((row, window - other), ((1, at), (-1, self.at[row, other])))
        for one in self.seen if self.single else ():
            told = sorted(row for row, (low, _) in one.rows.items() if low >= SMALL)
            if told and len(told) < len(one.rows):
                rest = tuple((-1, self.at[row, one.quarters]) for row in told)
                found[REST, one.quarters] = ((1, self.at[ALL, one.quarters]), *rest)
        return found

    def _known(
        self, target: Target, terms: Terms, start: Bounds, worlds: list[list[int]], chance: random.Random
    ) -> Finding | None:
        """What the target can be, by examples, until there are enough of them."""
        low, high = start.of(terms)
        values = {sum(sign * world[at] for sign, at in terms) for world in worlds}
        finished = True
        for value in range(low, high + 1):
            if len(values) >= OPEN or (finished and min(*values, value) >= SMALL):
                return None
            if value in values:
                continue
            try:
                world = self.system.world(chance, more=[Sum(terms, value, value)], within=start)
            except Unfinished:
                finished = False  # this number is open; others may be found at once
                continue
            if world is not None:
                worlds.append(world)
                values.add(value)
        if len(values) >= OPEN or (finished and min(values) >= SMALL):
            return None
        return self._finding(target, values, finished=finished)

    def _finding(self, target: Target, values: Iterable[int], *, finished: bool = True) -> Finding:
        row, quarters = target
        what = f"{row} in {', '.join(str(Quarter.at(one)) for one in sorted(quarters))}"
        return Finding(ALL if row == ALL else self.axis, what, tuple(sorted(values)), finished)
