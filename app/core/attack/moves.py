"""Changes worth trying: wishes enter, a walk makes those that fit.

Published shares leave hardly any room, so that most changes give and take: two people in the same groups exchange an answer,
or four people around a square of groups, so that every published sum stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.core.attack.published import Counts
from app.core.attack.ranges import Flags
from app.core.attack.sides import sides
from app.core.attack.walking import Classes, Entries, Places, Walk, alike
from app.core.attack.worlds import points_of

CANDIDATES = 32
# How often an exchange of places is mended: the surest way, and the slowest.
MENDED = 0.6
MEND_AT_ONCE = 6
# People a class, at least, for classes that are to find each other.
ALIKE = 4


@dataclass(frozen=True)
class Wish:
    """What should change, one a row: an answer to `items` by somebody of `persons` (rows, candidates) into the answer set
    `inside` (rows, most codes) where `up`, else out of it."""

    persons: Counts
    items: Counts
    inside: NDArray[np.bool_]
    up: NDArray[np.bool_]

    def fits(self, answers: NDArray[np.int8], other: NDArray[np.int8]) -> Flags:
        """Whether giving the answer `other` to somebody with `answers` is what is wished; both (rows, candidates)."""
        rows, up = np.arange(len(answers))[:, None], self.up[:, None]
        found: Flags = (answers >= 0) & (other >= 0)
        found &= (self.inside[rows, answers] != up) & (self.inside[rows, other] == up)
        return found


class Moves:
    """Ways to change a walk's world."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.rng = walk, walk.rng
        groups = walk.wave.groups
        everybody = frozenset(range(len(walk.wave.plan.strata)))
        self.axes = 1 + len(walk.wave.sizes)
        # Which groups ask for a stratum (axis 0) or for an answer to each question (1 and up).
        self._asks = np.zeros((self.axes, len(groups)), dtype=bool)
        for place, group in enumerate(groups):
            self._asks[0, place] = group.region.strata != everybody
            for question in group.region.backgrounds:
                self._asks[1 + question, place] = True
        self._any_hard = np.unique(np.concatenate(walk.hard)) if walk.hard else np.zeros(0, dtype=np.int64)
        self._published = np.array(walk.wave.published, dtype=np.int64)
        self._strata = self._strata_alike()
        self._sides = [sides(block) for block in walk.said.blocks]

    def _strata_alike(self) -> Classes:
        """Strata in the same units about whose answers something is said."""
        parts = [self.walk.wave.groups[place].region.strata for place in self._any_hard]
        tokens: dict[tuple[bool, ...], int] = {}
        return alike(
            np.array(
                [
                    tokens.setdefault(tuple(stratum in part for part in parts), len(tokens))
                    for stratum in range(len(self.walk.wave.plan.strata))
                ]
            )
        )

    def swap_answers(self, place: int, wish: Wish) -> None:
        """Exchange answers to one item between a person and somebody in the same hard groups."""
        walk = self.walk
        answers = walk.world.answers[place]
        own = walk.alike(walk.hard[place])
        partners = own.somebody(own.of[wish.persons], self.rng)
        column = wish.items[:, None]
        fits = wish.fits(answers[wish.persons, column], answers[partners, column])
        (persons, partners), chosen = _first_fit(fits, wish.persons, partners)
        items = wish.items[chosen]
        if walk.said.blocks[place].incidence:
            fresh = _apart(np.stack([persons, partners], axis=1))
            walk.settle_bundles(place, persons[fresh], partners[fresh])
            return
        count = len(walk.said.blocks[place].items)
        fresh = _apart(np.stack([persons, partners], axis=1) * count + items[:, None])
        persons, partners, items = persons[fresh], partners[fresh], items[fresh]
        made = _entries(items, (persons, answers[partners, items]), (partners, answers[persons, items]))
        walk.settle_answers(place, self._balanced(place, made, persons, partners, items))

    def _balanced(
        self, place: int, made: Entries, persons: Counts, partners: Counts, items: Counts
    ) -> Entries:
        """With each exchange one the other way, of another answer between two people in the same groups as these two, so
        that scores stay near what they were. Half of the exchanges stay alone."""
        walk, rng = self.walk, self.rng
        block, answers = walk.said.blocks[place], walk.world.answers[place]
        points = points_of(block, 0, answers)
        own = walk.alike(self._published)
        shape = (len(items), CANDIDATES)
        one = own.somebody(np.broadcast_to(own.of[persons][:, None], shape), rng)
        other = own.somebody(np.broadcast_to(own.of[partners][:, None], shape), rng)
        also = rng.integers(0, len(block.items), shape)
        shift = (points[partners, items] - points[persons, items])[:, None]
        left = np.abs(shift + points[other, also] - points[one, also])
        left[(answers[one, also] < 0) | (answers[other, also] < 0)] = np.inf
        rows = np.arange(len(items))
        best = left.argmin(axis=1) if len(items) else rows
        better = (left[rows, best] < np.abs(shift[:, 0])) & (rng.random(len(items)) < 0.5)
        moves, best = rows[better], best[better]
        one, other, also = one[moves, best], other[moves, best], also[moves, best]
        keys = np.stack([one, other], axis=1) * len(block.items) + also[:, None]
        fresh = _apart(keys) & ~np.isin(keys, made.persons * len(block.items) + made.items).any(axis=1)
        one, other, also, moves = one[fresh], other[fresh], also[fresh], moves[fresh]
        return Entries(
            np.concatenate([made.moves, moves, moves]),
            np.concatenate([made.persons, one, other]),
            np.concatenate([made.items, also, also]),
            np.concatenate([made.new, answers[other, also], answers[one, also]]),
        )

    def change_answers(self, place: int, wish: Wish, *, same_side: bool = False) -> None:
        """Give single people another answer; a few at a time, for what is said leaves little room. An answer on the
        `same_side` changes a score at most, so that there many are tried."""
        answers, sides = self.walk.world.answers[place], self._sides[place]
        codes = np.array([len(each) for each in self.walk.said.blocks[place].codes])
        one = answers[wish.persons, wish.items[:, None]]
        every = np.arange(wish.inside.shape[1])
        could = (wish.inside == wish.up[:, None]) & (every < codes[wish.items][:, None])
        able = np.broadcast_to(could[:, None, :], (*one.shape, len(every))).copy()
        if same_side:
            own = sides[wish.items[:, None], one]
            able[:, :, : sides.shape[1]] &= own[:, :, None] == sides[wish.items][:, None, :]
        able &= (one >= 0)[:, :, None]
        new = np.where(able, self.rng.random(able.shape), -1.0).argmax(axis=2).astype(np.int8)
        fits = wish.fits(one, new) & able.any(axis=2)
        (persons, new), chosen = _first_fit(fits, wish.persons, new)
        items = wish.items[chosen]
        fresh = _apart((persons * len(codes) + items)[:, None])
        self.walk.settle_answers(place, _entries(items[fresh], (persons[fresh], new[fresh])))

    def square_answers(self, place: int, wish: Wish) -> None:
        """Exchange an answer with somebody in other groups of one kind, and back between two others in the same two."""
        walk = self.walk
        if walk.said.blocks[place].incidence:
            return
        answers = walk.world.answers[place]
        axis = int(self.rng.integers(self.axes))
        others = self._classes(place, axis)[1]
        partners = others.somebody(others.of[wish.persons], self.rng)
        column = wish.items[:, None]
        fits = wish.fits(answers[wish.persons, column], answers[partners, column])
        (persons, partners), chosen = _first_fit(fits, wish.persons, partners)
        back, forth = self._closing(place, axis, persons, partners, wish.items[chosen], leaving=False)
        closed = back >= 0
        persons, partners, back, forth = (each[closed] for each in (persons, partners, back, forth))
        chosen = chosen[closed]
        items = wish.items[chosen]
        count = len(walk.said.blocks[place].items)
        fresh = _apart(np.stack([persons, partners, back, forth], axis=1) * count + items[:, None])
        persons, partners, back, forth, items = (
            each[fresh] for each in (persons, partners, back, forth, items)
        )
        one, other = answers[persons, items], answers[partners, items]
        walk.settle_answers(
            place, _entries(items, (persons, other), (partners, one), (back, one), (forth, other))
        )

    def _classes(self, place: int, axis: int) -> tuple[Classes, Classes]:
        """People alike in the published groups that ask for this axis, and in those that don't: all of them where that leaves
        enough people alike, else those whose answers are told."""
        walk, published = self.walk, self._published
        asks = self._asks[axis]
        others = walk.alike(published[~asks[published]])
        if len(others.sizes) * ALIKE > len(others.of):
            hard = walk.hard[place]
            others = walk.alike(hard[~asks[hard]])
        return walk.alike(published[asks[published]]), others

    def _closing(
        self, place: int, axis: int, persons: Counts, partners: Counts, items: Counts, *, leaving: bool
    ) -> tuple[Counts, Counts]:
        """Two others who undo what an exchange between persons and partners does to the groups of an axis.

        The first is like the person there and has the partner's answer, the second is like the partner there and like
        the first elsewhere, and has the person's answer. -1 where there are none. `leaving`: nobody of the exchange itself.
        """
        own, others = self._classes(place, axis)
        moving = np.concatenate([persons, partners])
        needed = np.full(len(own.sizes), -1)
        needed[own.of[moving]] = 0
        needed[needed == 0] = np.arange(int((needed == 0).sum()))
        near = needed[own.of]
        if leaving:
            near[moving] = -1
        found = np.full((2, len(persons)), -1)
        for item in np.unique(items):
            rows = np.flatnonzero(items == item)
            answers = self.walk.world.answers[place][:, item]
            pairs = needed[own.of[persons[rows]]], needed[own.of[partners[rows]]]
            stock = _Stock(near, answers, others, self.rng)
            found[:, rows] = stock.pairs(*pairs, answers[partners[rows]], answers[persons[rows]])
        return found[0], found[1]

    def move_people(self, persons: Counts) -> None:
        """Put these people elsewhere: into another stratum or another answer, alone or in exchange."""
        for axis in self.rng.permutation(self.axes)[:2]:
            some = np.unique(persons[self.rng.random(len(persons)) < 0.5])
            if not len(some):
                continue
            if self.rng.random() < MENDED:
                self._exchange_and_mend(
                    int(axis), self.rng.permutation(some)[: max(MEND_AT_ONCE, len(persons) // 8)]
                )
            elif self.rng.random() < 0.5:
                self._move_alone(int(axis), some)
            else:
                self._exchange(int(axis), some)

    def _at(self, axis: int) -> Counts:
        world = self.walk.world
        return world.strata if axis == 0 else world.options[:, axis - 1]

    def _move_alone(self, axis: int, persons: Counts) -> None:
        now = self._at(axis)
        if axis:
            to = self.rng.integers(0, self.walk.wave.sizes[axis - 1], size=len(persons))
        else:
            to = self._strata.somebody(self._strata.of[now[persons]], self.rng)
        differs = now[persons] != to
        persons, to = persons[differs], to[differs]
        self.walk.settle_places(Places(axis, np.arange(len(persons)), persons, to))

    def _exchange(self, axis: int, persons: Counts) -> None:
        """Between people whose strata are alike."""
        own = alike(self._strata.of[self.walk.world.strata])
        partners = own.somebody(own.of[persons], self.rng)
        self.walk.settle_places(self._exchanged(axis, persons, partners))

    def exchange_strata(self, persons: Counts) -> None:
        """Between people who score nearly the same in strata that are alike, at most one exchange a stratum: what is
        said of a small group is its scores, and one person more or less like another hardly moves those."""
        world = self.walk.world
        own = alike(self._strata.of[world.strata])
        found = own.somebody(np.repeat(own.of[persons][:, None], CANDIDATES, axis=1), self.rng)
        values = np.hstack(world.values)
        apart = np.abs(values[found] - values[persons][:, None]).sum(axis=2)
        apart[world.strata[found] == world.strata[persons][:, None]] = np.inf
        apart[(world.options[found] == world.options[persons][:, None]).all(axis=2)] = np.inf
        rows = np.arange(len(persons))
        closest = apart.argmin(axis=1)
        partners, some = found[rows, closest], np.isfinite(apart[rows, closest])
        persons, partners = persons[some], partners[some]
        fresh = _apart(np.stack([world.strata[persons], world.strata[partners]], axis=1))
        self.walk.settle_places(self._exchanged(0, persons[fresh], partners[fresh]), apart=True)

    def exchange_bundles(self, place: int, persons: Counts) -> None:
        """Exchange all answers to one scale between people in the same hard groups who score nearly the same on it."""
        world = self.walk.world
        own = self.walk.alike(self.walk.hard[place])
        found = own.somebody(np.repeat(own.of[persons][:, None], CANDIDATES, axis=1), self.rng)
        values, answers = world.values[place], world.answers[place]
        apart = np.abs(values[found] - values[persons][:, None]).sum(axis=2)
        apart[world.strata[found] == world.strata[persons][:, None]] = np.inf
        apart[(answers[found] == answers[persons][:, None]).all(axis=2)] = np.inf
        rows = np.arange(len(persons))
        closest = apart.argmin(axis=1)
        partners, some = found[rows, closest], np.isfinite(apart[rows, closest])
        persons, partners = persons[some], partners[some]
        fresh = _apart(np.stack([world.strata[persons], world.strata[partners]], axis=1))
        self.walk.settle_bundles(place, persons[fresh], partners[fresh])

    def _exchanged(self, axis: int, persons: Counts, partners: Counts) -> Places:
        now = self._at(axis)
        fresh = _apart(np.stack([persons, partners], axis=1)) & (now[persons] != now[partners])
        persons, partners = persons[fresh], partners[fresh]
        both = np.concatenate([persons, partners])
        to = now[np.concatenate([partners, persons])]
        return Places(axis, np.tile(np.arange(len(persons)), 2), both, to)

    def _exchange_and_mend(self, axis: int, persons: Counts) -> None:
        """Exchange places across groups whose answers are told, and mend each item by an exchange the other way."""
        partners = self._partners_alike_in_incidence(persons)
        places = self._exchanged(axis, persons, partners)
        half = len(places.persons) // 2
        persons, partners = places.persons[:half], places.persons[half:]
        mends = [self._mend(place, axis, persons, partners) for place in range(len(self.walk.said.blocks))]
        self.walk.settle_places(places, mends)

    def _partners_alike_in_incidence(self, persons: Counts) -> Counts:
        walk = self.walk
        found = self.rng.integers(0, len(walk.world.strata), size=(len(persons), CANDIDATES))
        same = np.ones(found.shape, dtype=bool)
        for place, block in enumerate(walk.said.blocks):
            if block.incidence:
                answers = walk.world.answers[place]
                same &= (answers[found] == answers[persons][:, None]).all(axis=2)
        chosen: Counts = found[np.arange(len(persons)), same.argmax(axis=1)]
        return chosen

    def _mend(self, place: int, axis: int, persons: Counts, partners: Counts) -> Entries | None:
        block, answers = self.walk.said.blocks[place], self.walk.world.answers[place]
        one, other = answers[persons], answers[partners]
        moves, items = np.nonzero((one != other) & (one >= 0) & (other >= 0))
        if block.incidence or not len(moves):
            return None
        back, forth = self._closing(place, axis, persons[moves], partners[moves], items, leaving=True)
        chosen = np.flatnonzero(back >= 0)
        back, forth = back[chosen], forth[chosen]
        moves, items = moves[chosen], items[chosen]
        fresh = _apart(np.stack([back, forth], axis=1) * len(block.items) + items[:, None])
        back, forth, items, moves = back[fresh], forth[fresh], items[fresh], moves[fresh]
        made = _entries(items, (back, answers[forth, items]), (forth, answers[back, items]))
        return Entries(np.tile(moves, 2), made.persons, made.items, made.new)


class _Stock:
    """People by (class on an axis, answer, class elsewhere), to draw from; class -1 is left out."""

    def __init__(self, near: Counts, answers: NDArray[np.int8], others: Classes, rng: Generator) -> None:
        self.rng, self.width, self.codes = rng, len(others.sizes), int(answers.max()) + 1
        there = np.flatnonzero((near >= 0) & (answers >= 0))
        keys = (near[there] * self.codes + answers[there]) * self.width + others.of[there]
        self.persons = there[np.argsort(keys, kind="stable")]
        self.counts = np.bincount(keys, minlength=(int(near.max()) + 1) * self.codes * self.width)
        self.starts = np.cumsum(self.counts) - self.counts

    def pairs(
        self, one: Counts, other: Counts, answer: NDArray[np.int8], back: NDArray[np.int8]
    ) -> NDArray[np.int64]:
        """(2, rows): somebody of class `one` with `answer` and somebody of class `other` with `back`, alike elsewhere."""
        if not len(self.persons) or not len(one):
            return np.full((2, len(one)), -1)
        table = self.counts.reshape(-1, self.width)
        first, second = one * self.codes + answer, other * self.codes + back
        ok = (answer >= 0) & (back >= 0) & (np.maximum(first, second) < len(table))
        first, second = np.where(ok, first, 0), np.where(ok, second, 0)
        ways = np.cumsum(table[first].astype(np.float64) * table[second], axis=1)
        drawn = (ways < (self.rng.random(len(one)) * ways[:, -1])[:, None]).sum(axis=1)
        drawn = np.minimum(drawn, self.width - 1)
        found = []
        for rows in (first, second):
            keys = rows * self.width + drawn
            pick = self.starts[keys] + (self.rng.random(len(one)) * self.counts[keys]).astype(np.int64)
            fits = ok & (ways[:, -1] > 0) & (self.counts[keys] > 0)
            found.append(np.where(fits, self.persons[np.where(fits, pick, 0)], -1))
        both = (found[0] >= 0) & (found[1] >= 0)
        return np.where(both, np.array(found), -1)


def _entries(items: Counts, *parts: tuple[Counts, NDArray[np.int8]]) -> Entries:
    """Each part gives as many persons an answer as there are moves."""
    return Entries(
        np.tile(np.arange(len(items)), len(parts)),
        np.concatenate([persons for persons, _ in parts]),
        np.tile(items, len(parts)),
        np.concatenate([new for _, new in parts]).astype(np.int8),
    )


def _first_fit(fits: Flags, *arrays: NDArray[Any]) -> tuple[list[NDArray[Any]], Counts]:
    """Of each row that has any, the first candidate that fits; and which rows those are."""
    rows = np.flatnonzero(fits.any(axis=1))
    column = fits[rows].argmax(axis=1)
    return [each[rows, column] for each in arrays], rows


def _apart(keys: Counts) -> Flags:
    """Rows (moves, members) whose members are all different, also from those of earlier rows."""
    flat = keys.ravel()
    first = np.zeros(len(flat), dtype=bool)
    first[np.unique(flat, return_index=True)[1]] = True
    return np.asarray(first.reshape(keys.shape).all(axis=1))
