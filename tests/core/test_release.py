"""Whole releases: what must never be in one, what must always be, and that each true figure lies in its band."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.instrument import parse
from app.core.plan import Plan
from app.core.release import Release, canonical, digest_of, in_ten, read
from app.core.strata import propose
from app.core.units import Tree
from tests.core.measured import a_plan, a_release, an_instrument, answers_of
from tests.core.test_disclosure_forecast import a_care_organisation
from tests.core.test_disclosure_structure import echelon, spans
from tests.core.trees import a_tree_of, trees

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/results.schema.json").read_text())


def test_three_answers_beside_twenty_leave_nothing_of_either():
    for invited in ({"small": 15, "large": 20}, {"a": 15, "b": 20}):
        document = a_release(a_plan(a_tree_of(invited)), [3, 20])
        root, small, large = document["groups"]
        assert (root["status"], small["status"], large["status"]) == ("published", "withheld", "withheld")
        assert (small["reason"], large["reason"]) == ("too-few", "too-few")
        for group in (small, large):
            assert "n" not in group
            assert "participation" not in group
            assert not group["scales"]
            assert not group["items"]
        assert root["n"] == {"value": 25, "low": 23, "high": 27}


def test_an_imported_unit_of_three_is_joined_with_its_sibling():
    document = a_release(a_plan(a_tree_of({"small": 3, "large": 20})), [23])
    assert [group["reason"] for group in document["groups"]] == [None, "joined", "joined"]
    assert len(document["groups"]) == 3  # the joined stratum is the organisation itself


def test_no_answer_and_few_answers_look_the_same():
    tree = a_tree_of({"a": 15, "b": 20, "c": 30})
    none, few = (a_release(a_plan(tree), [count, 20, 20])["groups"][1] for count in (0, 3))
    assert none == few


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(seed):
    plan = a_plan(a_care_organisation(seed), groupings=("unit", "tenure", "work"), spread=2)
    instrument = plan.questionnaire
    strata, answers = answers_of(instrument, [stratum.invited * 6 // 10 for stratum in plan.strata], seed)
    order = np.random.default_rng(seed).permutation(len(strata))
    one = build_release(plan, pack(strata, answers))
    two = build_release(plan, pack(strata[order], np.asfortranarray(answers[order])))
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize("seed", range(6))
def test_every_true_figure_lies_within_its_band(seed):
    plan = a_plan(a_care_organisation(seed, people=600), groupings=("unit", "tenure", "work"), spread=2)
    instrument = plan.questionnaire
    strata, answers = answers_of(instrument, [stratum.invited * 7 // 10 for stratum in plan.strata], seed)
    document = build_release(plan, pack(strata, answers))
    jsonschema.validate(document, SCHEMA)
    checked = 0
    for group in document["groups"]:
        if group["status"] == "published":
            checked += check_group(plan, group, strata, answers)
    assert checked > 30


def members(plan, group, strata, answers):
    if group["grouping"] == "stratum":
        return strata == int(group["group"])
    if group["grouping"] == "unit":
        return np.isin(strata, list(plan.strata.of_node(plan.tree, group["group"])))
    column = [item.id for item in plan.questionnaire.coded].index(group["grouping"])
    codes = plan.questionnaire.options_of(plan.questionnaire.item(group["grouping"])).codes
    return answers[:, column] == codes.index(int(group["group"]))


def check_group(plan, group, strata, answers) -> int:
    """Everything computed once more, row by row."""
    inside = members(plan, group, strata, answers)
    within(group["n"], inside.sum())
    checked = 0
    rows = answers[inside]
    coded = [item.id for item in plan.questionnaire.coded]
    for id_, entry in group["scales"].items():
        items = plan.questionnaire.items_of(id_)
        points = np.full((len(rows), len(items)), np.nan)
        for place, item in enumerate(items):
            options = plan.questionnaire.options_of(item)
            codes = np.array(
                [np.nan if code in options.missing else code for code in options.codes] + [np.nan]
            )
            points[:, place] = codes[rows[:, coded.index(item.id)]]
            if item.reversed:
                points[:, place] = options.low + options.high - points[:, place]
        low, high = plan.questionnaire.options_of(items[0]).low, plan.questionnaire.options_of(items[0]).high
        answered = (~np.isnan(points)).sum(axis=1)
        points = points[answered >= max(1, -(-len(items) // 2))]
        within(entry["n"], len(points))
        if "share" in entry:
            within(entry["share"], 100 * np.mean(np.nanmax(points, axis=1) > low))
        else:
            score = (np.nanmean(points, axis=1) - low) / (high - low) * 100
            within(entry["score"], score.mean())
            assert entry["interval"][0]["low"] < entry["interval"][1]["high"]
            if "spread" in entry:
                within(entry["spread"], score.std(ddof=1))
            if "favourable" in entry:
                there = points[~np.isnan(points)]
                within(entry["favourable"], 100 * np.mean(there >= 4))
                within(entry["unfavourable"], 100 * np.mean(there <= 2))
                within(entry["neutral"], 100 * np.mean(there == 3))
        for place, item in enumerate(items):
            if item.id in group["items"]:
                column = points[:, place][~np.isnan(points[:, place])]
                found = group["items"][item.id]
                key, true = ("share", column > low) if "share" in found else ("favourable", column >= 4)
                within(found[key], 100 * np.mean(true))
                checked += 1
        checked += 1
    return checked


def within(number, true):
    assert number["low"] - 1e-9 <= true <= number["high"] + 1e-9
    assert number["value"] is None or number["low"] <= number["value"] <= number["high"]


@st.composite
def organisations(draw: st.DrawFn):
    tree = draw(trees(most_units=5, most_people=14).filter(lambda tree: 12 <= tree.root.headcount <= 45))
    strata = propose(tree, 5)
    counts = [draw(st.one_of(st.integers(0, 6), st.just(s.invited))) for s in strata]
    return (
        tree,
        [min(n, s.invited) for n, s in zip(counts, strata, strict=True)],
        draw(st.integers(0, 10_000)),
    )


@given(organisations())
@settings(deadline=None, max_examples=120)
def test_no_set_of_one_to_four_people_can_be_worked_out(case):
    """Brute force over classes of people: units and two overlapping background groupings, n and every scale."""
    tree, counts, seed = case
    text = an_instrument((("safety", "mean", 2, "agree", "false"),))
    plan = a_plan(tree, groupings=("unit", "tenure", "work"), least=5, text=text)
    strata, answers = answers_of(plan.questionnaire, counts, seed, missing=0.15)
    document = build_release(plan, pack(strata, answers))
    scored = ((answers[:, :2] >= 0) & (answers[:, :2] < 5)).sum(axis=1) >= 1
    everybody = np.ones(len(strata), dtype=bool)
    for taking_part, key in ((everybody, None), (scored, "safety")):
        groups = [
            members(plan, group, strata, answers)[taking_part]
            for group in document["groups"]
            if group["status"] == "published" and (key is None or key in group["scales"])
        ]
        if groups:
            no_small_union(np.array(groups), 5)


def no_small_union(indicators, least) -> None:
    classes, sizes = np.unique(indicators.T, axis=0, return_counts=True)
    basis = echelon([list(map(int_fraction, row)) for row in classes.T])
    small = [place for place in range(len(classes)) if classes[place].any() and sizes[place] < least]
    for count in range(1, min(4, len(small)) + 1):
        for some in combinations(small, count):
            if sizes[list(some)].sum() < least:
                assert not spans(basis, [int_fraction(place in some) for place in range(len(classes))])


def int_fraction(value):
    from fractions import Fraction

    return Fraction(int(value))


def test_a_rare_answer_of_a_whole_small_unit_leaks_nowhere():
    """3 people of one unit all have the rare tenure; a sum of options minus units would give them."""
    tree = a_tree_of({"a": 12, "b": 20, "c": 20})
    plan = a_plan(tree, groupings=("unit", "tenure"))
    strata, answers = answers_of(plan.questionnaire, [3, 20, 20], 1, missing=0)
    column = [item.id for item in plan.questionnaire.coded].index("tenure")
    changed = answers.copy(order="F")
    changed[:, column] = np.where(strata == 0, 2, strata - 1)
    release = Release(build_release(plan, pack(strata, changed)))
    shown = {(group.grouping, group.code) for group in release.groups if group.published}
    assert ("tenure", "3") not in shown
    # unit b is tenure 1 and unit c tenure 2: publishing all of b, c, 1 and 2 leaves the three
    assert len(shown & {("unit", "b"), ("unit", "c")}) < 2
    assert len(shown & {("tenure", "1"), ("tenure", "2")}) < 2


def test_an_option_that_is_nearly_a_unit_is_withheld():
    tree = a_tree_of({"a": 20, "b": 20, "c": 20})
    plan = a_plan(tree, groupings=("unit", "work"))
    strata, answers = answers_of(plan.questionnaire, [20, 20, 20], 1, missing=0)
    column = [item.id for item in plan.questionnaire.coded].index("work")
    changed = answers.copy(order="F")
    changed[:, column] = strata == 0
    changed[:2, column] = 0
    release = Release(build_release(plan, pack(strata, changed)))
    assert not any(group.published for group in release.of("work"))
    assert {group.reason for group in release.of("work")} == {"too-few"}


def test_an_open_link_publishes_the_organisation_only():
    tree = a_tree_of({"a": 40, "b": 40})
    plan = Plan(an_instrument(), tree, propose(tree, 80), ("unit",), 8, "open-link")
    document = a_release(plan, [60])
    assert [group["reason"] for group in document["groups"]] == [None, "open-link", "open-link"]


def test_groupings_that_were_not_chosen_are_not_there():
    document = a_release(a_plan(a_tree_of({"a": 40, "b": 40}), groupings=("work",)), [30, 30])
    assert [(group["grouping"], group["group"]) for group in document["groups"]] == [
        ("unit", "org"), ("work", "1"), ("work", "2"),
    ]  # fmt: skip


def test_under_thirty_only_scores_of_scales_that_rate_nobody():
    group = a_release(a_plan(a_tree_of({"a": 20, "b": 60})), [20, 60], missing=0)["groups"][1]
    assert set(group["scales"]) == {"safety"}
    assert set(group["scales"]["safety"]) == {"n", "score", "interval", "rwg"}
    assert group["scales"]["safety"]["rwg"] in ("weak", "moderate", "strong")
    assert not group["items"]
    assert group["absent"] == {"leaders": "from-30", "seen": "from-30"}


def test_an_organisation_without_answers_is_a_release_too():
    for counts in ([0, 0], [2, 3]):
        document = a_release(a_plan(a_tree_of({"a": 20, "b": 60})), counts)
        jsonschema.validate(document, SCHEMA)
        assert {group["reason"] for group in document["groups"]} == {"too-few"}
        assert document["reliability"] == {}


def test_few_who_stayed_away_are_not_counted():
    tree = a_tree_of({"a": 120, "b": 120})
    first, second, third = a_release(a_plan(tree), [117, 120])["groups"]
    assert second["n"] == {"value": 115, "low": 113, "high": 117}
    assert first["n"]["low"] < first["n"]["high"]
    assert third["n"] == {"value": 120, "low": 120, "high": 120}
    assert "participation" not in first
    assert third["participation"] == {"value": 100, "low": 100, "high": 100}


def test_a_document_is_read_back_only_whole():
    document = a_release(a_plan(a_tree_of({"a": 20, "b": 60})), [20, 60])
    assert document["digest"] == digest_of(document)
    assert read(canonical(document)) == document
    with pytest.raises(ValueError, match="altered"):
        read(canonical(document).replace('"withheld"', '"published"').replace('"rules"', '"Rules"'))


def test_a_share_is_so_many_in_ten_only_when_all_of_it_is_near():
    assert in_ten({"value": 58, "low": 57.5, "high": 58.5}) == 6
    assert in_ten({"value": None, "low": 0, "high": 15}) is None
    assert in_ten({"value": 50, "low": 38, "high": 62}) is None


@pytest.mark.parametrize("seed", range(5))
def test_nine_in_ten_staff_of_the_typical_organisation_see_their_own_group(seed):
    plan = a_plan(a_care_organisation(seed), groupings=("unit", "tenure"), spread=2)
    rng = np.random.default_rng(seed)
    counts = [int(rng.binomial(stratum.invited, 0.6)) for stratum in plan.strata]
    release = Release(a_release(plan, counts, seed))
    inside: set[int] = set()
    for group in release.groups[1:]:
        if group.published and group.grouping == "unit":
            inside |= plan.strata.of_node(plan.tree, group.code) or set()
        elif group.published and group.grouping == "stratum":
            inside.add(int(group.code))
    assert sum(plan.strata[stratum].invited for stratum in inside) >= 0.9 * 220


def test_schema_names_every_key():
    tree: Tree = a_tree_of({"a": 700, "b": 700})
    document = a_release(a_plan(tree, groupings=("unit", "tenure")), [650, 660])
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    parse(an_instrument())
