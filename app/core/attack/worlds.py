"""Worlds: people with answers, made so that every statement holds; the truth enters, whole-number points leave.

A world is one way things could have been. It holds persons, so that its tables are whole numbers that fit each
other by construction; only what skipped questions add to a score is a fraction within its bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats, Truth
from app.core.attack.statements import Block, Rows, Statements

Answers = NDArray[np.int8]


@dataclass
class World:
    """Persons, the n of them: `strata` (n,), `options` (n, G), per block `answers` (n, items; -1 none, else the place
    among the counted codes), `scored` (n,) and `values` (n, meanings)."""

    strata: Counts
    options: Counts
    answers: list[Answers]
    scored: list[NDArray[np.bool_]]
    values: list[Floats]

    def copy(self) -> World:
        return World(
            self.strata.copy(),
            self.options.copy(),
            [each.copy() for each in self.answers],
            [each.copy() for each in self.scored],
            [each.copy() for each in self.values],
        )


class Membership:
    """Which persons are in which groups, as one sparse matrix a world: (groups, persons)."""

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        axes: dict[tuple[int, ...], list[int]] = {}
        for place, group in enumerate(wave.groups):
            axes.setdefault(tuple(sorted(group.region.backgrounds)), []).append(place)
        self._axes = {axis: self._axis(axis, groups) for axis, groups in axes.items()}

    def _axis(self, axis: tuple[int, ...], groups: list[int]) -> sparse.csc_matrix:
        """(groups, stratum x answers): all groups that ask after the same questions."""
        strata = len(self.wave.plan.strata)
        sizes = [self.wave.sizes[place] for place in axis]
        rows, columns = [], []
        for place in groups:
            region = self.wave.groups[place].region
            cells = np.array(sorted(region.strata))
            for (_, allowed), size in zip(region.answers, sizes, strict=True):
                cells = (cells[:, None] * size + np.array(sorted(allowed))).ravel()
            rows.append(np.full(len(cells), place))
            columns.append(cells)
        row, column = np.concatenate(rows), np.concatenate(columns)
        shape = (len(self.wave.groups), strata * int(np.prod(sizes, dtype=np.int64)))
        return sparse.csc_matrix((np.ones(len(row)), (row, column)), shape=shape)

    def of(self, world: World) -> sparse.csr_matrix:
        total = None
        for axis, matrix in self._axes.items():
            cells = world.strata
            for place in axis:
                cells = cells * self.wave.sizes[place] + world.options[:, place]
            part = matrix[:, cells]
            total = part if total is None else total + part
        assert total is not None
        return total.tocsr()


def features(world: World, place: int, block: Block) -> Floats:
    """(persons, features) of a block."""
    found = np.zeros((len(world.strata), block.width))
    found[:, 0] = 1
    found[:, 1] = world.scored[place]
    found[:, 2 : 2 + len(block.meanings)] = world.values[place]
    answers = world.answers[place]
    for item in range(len(block.items)):
        there = np.flatnonzero(answers[:, item] >= 0)
        found[there, block.answers(item).start + answers[there, item]] = 1
    return found


def slack(rows: Rows, sums: Floats) -> Floats:
    """How far each row is from failing; negative where it fails. `sums` (groups, features)."""
    found: Floats = np.einsum("rf,rf->r", rows.coefficients, sums[rows.groups]) - rows.bounds
    return found


def holds(wave: Wave, said: Statements, membership: Membership, world: World) -> bool:
    """Whether every statement is true in this world, and it is possible at all: headcounts, scores, bounds."""
    if (np.bincount(world.strata, minlength=len(wave.invited)) > np.array(wave.invited)).any():
        return False
    matrix = membership.of(world)
    if len(said.people.groups):
        people = np.asarray(matrix.sum(axis=1)).reshape(-1, 1)
        if (slack(said.people, people) < 0).any():
            return False
    for place, block in enumerate(said.blocks):
        if not _possible(world, place, block):
            return False
        if (
            len(said.rows[place].groups)
            and (slack(said.rows[place], matrix @ features(world, place, block)) < 0).any()
        ):
            return False
    return True


def _possible(world: World, place: int, block: Block) -> bool:
    """A scored person answered enough; a value lies between the points and the points with skipped items at most 1."""
    answers, scored, values = world.answers[place], world.scored[place], world.values[place]
    answered = (answers >= 0).sum(axis=1)
    if (answered[scored] < block.least).any() or answered[~scored].any() or values[~scored].any():
        return False
    for index in range(len(block.meanings)):
        least, most = value_bounds(block, index, answers)
        if (values[:, index] < least - 1e-9).any() or (values[:, index] > most + 1e-9).any():
            return False
    return True


def points_of(block: Block, index: int, answers: Answers) -> Floats:
    """(persons, items) points on 0 to 1, 0 for no answer."""
    found = np.zeros(answers.shape)
    for item, points in enumerate(block.meanings[index].points):
        found[:, item] = np.array([*points, 0.0])[answers[:, item]]
    return found


def value_bounds(block: Block, index: int, answers: Answers) -> tuple[Floats, Floats]:
    """Least and greatest value of each person, for what is answered."""
    points = points_of(block, index, answers)
    if block.incidence:
        most: Floats = points.max(axis=1)
        return most, most
    least: Floats = points.sum(axis=1) / len(block.items)
    answered = (answers >= 0).sum(axis=1)
    return least, np.where(answered > 0, least + 1 - answered / len(block.items), 0.0)


def start(wave: Wave, said: Statements, truths: Sequence[Truth | None]) -> World:
    """Persons with the truth's tables; which answers of a class belong together is made up, and says nothing.

    `truths` has one of the same people per edition; None where another edition's will do.
    """
    known = [truth for truth in truths if truth is not None]
    first = known[0]
    people = first.people.astype(np.int64)
    classes = np.repeat(np.arange(len(people)), people)
    rank = np.arange(len(classes)) - np.repeat(np.cumsum(people) - people, people)
    world = World(first.strata[classes].astype(np.int64), first.options[classes].astype(np.int64), [], [], [])
    for block in said.blocks:
        truth = truths[block.meanings[0].edition] or first
        answers, scored = _answers_of(wave, block, truth, classes, rank)
        world.answers.append(answers)
        world.scored.append(scored)
        values = [
            _values(block, index, truths[meaning.edition], classes, answers)
            for index, meaning in enumerate(block.meanings)
        ]
        world.values.append(np.array(values).T)
    return world


def _answers_of(
    wave: Wave, block: Block, truth: Truth, classes: Counts, rank: Counts
) -> tuple[Answers, NDArray[np.bool_]]:
    tables = list(_tables(wave, block, truth))
    scale = block.meanings[0].scale
    scored_count = truth.scored[scale].astype(np.int64)
    scored = rank < scored_count[classes]
    if block.incidence:
        above = truth.values.get(scale)
        return _bundle(block, tables, scored_count, above, classes, rank), scored
    answers = np.full((len(classes), len(block.items)), -1, dtype=np.int8)
    gap = np.zeros(len(scored_count), dtype=np.int64)  # where in each class the next skipped question goes
    wide = np.maximum(scored_count, 1)
    for item, table in enumerate(tables):
        answered = table.sum(axis=1)
        skipped = scored_count - answered
        turn = (rank - gap[classes]) % wide[classes] - skipped[classes]
        there = scored & (turn >= 0)
        flat = np.repeat(np.tile(np.arange(table.shape[1]), len(table)), table.ravel())
        first = np.cumsum(answered) - answered
        answers[there, item] = flat[(first[classes] + turn)[there]]
        gap = (gap + skipped) % wide
    return answers, scored


def _tables(wave: Wave, block: Block, truth: Truth) -> Iterator[Counts]:
    """(classes, counted codes) of each item."""
    instrument = wave.editions[block.meanings[0].edition].plan.questionnaire
    places = {item.id: place for place, item in enumerate(instrument.coded)}
    for item, codes in zip(block.items, block.codes, strict=True):
        own = instrument.options_of(instrument.item(item)).codes
        yield truth.items[:, places[item]][:, [1 + own.index(code) for code in codes]].astype(np.int64)


def _bundle(
    block: Block, tables: list[Counts], scored: Counts, above: Floats | None, classes: Counts, rank: Counts
) -> Answers:
    """Answers of an incidence scale, paired so that as many people as the truth says have anything above the lowest."""
    answers = np.full((len(classes), len(block.items)), -1, dtype=np.int8)
    starts = np.searchsorted(classes, np.arange(len(scored)))
    points = [np.array(each) > 0 for each in block.meanings[0].points]
    for place, count in enumerate(scored):
        if not count:
            continue
        own = answers[starts[place] : starts[place] + count]
        counts = [table[place] for table in tables]
        high = [int(each[up].sum()) for each, up in zip(counts, points, strict=True)]
        wanted = round(float(above[place])) if above is not None else max(high)
        covered = 0
        for item, (each, up) in enumerate(zip(counts, points, strict=True)):
            fresh = max(0, min(high[item], wanted - covered))
            where = [*range(covered, covered + fresh), *range(high[item] - fresh)]
            own[where, item] = np.repeat(np.flatnonzero(up), each[up])
            covered += fresh
        _fill_lowest(own, counts, points)
        _level(own, points, len(counts) - block.least)
    return answers


def _fill_lowest(own: Answers, counts: list[Counts], points: list[NDArray[np.bool_]]) -> None:
    """Skipped questions go to those who skipped least so far, so that everybody answered enough."""
    skipped = np.zeros(len(own), dtype=np.int64)
    for item, (each, up) in enumerate(zip(counts, points, strict=True)):
        free = np.flatnonzero(own[:, item] < 0)
        free = free[np.argsort(skipped[free], kind="stable")]
        lowest = np.repeat(np.flatnonzero(~up), each[~up])
        gap = len(free) - len(lowest)
        skipped[free[:gap]] += 1
        own[free[gap:], item] = lowest


def _level(own: Answers, points: list[NDArray[np.bool_]], most: int) -> None:
    """Nobody may have skipped more than `most` questions: who did takes an answer from somebody who skipped fewer. Who
    has anything above the lowest stays as it is."""
    up = np.stack([np.append(each, False)[own[:, item]] for item, each in enumerate(points)], axis=1)
    for person in np.flatnonzero((own < 0).sum(axis=1) > most):
        for item in np.flatnonzero(own[person] < 0):
            skipped = (own < 0).sum(axis=1)
            if skipped[person] <= most:
                break
            able = (own[:, item] >= 0) & (skipped < most)
            # An answer above the lowest may go to somebody who has one already, from somebody who keeps another.
            able &= ~up[:, item] | ((up.sum(axis=1) > 1) & bool(up[person].any()))
            if able.any():
                giver = int(np.flatnonzero(able)[int(skipped[able].argmin())])
                pair = np.array([int(person), giver])
                own[pair, item] = own[pair[::-1], item]
                up[pair, item] = up[pair[::-1], item]


def _values(block: Block, index: int, truth: Truth | None, classes: Counts, answers: Answers) -> Floats:
    """Values of persons that add up to the truth's in each class, as far as what was skipped allows."""
    least, most = value_bounds(block, index, answers)
    if block.incidence:
        return least
    answered = np.maximum((answers >= 0).sum(axis=1), 1)
    natural = least * len(block.items) / answered
    known = truth.values.get(block.meanings[index].scale) if truth is not None else None
    if known is None:
        return np.asarray(natural)
    room = np.bincount(classes, most - least, minlength=len(known))
    wanted = known - np.bincount(classes, least, minlength=len(known))
    part = np.where(room > 1e-12, wanted / np.maximum(room, 1e-12), 0.0)
    return np.asarray(least + np.clip(part, 0, 1)[classes] * (most - least))
