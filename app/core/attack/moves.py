"""Changes worth trying: people enter who should be or answer elsewhere, a walk makes those changes that fit.

What is published leaves hardly any room, so that every change gives and takes: people who are alike in what is said
of them exchange their place, or their answers to a scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.attack.published import Counts, Floats
from app.core.attack.ranges import Flags
from app.core.attack.walking import Classes, Places, Walk, alike

CANDIDATES = 32


class Moves:
    """Ways to change a walk's world."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.rng = walk, walk.rng
        hard = np.unique(np.concatenate(walk.hard)) if walk.hard else np.zeros(0, dtype=np.int64)
        self._strata = self._strata_alike(hard)

    def _strata_alike(self, hard: Counts) -> Counts:
        """(strata,) the same number for strata in the same units about whose answers something is said."""
        parts = [self.walk.wave.groups[place].region.strata for place in hard]
        tokens: dict[tuple[bool, ...], int] = {}
        every = range(len(self.walk.wave.plan.strata))
        return np.array(
            [tokens.setdefault(tuple(stratum in part for part in parts), len(tokens)) for stratum in every]
        )

    def exchange_strata(self, persons: Counts) -> None:
        """Between people who score nearly the same in strata that are alike: what is said of a small group is its
        scores, and one person more or less like another hardly moves those."""
        world = self.walk.world
        # A questionnaire of open questions alone has no scores.
        values = np.hstack([np.zeros((len(world.strata), 0)), *world.values])
        same = world.options
        persons, partners = self._closest(persons, alike(self._strata[world.strata]), values, same)
        both, to = np.concatenate([persons, partners]), world.strata[np.concatenate([partners, persons])]
        self.walk.settle_places(Places(np.tile(np.arange(len(persons)), 2), both, to))

    def exchange_bundles(self, place: int, persons: Counts) -> None:
        """Exchange all answers to one scale between people in the same hard groups who score nearly the same on it."""
        world, own = self.walk.world, self.walk.alike(self.walk.hard[place])
        persons, partners = self._closest(persons, own, world.values[place], world.answers[place])
        self.walk.settle_bundles(place, persons, partners)

    def _closest(
        self, persons: Counts, own: Classes, values: Floats, traits: NDArray[np.integer]
    ) -> tuple[Counts, Counts]:
        """People and for each, among a few of the same class in other strata with other traits, who scores nearest.

        At most one exchange a stratum, so that exchanges hardly meet in a group.
        """
        strata = self.walk.world.strata
        found = own.somebody(np.repeat(own.of[persons][:, None], CANDIDATES, axis=1), self.rng)
        apart = np.abs(values[found] - values[persons][:, None]).sum(axis=2)
        apart[strata[found] == strata[persons][:, None]] = np.inf
        apart[(traits[found] == traits[persons][:, None]).all(axis=2)] = np.inf
        rows = np.arange(len(persons))
        closest = apart.argmin(axis=1) if len(persons) else rows
        some = np.isfinite(apart[rows, closest])
        persons, partners = persons[some], found[rows, closest][some]
        fresh = _apart(np.stack([strata[persons], strata[partners]], axis=1))
        return persons[fresh], partners[fresh]


def _apart(keys: Counts) -> Flags:
    """Rows (moves, members) whose members are all different, also from those of earlier rows."""
    flat = keys.ravel()
    first = np.zeros(len(flat), dtype=bool)
    first[np.unique(flat, return_index=True)[1]] = True
    return np.asarray(first.reshape(keys.shape).all(axis=1))
