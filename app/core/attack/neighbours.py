"""Worlds next to this one, all at once: one or two pairs of people exchange answers; what targets then count leaves.

A pair is in the same groups about whose answers something is said, so that of their other groups only the scores move.
Each exchange takes at most half of the room those groups have, so that any two pairs of different people can exchange
together: each such world is one in which every statement is true. None of them is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.core.attack.published import Counts, Floats
from app.core.attack.ranges import Ranges
from app.core.attack.sides import sides
from app.core.attack.walking import Walk

PAIRS = 6_000
MOST_PARTNERS = 8
TOGETHER = 2
ROOM = 1e-9
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class _Pairs:
    """Pairs of people, each from both ends. `inside` and `outside` (pairs,) are the persons; `split` (targets, pairs)
    says of which targets the first is a member and the second isn't."""

    inside: Counts
    outside: Counts
    split: sparse.csc_matrix


def exchanges(walk: Walk, place: int, members: sparse.csr_matrix, ranges: Ranges, active: Counts) -> None:
    """Record for every target what one or two exchanges of answers to a block make of its counts.

    `members` (targets, persons) is where people are now; `active` the number of each of these targets in `ranges`.
    """
    block, columns = walk.said.blocks[place], ranges.of_block[place]
    counts = ranges.counts(place, members, walk.features[place])
    ranges.record(active, place, counts)
    open_ = ranges.open_answers()[np.ix_(active, columns)]
    pairs = _pairs(walk, place, members)
    if not len(pairs.inside) or not open_.any():
        return
    left = _left(walk, place)
    room = _room(walk, place, left)
    for item in range(len(block.items)):
        before, after, fits = _answers(walk, place, item, pairs, room)
        own = [c for c, number in enumerate(columns) if ranges.quantities[number].item == item]
        rows = np.flatnonzero(open_[:, own].any(axis=1))
        if not len(rows):
            continue
        split, alone = pairs.split[rows], members[rows]
        turned = _turned(walk, place, item, left)
        for column in own:
            number = int(columns[column])
            places = np.array(sorted(ranges.quantities[number].places))
            got, had = np.isin(after, places), np.isin(before, places)
            up = _together(split, pairs, np.flatnonzero(fits & got & ~had))
            down = _together(split, pairs, np.flatnonzero(fits & had & ~got))
            own_answer = np.isin(walk.world.answers[place][:, item], places)
            up = np.maximum(up, _persons(alone, turned[:, places].any(axis=1) & ~own_answer))
            elsewhere = np.setdiff1d(np.arange(turned.shape[1]), places)
            down = np.maximum(down, _persons(alone, turned[:, elsewhere].any(axis=1) & own_answer))
            now, where = counts[rows, column], active[rows]
            ranges.high[where, number] = np.maximum(ranges.high[where, number], now + up)
            ranges.low[where, number] = np.minimum(ranges.low[where, number], now - down)


