"""Exact tails and intervals in pure Python: held to scipy over a grid, and to what must always hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.core.signals.exact import at_least, benjamini_hochberg, clopper_pearson, gamma_quantile, garwood
from app.core.signals.rates import quarters_for_few, rate

COUNTS = [
    (0, 1),
    (1, 1),
    (0, 7),
    (3, 7),
    (7, 7),
    (1, 40),
    (20, 40),
    (39, 40),
    (5, 900),
    (450, 900),
    (4_000, 5_000),
]


@pytest.mark.parametrize(("count", "trials"), COUNTS)
@pytest.mark.parametrize("chance", [0.001, 0.2, 2 / 9, 0.5, 0.93])
def test_tails_are_those_of_scipy(count: int, trials: int, chance: float):
    assert at_least(count, trials, chance) == pytest.approx(
        stats.binom.sf(count - 1, trials, chance), rel=1e-9
    )


@pytest.mark.parametrize(("count", "trials"), COUNTS)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_clopper_pearson_is_that_of_scipy(count: int, trials: int, level: float):
    found = stats.binomtest(count, trials).proportion_ci(level, method="exact")
    assert clopper_pearson(count, trials, level) == pytest.approx(
        (found.low, found.high), rel=1e-8, abs=1e-12
    )


@pytest.mark.parametrize("count", [0, 1, 2, 5, 9, 37, 150, 5_000])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_garwood_is_half_of_chi_square(count: int, level: float):
    outside = (1 - level) / 2
    low = stats.chi2.ppf(outside, 2 * count) / 2 if count else 0.0
    assert garwood(count, level) == pytest.approx((low, stats.chi2.isf(outside, 2 * count + 2) / 2), rel=1e-9)


@given(st.integers(1, 400), st.floats(0.001, 0.999))
def test_a_quantile_has_its_chance_below_it(shape: int, chance: float):
    assert stats.gamma.cdf(gamma_quantile(chance, shape), shape) == pytest.approx(chance, rel=1e-8)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_is_that_of_scipy_and_never_under_p(chances: list[float]):
    found = benjamini_hochberg(chances)
    assert found == pytest.approx(list(stats.false_discovery_control(chances)), abs=1e-12)
    assert all(q >= p - 1e-15 for p, q in zip(chances, found, strict=True))


def test_no_themes_no_q():
    assert benjamini_hochberg([]) == []


def test_a_rate_by_hand():
    """Nine reporters in two years among 220: 9 / 4.4 per 100 a year, between 4.115 / 4.4 and 17.085 / 4.4."""
    found = rate(9, headcount=220, quarters=8)
    assert found is not None
    assert found.exposure == pytest.approx(4.4)
    assert (found.value, found.low, found.high) == pytest.approx((2.0455, 0.9353, 3.8829), abs=1e-4)


def test_reporters_who_may_belong_here_widen_the_upper_end_only():
    sure, wide = rate(3, headcount=100, quarters=4), rate(3, headcount=100, quarters=4, perhaps=4)
    assert sure is not None and wide is not None
    assert (wide.value, wide.low) == (sure.value, sure.low)
    assert wide.high == pytest.approx(garwood(7)[1])


def test_no_people_no_rate():
    assert rate(3, headcount=0, quarters=4) is None
    assert rate(3, headcount=50, quarters=0) is None
    assert quarters_for_few(0, 1.0) is None


@given(st.integers(5, 20_000), st.sampled_from([0.5, 1.0, 2.0]))
def test_silence_means_few_from_exactly_that_many_quarters(headcount: int, threshold: float):
    quarters = quarters_for_few(headcount, threshold)
    assert quarters is not None
    enough = rate(0, headcount=headcount, quarters=quarters)
    assert enough is not None and enough.high < threshold
    before = rate(0, headcount=headcount, quarters=quarters - 1)
    assert before is None or before.high >= threshold


def test_a_coin_that_can_not_fall_otherwise():
    assert at_least(0, 5, 0.0) == 1.0
    assert at_least(1, 5, 0.0) == 0.0
    assert at_least(5, 5, 1.0) == 1.0
    assert at_least(6, 5, 0.5) == 0.0
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    assert math.isclose(garwood(0)[1], -math.log(0.025))
