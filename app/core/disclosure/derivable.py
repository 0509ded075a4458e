"""What can be worked out from sums: labels of people and their number enter, derivable small groups leave.

Whoever holds exact sums of the published groups can add and subtract them. What that yields is every function
f(unit) + h1(first label) + h2(second label) + ... of people, each function constant on the pieces ("atoms") into
which the published groups cut the people. A choice of groups is safe when no such function but 0 is nonzero for
fewer than `least` people: then neither a group of so few, nor a weighted sum over them, can be derived.

Two steps decide it. (1) Pairs: let A and B be two pieces of one label. When at least `least` pairs of different people
agree on everything else, one of A, the other of B, then any function that is nonzero for fewer than `least` people
leaves one pair untouched, so the function is the same on A and B; they are taken together, and so on. (2) What is
then alike everywhere is a block; a block of `least` people or more is 0. For the few blocks left, a linear
programme looks for the function that weighs least (people times absolute value, 1 on one block, at most 1
elsewhere): its least weight is at most the number of people for whom any derivable function with its greatest value on
that block is nonzero. Where that weight is under `least`, a programme in whole numbers counts those people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
TINY = 1e-7
MOST_BLOCKS = 600
"""Small blocks beyond which each counts as derivable: so many are left only where nearly nothing is alike."""
MOST_LEAKS = 12
SECONDS = 2.0


@dataclass(frozen=True)
class Leak:
    """A function of people that is derivable and small. `weight` (C,): its value for each class of people."""

    weight: Floats


def leaks(labels: Sequence[Counts], people: Counts, least: int) -> list[Leak]:
    """Some of what can be derived about fewer than `least` people; empty when nothing can.

    `labels`: each (C,), the atom of each class of people, units first; `people` (C,) counts each class. At most
    MOST_LEAKS are given.
    """
    there = people > 0
    if not there.any():
        return []
    coordinates = np.stack([_renumbered(label[there]) for label in labels])
    merged = _alike(coordinates, people[there], least)
    blocks, place, sizes = _blocks(merged, people[there])
    large = sizes >= least
    if large.all():
        return []
    found = _small(blocks, sizes, large, least)
    return [Leak(_on_classes(weight, place, there)) for weight in found]


def _on_classes(weight: Floats, place: Counts, there: NDArray[np.bool_]) -> Floats:
    whole = np.zeros(len(there))
    whole[there] = weight[place]
    return whole


def _renumbered(label: Counts) -> Counts:
    return np.unique(label, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _blocks(coordinates: Counts, people: Counts) -> tuple[Counts, Counts, Counts]:
    """(labels of each block (labels, blocks), block of each class, people in each block)."""
    blocks, place = np.unique(coordinates, axis=1, return_inverse=True)
    place = place.reshape(-1)
    sizes = np.bincount(place, weights=people, minlength=blocks.shape[1]).astype(np.int64)
    return blocks, place, sizes


def _alike(coordinates: Counts, people: Counts, least: int) -> Counts:
    """The labels with everything taken together that pairs show to be alike. Units (row 0) stay as they are."""
    current = coordinates.copy()
    changed = True
    while changed:
        changed = False
        for row in range(1, len(current)):
            joined = _joined(current, row, people, least)
            if joined is not None:
                current[row] = joined[current[row]]
                changed = True
    return current


def _joined(current: Counts, row: int, people: Counts, least: int) -> Counts | None:
    """New number of each label of one row, or None when no two of them are alike."""
    count = int(current[row].max()) + 1
    if count == 1:
        return None
    pairs = _pairs(np.delete(current, row, axis=0), current[row], people, count)
    one, other = np.nonzero(np.triu(pairs + pairs.T, 1) >= least)
    if not len(one):
        return None
    number = np.arange(count)
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        number[number == number[b]] = number[a]
    return _renumbered(number)


def _pairs(context: Counts, label: Counts, people: Counts, count: int) -> Counts:
    """How many pairs of different people agree on `context` and have labels a and b; shape (count, count)."""
    keys, place, sizes = _blocks(np.vstack([context, label[None]]), people)
    del place
    same = np.unique(keys[:-1], axis=1, return_inverse=True)[1].reshape(-1)
    order = np.lexsort((keys[-1], same))
    same, values, sizes = same[order], keys[-1][order], sizes[order]
    pairs = np.zeros((count, count), dtype=np.int64)
    for apart in range(1, len(same)):
        both = same[:-apart] == same[apart:]
        if not both.any():
            break
        fewest = np.minimum(sizes[:-apart], sizes[apart:])[both]
        np.add.at(pairs, (values[:-apart][both], values[apart:][both]), fewest)
    return pairs


def _small(blocks: Counts, sizes: Counts, large: NDArray[np.bool_], least: int) -> list[Floats]:
    """Values on all blocks of functions that are 0 on large blocks and weigh less than `least`."""
    free = _zero_on(_one_hot(blocks), large)
    few = np.flatnonzero(~large)
    values = free[few]
    moving = np.abs(values).max(axis=1, initial=0) > TINY
    few, values = few[moving], values[moving]
    found: list[Floats] = []
    seen: set[bytes] = set()
    for place in np.argsort(sizes[few], kind="stable").tolist():
        if len(found) >= MOST_LEAKS:
            break
        weight = _lightest(values, sizes[few], place, least)
        if weight is None:
            continue
        key = np.round(weight / weight[np.argmax(np.abs(weight))], 6).tobytes()
        if key not in seen:
            seen.add(key)
            whole = np.zeros(len(sizes))
            whole[few] = weight
            found.append(whole)
    return found


def _one_hot(blocks: Counts) -> Floats:
    parts = []
    for row in blocks:
        part = np.zeros((len(row), int(row.max()) + 1))
        part[np.arange(len(row)), row] = 1
        parts.append(part)
    return np.hstack(parts)


def _zero_on(indicators: Floats, large: NDArray[np.bool_]) -> Floats:
    """Values on all blocks of a basis of the functions that are 0 on the large ones; (blocks, dimensions)."""
    rows = indicators[large]
    if not len(rows):
        return indicators
    _, values, vectors = np.linalg.svd(rows, full_matrices=True)
    rank = int((values > TINY * max(rows.shape)).sum())
    basis = indicators @ vectors[rank:].T
    basis[np.abs(basis) < TINY] = 0
    return np.asarray(basis[:, np.abs(basis).max(axis=0, initial=0) > 0])


def _lightest(values: Floats, sizes: Counts, place: int, least: int) -> Floats | None:
    """A function that is 1 at `place`, at most 1 elsewhere, and nonzero for fewer than `least` people; (blocks,).

    None when there is none. `values` (blocks, dimensions) is a basis of the functions there are.
    """
    blocks, free = values.shape
    if blocks > MOST_BLOCKS:
        return _only(blocks, place)
    cost = np.concatenate([np.zeros(free), sizes.astype(np.float64)])
    identity = np.eye(blocks)
    bounded = optimize.LinearConstraint(
        np.block([[values, -identity], [-values, -identity]]), -np.inf, np.zeros(2 * blocks)
    )
    fixed = optimize.LinearConstraint(np.concatenate([values[place], np.zeros(blocks)])[None], 1, 1)
    bounds = optimize.Bounds(
        np.concatenate([np.full(free, -np.inf), np.zeros(blocks)]),
        np.concatenate([np.full(free, np.inf), np.ones(blocks)]),
    )
    for whole in (False, True):
        integrality = np.concatenate([np.zeros(free), np.full(blocks, float(whole))])
        found = optimize.milp(
            cost,
            integrality=integrality,
            constraints=[bounded, fixed],
            bounds=bounds,
            options={"time_limit": SECONDS},
        )
        if found.status == 2:  # no function is 1 here and at most 1 elsewhere
            return None
        if found.status != 0:
            return _only(blocks, place)
        if found.fun >= least - TINY:
            return None
        weight: Floats = values @ np.asarray(found.x)[:free]
        weight[np.abs(weight) < TINY] = 0
        if int(sizes[weight != 0].sum()) < least:
            return weight
    return weight


def _only(blocks: int, place: int) -> Floats:
    weight = np.zeros(blocks)
    weight[place] = 1
    return weight
