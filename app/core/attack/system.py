"""Statements as a linear programme over cells: what people know of a target's size or answers, as bounds.

A system has a variable for each cell and each feature of one block (or, for sizes, people and the scores of every
block). Locally a cell has no more scored people than people, no more answers than scored people, and a score that
its answers allow: a person's score is the mean of the answered items, so that skipped ones add at most what is
missing to 1. That last is looser than the truth, never tighter: the attacker may miss something, but invents nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.attack.statements import Block, Rows, Statements
from app.core.attack.tables import Cells

# What the solver may be wrong by, in people.
TOLERANCE = 1e-5
INFEASIBLE = 2


@dataclass(frozen=True)
class Bound:
    """Least and greatest whole number by the linear bounds; `groups` are those whose statements were used.

    `possible` is False when the statements contradict each other.
    """

    low: int
    high: int
    groups: frozenset[int]
    possible: bool = True


@dataclass(frozen=True)
class System:
    """upper @ v <= limit, equal @ v = 0, 0 <= v <= most; `said` names the group of each upper row, -1 for a local one.

    `width` features a cell; `whole` (features,) says which must be whole numbers.
    """

    width: int
    upper: sparse.csr_matrix
    limit: Floats
    equal: sparse.csr_matrix
    most: Floats
    said: Counts
    whole: np.ndarray[Any, np.dtype[np.bool_]]

    def objective(self, cells: Counts, columns: Sequence[int]) -> Floats:
        weights = np.zeros(self.upper.shape[1])
        for column in columns:
            weights[cells * self.width + column] = 1.0
        return weights

    def bound(self, weights: Floats) -> Bound:
        least, used_low, possible = self._solve(weights)
        if not possible:
            return Bound(0, -1, frozenset(), False)
        most, used_high, _ = self._solve(-weights)
        low, high = int(np.ceil(least - TOLERANCE)), int(np.floor(-most + TOLERANCE))
        return Bound(low, high, used_low | used_high)

    def _solve(self, weights: Floats) -> tuple[float, frozenset[int], bool]:
        result = linprog(
            weights, A_ub=self.upper, b_ub=self.limit, A_eq=self.equal, b_eq=np.zeros(self.equal.shape[0]),
            bounds=np.stack([np.zeros_like(self.most), self.most], axis=1), method="highs",
        )  # fmt: skip
        if result.status == INFEASIBLE:
            return 0.0, frozenset(), False
        if result.status != 0:
            # Nothing is known then: the trivial bound.
            return (0.0 if weights.sum() >= 0 else -float(self.most @ np.abs(weights))), frozenset(), True
        duals = np.abs(np.asarray(result.ineqlin.marginals))
        used = self.said[(duals > 1e-7) & (self.said >= 0)]
        return float(result.fun), frozenset(int(group) for group in used), True

    @cached_property
    def _whole(self) -> Counts:
        return np.tile(self.whole.astype(np.int64), self.upper.shape[1] // self.width)

    def reaches(self, weights: Floats, at_least: int, seconds: float) -> bool | None:
        """Whether whole numbers exist with weights . v >= at_least; None when that was not decided in time."""
        constraints = [
            LinearConstraint(self.upper, -np.inf, self.limit),
            LinearConstraint(sparse.csr_matrix(weights), at_least - TOLERANCE, np.inf),
        ]
        if self.equal.shape[0]:
            constraints.append(LinearConstraint(self.equal, 0, 0))
        result = milp(
            np.zeros_like(weights), integrality=self._whole, bounds=Bounds(0, self.most),
            constraints=constraints, options={"time_limit": seconds},
        )  # fmt: skip
        if result.status == INFEASIBLE:
            return False
        return True if result.x is not None else None


def of_block(wave: Wave, said: Statements, cells: Cells, place: int) -> System:
    """People and everything that is said about one block."""
    block = said.blocks[place]
    local, limits = _local(block)
    whole = np.ones(block.width, dtype=bool)
    if not block.incidence:
        whole[2 : 2 + len(block.meanings)] = False
    parts = [_spread(said.people, [0]), (said.rows[place], list(range(block.width)))]
    return _assemble(wave, cells, block.width, local, limits, parts, whole)


def of_people(wave: Wave, said: Statements, cells: Cells, *, scores: bool = True) -> System:
    """People, and with `scores` for every block who is scored and the scores: all that is said about sizes."""
    width = 1
    parts: list[tuple[Rows, list[int]]] = [_spread(said.people, [0])]
    local: list[dict[int, float]] = []
    whole = [True]
    for block, rows in zip(said.blocks, said.rows, strict=True) if scores else ():
        scored, values = width, range(width + 1, width + 1 + len(block.meanings))
        local.append({scored: 1.0, 0: -1.0})
        local.extend({value: 1.0, scored: -1.0} for value in values)
        plain = ~(rows.coefficients[:, 2 + len(block.meanings) :] != 0).any(axis=1)
        kept = Rows(
            rows.groups[plain], rows.coefficients[plain][:, : 2 + len(block.meanings)], rows.bounds[plain]
        )
        parts.append((kept, [0, scored, *values]))
        whole += [True, *(block.incidence for _ in values)]
        width = values.stop
    return _assemble(wave, cells, width, local, [0.0] * len(local), parts, np.array(whole))


def _spread(rows: Rows, columns: list[int]) -> tuple[Rows, list[int]]:
    return rows, columns


def _local(block: Block) -> tuple[list[dict[int, float]], list[float]]:
    """Rows that hold in every cell: coefficients . features <= 0."""
    found: list[dict[int, float]] = [{1: 1.0, 0: -1.0}]
    items = len(block.items)
    everything: dict[int, float] = {}
    for item in range(items):
        answers = dict.fromkeys(block.answers(item), 1.0)
        found.append({**answers, 1: -1.0})
        everything.update(answers)
    found.append({**dict.fromkeys(everything, -1.0), 1: float(block.least)})
    for index in range(len(block.meanings)):
        found.extend(_local_value(block, index, everything))
    return found, [0.0] * len(found)


def _local_value(block: Block, index: int, everything: dict[int, float]) -> list[dict[int, float]]:
    value, items = block.value(index), len(block.items)
    points = {
        column: point
        for item in range(items)
        for column, point in zip(block.answers(item), block.meanings[index].points[item], strict=True)
    }
    if block.incidence:
        above = [
            {column: points[column] for column in block.answers(item) if points[column]}
            for item in range(items)
        ]
        each = [{**part, value: -1.0} for part in above]
        return [*each, {**{c: -1.0 for part in above for c in part}, value: 1.0}, {value: 1.0, 1: -1.0}]
    least = {column: point / items for column, point in points.items() if point}
    most = {column: -points[column] / items + 1.0 / items for column in everything}
    return [{**least, value: -1.0}, {**most, value: 1.0, 1: -1.0}]


def _assemble(
    wave: Wave, cells: Cells, width: int, local: list[dict[int, float]], limits: list[float],
    parts: list[tuple[Rows, list[int]]], whole: np.ndarray[Any, np.dtype[np.bool_]],
) -> System:  # fmt: skip
    matrix = np.zeros((len(local), width))
    for row, coefficients in enumerate(local):
        for column, weight in coefficients.items():
            matrix[row, column] = weight
    upper = [sparse.kron(sparse.identity(cells.count), sparse.csr_matrix(matrix))]
    limit = [np.tile(np.array(limits), cells.count)]
    said = [np.full(len(local) * cells.count, -1)]
    members = _members(wave, cells)
    for rows, columns in parts:
        if not len(rows.groups):
            continue
        wide = np.zeros((len(rows.groups), width))
        wide[:, columns] = rows.coefficients
        upper.append(-_row_by_row(members[rows.groups], wide))
        limit.append(-rows.bounds)
        said.append(rows.groups)
    equal = sparse.kron(cells.links, sparse.identity(width)).tocsr()
    invited = np.full(cells.count, float(cells.invited.sum()))
    invited[: len(cells.invited)] = cells.invited
    most = np.repeat(invited, width)
    return System(
        width, sparse.vstack(upper).tocsr(), np.concatenate(limit), equal, most, np.concatenate(said), whole
    )


def _members(wave: Wave, cells: Cells) -> sparse.csr_matrix:
    """(groups, cells): published groups as sums of cells."""
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for place in wave.published:
        own = cells.of(wave.groups[place].region)
        rows.append(np.full(len(own), place))
        columns.append(own)
    row, column = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(wave.groups), cells.count))


def _row_by_row(members: sparse.csr_matrix, wide: Floats) -> sparse.csr_matrix:
    """Row r is the outer product of members[r] and wide[r], laid out cell by cell."""
    width = wide.shape[1]
    counts = np.diff(members.indptr)
    row = np.repeat(np.arange(len(wide)), counts)
    data = (members.data[:, None] * wide[row]).ravel()
    columns = (members.indices[:, None].astype(np.int64) * width + np.arange(width)).ravel()
    made = sparse.csr_matrix(
        (data, (np.repeat(row, width), columns)), shape=(len(wide), members.shape[1] * width)
    )
    made.eliminate_zeros()
    return made
