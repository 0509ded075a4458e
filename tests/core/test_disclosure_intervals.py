"""Intervals against scipy's own distributions, from published numbers only."""

from __future__ import annotations

import pytest
from scipy import stats

from app.core.disclosure.grids import num, people
from app.core.disclosure.intervals import score_interval, share_interval


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
