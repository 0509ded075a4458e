"""Grids, exhaustively: every published text leaves at least three head counts, whatever the answers are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.disclosure import grids
from app.core.disclosure.grids import (
    incidence,
    people,
    pooled,
    score_grid,
    share_grid,
    spread_grid,
    three_shares,
)

SIZES = [*range(30, 401), 449, 499, 500, 520, 575, 700, 999, 1000, 1003, 2500]


@pytest.mark.parametrize("least", range(5, 16))
def test_every_published_n_leaves_three_and_is_never_under_the_least(least):
    seen: dict[tuple[int, int], set[int]] = {}
    for n in range(least, 100):
        size = people(n, least, exact=True)
        assert least <= size.low <= n <= size.high
        assert size.low <= size.value <= size.high
        seen.setdefault((size.low, size.high), set()).add(n)
    for low, high in seen:
        assert high - low >= 2
    assert people(100, least, exact=True).num == {"value": 100, "low": 100, "high": 100}
    assert people(103, least, exact=False).num == {"value": 105, "low": 103, "high": 107}


@pytest.mark.parametrize("exact", [True, False])
def test_a_share_leaves_three_head_counts_and_hides_one_and_two_people(exact):
    for n in SIZES:
        grid = share_grid(people(n, 8, exact=exact))
        assert grid is not None
        held: dict[int, list[int]] = {}
        for count in range(n + 1):
            cell = grid.cell(100 * count / n)
            assert cell["low"] - 1e-9 <= 100 * count / n <= cell["high"] + 1e-9
            held.setdefault(grid.place(100 * count / n), []).append(count)
        assert min(map(len, held.values())) >= 3, n
        assert held[grid.place(0)][:3] == [0, 1, 2]
        assert held[grid.place(100)][-3:] == [n - 2, n - 1, n]
        if n >= 300 and exact:
            assert grid.cell(50) == {"value": 50, "low": 49.5, "high": 50.5}


def test_three_shares_together_leave_each_three_head_counts():
    """All pairs of cells: the favourable ones and those not unfavourable, of which there are never fewer."""
    for n in range(30, 401):
        grid = share_grid(people(n, 8, exact=True))
        assert grid is not None
        held: dict[int, list[int]] = {}
        for count in range(n + 1):
            held.setdefault(grid.place(100 * count / n), []).append(count)
        for one, favourable in held.items():
            for two, other in held.items():
                if two < one:
                    continue
                low, high = (favourable[0], favourable[-1]), (other[0], other[-1])
                assert min(low[1], high[1]) - low[0] >= 2  # favourable counts possible
                assert high[1] - max(high[0], low[0]) >= 2  # unfavourable counts possible
                assert (high[1] - low[0]) - max(0, high[0] - low[1]) >= 2  # neutral counts possible


@given(st.integers(30, 2000), st.data())
def test_three_shares_hold_the_truth_and_mirror_each_other(n, data):
    favourable = data.draw(st.integers(0, n))
    unfavourable = data.draw(st.integers(0, n - favourable))
    grid = share_grid(people(n, 8, exact=True))
    assert grid is not None
    three = three_shares(grid, favourable, unfavourable, n, neutral=True)
    for share, count in zip(three, (favourable, n - favourable - unfavourable, unfavourable), strict=True):
        assert share["low"] - 1e-9 <= 100 * count / n <= share["high"] + 1e-9
    one, _, other = three_shares(grid, favourable, n - favourable, n, neutral=False)
    assert (one["low"], one["high"]) == pytest.approx((100 - other["high"], 100 - other["low"]))


def test_incidence_leaves_three_head_counts_and_rare_ones_are_bands_of_people():
    for n in SIZES:
        size = people(n, 8, exact=True)
        held: dict[str, list[int]] = {}
        for count in range(n + 1):
            share, band = incidence(size, count)
            assert share["low"] - 1e-9 <= 100 * count / n <= share["high"] + 1e-9
            assert (band is not None) == (n >= 500 and count < 20)
            assert band is None or band[0] <= count <= band[1]
            held.setdefault(f"{share}{band}", []).append(count)
        assert min(map(len, held.values())) >= 3, n
        assert next(iter(held.values()))[:3] == [0, 1, 2]


@pytest.mark.parametrize("points", [1, 2, 3, 4, 8, 12, 44, 200])
def test_a_score_leaves_three_sums_under_a_thousand_and_holds_the_truth(points):
    for n in [*range(8, 130), 500, 998, 999]:
        grid = score_grid(people(n, 8, exact=False), points, items=3)
        if grid is None:
            assert n * points < 60
            continue
        for total in range(0, n * points + 1, max(1, n * points // 400)):
            cell = grid.cell(100 * total / (n * points))
            assert cell["low"] - 1e-9 <= 100 * total / (n * points) <= cell["high"] + 1e-9
            assert (cell["high"] - cell["low"]) * n * points / 100 >= 3 - 1e-9


@pytest.mark.parametrize("n", [5, 6, 7, 8, 12, 29, 30, 64, 99, 100, 400, 999, 1000, 5000])
def test_both_ends_leave_room_for_one_who_disagrees(n):
    size = people(n, 5, exact=True)
    grid = score_grid(size, 44, items=11)
    assert grid is not None
    top, bottom = grid.cell(100), grid.cell(0)
    assert top["value"] is None
    assert bottom["value"] is None
    assert (100 - top["low"]) * n >= 75 - 1e-9
    assert bottom["high"] * n >= 75 - 1e-9
    if n < 30:
        assert top["low"] <= 90
        assert bottom["high"] >= 10


def test_a_small_spread_leaves_room_for_one_who_disagrees():
    for n in (30, 50, 99, 100, 500, 1000, 9000):
        cell = spread_grid(people(n, 8, exact=True)).cell(0)
        assert cell["value"] is None
        assert cell["high"] >= 75 / n**0.5 - 1e-9


def test_the_steps_that_the_method_promises():
    steps = {n: score_grid(people(n, 8, exact=True), 44, items=11) for n in (20, 40, 200, 5400)}
    assert {n: grid.cell(46.535)["value"] for n, grid in steps.items() if grid} == {
        20: 45,
        40: 46,
        200: 47,
        5400: 46.54,
    }


def test_a_pooled_share_says_no_more_than_the_items_do():
    sizes = [people(n, 30, exact=False) for n in (40, 38, 45)]
    shares = [grids.num(v, v - 5, v + 5) for v in (10, 20, 60)]
    found = pooled(shares, sizes)
    assert found["low"] <= 26 <= found["value"]
    assert found["high"] >= 30
    assert found["value"] == 30
    assert pooled([grids.num(None, 0, 15), *shares], [sizes[0], *sizes])["value"] is None


def test_an_interval_is_never_of_no_width_and_never_leaves_the_scale():
    assert grids.outward(50, 50, 5) == (45, 55)
    assert grids.outward(-3, 102, 5) == (0, 100)
    assert grids.outward(100, 100, 1) == (99, 100)
