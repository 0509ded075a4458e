"""Exact tails and intervals of binomial and Poisson counts in pure Python: whole numbers enter, probabilities and ends leave.

The web process makes figures of an unlocked vault itself and must not load scipy; tests hold every function here to scipy.
Incomplete beta and gamma functions: series and continued fractions (Press et al., Numerical Recipes, 3rd ed., 6.2 and 6.4;
Lentz's method). Accurate to about twelve figures for counts up to a hundred thousand.
"""

from __future__ import annotations

import math
from collections.abc import Callable

LEVEL = 0.95
"""Of every interval."""
_TINY = 1e-300
_NEAR = 1e-15
_MOST_STEPS = 100_000


def at_least(count: int, trials: int, chance: float) -> float:
    """P(X >= count) of a binomial X: the regularised incomplete beta function I_chance(count, trials - count + 1)."""
    if count <= 0:
        return 1.0
    if count > trials:
        return 0.0
    return _beta(chance, count, trials - count + 1)


def clopper_pearson(count: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Ends of a chance, Clopper & Pearson (1934): each leaves at most half of 1 - level outside. (0, 1) without trials."""
    if trials == 0:
        return 0.0, 1.0
    outside = (1 - level) / 2
    low = 0.0 if count == 0 else _where(lambda p: at_least(count, trials, p) - outside, 0.0, 1.0)
    high = (
        1.0 if count == trials else _where(lambda p: at_least(count + 1, trials, p) - (1 - outside), 0.0, 1.0)
    )
    return low, high


def garwood(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Ends of a Poisson mean, Garwood (1936): half of chi-square quantiles with 2 count and 2 (count + 1) degrees of freedom."""
    outside = (1 - level) / 2
    low = 0.0 if count == 0 else gamma_quantile(outside, count)
    return low, gamma_quantile(1 - outside, count + 1)


def gamma_quantile(chance: float, shape: float) -> float:
    """Where a gamma variable of this shape has this chance below it; half a chi-square quantile at twice the shape."""
    top = shape + 1.0
    while _gamma(shape, top) < chance:
        top *= 2
    return _where(lambda x: _gamma(shape, x) - chance, 0.0, top)


def benjamini_hochberg(chances: list[float]) -> list[float]:
    """q of each p: the smallest level at which Benjamini & Hochberg (1995) would call it a finding among all of these."""
    q = [1.0] * len(chances)
    smallest = 1.0
    ranked = sorted(range(len(chances)), key=chances.__getitem__)
    for rank in range(len(ranked), 0, -1):
        at = ranked[rank - 1]
        smallest = min(smallest, chances[at] * len(chances) / rank)
        q[at] = smallest
    return q


def _where(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function passes 0, by halving until floats have nothing between."""
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high or high - low < _NEAR * high:
            break
        if rises(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, _MOST_STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _off_zero(1 + part * d), _off_zero(1 + part / c)
            h *= d * c
        if abs(d * c - 1) < _NEAR:
            break
    return h


def _gamma(a: float, x: float) -> float:
    """P(a, x), the lower regularised incomplete gamma function."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return front * _gamma_series(a, x)
    return 1 - front * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _MOST_STEPS):
        term *= x / (a + n)
        total += term
        if term < total * _NEAR:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _off_zero(b)
    h = d
    for i in range(1, _MOST_STEPS):
        part = -i * (i - a)
        b += 2
        d, c = 1 / _off_zero(part * d + b), _off_zero(b + part / c)
        h *= d * c
        if abs(d * c - 1) < _NEAR:
            break
    return h


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
