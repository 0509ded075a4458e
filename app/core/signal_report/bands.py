"""How a number of reporters may be told: a count enters, a band of five leaves. No exact count ever does.

One ladder for all: fewer than 5, 5 to 9, 10 to 14 and so on. The first step holds 0 as well, so an absence tells nothing. A
fixed ladder is not chosen by what the count is, and of two windows of which one holds the other the difference stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SIGNAL_MIN = 5
"""Reporters from which a count is shown."""
THEME_MIN = 3
"""Reporters from which a theme is named in words, unless the reporter agrees."""
STEP = 5
FEWER, BAND, NOT_SHOWN = "fewer", "band", "not-shown"

Count = dict[str, Any]


@dataclass(frozen=True)
class Floors:
    """From how many reporters a count is shown, and a theme named; a sharing agreement may raise them, nothing lowers them."""

    count: int = SIGNAL_MIN
    words: int = THEME_MIN

    def __post_init__(self) -> None:
        if self.count < SIGNAL_MIN or self.words < THEME_MIN:
            raise ValueError(
                f"counts are shown from {SIGNAL_MIN} and themes named from {THEME_MIN}, or higher"
            )


LEAST = Floors()


def shown(count: int, floors: Floors = LEAST) -> Count:
    """{"how": "fewer", "below": 5}, or {"how": "band", "value": None, "low", "high"}."""
    if count < floors.count:
        return {"how": FEWER, "below": floors.count}
    low = count - (count - floors.count) % STEP
    return {"how": BAND, "value": None, "low": low, "high": low + STEP - 1}


def not_shown() -> Count:
    """Left out because with other numbers it would tell of fewer people."""
    return {"how": NOT_SHOWN}
