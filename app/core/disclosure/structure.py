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
PROTECTS = "protects-another"
JOINED = "joined"
OPEN_LINK = "open-link"
REASONS = (TOO_FEW, PROTECTS, JOINED, OPEN_LINK)


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


@dataclass(frozen=True)
class _Branch:
    """What a branch can leave over (people, capped at `least`) -> best value; with how it was reached.

    `sums[i]` maps a running total over the first i + 1 children to (total before, child's own).
    """

    best: dict[int, int]
    sums: tuple[dict[int, tuple[int, int]], ...]
    published_from: int | None
    kept: dict[int, int]


def choose(forest: Forest, sizes: Sequence[int], least: int, allowed: Collection[int], *, empty: bool = False) -> frozenset[int]:
    """The places of the groups to publish: safe, of most value, the root kept whenever it is large enough.

    A published group is worth its size and `least` more, so that several groups beat the one they make up.
    `allowed` restricts the choice; with `empty`, groups of nobody may be published too.
    """
    allowed = set(allowed)
    branches: list[_Branch | None] = [None] * len(forest.nodes)
    everything = sum(sizes) + (least + 1) * (len(sizes) + 1)
    for place in range(len(forest.nodes) - 1, -1, -1):
        below = [branches[child] for child in forest.children[place]]
        inside = sum(sizes[child] for child in forest.children[place])
        fits = place in allowed and (sizes[place] >= least or (empty and sizes[place] == 0))
        value = sizes[place] + least + (everything if place == 0 else 0)
        branches[place] = _branch([b for b in below if b], sizes[place] - inside, least, value if fits else None)
    return frozenset(_trace(forest, branches))


def _branch(below: list[_Branch], own: int, least: int, value: int | None) -> _Branch:
    totals = {min(own, least): 0}
    sums = []
    for child in below:
        reached: dict[int, int] = {}
        how: dict[int, tuple[int, int]] = {}
        for total, worth in totals.items():
            for left, more in child.best.items():
                after = min(total + left, least)
                if worth + more > reached.get(after, -1):
                    reached[after] = worth + more
                    how[after] = (total, left)
        totals = reached
        sums.append(how)
    published_from = None
    best = dict(totals)
    if value is not None:
        safe = [left for left in totals if left in (0, least)]
        if safe:
            left = max(safe, key=lambda each: (totals[each], each))
            if totals[left] + value > best.get(0, -1):
                best[0] = totals[left] + value
                published_from = left
    return _Branch(best, tuple(sums), published_from, totals)


def _trace(forest: Forest, branches: Sequence[_Branch | None]) -> list[int]:
    root = branches[0]
    assert root is not None
    start = max(root.best, key=lambda left: (root.best[left], left))
    chosen = []
    waiting = [(0, start)]
    while waiting:
        place, left = waiting.pop()
        branch = branches[place]
        assert branch is not None
        if left == 0 and branch.published_from is not None:
            chosen.append(place)
            left = branch.published_from
        for child, how in zip(reversed(forest.children[place]), reversed(branch.sums), strict=True):
            left, own = how[left]
            waiting.append((child, own))
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


def reason(node: Node, size: int, least: int) -> str:
    """Why a group that isn't published is not. The same for nobody as for `least` - 1."""
    if not node.whole and node.headcount:
        return JOINED
    return TOO_FEW if size < least else PROTECTS
