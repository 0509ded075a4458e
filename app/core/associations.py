"""What goes together with the outcome scale: a release enters, its published correlations leave, the strongest first.

An association says that people who score higher on one scale also do, or don't, on another; never why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import noticed
from app.core.release import Group, Num, Release, middle

UNCLEAR, WEAK, MODERATE, STRONG = "unclear", "weak", "moderate", "strong"
MODERATE_FROM, STRONG_FROM = 0.3, 0.5
"""Cohen (1988), Statistical power analysis for the behavioral sciences: medium and large correlations."""


@dataclass(frozen=True)
class Association:
    """Pearson's r of a scale with the outcome scale in one group, with its 95 percent interval; all published."""

    scale: str
    r: Num
    interval: tuple[Num, Num]
    n: Num

    @property
    def low(self) -> float:
        return float(self.interval[0]["low"])

    @property
    def high(self) -> float:
        return float(self.interval[1]["high"])

    def overlaps(self, other: Association) -> bool:
        """Whether chance alone could have put these two in the other order; the sign doesn't count.

        For associations whose intervals don't hold 0.
        """
        (low, high), (low2, high2) = (sorted(map(abs, (one.low, one.high))) for one in (self, other))
        return low <= high2 and low2 <= high

    @property
    def strength(self) -> str:
        """Unclear when the interval holds 0: then it can't be said whether they go together at all."""
        if self.low <= 0 <= self.high:
            return UNCLEAR
        size = abs(middle(self.r))
        return STRONG if size >= STRONG_FROM else MODERATE if size >= MODERATE_FROM else WEAK


def outcome_of(release: Release) -> str | None:
    found: str | None = release.document["instrument"].get("outcome")
    return found


def associations(release: Release, group: Group) -> tuple[Association, ...]:
    """The strongest first, of either sign; empty where the group is too small or the instrument has no outcome."""
    outcome = outcome_of(release)
    published: Mapping[str, Any] = group.data.get("associations") or {}
    order = [scale["id"] for scale in release.scales if not noticed.asks(scale)]
    found = [
        Association(scale, published[scale]["r"], tuple(published[scale]["interval"]), published[scale]["n"])
        for scale in order
        if scale in published and scale != outcome
    ]
    return tuple(sorted(found, key=lambda one: -abs(middle(one.r))))


def groups_with(release: Release) -> tuple[Group, ...]:
    """Groups with associations, the organisation first."""
    return tuple(group for group in release.groups if group.published and associations(release, group))
