"""Where to look: the groups of a wave enter, sets of people about whom nobody may know too much leave.

Withheld groups; what is left of a published group beside one published group inside it, or beside all of them;
every intersection and difference of two groups. Sets that are the same cells are one target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.core.attack.groups import Region, Wave
from app.core.attack.published import Counts

WITHHELD, COMPLEMENT, INTERSECTION, DIFFERENCE, SMALL = (
    "withheld", "complement", "intersection", "difference", "published",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Everybody in all of the groups `inside` and in none of `outside`. `sizes` is False for a published group of
    under 30, whose size is published: only its answers are looked at."""

    kind: str
    inside: tuple[int, ...]
    outside: tuple[int, ...] = field(default=())

    @property
    def sizes(self) -> bool:
        return self.kind != SMALL


def inside_of(wave: Wave, target: Target) -> Region:
    region = wave.groups[target.inside[0]].region
    for group in target.inside[1:]:
        region &= wave.groups[group].region
    return region


def outside_of(wave: Wave, target: Target) -> tuple[Region, ...]:
    """What is taken away, clipped to what it is taken from."""
    whole = inside_of(wave, target)
    cut = (whole & wave.groups[group].region for group in target.outside)
    return tuple(region for region in cut if not region.empty)


def targets(wave: Wave, pairs: Counts | None, most: int, detail: int) -> tuple[Target, ...]:
    """`pairs` (groups, groups) are the people two groups share, where truth may choose: then only intersections and
    differences of 1 to `most` people are kept. `detail` is from how many answers items are published."""
    # A published group is no secret as a set; its answers are, while few are in it.
    shown: set[object] = {(wave.groups[place].region, frozenset()) for place in wave.published}
    found: dict[object, Target] = {}
    for target in _all(wave, pairs, most, detail):
        whole, cut = inside_of(wave, target), outside_of(wave, target)
        if whole.empty or any(whole.within(region) for region in cut):
            continue
        key = _reduced(wave, whole, cut)
        if key[0].empty:
            continue
        if target.kind == SMALL or key not in shown:
            found.setdefault(key, target)
    return tuple(found.values())


def _reduced(wave: Wave, whole: Region, cut: tuple[Region, ...]) -> tuple[Region, frozenset[Region]]:
    """Equal for sets of the same cells, where taking away still leaves a block of strata x answers."""
    left: list[Region] = []
    for region in cut:
        if dict(region.answers) == dict(whole.answers):
            whole = Region(whole.strata - region.strata, whole.answers)
        elif region.strata >= whole.strata and (less := _without(wave, whole, region)) is not None:
            whole = less
        else:
            left.append(region)
    return whole, frozenset(left)


def _without(wave: Wave, whole: Region, region: Region) -> Region | None:
    """A block minus a block that differs in the answers to one question."""
    own, taken = dict(whole.answers), dict(region.answers)
    differing = [place for place in taken if taken[place] != own.get(place)]
    if len(differing) != 1:
        return None
    place = differing[0]
    own[place] = own.get(place, frozenset(range(wave.sizes[place]))) - taken[place]
    return Region(whole.strata, tuple(sorted(own.items(), key=lambda pair: pair[0])))


def _all(wave: Wave, pairs: Counts | None, most: int, detail: int) -> Iterator[Target]:
    for place, group in enumerate(wave.groups):
        if not group.published:
            yield Target(WITHHELD, (place,))
        elif group.least < detail:
            yield Target(SMALL, (place,))
    yield from _complements(wave)
    yield from _pairs(wave, pairs, most)


def _complements(wave: Wave) -> Iterator[Target]:
    """Each published group against the smallest published one around it, and each against all directly inside it."""
    regions = {place: wave.groups[place].region for place in wave.published}
    inside: dict[int, list[int]] = {place: [] for place in regions}
    for place, region in regions.items():
        around = [other for other in regions if other != place and _properly(region, regions[other])]
        for other in _closest(around, regions):
            inside[other].append(place)
            yield Target(COMPLEMENT, (other,), (place,))
    for place, parts in inside.items():
        for alike in _by_question(parts, regions):
            if len(alike) > 1:
                yield Target(COMPLEMENT, (place,), tuple(alike))


def _properly(region: Region, other: Region) -> bool:
    return region.strata <= other.strata and region != other and region.within(other)


def _closest(around: Sequence[int], regions: dict[int, Region]) -> Iterator[int]:
    for other in around:
        if not any(_properly(regions[third], regions[other]) for third in around if third != other):
            yield other


def _by_question(parts: Iterable[int], regions: dict[int, Region]) -> Iterator[list[int]]:
    """Parts that could make up a whole: those that ask after the same questions."""
    found: dict[frozenset[int], list[int]] = {}
    for place in parts:
        found.setdefault(regions[place].backgrounds, []).append(place)
    yield from found.values()


def _pairs(wave: Wave, pairs: Counts | None, most: int) -> Iterator[Target]:
    groups = wave.groups
    if pairs is None:
        chosen: Iterable[tuple[int, int]] = (
            (a, b) for a in range(len(groups)) for b in range(len(groups)) if a != b
        )
        for a, b in chosen:
            if (groups[a].region & groups[b].region).empty:
                continue
            if a < b:
                yield Target(INTERSECTION, (a, b))
            yield Target(DIFFERENCE, (a,), (b,))
        return
    own = np.diag(pairs)
    for a, b in np.argwhere((pairs >= 1) & (pairs <= most)):
        if a < b:
            yield Target(INTERSECTION, (int(a), int(b)))
    left = own[:, None] - pairs
    # Taking away a group that shares nobody leaves the group itself, by what everybody knows or not: looked at too.
    for a, b in np.argwhere((left >= 1) & (left <= most) & (pairs > 0)):
        yield Target(DIFFERENCE, (int(a),), (int(b),))
