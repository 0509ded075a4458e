"""How two published figures differ: figures with their ends enter, a difference, how sure it is and an effect leave.

Everything is worked out from published numbers at their worst: the ends of the figures that lie nearest to each
other for the test, those farthest apart for the interval, n at its low, a spread at its high. So rounding can
make a difference look less sure than it is, never surer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy import special

Num = Mapping[str, Any]
UNKNOWN_SPREAD = 25.0
"""Points, while the organisation itself is too small to publish a spread: as in the intervals of a release."""
CONFIDENCE = 0.975
TOP = 100.0


@dataclass(frozen=True)
class Figure:
    """A published score or share (percent) with what is published about the people behind it.

    `people` is (low, likely) of n. `spread` is (high, likely) of the standard deviation of people's scores, None
    for a share. `headcount` is how many were invited where a correction for that may be made, else None.
    """

    num: Num
    people: tuple[float, float]
    spread: tuple[float, float] | None
    headcount: int | None = None

    @property
    def middle(self) -> float:
        return middle(self.num)

    @property
    def low(self) -> float:
        return float(self.num["low"])

    @property
    def high(self) -> float:
        return float(self.num["high"])

    @property
    def is_share(self) -> bool:
        return self.spread is None


@dataclass(frozen=True)
class Gap:
    """New minus old, in points. `effect` is Hedges g, or for shares an odds ratio; `p` of no difference at all."""

    difference: dict[str, float | None]
    interval: tuple[float, float]
    effect: float
    p: float


def middle(num: Num) -> float:
    """The value, or the middle of a band."""
    value = num["value"]
    return float(value) if value is not None else (float(num["low"]) + float(num["high"])) / 2


def num(value: float | None, low: float, high: float) -> dict[str, float | None]:
    """A number derived from published ones, with at most three decimals; its ends never rounded inward."""
    ends = (math.floor(low * 1000 + 1e-6) / 1000, math.ceil(high * 1000 - 1e-6) / 1000)
    return {"value": None if value is None else round(value, 3), "low": ends[0], "high": ends[1]}


def minus(new: Num, old: Num) -> dict[str, float | None]:
    """New - old, with no more certainty than both have."""
    known = new["value"] is not None and old["value"] is not None
    value = new["value"] - old["value"] if known else None
    return num(value, new["low"] - old["high"], new["high"] - old["low"])


def gap(old: Figure, new: Figure, difference: dict[str, float | None] | None = None) -> Gap:
    """Compare two figures of different people, or of different draws from the same people.

    `difference` replaces new - old where it is known more narrowly. Scores: Welch's t (1947) on variances
    with a finite population correction (Cochran 1977, 2.6). Shares: Fisher's exact test (1935), twice the smaller
    tail, and the interval of Newcombe (1998, method 10) from the ends of Clopper & Pearson (1934).
    """
    apart = difference or minus(new.num, old.num)
    if old.is_share:
        return Gap(apart, _shares_interval(old, new, apart), _odds_ratio(old, new), _shares_p(old, new))
    half, p = _welch(old, new, apart)
    low, high = float(apart["low"] or 0), float(apart["high"] or 0)
    return Gap(apart, (max(-TOP, low - half), min(TOP, high + half)), _hedges(old, new, apart), p)


def variance(figure: Figure) -> float:
    """Of the mean: spread^2 x (1/n - 1/N), in which at least one person is thought to have stayed away."""
    assert figure.spread is not None
    n = figure.people[0]
    share = 1 / n
    if figure.headcount:
        share = max(share - 1 / figure.headcount, 1 / figure.headcount**2)
    return figure.spread[0] ** 2 * share


def _welch(old: Figure, new: Figure, apart: Num) -> tuple[float, float]:
    """Half the width of the interval, and p at the end of the difference nearest to 0."""
    one, other = variance(old), variance(new)
    freedom = (one + other) ** 2 / (one**2 / (old.people[0] - 1) + other**2 / (new.people[0] - 1))
    error = math.sqrt(one + other)
    nearest = max(0.0, float(apart["low"]), -float(apart["high"]))
    p = min(1.0, 2 * float(special.stdtr(freedom, -nearest / error)))
    return float(special.stdtrit(freedom, CONFIDENCE)) * error, p


def _hedges(old: Figure, new: Figure, apart: Num) -> float:
    """Hedges (1981): the difference in pooled standard deviations, corrected for small groups."""
    assert old.spread is not None and new.spread is not None
    freedom = old.people[1] + new.people[1] - 2
    pooled = (old.people[1] - 1) * old.spread[1] ** 2 + (new.people[1] - 1) * new.spread[1] ** 2
    return middle(apart) / math.sqrt(pooled / freedom) * (1 - 3 / (4 * freedom - 1))


def _shares_interval(old: Figure, new: Figure, apart: Num) -> tuple[float, float]:
    old_low, old_high = _clopper_pearson(old)
    new_low, new_high = _clopper_pearson(new)
    below = math.hypot(new.low - new_low, old_high - old.high)
    above = math.hypot(new_high - new.high, old.low - old_low)
    return max(-TOP, float(apart["low"]) - below), min(TOP, float(apart["high"]) + above)


def _clopper_pearson(share: Figure) -> tuple[float, float]:
    n = share.people[0]
    low, high = share.low / TOP * n, share.high / TOP * n
    below = special.betaincinv(low, n - low + 1, 1 - CONFIDENCE) if low > 0 else 0.0
    above = special.betaincinv(high + 1, n - high, CONFIDENCE) if high < n else 1.0
    return TOP * float(below), TOP * float(above)


def _shares_p(old: Figure, new: Figure) -> float:
    """With the counts that the published shares allow and that lie nearest to each other."""
    lower, upper = (old, new) if old.high < new.low else (new, old)
    n, m = int(lower.people[0]), int(upper.people[0])
    few = math.ceil(lower.high * n / TOP - 1e-9)
    many = math.floor(upper.low * m / TOP + 1e-9)
    if lower.high >= upper.low or few * m >= many * n:
        return 1.0
    from scipy.stats import hypergeom  # takes most of a second to load

    return min(1.0, 2 * float(hypergeom.cdf(few, n + m, few + many, n)))


def _odds_ratio(old: Figure, new: Figure) -> float:
    """Odds of the new share in those of the old; half a person is added everywhere (Haldane 1956), so never by 0."""
    odds = [
        (share.middle / TOP * share.people[1] + 0.5) / ((1 - share.middle / TOP) * share.people[1] + 0.5)
        for share in (old, new)
    ]
    return odds[1] / odds[0]
