"""What a difference comes to: gaps enter, q over all of them and a verdict in plain words leave.

Two independent questions make the verdict: is it likely real, and is it big enough to matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.comparison.differences import Figure, Gap, middle

LIKELY = 0.05
"""The share of false findings that is accepted among all differences called likely real."""
CLEARLY_BETTER, CLEARLY_WORSE = "clearly better", "clearly worse"
SLIGHTLY_BETTER, SLIGHTLY_WORSE = "slightly better", "slightly worse"
NO_DIFFERENCE = "no clear difference"
TOO_FEW = "too few answers to say"
VERDICTS = (CLEARLY_BETTER, SLIGHTLY_BETTER, NO_DIFFERENCE, SLIGHTLY_WORSE, CLEARLY_WORSE, TOO_FEW)
HEDGES, ODDS = "hedges-g", "odds-ratio"


@dataclass(frozen=True)
class Compared:
    """One group on one scale, before and after (or the others and the group), not judged yet."""

    grouping: str
    group: str
    scale: str
    before: Figure
    after: Figure
    gap: Gap


@dataclass(frozen=True)
class Difference:
    """One group on one scale, judged. `interval` is of 95 percent, in points; `g` is an odds ratio for a share."""

    compared: Compared
    interval: tuple[float, float]
    g: float
    p: float
    q: float
    matters: bool
    verdict: str

    @property
    def real(self) -> bool:
        return self.q < LIKELY

    def to_document(self) -> dict[str, Any]:
        one = self.compared
        return {
            "grouping": one.grouping,
            "group": one.group,
            "scale": one.scale,
            "before": dict(one.before.num),
            "after": dict(one.after.num),
            "difference": one.gap.difference,
            "interval": [{"value": end, "low": end, "high": end} for end in self.interval],
            "g": self.g,
            "effect": ODDS if one.after.is_share else HEDGES,
            "p": self.p,
            "q": self.q,
            "real": self.real,
            "matters": self.matters,
            "verdict": self.verdict,
        }


def judge(all_compared: Sequence[Compared], threshold: float) -> tuple[Difference, ...]:
    """All that is shown together, with q by Benjamini & Hochberg (1995). `threshold`: points that matter."""
    if not all_compared:
        return ()
    from scipy.stats import false_discovery_control  # takes most of a second to load

    shown = false_discovery_control([one.gap.p for one in all_compared])
    return tuple(_judged(one, float(q), threshold) for one, q in zip(all_compared, shown, strict=True))


def _judged(one: Compared, q: float, threshold: float) -> Difference:
    """Printed figures are judged, not finer ones behind them, so that a reader can check each verdict."""
    q = figures(q)
    interval = (math.floor(one.gap.interval[0] * 10) / 10, math.ceil(one.gap.interval[1] * 10) / 10)
    points = middle(one.gap.difference)
    better = points < 0 if one.after.is_share else points > 0
    matters = abs(points) >= threshold
    said = verdict(q, matters=matters, better=better, within=max(-interval[0], interval[1]) <= threshold)
    return Difference(one, interval, figures(one.gap.effect), figures(one.gap.p), q, matters, said)


def verdict(q: float, *, matters: bool, better: bool, within: bool) -> str:
    """`within`: the whole interval is smaller than what matters, both ways."""
    if q < LIKELY:
        if matters:
            return CLEARLY_BETTER if better else CLEARLY_WORSE
        return SLIGHTLY_BETTER if better else SLIGHTLY_WORSE
    return NO_DIFFERENCE if within else TOO_FEW


def figures(number: float) -> float:
    """Four figures that count."""
    return float(f"{number:.4g}")
