"""Scores, spreads and shares of groups: counts of a tally enter, floats leave, NaN where nobody was scored.

A person's score is the mean of the answered items, (mean - min) / (max - min) x 100, once enough items are
answered; a group's score is the mean of its people's scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.instrument import Options

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def scores(n: Counts, total: Counts, span: int) -> Floats:
    """Mean person score on 0 to 100 of each group. n and total: (groups, J + 1) by items answered."""
    people = n.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(_points(total, span, 1) / people)


def spreads(n: Counts, total: Counts, squares: Counts, span: int) -> Floats:
    """Standard deviation (n - 1) of person scores of each group; NaN for fewer than two people."""
    people = n.sum(axis=-1)
    sums = _points(total, span, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (_points(squares, span, 2) - sums * sums / people) / (people - 1)
        return np.where(people > 1, np.sqrt(np.maximum(variance, 0)), np.nan)


def _points(total: Counts, span: int, power: int) -> Floats:
    """Sums over people of (score on 0 to 100) ** power."""
    answered = np.maximum(1, np.arange(total.shape[-1]))
    return np.asarray((total / (answered * span / 100.0) ** power).sum(axis=-1))


@dataclass(frozen=True)
class Shares:
    """Answers of each group that are favourable, neutral and unfavourable, after reversing; shape (groups,)."""

    favourable: Counts
    neutral: Counts
    unfavourable: Counts

    def __add__(self, other: Shares) -> Shares:
        return Shares(
            self.favourable + other.favourable,
            self.neutral + other.neutral,
            self.unfavourable + other.unfavourable,
        )

    @property
    def answers(self) -> Counts:
        return self.favourable + self.neutral + self.unfavourable


def group_shares(counts: Counts, options: Options, reversed_: bool) -> Shares:
    """Counts of one item, (groups, options + 1) with no answer first.

    A reversed item's answer is favourable when its reversed code (min + max - code) is.
    """
    sums = {True: np.zeros(len(counts), np.int64), False: np.zeros(len(counts), np.int64)}
    neutral = np.zeros(len(counts), np.int64)
    for index, code in enumerate(options.codes):
        if code in options.missing:
            continue
        meant = options.low + options.high - code if reversed_ else code
        column = counts[:, index + 1]
        if meant in options.favourable or meant in options.unfavourable:
            sums[meant in options.favourable] += column
        else:
            neutral += column
    return Shares(sums[True], neutral, sums[False])
