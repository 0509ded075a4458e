"""Strata: a tree and a least size enter, a partition of the invited leaves, and which nodes it can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.core.units import Tree, Unit

LEAST_GROUP = 5
DEFAULT_GROUP = 8


@dataclass(frozen=True)
class Stratum:
    """A part of the invited that will be reported on.

    `cells` are the codes of units whose directly placed people belong to it (for a leaf, everyone in it);
    `home` is the code of the lowest unit that holds the whole stratum. `invited` counts people.
    """

    number: int
    cells: tuple[str, ...]
    home: str
    name: str
    invited: int


@dataclass(frozen=True)
class Strata:
    """All strata of one scan, numbered from 0 in tree order."""

    strata: tuple[Stratum, ...]

    def __iter__(self) -> Iterator[Stratum]:
        return iter(self.strata)

    def __len__(self) -> int:
        return len(self.strata)

    def __getitem__(self, number: int) -> Stratum:
        return self.strata[number]

    @cached_property
    def of_cell(self) -> Mapping[str, int]:
        """Unit code -> number of the stratum of the people placed directly in that unit."""
        return {cell: stratum.number for stratum in self.strata for cell in stratum.cells}

    def of_node(self, tree: Tree, code: str) -> frozenset[int] | None:
        """The strata a node is a union of, or None when it cuts through one and so can't be published."""
        cells = {unit.code for unit in tree.below(code)}
        numbers = frozenset(self.of_cell[cell] for cell in cells if cell in self.of_cell)
        whole = all(set(self[number].cells) <= cells for number in numbers)
        return numbers if whole and numbers else None


class TooFewInvited(ValueError):
    """The organisation, or a stratum somebody chose, has fewer people than a group needs."""

    def __init__(self, name: str, invited: int, least: int) -> None:
        self.name, self.invited, self.least = name, invited, least
        super().__init__(f"“{name}” has {invited} people; a group needs at least {least}")


def propose(tree: Tree, least: int) -> Strata:
    """Join siblings until each stratum has at least `least` invited, keeping as many strata as that allows.

    Smaller siblings join each other; what still falls short joins the smallest stratum beside it; a branch
    that falls short joins a sibling branch. Raises TooFewInvited when the whole organisation falls short.
    """
    if tree.root.headcount < least:
        raise TooFewInvited(tree.root.name, tree.root.headcount, least)
    # From the leaves up, without recursion: a file may nest deeper than Python does.
    done: dict[str, list[_Chunk]] = {}
    for unit in reversed(tree.units):
        below = [(child, done.pop(child.code)) for child in tree.children(unit.code)]
        done[unit.code] = _join(tree, unit.code, below, least)
    return number(tree, [chunk.cells for chunk in done[tree.root.code]])


@dataclass(frozen=True)
class _Chunk:
    cells: tuple[str, ...]
    invited: int
    branch: bool


def _join(tree: Tree, code: str, below: list[tuple[Unit, list[_Chunk]]], least: int) -> list[_Chunk]:
    """Chunks of at least `least` people each, or one smaller chunk when the whole branch falls short.

    `below` holds the chunks of each child.
    """
    whole: list[_Chunk] = []
    short: list[_Chunk] = []
    for child, parts in below:
        if child.headcount >= least:
            whole.extend(parts)
        elif parts:
            short.append(_merge(parts, branch=bool(tree.children(child.code))))
    packed, left = _pack(short, least)
    whole.extend(packed)
    rest = _Chunk((code,), tree.rest(code), False)
    if rest.invited >= least:
        whole.append(rest)
    elif rest.invited:
        left = _merge([rest, left]) if left and not whole else left
        whole, left = (_join_smallest(whole, left), rest) if left and whole else (whole, left or rest)
    return _join_smallest(whole, left) if left else whole


def _join_smallest(whole: list[_Chunk], left: _Chunk) -> list[_Chunk]:
    """A branch is rather joined with a branch: the merged group is then one a reader can picture."""
    if not whole:
        return [left]
    place = min(range(len(whole)), key=lambda i: (left.branch and not whole[i].branch, whole[i].invited, i))
    joined = _merge([whole[place], left], branch=whole[place].branch)
    return [*whole[:place], joined, *whole[place + 1 :]]


