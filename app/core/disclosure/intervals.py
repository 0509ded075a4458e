"""95 percent intervals: published numbers only enter, so that the ends give nothing more away."""

from __future__ import annotations

import math

from scipy import special

from app.core.disclosure.grids import DETAIL, EXACT, FINE, Num, Size, exactly, outward

UNKNOWN_SPREAD = 25.0
"""Used while the organisation itself is too small to publish a spread: half of all scores 25 points off."""
NEARLY_1 = 1 - 1e-12
"""Stands for a correlation of 1, of which Fisher's transformation is infinite."""


def score_interval(score: Num, size: Size, spread: float, headcount: int | None = None) -> list[Num]:
    """Student's t around the score's low and high: t(n - 1) x spread / sqrt(n), with n at its published low.

    `spread` is the upper end of a published standard deviation. With a known headcount, from 30 answers, the
    half width is multiplied by `finite_correction`.
    """
    low, high = _float(score["low"]), _float(score["high"])
    half = float(special.stdtrit(size.low - 1, 0.975)) * spread / math.sqrt(size.low)
    if headcount is not None and size.n >= DETAIL:
        half *= finite_correction(size.low, headcount)
    step = 5.0 if size.n < DETAIL else 2.0 if size.n < EXACT else 1.0 if size.n < FINE else 0.01
    return [exactly(end) for end in outward(low - half, high + half, step)]


def finite_correction(n: int, headcount: int) -> float:
    """Cochran (1977): sqrt((N - n) / (N - 1)) for n of N people; 0 where all N or more answered."""
    return math.sqrt((headcount - n) / (headcount - 1)) if headcount > max(n, 1) else 0.0


def correlation_interval(r: Num, size: Size) -> list[Num]:
    """Fisher (1921): tanh(artanh(r) -+ 1.96 / sqrt(n - 3)) around r's low and high, n at its published low."""
    half = float(special.ndtri(0.975)) / math.sqrt(size.low - 3)
    low = math.tanh(math.atanh(max(_float(r["low"]), -NEARLY_1)) - half)
    high = math.tanh(math.atanh(min(_float(r["high"]), NEARLY_1)) + half)
    step = 0.1 if size.n < FINE else 0.01
    ends = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return [exactly(max(-1.0, ends[0])), exactly(min(1.0, ends[1]))]


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
