"""Releases beside what is out already: corrected editions, and units drawn anew between two scans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.core.attack import Published
from app.core.dataset import pack
from app.core.disclosure.limits import Limits, Said, changed_scales
from app.core.disclosure.overlapping import Earlier, drawn_anew
from app.core.disclosure.protect import build_release, counted
from app.core.disclosure.structure import forest_of
from app.core.instrument import parse
from app.core.ladder import Out, publish
from app.core.strata import number
from tests.core.measured import a_plan, a_release, an_instrument, answers_of
from tests.core.trees import a_tree_of

TREE = a_tree_of({"a": 20, "b": 24, "c": {"c1": 40, "c2": 50}})
COUNTS = [12, 14, 35, 40]


def two_editions(change: tuple[str, str]):
    """The first edition, and a second one with some text of the questionnaire changed."""
    plan = a_plan(TREE, groupings=("unit", "tenure"))
    strata, answers = answers_of(plan.questionnaire, COUNTS, seed=4)
    parts = pack(strata, answers)
    first = build_release(plan, parts, scan="s1")
    corrected = replace(plan, instrument=plan.instrument.replace(*change))
    assert corrected.instrument != plan.instrument
    return first, build_release(corrected, parts, scan="s1", edition=2, editions=[first])


def test_a_scale_that_was_scored_in_another_way_is_corrected_from_30_answers_only():
    turned = ('id = "safety2"\nscale = "safety"\noptions = "agree"\nreversed = true',)
    first, second = two_editions((turned[0], turned[0].replace("true", "false")))
    for before, after in zip(first["groups"], second["groups"], strict=True):
        assert after["status"] == before["status"]
        if after["status"] == "published":
            assert after["n"] == before["n"]
            detailed = "favourable" in before["scales"].get("safety", {})
            assert ("safety" in after["scales"]) == detailed
            assert after["scales"].get("leaders") == before["scales"].get("leaders")
    assert any(
        "safety" not in group["scales"] for group in second["groups"] if group["status"] == "published"
    )


def test_an_edition_never_shows_a_group_that_the_first_one_withheld():
    first, second = two_editions(("min_answered = 0.5", "min_answered = 0.34"))
    shown = {(g["grouping"], g["group"]) for g in first["groups"] if g["status"] == "published"}
    assert {(g["grouping"], g["group"]) for g in second["groups"] if g["status"] == "published"} <= shown


def test_a_new_title_is_no_other_scoring():
    text = an_instrument()
    first = a_release(a_plan(TREE), COUNTS)
    assert not changed_scales(
        parse(text.replace('title.nl = "safety"', 'title.nl = "veilig"')), [Said(first)]
    )
    assert changed_scales(parse(text.replace("favourable = [4, 5]", "favourable = [5]")), [Said(first)]) == {
        "safety",
        "leaders",
    }


def earlier_and_now(*, team: int):
    """Earlier teams a and b were shown together; now they are strata of their own. b has `team` people."""
    tree = a_tree_of({"a": 20, "b": team, "c": 30})
    before = replace(a_plan(tree), strata=number(tree, [["a", "b"], ["c"]]))
    document = a_release(before, [16, 20])
    now = replace(a_plan(tree), strata=number(tree, [["a"], ["b"], ["c"]]))
    return now, Earlier(before, document)


def test_a_team_that_was_shown_with_a_small_one_is_not_shown_without_it():
    now, earlier = earlier_and_now(team=6)
    forest = forest_of(now.tree, now.strata)
    hidden = {forest.nodes[place].code for place in drawn_anew(now, forest, [earlier], 8)}
    assert hidden == {"a", "b"}
    document = build_release(now, pack(*answers_of(now.questionnaire, [14, 6, 20])), earlier=[earlier])
    assert [g["status"] for g in document["groups"]] == ["published", "withheld", "withheld", "published"]


def test_teams_that_are_large_enough_apart_are_shown_apart():
    now, earlier = earlier_and_now(team=12)
    assert not drawn_anew(now, forest_of(now.tree, now.strata), [earlier], 8)


def test_units_that_only_one_scan_knows_and_people_who_came_are_no_reason():
    now, earlier = earlier_and_now(team=12)
    tree = a_tree_of({"a": 21, "b": 12, "c": 30, "new": 5})
    grown = replace(now, tree=tree, strata=number(tree, [["a"], ["b"], ["c", "new"]]))
    assert not drawn_anew(grown, forest_of(tree, grown.strata), [earlier], 8)


def test_limits_withhold_groups_crossings_and_all_but_the_organisation():
    plan = a_plan(TREE, groupings=("unit", "tenure", "unit*tenure"))
    parts = pack(*answers_of(plan.questionnaire, [20, 24, 40, 50], seed=2, missing=0))

    def shown(limits: Limits) -> set[tuple[str, str]]:
        groups = build_release(plan, parts, limits=limits)["groups"]
        return {(g["grouping"], g["group"]) for g in groups if g["status"] == "published"}

    everything = shown(Limits())
    assert ("unit", "a") in everything
    assert any(grouping == "unit*tenure" for grouping, _ in everything)
    assert ("unit", "a") not in shown(Limits(withheld=frozenset({("unit", "a")})))
    assert not any("*" in grouping for grouping, _ in shown(Limits(crossings=False)))
    assert shown(Limits(root=("unit", "org"))) == {("unit", "org")}
    assert shown(Limits(nothing=True)) == set()
    assert ("unit", "a") not in shown(Limits(least_below=30))


def test_three_beside_twenty_with_a_rare_tenure_and_a_corrected_edition_leak_nothing():
    """All three short-serving people work in the team of three; then a scale is scored anew."""
    plan = a_plan(a_tree_of({"small": 15, "large": 20, "other": 40}), groupings=("unit", "tenure"))
    strata, answers = answers_of(plan.questionnaire, [3, 20, 30], missing=0)
    tenure = [item.id for item in plan.questionnaire.coded].index("tenure")
    answers[:, tenure] = np.where(strata == 0, 0, 1 + np.arange(len(strata)) % 2)
    parts = pack(strata, answers)
    turned = 'id = "safety2"\nscale = "safety"\noptions = "agree"\nreversed = true'
    corrected = replace(plan, instrument=plan.instrument.replace(turned, turned.replace("true", "false")))
    first = publish(plan, counted(plan, parts), known={"scan": "s"})
    out = Out(editions=[Published(plan, first)])
    second = publish(corrected, counted(corrected, parts), known={"scan": "s", "edition": 2}, out=out)
    for document in (first, second):
        shown = {(g["grouping"], g["group"]): g for g in document["groups"]}
        for key in (("unit", "small"), ("tenure", "1")):
            assert shown[key]["status"] == "withheld" and shown[key]["reason"] == "too-few"
        assert sum(shown["unit", team]["status"] == "published" for team in ("large", "other")) == 1
        assert document["attack"]["findings"] == []
