"""Quick bounds: what one published group by itself says of its answers enters; which open targets could be narrow leaves.

For every published group the least and greatest count of each answer follow from its own shares and score, without a
programme. A target inside such groups has at most the least of their greatest counts, and at least what a group
has more than there is room for outside the target. Only where that leaves too few numbers, a programme is worth its
time; elsewhere these bounds decide, which proves less than whole numbers do. Skipped questions are passed over here,
which makes bounds narrower: rather a programme too many than a finding too few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.attack.ranges import LEAST_NUMBERS, Quantity, Ranges
from app.core.attack.statements import Block, Meaning, Statements
from app.core.attack.targets import Target, inside_of, outside_of

EDGE = 1e-6


def doubtful(
    wave: Wave, said: Statements, targets: Sequence[Target], ranges: Ranges, open_: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Of what is open (targets, quantities): where bounds of single groups leave too few numbers, or only one side."""
    found = np.zeros_like(open_)
    least, most, people = _of_groups(wave, said, ranges)
    fewest = np.array([float(group.least) for group in wave.groups])
    parts = {place: list(_parts(wave, place)) for place in wave.published}
    for number in np.flatnonzero(open_.any(axis=1)):
        target = targets[int(number)]
        around = _around(wave, target)
        columns = np.flatnonzero(open_[number])
        high = np.full(len(columns), np.inf)
        low = np.zeros(len(columns))
        if len(around):
            high = np.minimum(most[np.ix_(around, columns)].min(axis=0), people[around].min())
            # Without a world nothing is known of the size but that it may be nobody.
            known = int(ranges.size_low[number]) if ranges.size_high[number] >= 0 else 0
            outside = people[around] - known
            low = np.maximum(0, (least[np.ix_(around, columns)] - outside[:, None]).max(axis=0))
            for place in around.tolist():
                for family in parts[place]:
                    others = np.array(_apart(wave, target, family), dtype=np.int64)
                    if not len(others):
                        continue
                    # What is left of a group beside parts of it that don't meet the target.
                    rest = max(0.0, people[place] - fewest[others].sum() - known)
                    high = np.minimum(high, most[place, columns] - least[np.ix_(others, columns)].sum(axis=0))
                    own = least[place, columns] - most[np.ix_(others, columns)].sum(axis=0) - rest
                    low = np.maximum(low, own)
        low, high = np.ceil(low - EDGE), np.floor(high + EDGE)
        off = ranges.off[columns]
        narrow = np.where(off, high <= ranges.colluders, high - low < LEAST_NUMBERS - 1)
        found[number, columns] = narrow | _scored_twice(wave, said, ranges, around)[columns]
    return found


def _scored_twice(wave: Wave, said: Statements, ranges: Ranges, around: Counts) -> NDArray[np.bool_]:
    """(quantities,) of scales that two editions scored in two ways for a group of few: their difference is about single
    items, which no bound of one edition sees."""
    detail = int(wave.editions[-1].document["rules"]["detail"])
    found = np.zeros(len(ranges.quantities), dtype=bool)
    for place, block in enumerate(said.blocks):
        if len(block.meanings) < 2:
            continue
        for group in (wave.groups[number] for number in around):
            entries = [
                group.entries[meaning.edition]
                for meaning in block.meanings
                if meaning.edition in group.entries
                and meaning.scale in group.entries[meaning.edition]["scales"]
            ]
            if len(entries) > 1 and group.least < detail and not _same_points(block):
                found[ranges.of_block[place]] = True
    return found


def _same_points(block: Block) -> bool:
    return all(meaning.points == block.meanings[0].points for meaning in block.meanings)


def _parts(wave: Wave, place: int) -> Iterator[list[int]]:
    """Published groups inside a group that share nobody: the largest units, and the answers to each question."""
    region = wave.groups[place].region
    inside = [
        other
        for other in wave.published
        if other != place and wave.groups[other].region.within(region) and wave.groups[other].region != region
    ]
    for questions in {wave.groups[other].region.backgrounds for other in inside}:
        family: list[int] = []
        alike = [other for other in inside if wave.groups[other].region.backgrounds == questions]
        for other in sorted(alike, key=lambda o: -len(wave.groups[o].region.strata)):
            own = wave.groups[other].region
            if all((own & wave.groups[taken].region).empty for taken in family):
                family.append(other)
        yield family


