"""Which groups of a tree may be published: sizes enter, the best safe choice leaves, with a reason for each hole.

The groups are laminar: two either share nobody or one holds the other. Sums of published groups then yield
exactly the "atoms" (a published group minus the published groups below it) and unions of them, so a choice is
safe when every published group and every atom holds nobody or at least `least` people. The choice of most
value is found exactly, by dynamic programming from the leaves up over the people an unpublished branch
leaves over. Pure Python: the forecast runs in the web process.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.core.strata import Strata
from app.core.units import Tree

STRATUM = "stratum"
UNIT = "unit"
TOO_FEW = "too-few"
JOINED = "joined"
OPEN_LINK = "open-link"
REASONS = (TOO_FEW, JOINED, OPEN_LINK)


@dataclass(frozen=True)
class Node:
    """One group. `parent` is its place in the forest's nodes (before its own), `stratum` its number when the
    group is a stratum that is no unit. `whole` says whether it is a union of strata; only then it can be told."""

    grouping: str
    code: str
    parent: int | None
    headcount: int
    whole: bool
    stratum: int | None = None


@dataclass(frozen=True)
class Forest:
    """All groups of a unit tree, parents first, the root at 0; `home[s]` is the lowest whole-or-not group that
    holds stratum s and in which its people are counted."""

    nodes: tuple[Node, ...]
    home: tuple[int, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for place, node in enumerate(self.nodes):
            if node.parent is not None:
                found[node.parent].append(place)
        return tuple(map(tuple, found))

    def sizes(self, counts: Sequence[int]) -> list[int]:
        """People in each group, from the number in each stratum. Groups that cut a stratum get those of the
        strata they hold whole; they are never published."""
        found = [0] * len(self.nodes)
        for stratum, place in enumerate(self.home):
            found[place] += counts[stratum]
        for place in range(len(self.nodes) - 1, 0, -1):
            parent = self.nodes[place].parent
            assert parent is not None
            found[parent] += found[place]
        return found


def forest_of(tree: Tree, strata: Strata) -> Forest:
    """The units of a tree, and each stratum that is no unit as a further group below its home."""
    places = {unit.code: place for place, unit in enumerate(tree.units)}
    cut: set[str] = set()
    for stratum in strata:
        for cell in stratum.cells:
            cut.update(_below_home(tree, cell, stratum.home, cut))
    held = [0] * len(tree.units)
    for stratum in strata:
        held[places[stratum.home]] += 1
    inside = list(held)
    for place in range(len(tree.units) - 1, 0, -1):
        inside[places[tree.units[place].parent or ""]] += inside[place]
    nodes = [
        Node(UNIT, unit.code, None if unit.parent is None else places[unit.parent], unit.headcount,
             unit.code not in cut and inside[place] > 0)
        for place, unit in enumerate(tree.units)
    ]  # fmt: skip
    home = []
    for stratum in strata:
        place = places[stratum.home]
        if inside[place] == 1 and nodes[place].whole:
            home.append(place)
            continue
        home.append(len(nodes))
        nodes.append(Node(STRATUM, str(stratum.number), place, stratum.invited, True, stratum.number))
    return Forest(tuple(nodes), tuple(home))


def _below_home(tree: Tree, cell: str, home: str, known: Collection[str]) -> list[str]:
    """Units from a cell up to, but without, its stratum's home: each holds only a part of the stratum."""
    found = []
    code = cell
    while code != home:
        found.append(code)
        parent = tree.by_code[code].parent
        assert parent is not None
        code = parent
    return found


class _Branch:
    """What a branch can leave over (people, capped at `least`) -> best worth, and how it was reached.

    `inner` holds below a published group, `outer` where no group but the root is published above: there a
    published group is worth its coverage too. Each has (worths of the children together by people left over,
    per child the step (before, child's own) to each running total, left-over from which the group itself is
    published or None, worths with the group itself).
    """

    __slots__ = ("inner", "outer")

    def __init__(self, inner: _Table, outer: _Table) -> None:
        self.inner, self.outer = inner, outer


_Table = tuple[list[dict[int, tuple[int, int]]], "int | None", dict[int, int]]


