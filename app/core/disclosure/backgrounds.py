"""Which answers to background questions may be groups: counts per class of people enter, safe options leave.

Background groups cross the groups of the unit tree, so sums and differences of both may yield a few people.
With one grouping the published groups span f(unit) + g(option) over the classes of people; every member of that
span that touches fewer than `least` people shows up as a set of options which nearly coincides with a set of
units (cut f and -g at the same height), so trying every set of options against its best set of units finds all.
Several groupings are held to the stricter rule that their combined answers be safe as if they were the options
of one grouping: f(unit) + g(all answers together) holds everything their sums can be. On a finding the smallest
option goes, in the end a whole grouping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
MOST_CELLS = 14
"""Options, of several groupings combined ones, of which every set can be tried; more are not published."""


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
    """Whether several groupings together might yield fewer than `least` people, with or without the units."""
    used = [place for place, options in enumerate(shown) if options]
    if len(used) < 2:
        return False
    cell = np.zeros(len(people), dtype=np.int64)
    for place in used:
        column = _reduced(classes.options[:, place], shown[place])
        cell = cell * (int(column.max(initial=0)) + 1) + column
    kept, numbers = np.unique(cell[people > 0], return_inverse=True)
    if len(kept) > MOST_CELLS:
        return True
    table = np.zeros((int(classes.unit.max(initial=0)) + 1, len(kept)), dtype=np.int64)
    np.add.at(table, (classes.unit[people > 0], numbers.reshape(-1)), people[people > 0])
    return _nearly_alike(table, least)


def _reduced(options: Counts, shown: set[int]) -> Counts:
    """0 for everybody in no published option, else 1, 2, ..."""
    numbers = {option: place + 1 for place, option in enumerate(sorted(shown))}
    table = np.array([numbers.get(option, 0) for option in range(int(options.max(initial=0)) + 1)])
    return np.asarray(table[options], dtype=np.int64)
