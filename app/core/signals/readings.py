"""What a theme reads as, from the scan's concern and the signals: two levels enter, a reading with its reason leaves.

The default is "too few to say"; an interval that lies on one side of its threshold supports another. Nothing is averaged:
the scan keeps its scales, the signals keep their rate, and the two meet only in the words of a reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Concern(StrEnum):
    """What the scan says of a theme."""

    HIGH = "high"
    LOW = "low"
    UNSURE = "unsure"
    """The interval lies on both sides of the threshold."""
    NOT_PUBLISHED = "not-published"
    NOT_ASKED = "not-asked"


class Level(StrEnum):
    """What the signals say of a theme."""

    MANY = "many"
    FEW = "few"
    UNSURE = "unsure"
    NO_RATE = "no-rate"
    """Nobody knows how many people work there, or there was no time."""


class Reading(StrEnum):
    CONFIRMED = "confirmed"
    UNSPOKEN = "unspoken"
    CONCENTRATED = "concentrated"
    CALM = "calm"
    TOO_FEW = "too-few"


@dataclass(frozen=True)
class Thresholds:
    """What makes a level. One set for every organisation, shown on the page beside the readings.

    `score`: a scale of scores is a concern when its whole 95 percent interval lies under this, and calm when it lies at or
    above it. 60 is just over the middle: on an answer scale of five it asks for more agreement than doubt.
    `share`: what happened is a concern when the interval lies over this percentage of people, calm when at or under it.
    `rate`: reporters per 100 employees a year on one theme; many when the interval lies over it, few when under it.
    """

    score: float = 60.0
    share: float = 10.0
    rate: float = 1.0

    def facts(self) -> dict[str, float]:
        return asdict(self)


THRESHOLDS = Thresholds()
FEAR, TRUST = "fear-to-report", "trust-in-adviser"
"""Themes that make it likelier that something is felt and not said, where the scan is concerned about them."""

_TOGETHER = {
    (Concern.HIGH, Level.MANY): (Reading.CONFIRMED, "both-high"),
    (Concern.HIGH, Level.FEW): (Reading.UNSPOKEN, "scan-high-signals-few"),
    (Concern.LOW, Level.MANY): (Reading.CONCENTRATED, "scan-low-signals-many"),
    (Concern.LOW, Level.FEW): (Reading.CALM, "both-low"),
}
TO_DO: Mapping[Reading, tuple[str, ...]] = {
    Reading.CONFIRMED: ("advise-now", "ask-decision", "tell-staff"),
    Reading.UNSPOKEN: ("be-visible", "ask-in-talks", "talk-with-teams"),
    Reading.CONCENTRATED: ("look-where", "act-there", "ask-in-next-scan"),
    Reading.CALM: ("keep-going",),
    Reading.TOO_FEW: ("longer-period", "wait"),
}
"""What an adviser could do, the first first; pages have the words."""
TO_DO_ALSO = {FEAR: "make-reporting-safe", TRUST: "introduce-adviser"}
"""Put in front where a reading of unspoken is stronger for it."""
TO_DO_NOT_ASKED = ("ask-in-next-scan",)


@dataclass(frozen=True)
class Reason:
    """Why a theme reads so: an id and the numbers that fill its sentence."""

    id: str
    facts: Mapping[str, float | int | str] = field(default_factory=dict)


def read(concern: Concern, level: Level) -> tuple[Reading, str]:
    """The reading and the id of its reason; the scan's gap is named before that of the signals."""
    found = _TOGETHER.get((concern, level))
    if found:
        return found
    if concern in (Concern.NOT_ASKED, Concern.NOT_PUBLISHED):
        return Reading.TOO_FEW, concern.value
    if level is Level.NO_RATE:
        return Reading.TOO_FEW, level.value
    if concern is Concern.UNSURE:
        return Reading.TOO_FEW, "both-unsure" if level is Level.UNSURE else "scan-unsure"
    return Reading.TOO_FEW, "signals-unsure"


def to_do(reading: Reading, reason: str, stronger: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of what could be done."""
    if reason == Concern.NOT_ASKED.value:
        return TO_DO_NOT_ASKED
    return tuple(TO_DO_ALSO[theme] for theme in stronger) + TO_DO[reading]
