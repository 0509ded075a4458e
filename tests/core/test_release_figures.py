"""Agreement, ICCs, item-rest correlations, associations and corrected intervals, as a release publishes them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from app.core.dataset import pack
from app.core.disclosure.grids import Size
from app.core.disclosure.intervals import score_interval
from app.core.disclosure.protect import build_release
from app.core.release import Release
from app.core.scoring import grouping
from app.core.tally import layout_of, tally_rows
from tests.core.measured import a_plan, a_release, an_instrument, answers_of
from tests.core.trees import a_tree_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/results.schema.json").read_text())
FIGURES = (("safety", "mean", 4, "agree", "false"), ("leaders", "mean", 3, "agree", "false"))
TEXT = an_instrument(FIGURES, outcome="leaders")
UNITS = {"a": 300, "b": 120, "c": 60, "d": 60, "e": 40, "f": 20, "g": 20}
COUNTS = [260, 100, 45, 45, 32, 18, 4]


def the_plan(groupings=("unit", "tenure"), units=UNITS):
    return a_plan(a_tree_of(units), groupings=groupings, text=TEXT)


def whole_scores(plan, answers, scale) -> np.ndarray:
    """Points per person on the items of a scale, reversed as the instrument says; NaN when one is missing."""
    total = np.zeros(len(answers))
    for column, item in enumerate(plan.questionnaire.coded):
        if item.scale == scale:
            points = answers[:, column].astype(float)
            points[(points < 0) | (points > 4)] = np.nan
            total += 4 - points if item.reversed else points
    return total


def test_associations_are_those_of_groups_of_a_hundred_and_hold_the_truth():
    plan = the_plan()
    strata, answers = answers_of(plan.questionnaire, COUNTS, 3)
    document = build_release(plan, pack(strata, answers))
    jsonschema.validate(document, SCHEMA)
    release = Release(document)
    shown = {group.code for group in release.groups if "associations" in group.data}
    assert {"org", "a"} <= shown
    assert shown.isdisjoint({"b", "c", "d", "e", "f", "g"})  # of b's 100 not everybody answered all
    for code, chosen in (("org", np.ones(len(strata), bool)), ("a", strata == 0)):
        x, y = (whole_scores(plan, answers[chosen], scale) for scale in ("safety", "leaders"))
        both = ~np.isnan(x) & ~np.isnan(y)
        entry = release.group("unit", code).data["associations"]["safety"]
        r = np.corrcoef(x[both], y[both])[0, 1]
        assert entry["r"]["low"] <= r <= entry["r"]["high"]
        assert entry["n"]["low"] <= both.sum() <= entry["n"]["high"]
        assert entry["interval"][0]["low"] < r < entry["interval"][1]["high"]
        assert set(release.group("unit", code).data["associations"]) == {"safety"}


def test_without_an_outcome_there_are_no_associations():
    document = a_release(a_plan(a_tree_of({"a": 300, "b": 300})), [280, 290])
    assert not any("associations" in group for group in document["groups"])


def test_agreement_is_a_figure_from_thirty_and_a_word_below():
    plan = the_plan()
    strata, answers = answers_of(plan.questionnaire, [*COUNTS[:-1], 15], 3, missing=0)
    release = Release(build_release(plan, pack(strata, answers)))
    for code, stratum in (("a", 0), ("c", 2)):
        codes = answers[strata == stratum][:, :4].astype(float)
        ratio = min(1.0, codes.var(axis=0, ddof=1).mean() / 2)
        found = release.group("unit", code).scales["safety"]["rwg"]
        assert found["low"] <= 4 * (1 - ratio) / (4 * (1 - ratio) + ratio) <= found["high"]
        assert found["high"] - found["low"] <= 0.5
    words = [g.scales["safety"]["rwg"] for g in release.groups if g.published and g.n["high"] < 30]
    assert len(words) == 2 and set(words) <= {"weak", "moderate", "strong"}


def test_iccs_are_over_published_parts_so_that_no_small_team_enters_by_itself():
    plan = the_plan(("unit",))
    strata, answers = answers_of(plan.questionnaire, COUNTS, 3)
    answers = answers.copy(order="F")
    answers[strata == 6, :4] = 0  # the team of 4, whose mean lies far from everybody's
    document = build_release(plan, pack(strata, answers))
    published = {g["group"] for g in document["groups"] if "safety" in g["scales"]}
    assert "g" not in published
    parts = [place if code in published else 99 for place, code in enumerate(UNITS)]
    layout = layout_of(plan.questionnaire)
    one = tally_rows(np.array(parts, dtype=np.int32)[strata], answers, layout).scales[0]
    expected = grouping(one.n, one.total, one.squares, layout.scales[0].span)
    assert expected.groups < len(UNITS)
    found = document["reliability"]["safety"]
    assert found["icc1"] == round(max(0, expected.icc1), 2)
    assert found["icc2"] == round(max(0, expected.icc2), 2)


@pytest.mark.parametrize(
    ("groupings", "way", "units", "counts"),
    [
        (("unit",), "slips", {"a": 60, "b": 60, "c": 60, "d": 60}, [50] * 4),
        (("tenure",), "slips", dict.fromkeys("abcdef", 60), [50] * 6),
        (("unit",), "slips", dict.fromkeys("abcdef", 12), [4] * 6),
    ],
)
def test_iccs_need_units_that_are_shown(groupings, way, units, counts):
    found = a_release(the_plan(groupings, units), counts)["reliability"]["safety"]
    assert (found["icc1"], found["icc2"]) == (None, None)


def test_a_figure_that_cannot_be_computed_does_not_say_so():
    """Everybody gave the same answers: that would be said by a correlation that isn't there."""
    plan = the_plan()
    strata, answers = answers_of(plan.questionnaire, COUNTS, 3, missing=0)
    same = answers.copy(order="F")
    same[:, 0] = 4
    found = build_release(plan, pack(strata, same))["reliability"]["safety"]["item_rest"]
    assert found["safety0"] == 0
    assert all(isinstance(r, float) for r in found.values())
    same[:, :7] = 4
    document = build_release(plan, pack(strata, same))
    assert document["reliability"]["safety"]["alpha"] == 0
    assert document["groups"][0]["associations"]["safety"]["r"]["value"] == 0


def test_too_few_complete_answers_give_no_reliability():
    found = a_release(the_plan(units={"a": 40, "b": 40}), [14, 14])["reliability"]["safety"]
    assert (found["alpha"], found["icc1"], set(found["item_rest"].values())) == (None, None, {None})


def test_intervals_are_corrected_where_the_headcount_is_known():
    release = Release(a_release(the_plan(), COUNTS, 3))
    for code, headcount in (("org", 620), ("a", 300), ("c", 60)):
        entry = release.group("unit", code).scales["safety"]
        size = Size(entry["n"]["value"], *(entry["n"][end] for end in ("value", "low", "high")))
        assert entry["interval"] == score_interval(entry["score"], size, entry["spread"]["high"], headcount)
    for group in release.groups:
        if group.grouping == "tenure" and group.published:
            entry = group.scales["safety"]
            spread = entry.get("spread") or release.organisation.scales["safety"]["spread"]
            size = Size(entry["n"]["value"], *(entry["n"][end] for end in ("value", "low", "high")))
            assert entry["interval"] == score_interval(entry["score"], size, spread["high"])
