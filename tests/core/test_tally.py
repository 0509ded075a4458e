"""Counts: additive, independent of order, and the same as counting person by person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dataset import pack
from app.core.instrument import parse
from app.core.scoring import scores
from app.core.tally import counting, layout_of, least_answered, moments, tally, tally_rows
from tests.core.measured import an_instrument, answers_of

FORM = parse(an_instrument(outcome="leaders"))


def same(one, two) -> None:
    assert np.array_equal(one.keys, two.keys)
    assert np.array_equal(one.people, two.people)
    assert np.array_equal(one.items, two.items)
    for mine, theirs in zip(one.scales, two.scales, strict=True):
        for name in ("n", "total", "squares", "histogram", "with_outcome", "moments"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=8),
    st.integers(0, 9999),
    st.integers(0, 40),
    st.booleans(),
)
@settings(deadline=None)
def test_two_parts_added_are_the_whole_in_any_order(counts, seed, cut, backgrounds):
    layout = layout_of(FORM, ("unit", "tenure", "work") if backgrounds else ())
    strata, answers = answers_of(FORM, counts, seed, missing=0.3)
    whole = tally_rows(strata, answers, layout)
    order = np.random.default_rng(seed).permutation(len(strata))
    one, two = order[:cut], order[cut:]
    parts = tally_rows(strata[one], answers[one], layout) + tally_rows(strata[two], answers[two], layout)
    same(whole, parts)
    same(whole, tally(pack(strata, answers), layout))


def test_chunks_make_no_difference(monkeypatch):
    strata, answers = answers_of(FORM, [40, 0, 33, 60], 4, missing=0.2)
    layout = layout_of(FORM, ("tenure",))
    whole = tally_rows(strata, answers, layout)
    monkeypatch.setattr(counting, "CHUNK_ROWS", 7)
    monkeypatch.setattr(moments, "MOST_TOGETHER", 3)
    monkeypatch.setattr(counting, "MOST_CELLS", 100)
    monkeypatch.setattr(moments, "MOST_CELLS", 0)
    same(whole, tally_rows(strata, answers, layout))


@pytest.mark.parametrize(
    ("share", "items", "least"),
    [(0.5, 3, 2), (0.5, 2, 1), (0.5, 1, 1), (1.0, 4, 4), (0.01, 4, 1), (2 / 3, 3, 2)],
)
def test_how_many_answers_make_a_score(share, items, least):
    text = an_instrument((("safety", "mean", items, "agree", "false"),)).replace("= 0.5", f"= {share}")
    form = parse(text)
    assert least_answered(form.scales[0], items) == least


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=30)
def test_scores_are_those_of_people_one_by_one(seed):
    strata, answers = answers_of(FORM, [7, 12, 3], seed, missing=0.4)
    layout = layout_of(FORM)
    found = tally_rows(strata, answers, layout)
    for number, scale in enumerate(layout.scales[:2]):
        mine = scores(found.scales[number].n, found.scales[number].total, scale.span)
        for place, stratum in enumerate(found.keys):
            people = [
                person for row in answers[strata == stratum] if (person := score_of(row, scale)) is not None
            ]
            assert found.scales[number].n[place].sum() == len(people)
            if people:
                assert mine[place] == pytest.approx(np.mean(people), abs=1e-9)


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=30)
def test_histograms_and_sums_with_the_outcome_are_those_of_complete_people_one_by_one(seed):
    strata, answers = answers_of(FORM, [9, 2, 14], seed, missing=0.2)
    layout = layout_of(FORM)
    found = tally_rows(strata, answers, layout)
    first, outcome = layout.scales[:2]
    assert found.scales[1].with_outcome.shape == (len(found.keys), 0)
    assert found.scales[2].with_outcome.shape == (len(found.keys), 0)
    for place, stratum in enumerate(found.keys):
        points = [
            [points_of_person(row, scale) for scale in (first, outcome)] for row in answers[strata == stratum]
        ]
        expected = np.zeros(13, dtype=np.int64)
        for one, _ in points:
            if one is not None:
                expected[one] += 1
        assert found.scales[0].histogram[place].tolist() == expected.tolist()
        both = [(x, y) for x, y in points if x is not None and y is not None]
        sums = [
            sum(x**a * y**b for x, y in both) for a, b in ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1))
        ]
        assert found.scales[0].with_outcome[place].tolist() == sums


def test_a_histogram_holds_the_sums_of_complete_people():
    strata, answers = answers_of(FORM, [30, 30], 3, missing=0.1)
    for one in tally_rows(strata, answers, layout_of(FORM)).scales[:2]:
        points = np.arange(one.histogram.shape[1])
        assert (one.histogram.sum(axis=1) == one.n[:, -1]).all()
        assert (one.histogram @ points == one.total[:, -1]).all()
        assert (one.histogram @ points**2 == one.squares[:, -1]).all()
        assert one.histogram.sum() == one.moments[0, 0]


def codes_of(row, scale) -> list[int]:
    """Answered codes as written; reversed code = min + max - code; code 9 is missing."""
    codes = []
    for column in scale.columns:
        item = FORM.coded[column]
        code = None if row[column] < 0 else FORM.options_of(item).codes[row[column]]
        if code is not None and code != 9:
            codes.append(6 - code if item.reversed else code)
    return codes


def points_of_person(row, scale) -> int | None:
    """Points above the lowest of somebody who answered every item."""
    codes = codes_of(row, scale)
    return sum(codes) - len(codes) if len(codes) == len(scale.columns) else None


def score_of(row, scale) -> float | None:
    """A person's score by the rule as written."""
    codes = codes_of(row, scale)
    if len(codes) < scale.scale.min_answered * len(scale.columns):
        return None
    return (sum(codes) / len(codes) - 1) / 4 * 100


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=30)
def test_reversing_an_item_twice_changes_nothing(seed):
    strata, answers = answers_of(FORM, [30], seed, missing=0.2)
    plain = tally_rows(strata, answers, layout_of(FORM))
    turned_form = parse(FORM.text.replace("reversed = true", "reversed = false"))
    turned = answers.copy(order="F")
    for column, item in enumerate(FORM.coded):
        if item.reversed:
            there = (turned[:, column] >= 0) & (turned[:, column] < 5)
            turned[there, column] = 4 - turned[there, column]
    again = tally_rows(strata, turned, layout_of(turned_form))
    for one, two in zip(plain.scales, again.scales, strict=True):
        assert np.array_equal(one.total, two.total)
        assert np.array_equal(one.moments, two.moments)
        assert np.array_equal(one.histogram, two.histogram)
        assert np.array_equal(one.with_outcome, two.with_outcome)


def test_an_item_counts_only_people_the_scale_scores():
    layout = layout_of(FORM)
    answers = np.full((2, len(FORM.coded)), -1, dtype=np.int8)
    answers[0, 0] = 4  # one of three answered: no score
    answers[1, :2] = 4
    found = tally_rows(np.zeros(2, dtype=np.int32), answers, layout)
    assert found.scales[0].n.sum() == 1
    assert found.items[0, 0].tolist()[:6] == [1, 0, 0, 0, 0, 1]


def test_an_incidence_scale_counts_people_with_anything_above_the_lowest():
    layout = layout_of(FORM)
    columns = list(layout.scales[2].columns)
    answers = np.full((4, len(FORM.coded)), -1, dtype=np.int8)
    answers[0, columns] = [0, 0]
    answers[1, columns] = [0, 2]
    answers[2, columns] = [1, -1]
    found = tally_rows(np.zeros(4, dtype=np.int32), answers, layout).scales[2]
    assert (found.n.sum(), found.total.sum()) == (3, 2)
