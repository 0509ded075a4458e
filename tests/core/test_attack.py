"""What the attacker must find, and what it must not: small systems of which the answer is known."""

from __future__ import annotations

import pytest

from app.core.attack import attack
from app.core.attack.report import coarse
from app.core.refusal import Cancelled
from tests.core.attacked import a_case, a_group, a_score, between, built, by_hand, exactly
from tests.core.measured import a_plan, an_instrument
from tests.core.trees import a_tree_of

ONE = an_instrument((("safety", "mean", 1, "agree", "false"),))
TURNED = an_instrument((("safety", "mean", 2, "agree", "false"),))
TWO = TURNED.replace("reversed = true", "reversed = false")


def sizes(report):
    return {(f.inside, f.outside, f.low, f.high) for f in report.findings if f.kind == "size"}


def two_teams(root, small, large, invited=(15, 30)):
    tree = a_tree_of({"small": invited[0], "large": invited[1]})
    plan = a_plan(tree, text=ONE)
    groups = [
        a_group("unit", "org", root),
        a_group("unit", "small", small, parent="org"),
        a_group("unit", "large", large, parent="org"),
    ]
    return plan, by_hand(plan, groups)


@pytest.mark.parametrize("known", [True, False])
def test_three_beside_twenty_are_pinned_when_both_are_exact(known):
    plan, published = two_teams(exactly(23), None, exactly(20))
    truth = a_case(plan, [(0, {"safety0": 3}, 3), (1, {"safety0": 4}, 20)]) if known else None
    report = attack([published], [truth])
    found = [f for f in report.findings if f.kind == "size"]
    assert [(f.inside, f.low, f.high) for f in found] == [((("one", "unit", "small"),), 3, 3)]
    assert set(found[0].because) == {("one", "unit", "org"), ("one", "unit", "large")}


@pytest.mark.parametrize(
    ("root", "large"),
    [(None, exactly(20)), (exactly(23), None), (between(23, 27), between(18, 22))],
)
def test_nothing_is_pinned_when_one_is_withheld_or_both_are_bands(root, large):
    plan, published = two_teams(root, None, large)
    truth = a_case(plan, [(0, {"safety0": 3}, 3), (1, {"safety0": 4}, 20)])
    assert not attack([published], [truth]).findings


def test_two_possible_numbers_are_too_few_and_three_are_enough():
    truth_rows = [(0, {"safety0": 3}, 3), (1, {"safety0": 4}, 20)]
    for high, found in ((21, True), (22, False)):
        plan, published = two_teams(exactly(23), None, between(20, high))
        report = attack([published], [a_case(plan, truth_rows)])
        assert bool(sizes(report)) is found


def test_what_a_full_response_gives_is_no_finding():
    plan, published = two_teams(exactly(23), None, exactly(15), invited=(8, 15))
    truth = a_case(plan, [(0, {"safety0": 3}, 8), (1, {"safety0": 4}, 15)])
    assert not sizes(attack([published], [truth]))


def test_a_headcount_that_fixes_the_size_is_no_finding():
    """23 of 23 took part: that the small team's 8 did is what a full response says."""
    _, published = two_teams(exactly(23), None, None, invited=(8, 15))
    assert not attack([published], [None]).findings


def test_colluders_lower_how_many_people_are_enough():
    plan, published = two_teams(exactly(26), None, exactly(20))
    truth = a_case(plan, [(0, {"safety0": 3}, 6), (1, {"safety0": 4}, 20)])
    assert sizes(attack([published], [truth], colluders=1))
    assert not sizes(attack([published], [truth], colluders=2))


def test_a_nearly_unanimous_score_pins_the_answers():
    """Ten people at 97.5: nine say 5 and one says 4."""
    for score, found in ((between(97.5, 97.5), True), (between(80, 100), False)):
        plan = a_plan(a_tree_of(20), text=ONE)
        published = by_hand(
            plan, [a_group("unit", "org", exactly(10), scales={"safety": a_score(10, score)})]
        )
        truth = a_case(plan, [(0, {"safety0": 5}, 9), (0, {"safety0": 4}, 1)])
        kinds = {f.kind for f in attack([published], [truth]).findings}
        assert kinds == ({"side"} if found else set())


