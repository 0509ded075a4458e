"""Which answers to background questions may be groups: counts per class of people enter, safe options leave.

Background groups cross the groups of the unit tree, so sums and differences of both may yield a few people.
With one grouping the published groups span f(unit) + g(option) over the classes of people; every member of that
span that touches fewer than `least` people shows up as a set of options which nearly coincides with a set of
units (cut f and -g at the same height), so trying every set of options against its best set of units finds
all. With more groupings the pairs are tried likewise, and then the span of everything together is searched for
members that touch one to three small classes. On a finding the smallest option goes, in the end the grouping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
MOST_CELLS = 14
"""Options of one grouping of which every set can be tried; a grouping with more is withheld."""
MOST_FOR_TRIPLES = 100
MOST_UNITS = 2_000
"""Unit groups beside which several groupings can be searched; beyond that one grouping is published."""
TOLERANCE = 1e-7


@dataclass(frozen=True)
class Classes:
    """People by class. `unit` (C,): the atom of the published unit groups each class lies in, counted from 0; the
    published groups and their atoms span the same. `options` (C, groupings): answer index + 1, 0 for none."""

    unit: Counts
    options: Counts


def choose_options(
    classes: Classes, people: Counts, least: int, allowed: Sequence[frozenset[int]]
) -> tuple[frozenset[int], ...]:
    """The options of each grouping that may be published. `people` (C,) counts each class; `allowed` restricts."""
    shown = [
        _against(people, classes.unit, classes.options[:, place], least, set(options))
        for place, options in enumerate(allowed)
    ]
    while any(shown):
        if not _crossing(classes, people, least, shown):
            break
        _hide_smallest(classes, people, least, shown)
    return tuple(map(frozenset, shown))


def _hide_smallest(classes: Classes, people: Counts, least: int, shown: list[set[int]]) -> None:
    sizes = [
        (int(people[classes.options[:, place] == option].sum()), place, option)
        for place, options in enumerate(shown)
        for option in options
    ]
    _, place, option = min(sizes)
    shown[place] = _against(people, classes.unit, classes.options[:, place], least, shown[place] - {option})


def _against(people: Counts, others: Counts, options: Counts, least: int, allowed: set[int]) -> set[int]:
    """Options that are safe beside one partition of the same people (the units' finest groups)."""
    table = np.zeros((int(others.max(initial=0)) + 1, int(options.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(table, (others, options), people)
    sizes = table.sum(axis=0)
    shown = {option for option in allowed if option < len(sizes) and sizes[option] >= least}
    while shown:
        rest = int(sizes.sum()) - sum(int(sizes[option]) for option in shown)
        if rest == 0 or rest >= least:
            cells = _cells(table, shown)
            if cells.shape[1] <= MOST_CELLS and not _nearly_alike(cells, least):
                break
        shown.remove(min(shown, key=lambda option: (sizes[option], option)))
    return shown


def _cells(table: Counts, shown: set[int]) -> Counts:
    """Columns of the published options, and one of everybody else if there is anybody."""
    hidden = [column for column in range(table.shape[1]) if column not in shown]
    rest = table[:, hidden].sum(axis=1)
    columns = [table[:, option] for option in sorted(shown)]
    return np.stack([*columns, rest] if rest.any() else columns, axis=1)


def _nearly_alike(cells: Counts, least: int) -> bool:
    """Whether some set of columns differs from its best set of rows by 1 to `least` - 1 people."""
    count = cells.shape[1]
    sets = np.arange(1, 1 << max(0, count - 1))
    chosen = (sets[:, None] >> np.arange(count)) & 1
    inside = np.rint(chosen.astype(np.float64) @ cells.T.astype(np.float64)).astype(np.int64)
    apart = np.minimum(inside, cells.sum(axis=1) - inside).sum(axis=1)
    return bool(((apart > 0) & (apart < least)).any())


def _crossing(classes: Classes, people: Counts, least: int, shown: Sequence[set[int]]) -> bool:
    """Whether groupings together, or with the units, yield fewer than `least` people."""
    used = [place for place, options in enumerate(shown) if options]
    if len(used) < 2:
        return False
    columns = {place: _reduced(classes.options[:, place], shown[place]) for place in used}
    for one, two in combinations(used, 2):
        table = np.zeros((int(columns[one].max()) + 1, int(columns[two].max()) + 1), dtype=np.int64)
        np.add.at(table, (columns[one], columns[two]), people)
        if _nearly_alike(table[:, table.any(axis=0)], least):
            return True
    return _small_support(classes, people, least, list(columns.values()))


def _reduced(options: Counts, shown: set[int]) -> Counts:
    """0 for everybody in no published option, else 1, 2, ..."""
    numbers = {option: place + 1 for place, option in enumerate(sorted(shown))}
    table = np.array([numbers.get(option, 0) for option in range(int(options.max(initial=0)) + 1)])
    return np.asarray(table[options], dtype=np.int64)


def _small_support(classes: Classes, people: Counts, least: int, columns: list[Counts]) -> bool:
    """Whether the span of all published indicators holds something about one to three small classes alone."""
    if not people.any():
        return False
    keys = np.stack([classes.unit, *columns], axis=1)
    kept, place = np.unique(keys[people > 0], axis=0, return_inverse=True)
    if int(kept[:, 0].max()) >= MOST_UNITS:
        return True
    sizes = np.bincount(place.reshape(-1), weights=people[people > 0]).astype(np.int64)
    rows = [np.equal.outer(np.arange(column.max() + 1), column) for column in kept.T]
    matrix = np.concatenate(rows).astype(np.float64)
    values, vectors = np.linalg.eigh(matrix @ matrix.T)
    good = values > TOLERANCE * values[-1]
    basis = (matrix.T @ vectors[:, good]) / np.sqrt(values[good])
    small = np.flatnonzero(sizes < least)
    if not len(small):
        return False
    left = 1 - (basis[small] ** 2).sum(axis=1)
    if (left < TOLERANCE).any() or _parallel(basis, small, left, sizes, least):
        return True
    return len(small) <= MOST_FOR_TRIPLES and _dependent_triple(basis[small], sizes[small], least)


def _parallel(
    basis: NDArray[np.float64], small: NDArray[np.intp], left: NDArray[np.float64], sizes: Counts, least: int
) -> bool:
    """Whether two small classes have the same residual direction, found by sorting random projections of it."""
    random = np.random.default_rng(0).standard_normal((len(basis), 3))
    seen = (random[small] - basis[small] @ (basis.T @ random)) / np.sqrt(left)[:, None]
    seen *= np.sign(seen[:, :1])
    order = np.argsort(seen[:, 0])
    for step in range(1, min(4, len(order))):
        one, two = order[:-step], order[step:]
        same = np.abs(seen[one] - seen[two]).max(axis=1) < 1e-6
        if (same & (sizes[small[one]] + sizes[small[two]] < least)).any():
            return True
    return False


def _dependent_triple(basis: NDArray[np.float64], sizes: Counts, least: int) -> bool:
    gram = np.eye(len(basis)) - basis @ basis.T
    for place in range(len(basis) - 2):
        rest = np.arange(place + 1, len(basis))
        beside = gram[rest, place] / gram[place, place]
        after = gram[np.ix_(rest, rest)] - np.outer(beside, gram[place, rest])
        diagonal = np.diag(after)
        determinant = np.outer(diagonal, diagonal) - after**2
        few = sizes[place] + sizes[rest][:, None] + sizes[rest][None, :] < least
        if (np.triu(few & (determinant < TOLERANCE), k=1)).any():
            return True
    return False
