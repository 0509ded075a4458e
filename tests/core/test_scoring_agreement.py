"""Agreement, ICCs and correlations beside scipy, numpy and the definitions written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from app.core.instrument import parse
from app.core.scoring import agreement, correlation, grouping, item_rest, scores, spreads
from app.core.tally import layout_of, points_of, tally_rows
from tests.core.measured import an_instrument, answers_of

FORM = parse(an_instrument(outcome="leaders"))
LAYOUT = layout_of(FORM)
SAFETY = LAYOUT.scales[0]


def codes_of(answers) -> np.ndarray:
    """(people, items) of the first scale: codes after reversing, NaN for no answer and for "don't know" (9)."""
    columns = []
    for column in SAFETY.columns:
        item = FORM.coded[column]
        codes = np.array([*FORM.options_of(item).codes, np.nan])[answers[:, column]]
        codes[codes == 9] = np.nan
        columns.append(6 - codes if item.reversed else codes)
    return np.array(columns).T


def scored(answers) -> tuple[np.ndarray, np.ndarray]:
    """(codes, scores on 0 to 100) of those with at least half of the items answered."""
    codes = codes_of(answers)
    codes = codes[(~np.isnan(codes)).sum(axis=1) >= 1.5]
    return codes, (np.nanmean(codes, axis=1) - 1) / 4 * 100


def counted(counts, seed, missing=0.2):
    strata, answers = answers_of(FORM, counts, seed, missing)
    return strata, answers, tally_rows(strata, answers, LAYOUT)


def agreement_of(found) -> np.ndarray:
    points = np.array([points_of(FORM, FORM.coded[column])[1:] for column in SAFETY.columns])
    return agreement(found.items[:, list(SAFETY.columns), 1 : points.shape[1] + 1], points)


@given(st.lists(st.integers(4, 30), min_size=2, max_size=6), st.integers(0, 9999))
@settings(deadline=None, max_examples=40)
def test_iccs_are_those_of_one_way_analysis_of_variance(counts, seed):
    strata, answers, found = counted(counts, seed)
    groups = [own for place in range(len(counts)) if len(own := scored(answers[strata == place])[1])]
    one = found.scales[0]
    mine = grouping(one.n, one.total, one.squares, SAFETY.span)
    f = stats.f_oneway(*groups).statistic
    assume(f > 1e-6)  # at 0 an ICC(2) has no meaning
    size = sum(map(len, groups)) / len(groups)
    assert (mine.n, mine.groups) == (sum(map(len, groups)), len(groups))
    assert mine.icc1 == pytest.approx((f - 1) / (f - 1 + size), abs=1e-9)
    assert mine.icc2 == pytest.approx(1 - 1 / f, rel=1e-6)


def test_iccs_without_meaning_are_none():
    one = np.array([[0, 3]]), np.array([[0, 6]]), np.array([[0, 14]])
    assert grouping(*one, 4).icc1 is None
    alone = np.array([[0, 1], [0, 1]]), np.array([[0, 1], [0, 3]]), np.array([[0, 1], [0, 9]])
    assert grouping(*alone, 4).icc1 is None
    same = np.array([[0, 5], [0, 5]]), np.array([[0, 10], [0, 10]]), np.array([[0, 20], [0, 20]])
    assert (grouping(*same, 4).icc1, grouping(*same, 4).icc2) == (None, None)
    apart = (
        np.array([[0, 5], [0, 5], [0, 0]]),
        np.array([[0, 5], [0, 10], [0, 0]]),
        np.array([[0, 5], [0, 20], [0, 0]]),
    )
    assert (grouping(*apart, 4).icc1, grouping(*apart, 4).icc2, grouping(*apart, 4).groups) == (1, 1, 2)


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=40)
def test_agreement_is_by_its_definition_over_those_who_answered_an_item(seed):
    strata, answers, found = counted([12, 5, 40], seed)
    mine = agreement_of(found)
    for place in range(3):
        codes, _ = scored(answers[strata == place])
        there = [own for column in codes.T if len(own := column[~np.isnan(column)]) > 1]
        ratio = min(1.0, np.mean([np.var(own, ddof=1) for own in there]) / ((5**2 - 1) / 12))
        items = len(there)
        assert mine[place] == pytest.approx(items * (1 - ratio) / (items * (1 - ratio) + ratio))


def test_agreement_from_none_to_full():
    points = np.array([[0, 1, 2, 3, 4, -1]] * 3)
    split = [[5, 0, 0, 0, 5, 2]] * 3
    same = [[0, 0, 0, 10, 0, 2]] * 3
    nobody = [[0, 0, 0, 0, 0, 2]] * 3
    found = agreement(np.array([split, same, nobody]), points)
    assert found[:2].tolist() == [0, 1]
    assert np.isnan(found[2])
    two_answers = agreement(np.array([[[7, 3]]]), np.array([[0, 1]]))
    assert two_answers[0] == pytest.approx(1 - np.var([0] * 7 + [1] * 3, ddof=1) / 0.25)


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=40)
def test_the_correlation_with_the_outcome_is_pearsons(seed):
    _, answers, found = counted([25], seed)
    codes = codes_of(answers)
    other = [FORM.coded.index(FORM.item(id)) for id in ("leaders0", "leaders1")]
    outcome = np.where(answers[:, other] > 4, -1, answers[:, other])  # the last option is "don't know"
    there = ~np.isnan(codes).any(axis=1) & (outcome >= 0).all(axis=1)
    x, y = codes[there].sum(axis=1), outcome[there, 0] - outcome[there, 1]  # the second item is reversed
    mine = correlation(found.scales[0].with_outcome[0])
    if len(set(x)) < 2 or len(set(y)) < 2:
        assert mine is None
    else:
        assert mine == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=40)
def test_item_rest_correlations_are_with_the_sum_of_the_other_items(seed):
    _, answers, found = counted([60], seed, missing=0.1)
    codes = codes_of(answers)
    codes = codes[~np.isnan(codes).any(axis=1)]
    expected = [np.corrcoef(codes[:, j], codes.sum(axis=1) - codes[:, j])[0, 1] for j in range(3)]
    assert item_rest(found.scales[0].moments) == pytest.approx(expected, abs=1e-12)


def test_an_item_without_variance_has_no_item_rest_correlation():
    matrix = np.column_stack([np.ones(9, int), np.arange(9) % 4, np.full(9, 2), np.arange(9) % 3])
    assert item_rest(matrix.T @ matrix)[1] is None


@given(st.integers(0, 9999), st.integers(0, 9999))
@settings(deadline=None, max_examples=25)
def test_the_order_of_people_changes_no_figure(seed, other):
    strata, answers, found = counted([9, 14, 6], seed)
    order = np.random.default_rng(other).permutation(len(strata))
    again = tally_rows(strata[order], answers[order], LAYOUT)

    def figures(one):
        scale = one.scales[0]
        return [
            scores(scale.n, scale.total, 4).tolist(),
            spreads(scale.n, scale.total, scale.squares, 4).tolist(),
            grouping(scale.n, scale.total, scale.squares, 4),
            agreement_of(one).tolist(),
            correlation(scale.with_outcome.sum(axis=0)),
            item_rest(scale.moments),
        ]

    assert figures(found) == figures(again)


@pytest.mark.parametrize(("answered", "counts"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_half_of_three_items_is_two(answered, counts):
    answers = np.full((1, len(FORM.coded)), -1, dtype=np.int8)
    answers[0, list(SAFETY.columns[:answered])] = 2
    found = tally_rows(np.zeros(1, dtype=np.int32), answers, LAYOUT)
    assert found.scales[0].n.sum() == counts
    assert found.scales[0].histogram.sum() == (answered == 3)
    assert found.scales[0].moments[0, 0] == (answered == 3)
