"""Differences between published figures: against scipy and plain formulas, and never surer for being rounded."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.core.comparison.differences import Figure, gap, minus, num
from tests.core import trees  # noqa: F401  examples without a deadline


def score(value: float, n: int, spread: float, invited: int | None = None, width: float = 0.0) -> Figure:
    return Figure(num(value, value - width, value + width), (n, n), (spread, spread), invited)


def share(count: int, n: int) -> Figure:
    percent = 100 * count / n
    return Figure({"value": percent, "low": percent, "high": percent}, (n, n), None)


@pytest.mark.parametrize(
    ("old", "new"), [((60, 130, 21), (66, 121, 23)), ((50, 12, 25), (71, 31, 18)), ((40, 400, 15), (40, 8, 25))]
)  # fmt: skip
def test_exact_scores_without_a_headcount_are_welchs_t(old, new):
    found = gap(score(*old), score(*new))
    expected = stats.ttest_ind_from_stats(new[0], new[2], new[1], old[0], old[2], old[1], equal_var=False)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    errors = [spread**2 / n for _, n, spread in (old, new)]
    df = sum(errors) ** 2 / sum(
        error**2 / (n - 1) for error, (_, n, _) in zip(errors, (old, new), strict=True)
    )
    half = stats.t.ppf(0.975, df) * math.sqrt(sum(errors))
    assert found.interval == pytest.approx((new[0] - old[0] - half, new[0] - old[0] + half), abs=1e-6)


def test_the_finite_population_correction_is_the_plain_one():
    found = gap(score(60, 130, 22, 220), score(68, 132, 20, 220))
    errors = (22**2 / 130 * (1 - 130 / 220), 20**2 / 132 * (1 - 132 / 220))
    df = sum(errors) ** 2 / (errors[0] ** 2 / 129 + errors[1] ** 2 / 131)
    assert found.p == pytest.approx(2 * stats.t.sf(8 / math.sqrt(sum(errors)), df), rel=1e-9)
    assert found.interval[0] == pytest.approx(8 - stats.t.ppf(0.975, df) * math.sqrt(sum(errors)), abs=1e-6)


def test_a_full_response_is_not_of_zero_width():
    found = gap(score(60, 40, 22, 40), score(61, 45, 22, 40))
    assert found.interval[0] < 1 < found.interval[1]


def test_hedges_g_is_within_a_thousandth_of_the_exact_one():
    found = gap(score(60, 40, 22), score(67, 35, 18))
    df = 73
    pooled = math.sqrt((39 * 22**2 + 34 * 18**2) / df)
    exact = math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
    assert found.effect == pytest.approx(7 / pooled * exact, abs=1e-3)


@pytest.mark.parametrize(
    ("few", "many"), [((5, 60), (20, 64)), ((0, 130), (12, 128)), ((30, 100), (31, 101))]
)
def test_exact_shares_are_fishers_test_with_twice_the_smaller_tail(few, many):
    table = [[few[0], few[1] - few[0]], [many[0], many[1] - many[0]]]
    expected = min(1.0, 2 * stats.fisher_exact(table, alternative="less").pvalue)
    assert gap(share(*few), share(*many)).p == pytest.approx(expected, rel=1e-9)
    assert gap(share(*many), share(*few)).p == pytest.approx(expected, rel=1e-9)
    odds = (many[0] + 0.5) / (many[1] - many[0] + 0.5) / ((few[0] + 0.5) / (few[1] - few[0] + 0.5))
    assert gap(share(*few), share(*many)).effect == pytest.approx(odds, rel=1e-3)


def test_the_interval_of_two_shares_is_newcombes_with_exact_ends():
    old, new = stats.binomtest(6, 60).proportion_ci(), stats.binomtest(21, 70).proportion_ci()
    below = math.sqrt((0.3 - new.low) ** 2 + (old.high - 0.1) ** 2)
    above = math.sqrt((new.high - 0.3) ** 2 + (0.1 - old.low) ** 2)
    found = gap(share(6, 60), share(21, 70))
    assert found.interval == pytest.approx((20 - 100 * below, 20 + 100 * above), abs=1e-6)


SCORES = st.floats(10, 90)
PEOPLE = st.integers(8, 400)
SPREADS = st.floats(1, 40)


@given(SCORES, SCORES, PEOPLE, PEOPLE, SPREADS, st.floats(0, 5), st.floats(0, 5), st.floats(0, 4))
def test_rounding_never_makes_a_score_surer(one, other, n, m, spread, width, width2, wider):
    exact = gap(score(one, n, spread), score(other, m, spread))
    rounded = gap(
        Figure(num(one, one - width, one + width), (n, n), (spread + wider, spread), None),
        Figure(num(other, other - width2, other + width2), (m, m), (spread + wider, spread), None),
    )
    assert rounded.p >= exact.p - 1e-12
    assert rounded.interval[0] <= exact.interval[0] + 1e-9
    assert rounded.interval[1] >= exact.interval[1] - 1e-9


@given(st.integers(30, 200), st.integers(30, 200), st.data())
def test_a_band_of_a_share_is_never_surer_than_any_count_in_it(n, m, data):
    count, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    below, above = data.draw(st.integers(0, count)), data.draw(st.integers(count, n))
    band = Figure({"value": None, "low": 100 * below / n, "high": 100 * above / n}, (n, n), None)
    exact, banded = gap(share(count, n), share(other, m)), gap(band, share(other, m))
    assert banded.p >= exact.p - 1e-9
    assert banded.interval[0] <= exact.interval[0] + 1e-6
    assert banded.interval[1] >= exact.interval[1] - 1e-6


@given(SCORES, SCORES, PEOPLE, PEOPLE, SPREADS, SPREADS, st.floats(0, 5))
def test_looking_the_other_way_mirrors_everything(one, other, n, m, spread, spread2, width):
    old, new = score(one, n, spread, 400, width), score(other, m, spread2, 400, width)
    ahead, back = gap(old, new), gap(new, old)
    assert ahead.p == pytest.approx(back.p, rel=1e-9)
    assert ahead.effect == pytest.approx(-back.effect, abs=1e-9)
    assert ahead.interval == pytest.approx((-back.interval[1], -back.interval[0]), abs=1e-9)


def test_the_interval_covers_a_difference_that_didnt_happen_95_times_in_100():
    """Two samples of 60 from the same 100 people; published exactly. Seeded, so it always says the same."""
    chance = np.random.default_rng(7)
    everybody = chance.normal(60, 20, 100)
    covered = 0
    for _ in range(2000):
        waves = [chance.choice(everybody, 60, replace=False) for _ in range(2)]
        old, new = (score(float(wave.mean()), 60, float(wave.std(ddof=1)), 100) for wave in waves)
        low, high = gap(old, new).interval
        covered += low <= 0 <= high
    assert 0.94 < covered / 2000 < 0.965


def test_a_band_has_no_value_and_its_ends_hold_every_possible_difference():
    assert minus({"value": None, "low": 90, "high": 100}, {"value": 62, "low": 60, "high": 64}) == {
        "value": None, "low": 26, "high": 40,
    }  # fmt: skip
