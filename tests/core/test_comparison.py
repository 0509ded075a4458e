"""Whole comparisons: the document, its verdicts and q, both directions, a group and the rest, and real releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.core.comparison.between import compare
from app.core.comparison.rest import with_rest
from app.core.comparison.verdicts import VERDICTS, verdict
from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.instrument import parse
from tests.core.measured import a_plan, a_release, answers_of
from tests.core.released import document, group, num, scored, shared
from tests.core.test_disclosure_forecast import a_care_organisation
from tests.core.trees import a_tree_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/comparison.schema.json").read_text())
N = num(130, 128, 132)
Document = dict[str, Any]


def whole(scan: str, score: float, *, spread: float = 21, seen: float = 10, **rules: Any) -> Document:
    """An organisation of 220 of whom 130 answered, on the grids of a release."""
    scales = {
        "up": scored(num(score, score - 0.5, score + 0.5), N, num(spread, spread - 1, spread + 1)),
        "seen": shared(num(seen, seen - 2.5, seen + 2.5), N),
    }
    return document(scan, [group("org", None, 220, scales)], **rules)


def of(found: Document, scale: str = "up") -> Document:
    return next(one for one in found["differences"] if one["scale"] == scale)


def test_eight_points_are_clearly_better_and_none_is_no_clear_difference():
    better = of(compare(whole("a", 55), whole("b", 63)).to_document())
    assert (better["verdict"], better["real"], better["matters"]) == ("clearly better", True, True)
    assert better["difference"] == {"value": 8, "low": 7, "high": 9}
    assert of(compare(whole("a", 63), whole("b", 55)).to_document())["verdict"] == "clearly worse"
    same = of(compare(whole("a", 55), whole("b", 55)).to_document())
    assert (same["verdict"], same["real"], same["matters"]) == ("no clear difference", False, False)


def test_of_a_share_less_is_better():
    found = of(compare(whole("a", 55, seen=40), whole("b", 55, seen=10)).to_document(), "seen")
    assert found["verdict"] == "clearly better"
    assert found["effect"] == "odds-ratio" and found["g"] < 1


def test_the_threshold_is_the_one_set_at_the_launch_of_the_later_scan():
    found = compare(whole("a", 55, matters=20), whole("b", 63, matters=10)).to_document()
    assert found["matters"] == 10
    assert of(found)["verdict"] == "slightly better"
    assert compare(whole("a", 55), whole("b", 63)).matters == 5


def test_where_people_came_in_by_an_open_link_their_number_corrects_nothing():
    closed = of(compare(whole("a", 55), whole("b", 59)).to_document())
    open_ = of(compare(whole("a", 55), whole("b", 59, way="open-link")).to_document())
    assert open_["p"] > closed["p"]


@pytest.mark.parametrize(
    ("q", "matters", "within", "said"),
    [
        (0.04, True, False, "clearly better"), (0.04, False, True, "slightly better"),
        (0.05, False, True, "no clear difference"), (0.05, True, False, "too few answers to say"),
        (0.6, False, False, "too few answers to say"),
    ],
)  # fmt: skip
def test_a_verdict_is_of_two_independent_things(q, matters, within, said):
    assert verdict(q, matters=matters, better=True, within=within) == said
    assert verdict(q, matters=matters, better=False, within=within) == said.replace("better", "worse")


SCORE = st.integers(10, 90)
TEAM = st.tuples(SCORE, st.integers(8, 29))


def wave(scan: str, first: int, spread: int, teams: list[tuple[int, int]]) -> Document:
    made = whole(scan, first, spread=spread)
    for place, (score, n) in enumerate(teams):
        scale = scored(num(score, score - 2.5, score + 2.5), num(n, n - 2, n + 2) if n > 9 else num(n))
        made["groups"].append(group(f"t{place}", "org", 40, {"up": scale}))
    return made


WAVES = st.tuples(SCORE, st.integers(8, 35), st.lists(TEAM, min_size=3, max_size=3))


@given(WAVES, WAVES)
@settings(max_examples=60)
def test_verdicts_follow_their_rules_and_looking_back_mirrors_them(first, second):
    old, new = wave("a", *first), wave("b", *second)
    ahead, back = compare(old, new).to_document(), compare(new, old).to_document()
    mirror = {"clearly better": "clearly worse", "slightly better": "slightly worse"}
    mirror |= {value: key for key, value in mirror.items()}
    for one, other in zip(ahead["differences"], back["differences"], strict=True):
        assert one["verdict"] == mirror.get(other["verdict"], other["verdict"])
        assert one["p"] == pytest.approx(other["p"], rel=1e-3)
        assert one["difference"]["value"] == pytest.approx(-other["difference"]["value"])
        assert one["interval"][0]["value"] == pytest.approx(-other["interval"][1]["value"], abs=0.11)
        points, (low, high) = one["difference"], (end["value"] for end in one["interval"])
        assert low <= points["low"] <= points["value"] <= points["high"] <= high
        assert one["real"] == (one["q"] < 0.05)
        assert one["q"] >= one["p"] - 1e-12
        assert ("clearly" in one["verdict"]) == (one["real"] and abs(points["value"]) >= 5)
        assert ("slightly" in one["verdict"]) == (one["real"] and abs(points["value"]) < 5)
        if one["verdict"] == "no clear difference":
            assert -5 <= low <= high <= 5
        assert one["real"] is False or low > 0 or high < 0


def test_q_is_benjamini_and_hochbergs_over_everything_shown():
    old = wave("a", 50, 20, [(50, 12), (40, 20), (60, 28)])
    new = wave("b", 58, 20, [(85, 12), (50, 20), (70, 28)])
    shown = compare(old, new).to_document()["differences"]
    ranked = sorted(shown, key=lambda one: one["p"])
    least = 1.0
    for place in range(len(ranked), 0, -1):
        least = min(least, ranked[place - 1]["p"] * len(ranked) / place)
        assert ranked[place - 1]["q"] == pytest.approx(least, rel=1e-3)


def released(seed: int, scan: str, shift: int = 0) -> Document:
    """A whole release by the protector: a care organisation of which six in ten answered at random."""
    plan = a_plan(a_care_organisation(1), groupings=("unit", "tenure"), spread=2)
    strata, answers = answers_of(
        parse(plan.instrument), [stratum.invited * 6 // 10 for stratum in plan.strata], seed
    )
    if shift:
        answers[:, :2] = np.where(answers[:, :2] >= 0, np.minimum(answers[:, :2] + shift, 4), -1)
    return build_release(plan, pack(strata, answers), scan=scan)


def test_two_whole_releases_are_compared_as_the_schema_says():
    found = compare(released(1, "one"), released(2, "two", shift=1)).to_document()
    jsonschema.validate(found, SCHEMA)
    json.dumps(found, allow_nan=False)
    assert {one["grouping"] for one in found["differences"]} >= {"unit", "tenure"}
    assert {one["effect"] for one in found["differences"]} == {"hedges-g", "odds-ratio"}
    assert {one["verdict"] for one in found["differences"]} <= set(VERDICTS)
    assert any(one["verdict"] == "clearly better" for one in found["differences"])
    jsonschema.validate(with_rest(released(1, "one")).to_document(), SCHEMA)


@given(st.integers(0, 10_000), st.lists(st.integers(9, 60), min_size=2, max_size=4))
@settings(max_examples=40)
def test_the_true_difference_with_the_rest_lies_within_its_ends(seed, counts):
    tree = a_tree_of({f"t{place}": count + 3 for place, count in enumerate(counts)})
    plan = a_plan(tree)
    instrument = plan.questionnaire
    found = with_rest(a_release(plan, counts, seed)).to_document()
    jsonschema.validate(found, SCHEMA)
    strata, answers = answers_of(instrument, counts, seed)
    for one in found["differences"]:
        scale = instrument.scale(one["scale"])
        if scale.kind == "mean":
            own, rest = _true_scores(instrument, scale.id, answers, strata, int(one["group"][1:]))
            gap = own - rest
            assert one["difference"]["low"] - 1e-3 <= gap <= one["difference"]["high"] + 1e-3
            assert one["before"]["low"] - 1e-3 <= rest <= one["before"]["high"] + 1e-3


def _true_scores(instrument, scale, answers, strata, team):
    """Score of a team and of everybody else, the plain way."""
    items = instrument.items_of(scale)
    columns = [instrument.coded.index(item) for item in items]
    found = answers[:, columns].astype(float)
    for place, item in enumerate(items):
        options = instrument.options_of(item)
        found[found[:, place] < 0, place] = np.nan
        if item.reversed:
            found[:, place] = len(options.scored) - 1 - found[:, place]
    enough = (~np.isnan(found)).sum(axis=1) >= instrument.scale(scale).min_answered * len(items)
    steps = len(instrument.options_of(items[0]).scored) - 1
    own = np.nanmean(found[enough], axis=1) / steps * 100
    inside = strata[enough] == team
    return own[inside].mean(), own[~inside].mean()


def test_a_group_and_the_rest_against_scipy():
    """Published exactly, without a headcount to correct for: Welch's t on the group and the rest."""
    all_ = scored(num(60), num(100), num(20))
    made = document(
        "a",
        [
            group("org", None, 0, {"up": all_}),
            group("t", "org", 0, {"up": scored(num(72), num(25), num(15))}),
        ],
    )
    (found,) = with_rest(made).to_document()["differences"]
    assert found["before"]["value"] == pytest.approx(56)
    assert found["difference"]["value"] == pytest.approx(16)
    rest = 20 * np.sqrt(99 / 74)
    assert found["p"] == pytest.approx(
        stats.ttest_ind_from_stats(72, 15, 25, 56, rest, 75, equal_var=False).pvalue, rel=1e-3
    )


def test_a_rest_that_may_be_nobody_is_not_computed():
    scale = {"up": scored(num(60, 59, 61), num(35, 33, 37))}
    made = document("a", [group("org", None, 40, scale), group("t", "org", 38, scale)])
    assert with_rest(made).to_document()["not_comparable"][0]["reason"] == "no-rest"