def _pairs(walk: Walk, place: int, members: sparse.csr_matrix) -> _Pairs:
    """People beside a few others in the same hard groups."""
    own = walk.alike(walk.hard[place])
    people = np.arange(len(own.of))
    each = min(MOST_PARTNERS, max(1, PAIRS // max(1, len(people))))
    partners = own.somebody(np.repeat(own.of[:, None], each, axis=1), walk.rng)
    some = np.stack([np.repeat(people, each), partners.ravel()])
    some = np.unique(np.sort(some[:, some[0] != some[1]], axis=0), axis=1)
    inside, outside = np.concatenate([some[0], some[1]]), np.concatenate([some[1], some[0]])
    within = members[:, inside]
    return _Pairs(inside, outside, (within - within.multiply(members[:, outside])).tocsc())


def _answers(
    walk: Walk, place: int, item: int, pairs: _Pairs, room: tuple[Floats, Floats]
) -> tuple[NDArray[np.int8], NDArray[np.int8], Flags]:
    """What the first of each pair answers now and after the exchange, and whether their groups have room for it.

    Of an incidence scale all answers are exchanged, so that it stays known who has anything above the lowest.
    """
    block, world = walk.said.blocks[place], walk.world
    answers = world.answers[place]
    before, after = answers[pairs.inside, item], answers[pairs.outside, item]
    if block.incidence:
        change = world.values[place][pairs.outside] - world.values[place][pairs.inside]
        fits = world.scored[place][pairs.inside] == world.scored[place][pairs.outside]
    else:
        points = np.array([[*meaning.points[item], 0.0] for meaning in block.meanings]).T / len(block.items)
        change = points[after] - points[before]
        fits = (before >= 0) & (after >= 0)
    rise, fall = room
    fits &= (change <= rise[pairs.inside]).all(axis=1) & (-change <= fall[pairs.inside]).all(axis=1)
    fits &= (-change <= rise[pairs.outside]).all(axis=1) & (change <= fall[pairs.outside]).all(axis=1)
    return before, after, np.asarray(fits)


def _turned(walk: Walk, place: int, item: int, left: Floats) -> Flags:
    """(persons, codes): who could have given another answer on the same side, so that no share changes. `left` is the
    room of every statement; TOGETHER people may turn at once."""
    block, rows, answers = walk.said.blocks[place], walk.said.rows[place], walk.world.answers[place][:, item]
    codes = len(block.codes[item])
    found = np.zeros((len(answers), codes), dtype=bool)
    if block.incidence:
        return found
    side, columns = sides(block)[item], block.answers(item)
    points = np.array([meaning.points[item] for meaning in block.meanings]).T / len(block.items)
    values = rows.coefficients[:, [block.value(index) for index in range(len(block.meanings))]]
    for one in range(codes):
        for other in range(codes):
            if one == other or side[one] != side[other]:
                continue
            change = rows.coefficients[:, columns[other]] - rows.coefficients[:, columns[one]]
            change = change + values @ (points[other] - points[one])
            failing = np.zeros(walk.members.shape[0])
            failing[rows.groups[left + TOGETHER * change < 0]] = 1
            found[:, other] |= (answers == one) & (walk.members.T @ failing == 0)
    return found


def _persons(alone: sparse.csr_matrix, chosen: Flags) -> NDArray[np.int32]:
    """For each target how many of the chosen are members, at most TOGETHER."""
    inside = np.asarray(alone @ chosen.astype(np.float64), dtype=np.int32)
    return np.minimum(inside, TOGETHER)


def _left(walk: Walk, place: int) -> Floats:
    """(rows,) by how much each statement about a block holds."""
    rows, sums = walk.said.rows[place], walk.sums[place]
    return np.asarray((rows.coefficients * sums[rows.groups]).sum(axis=1) - rows.bounds)


def _room(walk: Walk, place: int, left: Floats) -> tuple[Floats, Floats]:
    """(persons, meanings): by how much a person's value may rise and fall, TOGETHER times over, before a statement of
    one of their groups without told answers would fail."""
    block, rows, sums = walk.said.blocks[place], walk.said.rows[place], walk.sums[place]
    found = np.full((2, walk.members.shape[1], len(block.meanings)), np.inf)
    passed = np.zeros(len(sums), dtype=bool)
    passed[walk.hard[place]] = True
    member = walk.members.tocoo()
    for index in range(len(block.meanings)):
        weight = rows.coefficients[:, block.value(index)]
        for direction, sign in enumerate(
            (-1.0, 1.0)
        ):  # a negative weight limits the rise, a positive one the fall
            some = (weight * sign > 0) & ~passed[rows.groups]
            room = np.full(len(sums), np.inf)
            np.minimum.at(room, rows.groups[some], left[some] / np.abs(weight[some]) / TOGETHER - ROOM)
            np.minimum.at(found[direction, :, index], member.col, room[member.row])
    return found[0], found[1]


def _together(split: sparse.csc_matrix, pairs: _Pairs, chosen: Counts) -> NDArray[np.int32]:
    """For each target how many of the chosen pairs can exchange at once, at most TOGETHER: where two members and two
    partners occur, two pairs of four different people do."""
    if not len(chosen):
        return np.zeros(split.shape[0], dtype=np.int32)
    within = split[:, chosen].tocsr()
    within.eliminate_zeros()
    numbers = list(_different(within, (pairs.inside[chosen], pairs.outside[chosen])))
    found = np.minimum(np.minimum(numbers[0], numbers[1]), TOGETHER)
    return np.asarray(found, dtype=np.int32)


def _different(within: sparse.csr_matrix, ends: tuple[Counts, Counts]) -> Iterator[Counts]:
    """How many different persons each row has at either end."""
    for persons in ends:
        named = sparse.csr_matrix(
            (np.ones(within.nnz), persons[within.indices[: within.nnz]], within.indptr),
            shape=(within.shape[0], int(persons.max()) + 1),
        )
        named.sum_duplicates()
        yield np.diff(named.indptr)
