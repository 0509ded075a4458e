import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.strata import Strata, TooFewInvited, check_choice, join_strata, number, propose
from app.core.units import Tree, Unit
from tests.core.trees import a_tree_of, trees

LEAST = st.integers(5, 30)


def cells(strata: Strata) -> list[set[str]]:
    return [set(stratum.cells) for stratum in strata]


def proposed(tree: Tree, least: int) -> Strata:
    assume(tree.root.headcount >= least)
    return propose(tree, least)


@given(trees(), LEAST)
def test_any_tree_of_at_least_the_smallest_group_is_accepted(tree: Tree, least: int) -> None:
    strata = proposed(tree, least)
    check_choice(tree, strata, least)
    assert all(stratum.invited >= least for stratum in strata)


@given(trees(), LEAST)
def test_everybody_is_in_exactly_one_stratum(tree: Tree, least: int) -> None:
    strata = proposed(tree, least)
    placed = [cell for stratum in strata for cell in stratum.cells]
    assert sorted(placed) == sorted(unit.code for unit in tree.units if tree.rest(unit.code))
    assert sum(stratum.invited for stratum in strata) == tree.root.headcount
    assert all(stratum.invited == sum(map(tree.rest, stratum.cells)) for stratum in strata)


@given(trees())
def test_where_nobody_falls_short_every_unit_with_people_is_its_own_stratum(tree: Tree) -> None:
    filled = {unit.code for unit in tree.units if tree.rest(unit.code)}
    assume(filled)
    strata = propose(tree, min(tree.rest(code) for code in filled))
    assert cells(strata) == [{unit.code} for unit in tree.units if unit.code in filled]


@given(trees(), LEAST)
def test_no_stratum_holds_two_parts_that_could_each_stand_alone(tree: Tree, least: int) -> None:
    for stratum in proposed(tree, least):
        assert sum(tree.rest(cell) >= least for cell in stratum.cells) <= 1


@given(trees(), LEAST)
def test_strata_are_numbered_in_tree_order_and_home_holds_them_whole(tree: Tree, least: int) -> None:
    strata = proposed(tree, least)
    order = {unit.code: place for place, unit in enumerate(tree.units)}
    assert [stratum.number for stratum in strata] == list(range(len(strata)))
    firsts = [order[stratum.cells[0]] for stratum in strata]
    assert firsts == sorted(firsts)
    for stratum in strata:
        below_home = {unit.code for unit in tree.below(stratum.home)}
        assert set(stratum.cells) <= below_home
        for child in tree.children(stratum.home):
            assert not set(stratum.cells) <= {unit.code for unit in tree.below(child.code)}


@given(trees(), LEAST)
def test_a_node_that_is_a_union_of_strata_counts_exactly_their_people(tree: Tree, least: int) -> None:
    strata = proposed(tree, least)
    for unit in tree.units:
        numbers = strata.of_node(tree, unit.code)
        if numbers is not None:
            assert sum(strata[n].invited for n in numbers) == unit.headcount
    assert strata.of_node(tree, tree.root.code) == frozenset(range(len(strata)))


@given(trees(), st.integers(1, 20))
def test_a_tree_too_small_as_a_whole_is_refused_with_its_numbers(tree: Tree, short: int) -> None:
    least = tree.root.headcount + short
    with pytest.raises(TooFewInvited) as caught:
        propose(tree, least)
    assert (caught.value.invited, caught.value.least) == (tree.root.headcount, least)


def test_large_units_stay_apart() -> None:
    assert cells(propose(a_tree_of({"a": 15, "b": 20}), 8)) == [{"a"}, {"b"}]


def test_small_siblings_join_each_other() -> None:
    assert cells(propose(a_tree_of({"a": 15, "b": 4, "c": 5}), 8)) == [{"a"}, {"b", "c"}]


def test_what_still_falls_short_joins_the_smallest_beside_it() -> None:
    assert cells(propose(a_tree_of({"a": 15, "b": 20, "c": 3}), 8)) == [{"a", "c"}, {"b"}]


def test_the_rest_of_a_branch_joins_a_sibling_stratum() -> None:
    assert cells(propose(a_tree_of({"a": 15, "b": 20, "": 2}), 8)) == [{"org", "a"}, {"b"}]


def test_a_branch_that_falls_short_joins_a_sibling_branch() -> None:
    tree = a_tree_of({"x": {"x1": 3, "x2": 2}, "y": {"y1": 10, "y2": 12}, "leaf": 9})
    assert (
        cells(propose(tree, 8)) == [{"x1", "x2", "y1"}, {"y2"}, {"leaf"}]
        or {"x1", "x2"} < cells(propose(tree, 8))[0]
    )


def test_two_branches_that_fall_short_join_each_other() -> None:
    tree = a_tree_of({"x": {"x1": 3, "x2": 2}, "y": {"y1": 4}, "leaf": 9})
    assert cells(propose(tree, 8)) == [{"x1", "x2", "y1"}, {"leaf"}]


def test_units_without_people_are_in_no_stratum() -> None:
    assert cells(propose(a_tree_of({"a": 15, "b": 0}), 8)) == [{"a"}]


def test_a_very_deep_tree_is_accepted() -> None:
    deep = 3000
    units = [Unit(f"u{n}", f"u{n - 1}" if n else None, f"Unit {n}", deep - n) for n in range(deep)]
    assert min(stratum.invited for stratum in propose(Tree(tuple(units)), 8)) >= 8


def test_a_stratum_of_a_whole_branch_carries_its_name_and_others_name_their_parts() -> None:
    tree = a_tree_of({"x": {"x1": 4, "x2": 5}, "y": {"y1": 9, "": 9}})
    names = {stratum.name for stratum in propose(tree, 8)}
    assert names == {"x", "y (rest)", "y1"}


def test_a_choice_that_leaves_people_out_is_refused() -> None:
    tree = a_tree_of({"a": 15, "b": 20})
    with pytest.raises(ValueError, match="exactly one stratum"):
        check_choice(tree, number(tree, [["a"]]), 8)


def test_a_choice_that_counts_people_twice_is_refused() -> None:
    tree = a_tree_of({"a": 15, "b": 20})
    with pytest.raises(ValueError, match="exactly one stratum"):
        check_choice(tree, number(tree, [["a"], ["a", "b"]]), 8)


def test_a_choice_that_is_too_small_is_refused_by_name() -> None:
    tree = a_tree_of({"a": 7, "b": 20})
    with pytest.raises(TooFewInvited) as caught:
        check_choice(tree, number(tree, [["a"], ["b"]]), 8)
    assert (caught.value.name, caught.value.invited, caught.value.least) == ("a", 7, 8)


@given(trees(), LEAST, st.integers(5, 80))
def test_joined_parts_hold_at_least_what_was_asked_or_are_everybody(
    tree: Tree, least: int, wanted: int
) -> None:
    strata = proposed(tree, least)
    parts = join_strata(tree, strata, wanted)
    assert len(parts) == len(strata)
    sizes: dict[int, int] = {}
    for stratum, part in zip(strata, parts, strict=True):
        sizes[part] = sizes.get(part, 0) + stratum.invited
    assert set(sizes) == set(range(len(sizes)))
    assert min(sizes.values()) >= wanted or len(sizes) == 1
