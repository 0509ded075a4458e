from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core import draft as drafts
from app.core.draft import Draft
from app.core.plan import OPEN_LINK, PERSONAL, BadPlan, Plan, check_plan, from_json
from app.core.strata import TooFewInvited, number, propose
from app.core.units import Tree
from tests.core.plans import INSTRUMENT
from tests.core.trees import a_tree_of, trees

TREE = a_tree_of({"home": {"north": 20, "south": 15}, "house": 22, "": 3})


def a_plan(**changes: object) -> Plan:
    plan = Plan(INSTRUMENT, TREE, propose(TREE, 8), ("unit",), 8)
    return replace(plan, **changes)  # type: ignore[arg-type]


@given(trees(), st.integers(5, 12))
def test_a_plan_read_back_is_the_same_plan_with_the_same_digest(tree: Tree, least: int) -> None:
    assume(tree.root.headcount >= least)
    plan = Plan(INSTRUMENT, tree, propose(tree, least), ("unit",), least)
    found = from_json(plan.to_json())
    assert found == plan
    assert found.digest == plan.digest


@pytest.mark.parametrize(
    "changes",
    [
        {"min_group": 9},
        {"groupings": ("unit", "tenure")},
        {"instrument": INSTRUMENT.replace("I speak up", "I speak out")},
        {"strata": number(TREE, [["org", "north"], ["south"], ["house"]])},
        {"tree": a_tree_of({"home": {"north": 20, "south": 15}, "house": 23, "": 3})},
        {"way": OPEN_LINK},
        {"matters": 4.5},
    ],
)
def test_every_setting_changes_the_digest(changes: dict[str, object]) -> None:
    assert a_plan(**changes).digest != a_plan().digest


def test_the_digest_is_of_the_canonical_text() -> None:
    assert len(a_plan().digest) == 64
    assert a_plan().to_json() == a_plan().to_json()


def test_a_plan_from_before_there_was_a_threshold_keeps_its_digest() -> None:
    plan = a_plan()
    assert "matters" not in plan.to_json()
    assert from_json(plan.to_json()).matters == 5.0
    assert from_json(a_plan(matters=4.5).to_json()).matters == 4.5


