"""95 percent intervals: published numbers only enter, so that the ends give nothing more away."""

from __future__ import annotations

import math

from scipy import special

from app.core.disclosure.grids import DETAIL, EXACT, FINE, Num, Size, exactly, outward

UNKNOWN_SPREAD = 25.0
"""Used while the organisation itself is too small to publish a spread: half of all scores 25 points off."""


def score_interval(score: Num, size: Size, spread: float) -> list[Num]:
    """Student's t around the score's low and high: t(n - 1) x spread / sqrt(n), with n at its published low.

    `spread` is the upper end of a published standard deviation.
    """
    low, high = _float(score["low"]), _float(score["high"])
    half = float(special.stdtrit(size.low - 1, 0.975)) * spread / math.sqrt(size.low)
    step = 5.0 if size.n < DETAIL else 2.0 if size.n < EXACT else 1.0 if size.n < FINE else 0.01
    return [exactly(end) for end in outward(low - half, high + half, step)]


def share_interval(share: Num, size: Size, step: float) -> list[Num]:
    """Clopper & Pearson (1934) for counts at the share's low and high and n at its published low."""
    low, high = _float(share["low"]) / 100, _float(share["high"]) / 100
    n = size.low
    below = special.betaincinv(low * n, n - low * n + 1, 0.025) if low > 0 else 0.0
    above = special.betaincinv(high * n + 1, n - high * n, 0.975) if high < 1 else 1.0
    return [exactly(end) for end in outward(100 * float(below), 100 * float(above), step)]


def _float(end: float | int | None) -> float:
    assert end is not None
    return float(end)
