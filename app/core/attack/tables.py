"""Cells for a target: strata and answers are kept only as fine as what is published and the target need.

People have a stratum and answers to background questions. Where no published group joins two questions, a table of the
one and a table of the other with the same total in every block of strata can always be put together, so one long
table of all answers is never made: one table of strata, and one for each set of questions that belong together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.core.attack.groups import Region, Wave
from app.core.attack.published import Counts


@dataclass(frozen=True)
class Table:
    """Cells of some questions within blocks of strata; without questions the table of strata itself.

    `blocks` are sets of strata, `questions` background places, `answers` (combinations, questions) their answers.
    Cells are numbered block by block from `first`.
    """

    blocks: tuple[frozenset[int], ...]
    questions: tuple[int, ...]
    answers: Counts
    first: int

    @property
    def cells(self) -> int:
        return len(self.blocks) * len(self.answers)

    def inside(self, region: Region) -> Counts:
        """Cells of this table that lie in the region, which asks after no other question."""
        fits = np.ones(len(self.answers), dtype=bool)
        for place, allowed in region.answers:
            fits &= np.isin(self.answers[:, self.questions.index(place)], list(allowed))
        blocks = np.array(
            [number for number, block in enumerate(self.blocks) if block <= region.strata], dtype=np.int64
        )
        cells: Counts = (self.first + blocks[:, None] * len(self.answers) + np.flatnonzero(fits)).ravel()
        return cells


@dataclass(frozen=True)
class Cells:
    """All tables; the first is that of strata. `links` (rows, cells) are sums that must be 0: a block's people are the
    same in each table."""

    tables: tuple[Table, ...]
    count: int
    links: sparse.csr_matrix
    invited: Counts

    def of(self, region: Region) -> Counts:
        """Raises LookupError when no table holds all questions of the region."""
        for table in self.tables:
            if region.backgrounds <= set(table.questions) and (region.answers or not table.questions):
                return table.inside(region)
        raise LookupError(str(region))


def cells(wave: Wave, regions: Iterable[Region]) -> Cells:
    """Cells that tell apart every published group and each of these regions."""
    wanted = [*(wave.groups[place].region for place in wave.published), *regions]
    sets = _together(wave, wanted)
    tables: list[Table] = []
    first = 0
    for questions in ((), *sets):
        # The table of strata tells all apart; others only the parts of those that ask after their questions.
        cuts = {region.strata for region in wanted if not questions or region.backgrounds & set(questions)}
        if not questions:
            cuts = {region.strata for region in wanted}
        blocks = _blocks(len(wave.plan.strata), cuts)
        sizes = [wave.sizes[place] for place in questions]
        answers = (
            np.stack(np.unravel_index(np.arange(int(np.prod(sizes, dtype=np.int64))), sizes), axis=1)
            if sizes
            else np.zeros((1, 0), dtype=np.int64)
        )
        table = Table(blocks, tuple(questions), answers, first)
        tables.append(table)
        first += table.cells
    invited = np.array([sum(wave.invited[s] for s in block) for block in tables[0].blocks])
    return Cells(tuple(tables), first, _links(tables, first), invited)


def _together(wave: Wave, wanted: Iterable[Region]) -> list[tuple[int, ...]]:
    """Questions that some region joins, as sets."""
    sets = [{place} for place in range(len(wave.sizes))]
    for region in wanted:
        if len(region.backgrounds) > 1:
            touching = [each for each in sets if each & region.backgrounds]
            sets = [each for each in sets if not each & region.backgrounds] + [set().union(*touching)]
    used = {place for region in wanted for place in region.backgrounds}
    return [tuple(sorted(each)) for each in sets if each & used]


def _blocks(strata: int, cuts: Iterable[frozenset[int]]) -> tuple[frozenset[int], ...]:
    ordered = sorted(cuts, key=lambda cut: (len(cut), sorted(cut)))
    found: dict[tuple[int, ...], list[int]] = {}
    signature: list[list[int]] = [[] for _ in range(strata)]
    for number, cut in enumerate(ordered):
        for stratum in cut:
            signature[stratum].append(number)
    for stratum in range(strata):
        found.setdefault(tuple(signature[stratum]), []).append(stratum)
    return tuple(frozenset(block) for block in found.values())


def _links(tables: list[Table], count: int) -> sparse.csr_matrix:
    rows, columns, weights = [], [], []
    number = 0
    whole = tables[0]
    for table in tables[1:]:
        for place, block in enumerate(table.blocks):
            own = table.first + place * len(table.answers) + np.arange(len(table.answers))
            strata = np.array([i for i, part in enumerate(whole.blocks) if part <= block], dtype=np.int64)
            columns.extend([strata, own])
            weights.extend([np.ones(len(strata)), -np.ones(len(own))])
            rows.append(np.full(len(strata) + len(own), number))
            number += 1
    if not rows:
        return sparse.csr_matrix((0, count))
    entries = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_matrix(entries, shape=(number, count))
