"""How many people are reached: a count enters, what may be said of it leaves, so that nobody's subscribing can be seen."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 8
STEP = 5


@dataclass(frozen=True)
class About:
    """`least` people or more: 0 with `few` False for nobody, with `few` True for 1 to LEAST - 1."""

    least: int
    few: bool


def doubling(count: int, least: int) -> int:
    """The largest of `least`, twice that, four times, ... that is not above the count; 0 below `least`.

    So coarse that two nights in a row tell nothing of one person, but for the one who crosses a bound.
    """
    if count < least:
        return 0
    return int(least * 2 ** ((count // least).bit_length() - 1))


def about(count: int) -> About:
    """From LEAST up rounded down to a multiple of STEP (but not under LEAST): one person more or less rarely shows."""
    if count < LEAST:
        return About(0, count > 0)
    return About(max(LEAST, count // STEP * STEP), False)
