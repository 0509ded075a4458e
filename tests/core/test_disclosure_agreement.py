"""Scores with agreement beside them, exhaustively: every answer to every item keeps three possible counts."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.disclosure.grids import agreement_grid, agreement_word, num, people, score_grid
from tests.core.patterns import Patterns

MIDDLE = num(60, 57.5, 62.5)


def cells_of(patterns: Patterns, least: int):
    """(published score, fewest and most points it can be) of every cell of the group's score."""
    n, items, steps = patterns.n, patterns.items, patterns.options - 1
    grid = score_grid(people(n, least, exact=False), items * steps, items=items)
    if grid is None:
        return
    held: dict[int, list[int]] = {}
    for total in range(patterns.most + 1):
        held.setdefault(grid.place(100 * total / patterns.most), []).append(total)
    for totals in held.values():
        yield grid.cell(100 * totals[0] / patterns.most), totals[0], totals[-1]


def test_the_patterns_are_those_of_two_items_of_three_people_one_by_one():
    patterns = Patterns(3, 2, 4)
    tables = [(one, two) for one in patterns.ways for two in patterns.ways]
    points = np.arange(4)
    for low, high in ((0, 2), (7, 8), (16, 18)):
        rows = [one for one, two in tables if low <= one @ points + two @ points <= high]
        assert patterns.fewest(low, high) == min(len(np.unique(column)) for column in np.array(rows).T)


@pytest.mark.parametrize("options", [4, 5])
@pytest.mark.parametrize(
    ("items", "sizes"), [(1, range(5, 30)), (2, range(5, 30)), (3, (5, 6, 7, 8, 9, 13, 18))]
)
def test_a_score_of_a_short_scale_leaves_three_counts_of_every_answer(items, sizes, options):
    """Both ends included: 0, 1 and 2 people may have chosen the other end of an item."""
    for n in sizes:
        patterns = Patterns(n, items, options)
        for score, low, high in cells_of(patterns, 5):
            assert patterns.fewest(low, high) >= 3, (n, score)


@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("n", [30, 41])
def test_from_thirty_answers_too(items, n):
    patterns = Patterns(n, items, 4)
    for score, low, high in cells_of(patterns, 8):
        assert patterns.fewest(low, high) >= 3, score


@pytest.mark.parametrize("options", [4, 5])
@pytest.mark.parametrize(
    ("items", "sizes"), [(3, range(5, 30)), (4, (5, 8, 12, 19)), (6, (5, 8, 12)), (9, (8,))]
)
def test_a_word_on_agreement_leaves_three_counts_of_every_answer(items, sizes, options):
    """All answers that fit n, the published score and the word, for each n under 30 and each score and word."""
    said = set()
    for n in sizes:
        patterns = Patterns(n, items, options)
        words = np.array([agreement_word(items, options, MIDDLE, rwg) for rwg in patterns.agreement.tolist()])
        for score, low, high in cells_of(patterns, 5):
            if agreement_word(items, options, score, 1.0) is None:
                continue
            for word in set(words.tolist()):
                fewest = patterns.fewest(low, high, words == word)
                assert fewest is None or fewest >= 3, (n, score, word)
                said.add(word)
    assert said == {"weak", "moderate", "strong"}


def test_a_word_is_absent_by_published_numbers_alone():
    assert agreement_word(3, 5, MIDDLE, 0.5) == "weak"
    assert agreement_word(3, 5, MIDDLE, 0.501) == "moderate"
    assert agreement_word(3, 5, MIDDLE, 0.1 * 7) == "moderate"
    assert agreement_word(3, 5, MIDDLE, 0.701) == "strong"
    for items, options, score in ((2, 5, MIDDLE), (3, 3, MIDDLE), (3, 5, num(None, 90, 100))):
        assert {agreement_word(items, options, score, rwg) for rwg in (0, 0.6, 1)} == {None}


@pytest.mark.parametrize(
    ("items", "options", "n"), [(3, 4, 30), (3, 4, 37), (3, 5, 30), (3, 5, 33), (5, 4, 30)]
)
def test_agreement_in_figures_leaves_three_counts_of_every_answer(items, options, n):
    patterns = Patterns(n, items, options)
    size, seen = people(n, 30, exact=False), 0
    for score, low, high in cells_of(patterns, 8):
        grid = agreement_grid(size, items, options, score)
        if grid is None or score["low"] > 50:  # the upper half mirrors the lower one
            continue
        places = np.array([grid.place(rwg) for rwg in patterns.agreement])
        for place in set(places.tolist()):
            fewest = patterns.fewest(low, high, places == place)
            assert fewest is None or fewest >= 3, (score, grid.cuts[place])
            seen += 1
    assert seen > 40


@pytest.mark.parametrize("n", [30, 64, 100, 400, 1000, 5400])
@pytest.mark.parametrize("items", [3, 5, 11])
def test_two_people_at_the_other_end_of_an_item_are_in_the_same_band_as_nobody(n, items):
    for options in (4, 5, 7, 11):
        size = people(n, 30, exact=False)
        grid = agreement_grid(size, items, options, num(50, 49, 51))
        assert grid is not None
        spread = 2 * (n - 2) / (n * (n - 1)) * (options - 1) ** 2
        ratio = spread / ((options**2 - 1) / 12) / items
        assert grid.place(items * (1 - ratio) / (items * (1 - ratio) + ratio)) == grid.place(1.0)
        assert grid.cell(0.3) == {"value": None, "low": 0, "high": 0.5}


def test_short_scales_give_no_agreement():
    size = people(400, 30, exact=False)
    assert agreement_grid(size, 2, 5, num(50, 49, 51)) is None
    assert agreement_grid(size, 5, 3, num(50, 49, 51)) is None
