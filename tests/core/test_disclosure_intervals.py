"""Intervals against scipy's own distributions, from published numbers only."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from app.core.disclosure.grids import correlation_cell, num, people, score_grid, spread_grid
from app.core.disclosure.intervals import (
    correlation_interval,
    finite_correction,
    score_interval,
    share_interval,
)


def test_the_example_of_the_method():
    ends = score_interval(num(60, 57.5, 62.5), people(24, 8, exact=True), 25)
    assert [end["value"] for end in ends] == [45, 75]


@pytest.mark.parametrize(("n", "step"), [(40, 2), (250, 1), (2000, 0.01)])
def test_student_t_rounded_outward(n, step):
    size = people(n, 8, exact=True)
    low, high = (end["value"] for end in score_interval(num(50, 49, 51), size, 20))
    half = stats.t.ppf(0.975, size.low - 1) * 20 / size.low**0.5
    assert low <= 49 - half < low + step + 1e-9
    assert high - step - 1e-9 < 51 + half <= high


@pytest.mark.parametrize(
    ("share", "n"), [((10, 5, 15), 60), ((50, 49.5, 50.5), 400), ((None, 0, 5), 47), ((None, 95, 100), 47)]
)
def test_clopper_and_pearson_around_the_band(share, n):
    size = people(n, 30, exact=False)
    low, high = (end["value"] for end in share_interval(num(*share), size, 1))
    few, many = share[1] / 100 * size.low, share[2] / 100 * size.low
    below = 100 * stats.beta.ppf(0.025, few, size.low - few + 1) if few else 0
    above = 100 * stats.beta.ppf(0.975, many + 1, size.low - many) if many < size.low else 100
    assert low <= below < low + 1
    assert high - 1 < above <= high
    assert low < high


def test_the_finite_population_correction():
    assert finite_correction(50, 200) == pytest.approx((150 / 199) ** 0.5)
    assert [finite_correction(n, 50) for n in (50, 51)] == [0, 0]
    assert finite_correction(1, 1) == 0
    size = people(103, 8, exact=True)
    plain = [end["value"] for end in score_interval(num(50, 49.5, 50.5), size, 20)]
    half = stats.t.ppf(0.975, 102) * 20 / 103**0.5 * (17 / 119) ** 0.5
    low, high = (end["value"] for end in score_interval(num(50, 49.5, 50.5), size, 20, 120))
    assert plain[0] < low <= 49.5 - half < low + 1
    assert high - 1 < 50.5 + half <= high < plain[1]


def test_everybody_answered_and_the_interval_still_has_a_width():
    for n in (40, 250, 3000):
        low, high = score_interval(num(50, 50, 50), people(n, 8, exact=True), 20, n)
        assert low["value"] < high["value"]


def test_under_thirty_answers_the_headcount_changes_nothing():
    size = people(24, 8, exact=True)
    assert score_interval(num(60, 57.5, 62.5), size, 25, 26) == score_interval(num(60, 57.5, 62.5), size, 25)


@pytest.mark.parametrize(("headcount", "n"), [(40, 33), (60, 45), (150, 120), (400, 110), (1300, 1100)])
def test_intervals_hold_the_mean_of_everybody_in_at_least_95_percent(headcount, n):
    """2,000 draws of n from a fixed population; fewer than 95 percent would have to be chance under 1 in 1,000."""
    rng = np.random.default_rng(headcount)
    population = rng.binomial(20, rng.beta(3, 2, headcount)) * 5.0
    size, runs, held = people(n, 8, exact=False), 2000, 0
    for _ in range(runs):
        drawn = rng.choice(population, n, replace=False)
        spread = spread_grid(size).cell(float(drawn.std(ddof=1)))["high"]
        score = score_grid(size, 20, items=5).cell(float(drawn.mean()))
        low, high = (end["value"] for end in score_interval(score, size, float(spread), headcount))
        held += low <= population.mean() <= high
    assert held >= stats.binom.ppf(0.001, runs, 0.95)


@pytest.mark.parametrize(("r", "n"), [(0.3, 130), (-0.8, 240), (0.97, 100), (0.41, 2400)])
def test_fishers_interval_around_the_published_correlation(r, n):
    size = people(n, 100, exact=False)
    cell = correlation_cell(r, size)
    assert cell["low"] <= r <= cell["high"]
    low, high = (end["value"] for end in correlation_interval(cell, size))
    half, step = stats.norm.ppf(0.975) / (size.low - 3) ** 0.5, 0.1 if n < 1000 else 0.01
    below = np.tanh(np.arctanh(cell["low"]) - half)
    above = np.tanh(np.arctanh(cell["high"]) + half) if cell["high"] < 1 else 1
    assert low <= below < low + step + 1e-9
    assert high - step - 1e-9 < above <= high <= 1


def test_fishers_interval_is_that_of_scipy_for_an_exact_correlation():
    rng = np.random.default_rng(5)
    x = rng.normal(size=1200)
    found = stats.pearsonr(x, x + rng.normal(size=1200))
    size = people(1200, 100, exact=True)
    low, high = (end["value"] for end in correlation_interval(num(*[found.statistic] * 3), size))
    expected = found.confidence_interval()
    assert low == pytest.approx(expected.low, abs=0.011)
    assert high == pytest.approx(expected.high, abs=0.011)


def test_a_perfect_correlation_stays_within_one():
    for r in (1.0, -1.0):
        size = people(120, 100, exact=False)
        cell = correlation_cell(r, size)
        assert -1 <= cell["low"] <= r <= cell["high"] <= 1
        ends = [end["value"] for end in correlation_interval(cell, size)]
        assert -1 <= ends[0] < ends[1] <= 1
