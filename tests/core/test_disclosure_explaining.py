"""The explanation's example and table: what they say is what the protector does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.core.disclosure.explaining import example, levels
from app.core.release import Release
from tests.core.measured import a_plan, a_release
from tests.core.trees import a_tree_of


@pytest.mark.parametrize("least", [5, 6, 8, 10, 15])
def test_the_protector_hides_and_shows_the_teams_of_the_example(least: int) -> None:
    """An organisation with one more department, so that the example's is a department and not the whole."""
    told = example(least)
    counts = [team.answers for team in told.teams]
    tree = a_tree_of({"dep": {team.letter: 4 * least for team in told.teams}, "other": 8 * least})
    release = Release(a_release(a_plan(tree, least=least), [*counts, 5 * least], missing=0))
    shown = {group.code: group.published for group in release.groups}
    assert {team.letter: shown[team.letter] for team in told.teams} == {
        team.letter: team.shown for team in told.teams
    }
    assert shown["dep"]
    last = release.group("unit", told.teams[-1].letter)
    assert last is not None and last.n == told.n


@pytest.mark.parametrize("least", range(5, 60))
def test_the_example_says_what_is_true(least: int) -> None:
    told = example(least)
    small, hidden, kept = told.teams
    assert 0 < small.answers < least <= hidden.answers < kept.answers
    assert told.hidden == small.answers + hidden.answers >= least
    assert told.score["low"] <= told.true_score <= told.score["high"]
    assert told.n["low"] <= kept.answers <= told.n["high"]
    assert told.share["low"] == 0 < 100 * told.happened / told.total <= told.share["high"]


@pytest.mark.parametrize("least", [5, 8, 29, 30, 31, 120])
def test_more_answers_never_make_numbers_coarser(least: int) -> None:
    rows = levels(least)
    assert rows[0].least == least
    assert rows[-1].most is None
    for one, other in pairwise(rows):
        assert one.most is not None and one.most + 1 == other.least
        assert other.score_step <= one.score_step
        assert (other.share_step or 20) <= (one.share_step or 20)


def test_the_table_is_that_of_the_method():
    """docs/method.md, “How exact a published number is”, for k = 8."""
    assert [(row.least, row.score_step, row.share_step) for row in levels(8)] == [
        (8, 5, None), (30, 2, 10), (100, 1, 5), (1000, 0.01, 1),
    ]  # fmt: skip
