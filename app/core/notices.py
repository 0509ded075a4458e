"""“Do you notice it?” under an update: tallies enter, what everybody may read of them leaves; nobody's answer can be worked out.

Answers are shown in batches. A batch closes when it holds at least k answers, and half of what was shown before; in between
nothing on the page moves. That alone doesn't stop somebody who gives all answers of a batch but one himself. So a little
chance is added to each option of each batch, once, by tosses of a coin: whatever is shown then is at most `MOST_ODDS` times
as likely with one answer as with another in its place, now and ever after, for an answer is in one batch only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LEAST = 8
"""No tally is shown of fewer answers, whatever the scan's own smallest group."""
MOST_ODDS = 4
FINE_FROM = 4
"""In groups of k: from so many answers on a share is told in five bands, below in three."""
Toss = Callable[[], bool]


class Answer(StrEnum):
    YES = "yes"
    LITTLE = "a-little"
    NO = "no"


class Band(StrEnum):
    """How much of the answers an option has; the edges are fifths, or thirds where answers are few."""

    HARDLY = "hardly"
    SOME = "some"
    HALF = "half"
    MANY = "many"
    NEARLY_ALL = "nearly-all"
    FEW = "few"
    PART = "part"
    MOST = "most"


COARSE = (Band.FEW, Band.PART, Band.MOST)
FINE = (Band.HARDLY, Band.SOME, Band.HALF, Band.MANY, Band.NEARLY_ALL)


@dataclass(frozen=True)
class Counts:
    """How often each answer was given. In a shown batch chance may have made one negative."""

    yes: int = 0
    little: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.little + self.no

    def plus(self, other: Counts) -> Counts:
        return Counts(self.yes + other.yes, self.little + other.little, self.no + other.no)

    def minus(self, other: Counts) -> Counts:
        return Counts(self.yes - other.yes, self.little - other.little, self.no - other.no)


@dataclass(frozen=True)
class Shown:
    """What the page says: at least so many answers, and how much of them each option has."""

    at_least: int
    yes: Band
    little: Band
    no: Band


def smallest(min_group: int) -> int:
    """The k of a board, from that of its newest scan."""
    return max(LEAST, min_group)


def closes(given: int, shown: int, k: int) -> bool:
    """Whether the answers given since the last batch make a batch: at least k, and half of what is shown already."""
    return given - shown >= max(k, shown // 2)


def blurred(batch: Counts, toss: Toss) -> Counts:
    """The batch with chance added to each option: heads in a row, minus heads in a row."""
    return Counts(*(one + _heads(toss) - _heads(toss) for one in (batch.yes, batch.little, batch.no)))


def _heads(toss: Toss) -> int:
    heads = 0
    while toss():
        heads += 1
    return heads


def show(blurred_: Counts, answers: int, k: int) -> Shown | None:
    """What is said of all batches together, `answers` exactly; None under k."""
    if answers < k:
        return None
    bands = FINE if answers >= FINE_FROM * k else COARSE
    counts = [max(0, one) for one in (blurred_.yes, blurred_.little, blurred_.no)]
    return Shown(answers // k * k, *(_band(one / (sum(counts) or 1), bands) for one in counts))


def _band(share: float, bands: tuple[Band, ...]) -> Band:
    return bands[min(int(share * len(bands)), len(bands) - 1)]