def test_a_good_plan_is_accepted() -> None:
    check_plan(a_plan(groupings=("unit", "tenure")))


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"matters": 0.0}, BadPlan, "at most 50 points"),
        ({"matters": 51.0}, BadPlan, "at most 50 points"),
        ({"min_group": 4}, BadPlan, "5 answers or more"),
        ({"way": "telepathy"}, BadPlan, "slips, open-link"),
        ({"groupings": ("unit", "shoe-size")}, BadPlan, "choose from unit, tenure"),
        ({"groupings": ("speak1",)}, BadPlan, "not a background question"),
        ({"min_group": 19}, TooFewInvited, "needs at least 19"),
        ({"way": OPEN_LINK}, BadPlan, "organisation as a whole"),
        ({"way": OPEN_LINK, "strata": drafts.whole(TREE), "groupings": ("tenure",)}, BadPlan, "as a whole"),
    ],
)
def test_settings_that_break_a_promise_are_refused(
    changes: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        check_plan(a_plan(**changes))


def test_an_open_link_with_one_stratum_is_accepted() -> None:
    check_plan(a_plan(way=OPEN_LINK, strata=drafts.whole(TREE)))


def test_a_draft_has_a_plan_once_it_has_a_questionnaire_and_units() -> None:
    assert Draft().plan is None
    assert Draft(instrument=INSTRUMENT).plan is None
    assert Draft(tree=TREE).plan is None
    assert Draft(instrument=INSTRUMENT, tree=TREE).plan is not None


@given(trees(), st.integers(5, 20), st.sampled_from(["slips", OPEN_LINK]))
def test_any_draft_of_enough_people_has_a_plan_that_may_be_opened(tree: Tree, least: int, way: str) -> None:
    draft = Draft(instrument=INSTRUMENT, tree=tree, min_group=least, way=way, groupings=("unit", "tenure"))
    if tree.root.headcount < least:
        with pytest.raises(TooFewInvited):
            assert draft.plan
    else:
        plan = draft.plan
        assert plan is not None
        check_plan(plan)


@given(trees(), st.integers(5, 20))
def test_the_proposal_holds_twice_the_smallest_group_or_is_everybody(tree: Tree, least: int) -> None:
    assume(tree.root.headcount >= least)
    strata = drafts.proposal(tree, least)
    assert len(strata) == 1 or min(stratum.invited for stratum in strata) >= 2 * least


@given(trees(), st.data())
def test_joining_any_strata_keeps_everybody_in_exactly_one(tree: Tree, data: st.DataObject) -> None:
    assume(tree.root.headcount >= 5)
    draft = Draft(tree=tree, min_group=5, spread=1)
    before = draft.strata
    assert before is not None
    assume(len(before) >= 2)
    ticked = data.draw(st.sets(st.integers(0, len(before) - 1), min_size=2))
    after = draft.joined(frozenset(ticked)).strata
    assert after is not None
    assert len(after) == len(before) - len(ticked) + 1
    assert sum(stratum.invited for stratum in after) == tree.root.headcount


@given(trees())
def test_a_draft_read_back_is_the_same_draft(tree: Tree) -> None:
    draft = Draft(INSTRUMENT, tree, (("a", "b"), ("c",)), ("unit", "tenure"), 9, "slips", 1)
    assert drafts.from_json(draft.to_json()) == draft
    assert drafts.from_json("{}") == Draft()


def test_a_follow_up_starts_with_the_same_plan() -> None:
    plan = a_plan(groupings=("unit", "tenure"), min_group=9)
    assert drafts.from_plan(plan).plan == plan


def test_other_units_start_from_the_proposal_again() -> None:
    draft = Draft(tree=TREE, min_group=8, spread=1)
    assert draft.joined(frozenset({0, 1})).with_tree(TREE).strata == draft.strata


def test_a_joined_stratum_counts_whatever_is_proposed() -> None:
    draft = Draft(tree=TREE, min_group=8, spread=1)
    joined = draft.joined(frozenset({0, 1}))
    assert joined.strata is not None
    assert joined.strata != draft.strata


@pytest.mark.parametrize("numbers", [set(), {0}, {0, 99}, {-1, 0}])
def test_joining_needs_two_strata_that_exist(numbers: set[int]) -> None:
    with pytest.raises(BadPlan):
        Draft(tree=TREE, min_group=8, spread=1).joined(frozenset(numbers))


def test_a_crossing_brings_its_sides_and_is_then_accepted() -> None:
    wanted = drafts.with_sides(["unit*tenure"])
    assert wanted == ("unit", "tenure", "unit*tenure")
    check_plan(a_plan(groupings=wanted))
    assert drafts.with_sides(wanted) == wanted
    with pytest.raises(BadPlan, match="add it"):
        check_plan(a_plan(groupings=("unit", "unit*tenure")))


def test_crossings_fall_away_with_their_question_and_no_others_do() -> None:
    draft = Draft(INSTRUMENT, TREE, groupings=("unit", "tenure", "unit*tenure"))
    assert draft.with_instrument(INSTRUMENT).groupings == draft.groupings
    without = INSTRUMENT[: INSTRUMENT.rindex("[[items]]")]
    assert draft.with_instrument(without).groupings == ("unit",)


def test_the_exchange_is_in_the_plan_only_where_it_was_chosen() -> None:
    with_links = a_plan(way=PERSONAL)
    check_plan(with_links)
    assert "exchange" not in with_links.to_json()
    weaker = a_plan(way=PERSONAL, exchange=True)
    check_plan(weaker)
    assert weaker.digest != with_links.digest and from_json(weaker.to_json()).exchange
    with pytest.raises(BadPlan, match="personal links"):
        check_plan(a_plan(exchange=True))