def _apart(wave: Wave, target: Target, family: list[int]) -> list[int]:
    """Groups of a family that share nobody with the target."""
    whole, cut = inside_of(wave, target), outside_of(wave, target)
    found = []
    for place in family:
        both = whole & wave.groups[place].region
        if both.empty or any(both.within(region) for region in cut):
            found.append(place)
    return found


def _around(wave: Wave, target: Target) -> Counts:
    """Published groups that hold the whole target."""
    region = inside_of(wave, target)
    return np.array(
        [place for place in wave.published if region.within(wave.groups[place].region)], dtype=np.int64
    )


def _of_groups(wave: Wave, said: Statements, ranges: Ranges) -> tuple[Floats, Floats, Floats]:
    """(groups, quantities) least and greatest counts, and (groups,) the most people."""
    shape = (len(wave.groups), len(ranges.quantities))
    least, most = np.zeros(shape), np.full(shape, np.inf)
    people = np.full(len(wave.groups), np.inf)
    for place in wave.published:
        group = wave.groups[place]
        people[place] = np.inf if group.most is None else group.most
        for number, quantity in enumerate(ranges.quantities):
            block = said.blocks[quantity.block]
            for low, high in _said(block, quantity, group.entries):
                least[place, number] = max(least[place, number], low)
                most[place, number] = min(most[place, number], high)
            most[place, number] = min(most[place, number], people[place])
    return least, most, people


def _said(
    block: Block, quantity: Quantity, entries: Mapping[int, Mapping[str, Any]]
) -> Iterator[tuple[float, float]]:
    """What each edition says of a quantity in one group."""
    for meaning in block.meanings:
        entry = entries.get(meaning.edition)
        if entry is None:
            continue
        item = entry["items"].get(block.items[quantity.item])
        scale = entry["scales"].get(meaning.scale)
        if item is not None:
            yield from _by_shares(meaning, quantity, len(block.codes[quantity.item]), item)
        if scale is not None and scale.get("score"):
            yield from _by_score(meaning, quantity, len(block.items), scale)


def _by_shares(
    meaning: Meaning, quantity: Quantity, codes: int, item: Mapping[str, Any]
) -> Iterator[tuple[float, float]]:
    n = item["n"]
    if "share" in item:
        above = frozenset(place for place, point in enumerate(meaning.points[quantity.item]) if point > 0)
        sides = {"share": above}
    else:
        yes, no = meaning.favourable[quantity.item], meaning.unfavourable[quantity.item]
        sides = {"favourable": yes, "unfavourable": no, "neutral": frozenset(range(codes)) - yes - no}
    for name, side in sides.items():
        low, high = item[name]["low"] / 100 * n["low"], item[name]["high"] / 100 * n["high"]
        if item.get("people"):
            low, high = max(low, item["people"][0]), min(high, item["people"][1])
        other = frozenset(range(codes)) - side
        if quantity.places <= side:
            yield 0.0, high
        if side <= quantity.places:
            yield low, np.inf
        if quantity.places <= other:
            yield 0.0, n["high"] - low
        if other <= quantity.places:
            yield n["low"] - high, np.inf


def _by_score(
    meaning: Meaning, quantity: Quantity, items: int, scale: Mapping[str, Any]
) -> Iterator[tuple[float, float]]:
    """The other items give anything from nothing to everything, so that this item's points lie between ends."""
    points = np.array(meaning.points[quantity.item])
    inside = np.zeros(len(points), dtype=bool)
    inside[list(quantity.places)] = True
    own, rest = points[inside], points[~inside]
    worst: list[tuple[float, float]] = []
    for n in (scale["n"]["low"], scale["n"]["high"]):
        low = max(0.0, items * scale["score"]["low"] / 100 * n - (items - 1) * n)
        high = min(float(n), items * scale["score"]["high"] / 100 * n)
        most = float(n)
        if own.max() < 1:
            most = min(most, (n - low) / (1 - own.max()))
        if own.min() > 0:
            most = min(most, high / own.min())
        least = 0.0
        if len(rest) and own.max() > rest.max():
            least = max(least, (low - rest.max() * n) / (own.max() - rest.max()))
        if len(rest) and rest.min() > own.min():
            least = max(least, (n * rest.min() - high) / (rest.min() - own.min()))
        worst.append((least, most))
    yield min(least for least, _ in worst), max(most for _, most in worst)