def choose(
    forest: Forest, sizes: Sequence[int], least: int, allowed: Collection[int], *, empty: bool = False
) -> frozenset[int]:
    """The places of the groups to publish: safe, of most worth, the root kept whenever it is large enough.

    First as many people as can be are in a published group below the root; then a group is worth its size and
    `least` more, so that several groups beat the one they make up. `allowed` restricts the choice; with
    `empty`, groups of nobody may be published too.
    """
    allowed = set(allowed)
    nodes, children = forest.nodes, forest.children
    branches: list[_Branch] = [None] * len(nodes)  # type: ignore[list-item]
    # One person more covered outweighs everything else together.
    cover = 1 + sum(sizes[place] + least for place in allowed)
    for place in range(len(nodes) - 1, -1, -1):
        size = sizes[place]
        fits = place in allowed and (size >= least or (empty and size == 0))
        below = [branches[child] for child in children[place]]
        own = size - sum(sizes[child] for child in children[place])
        worth = size + least if fits else None
        inner = _table([branch.inner for branch in below], own, least, worth)
        if place == 0:
            # The root doesn't cover anybody: what is below it is still worth covering.
            most = None if worth is None else worth + cover * (sizes[0] + 1)
            root = _table([branch.outer for branch in below], own, least, most)
            branches[0] = _Branch(inner, root)
            continue
        outer = _table([branch.outer for branch in below], own, least, None)
        if worth is not None and inner[1] is not None:
            outer = _covering(outer, inner, cover * size)
        branches[place] = _Branch(inner, outer)
    return frozenset(_trace(forest, branches))


def _covering(outer: _Table, inner: _Table, bonus: int) -> _Table:
    """The outer table with the group itself published: what lies below it counts as inner."""
    steps, _, worths = outer
    covered = inner[2][0] + bonus
    if covered <= worths.get(0, -1):
        return outer
    return steps, -1, {**worths, 0: covered}


def _table(below: list[_Table], own: int, least: int, worth: int | None) -> _Table:
    totals = {own if own < least else least: 0}
    steps: list[dict[int, tuple[int, int]]] = []
    for _, _, worths in below:
        totals, how = _added(totals, worths, least)
        steps.append(how)
    if worth is None:
        return steps, None, totals
    best = -1
    start = None
    for left in (0, least):
        if totals.get(left, -1) >= max(best, 0):
            best, start = totals[left], left
    if start is not None and best + worth > totals.get(0, -1):
        return steps, start, {**totals, 0: best + worth}
    return steps, None, totals


def _added(
    totals: dict[int, int], worths: dict[int, int], least: int
) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """Running totals with one more child."""
    reached: dict[int, int] = {}
    how: dict[int, tuple[int, int]] = {}
    for total, sofar in totals.items():
        for left, more in worths.items():
            after = total + left
            if after > least:
                after = least
            if sofar + more > reached.get(after, -1):
                reached[after] = sofar + more
                how[after] = (total, left)
    if least in reached and len(reached) > 2:
        # Enough left over is safe whatever is added: less left over must be worth more to be kept.
        floor = reached[least]
        reached = {left: value for left, value in reached.items() if value > floor or left == least}
    return reached, how


def _trace(forest: Forest, branches: Sequence[_Branch]) -> list[int]:
    worths = branches[0].outer[2]
    start = max(worths, key=lambda left: (worths[left], left))
    chosen = []
    waiting = [(0, start, True)]
    while waiting:
        place, left, is_outer = waiting.pop()
        steps, published_from, _ = branches[place].outer if is_outer else branches[place].inner
        if left == 0 and published_from == -1:
            is_outer = False
            steps, published_from, _ = branches[place].inner
        if left == 0 and published_from is not None:
            chosen.append(place)
            left = published_from
        for child, how in zip(reversed(forest.children[place]), reversed(steps), strict=True):
            left, own = how[left]
            waiting.append((child, own, is_outer))
    return chosen


def atoms(forest: Forest, sizes: Sequence[int], published: Collection[int]) -> dict[int, int]:
    """Published group -> people in it and in no published group below it."""
    chosen = set(published)
    found = {place: sizes[place] for place in chosen}
    for place in chosen:
        above = holder(forest, place, chosen)
        if above is not None:
            found[above] -= sizes[place]
    return found


def holder(forest: Forest, place: int, published: Collection[int]) -> int | None:
    """The nearest published group above a group; None when there is none."""
    above = forest.nodes[place].parent
    while above is not None and above not in published:
        above = forest.nodes[above].parent
    return above


def reason(node: Node) -> str:
    """Why a group that isn't published is not.

    Too few answers here, and too few in a group that this one would give away, are one reason: beside an exact total
    their difference can tell how many answers the smaller one has.
    """
    return JOINED if not node.whole and node.headcount else TOO_FEW