def _pack(short: list[_Chunk], least: int) -> tuple[list[_Chunk], _Chunk | None]:
    """Join short siblings, smallest with largest, branches with branches first; what remains is short."""
    packed: list[_Chunk] = []
    waiting = sorted((c for c in short if c.invited), key=lambda c: (not c.branch, -c.invited))
    current: list[_Chunk] = []
    while waiting:
        current.append(waiting.pop(0) if not current else waiting.pop())
        if sum(chunk.invited for chunk in current) >= least:
            packed.append(_merge(current))
            current = []
    return packed, _merge(current) if current else None


def _merge(chunks: list[_Chunk], *, branch: bool | None = None) -> _Chunk:
    return _Chunk(
        tuple(cell for chunk in chunks for cell in chunk.cells),
        sum(chunk.invited for chunk in chunks),
        all(chunk.branch for chunk in chunks) if branch is None else branch,
    )


def number(tree: Tree, parts: Iterable[Iterable[str]]) -> Strata:
    """Strata from lists of unit codes, cells in tree order, numbered by their first cell."""
    order = {unit.code: place for place, unit in enumerate(tree.units)}
    sorted_parts = sorted(
        (sorted(part, key=order.__getitem__) for part in parts), key=lambda part: order[part[0]]
    )
    return Strata(tuple(_stratum(tree, place, tuple(cells)) for place, cells in enumerate(sorted_parts)))


def _stratum(tree: Tree, place: int, cells: tuple[str, ...]) -> Stratum:
    paths = [tree.ancestors(cell) for cell in cells]
    shared = set(paths[0]).intersection(*map(set, paths[1:]))
    home = next(code for code in paths[0] if code in shared)
    invited = sum(tree.rest(cell) for cell in cells)
    return Stratum(place, cells, home, _name(tree, cells, home), invited)


def _name(tree: Tree, cells: tuple[str, ...], home: str) -> str:
    below = {unit.code for unit in tree.below(home) if tree.rest(unit.code)}
    if below == set(cells):
        return tree.by_code[home].name
    return " + ".join(tree.by_code[cell].name + (" (rest)" if tree.children(cell) else "") for cell in cells)


def check_choice(tree: Tree, strata: Strata, least: int) -> None:
    """Refuse strata that leave people out or hold fewer than `least` invited.

    Raises TooFewInvited for a stratum that is too small, ValueError when they don't partition the invited.
    """
    placed = [cell for stratum in strata for cell in stratum.cells]
    filled = {unit.code for unit in tree.units if tree.rest(unit.code)}
    if len(placed) != len(set(placed)) or not filled <= set(placed):
        raise ValueError("each unit with people in it belongs to exactly one stratum")
    for stratum in strata:
        if stratum.invited < least:
            raise TooFewInvited(stratum.name, stratum.invited, least)


def join_strata(tree: Tree, strata: Strata, least: int) -> tuple[int, ...]:
    """For each stratum its part's number: strata joined upwards until each part has `least` invited.

    An organisation smaller than `least` is one part.
    """
    waiting: dict[str, list[list[int]]] = {unit.code: [] for unit in tree.units}
    for stratum in strata:
        waiting[stratum.home].append([stratum.number])
    done: list[list[int]] = []

    def size(group: list[int]) -> int:
        return sum(strata[place].invited for place in group)

    for unit in reversed(tree.units):
        groups = waiting[unit.code]
        small = [place for group in groups if size(group) < least for place in group]
        large = [group for group in groups if size(group) >= least]
        if small and size(small) < least and large:
            large.sort(key=lambda group: (size(group), group))
            large[0].extend(small)
        elif small and size(small) >= least:
            large.append(small)
        elif small and unit.parent is not None:
            waiting[unit.parent].append(small)
        elif small and done:
            min(done, key=lambda group: (size(group), group)).extend(small)
        elif small:
            done.append(small)
        done.extend(large)
    parts = sorted(sorted(group) for group in done)
    number_of = {place: number for number, group in enumerate(parts) for place in group}
    return tuple(number_of[place] for place in range(len(strata)))