def test_a_score_of_one_side_only_is_a_finding_of_that_side():
    plan = a_plan(a_tree_of(20), text=ONE)
    published = by_hand(
        plan, [a_group("unit", "org", exactly(10), scales={"safety": a_score(10, between(0, 2.5))})]
    )
    truth = a_case(plan, [(0, {"safety0": 1}, 10)])
    (finding,) = attack([published], [truth]).findings
    assert (finding.kind, finding.answer, finding.low, finding.high) == ("side", "unfavourable", 0, 0)


def test_two_editions_pin_what_neither_does():
    """Forward and turned, the second item's points are the difference of the two scores where nobody may skip one."""
    tree = a_tree_of(20)
    rows = [(0, {"safety0": 3, "safety1": 1}, 10)]
    plans = [
        a_plan(tree, text=text.replace("min_answered = 0.5", "min_answered = 1")) for text in (TWO, TURNED)
    ]
    releases = [
        by_hand(plan, [a_group("unit", "org", exactly(10), scales={"safety": a_score(10, exactly(score))})])
        for plan, score in zip(plans, (25, 75), strict=True)
    ]
    truths = [a_case(plan, rows) for plan in plans]
    for release, truth in zip(releases, truths, strict=True):
        assert not attack([release], [truth]).findings
    found = attack(releases, truths).findings
    assert {f.item for f in found} == {"safety1"}


def crossed(exact: bool):
    tree = a_tree_of({"a": 30, "b": 30})
    plan = a_plan(tree, groupings=("unit", "tenure"), text=ONE)
    n = exactly if exact else lambda count: between(count - 2, count + 2)
    groups = [
        a_group("unit", "org", n(40)),
        a_group("unit", "a", n(20), parent="org"),
        a_group("unit", "b", n(20), parent="org"),
        a_group("tenure", "1", n(24)),
        a_group("unit*tenure", "a*1", n(17), parent="a", of=[("unit", "a"), ("tenure", "1")]),
    ]
    rows = [
        (0, {"safety0": 3, "tenure": 1}, 17), (0, {"safety0": 3, "tenure": 2}, 3),
        (1, {"safety0": 3, "tenure": 1}, 7), (1, {"safety0": 3, "tenure": 2}, 13),
    ]  # fmt: skip
    return by_hand(plan, groups), a_case(plan, rows)


def test_a_crossing_pins_who_is_not_in_it():
    published, truth = crossed(exact=True)
    found = sizes(attack([published], [truth]))
    assert any((low, high) == (3, 3) and inside == (("one", "unit", "a"),) for inside, _, low, high in found)
    published, truth = crossed(exact=False)
    assert not attack([published], [truth]).findings


@pytest.mark.parametrize("seed", range(3))
def test_three_answers_beside_twenty_survive_as_the_protector_publishes_them(seed):
    plan = a_plan(a_tree_of({"small": 15, "large": 30}), groupings=("unit", "tenure"), text=TURNED)
    published, truth = built(plan, [3, 20], seed)
    report = attack([published], [truth])
    assert not report.findings
    assert report.as_json()["targets"].keys() == {"lp", "milp"}


def test_a_rerun_finds_the_same():
    published, truth = crossed(exact=True)
    one, two = (attack([published], [truth]) for _ in range(2))
    assert one.findings == two.findings
    assert one.targets == two.targets


def test_without_time_every_open_target_is_a_finding_and_says_so():
    published, truth = crossed(exact=False)
    report = attack([published], [truth], seconds=0)
    assert report.findings
    assert not any(f.finished for f in report.findings)


def test_it_can_be_stopped():
    published, truth = crossed(exact=False)
    with pytest.raises(Cancelled):
        attack([published], [truth], cancelled=lambda: True)


def test_counts_of_targets_are_coarse():
    assert [coarse(count) for count in (0, 1, 10, 11, 99, 101, 1432)] == [0, 10, 10, 20, 100, 110, 1500]
