"""Which groups are published: what any linear combination of published groups yields holds nobody or enough."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.disclosure.structure import TOO_FEW, atoms, choose, forest_of, holder, reason
from app.core.strata import propose
from app.core.units import Tree, Unit
from tests.core.trees import a_tree_of, trees


def test_a_small_unit_takes_its_only_sibling_with_it():
    tree = a_tree_of({"small": 15, "large": 20})
    forest = forest_of(tree, propose(tree, 8))
    sizes = forest.sizes([3, 20])
    assert sizes == [23, 3, 20]
    assert choose(forest, sizes, 8, range(3)) == {0}
    assert reason(forest.nodes[1]) == TOO_FEW
    assert reason(forest.nodes[2]) == TOO_FEW


def test_nobody_answering_hides_nothing_else():
    tree = a_tree_of({"silent": 15, "large": 20})
    forest = forest_of(tree, propose(tree, 8))
    assert choose(forest, forest.sizes([0, 20]), 8, range(3)) == {0, 2}


def test_several_groups_beat_the_one_they_make_up():
    tree = a_tree_of({"d": {"a": 12, "b": 12}, "e": 12})
    forest = forest_of(tree, propose(tree, 8))
    assert choose(forest, forest.sizes([12, 12, 12]), 8, range(5)) == set(range(5))


def test_joined_siblings_are_a_group_of_their_own_below_their_home():
    tree = a_tree_of({"a": 5, "b": 6, "c": 20})
    forest = forest_of(tree, propose(tree, 8))
    assert [(node.code, node.whole) for node in forest.nodes if node.grouping == "unit"] == [
        ("org", True), ("a", False), ("b", False), ("c", True),
    ]  # fmt: skip
    extra = forest.nodes[4]
    assert (extra.grouping, extra.parent, extra.headcount) == ("stratum", 0, 11)


@st.composite
def answered(draw: st.DrawFn, most_units: int = 9) -> tuple[Tree, list[int], int]:
    """A tree and how many answered in each stratum, often nobody or only a few."""
    tree = draw(trees(most_units=most_units, most_people=24).filter(lambda tree: tree.root.headcount >= 5))
    strata = propose(tree, 5)
    counts = [draw(st.one_of(st.integers(0, 6), st.integers(0, stratum.invited))) for stratum in strata]
    return tree, [min(count, stratum.invited) for count, stratum in zip(counts, strata, strict=True)], 5


@given(answered())
def test_every_published_group_and_atom_is_empty_or_large_enough(case):
    tree, counts, least = case
    forest = forest_of(tree, propose(tree, least))
    sizes = forest.sizes(counts)
    allowed = [place for place, node in enumerate(forest.nodes) if node.whole]
    published = choose(forest, sizes, least, allowed)
    assert all(forest.nodes[place].whole and sizes[place] >= least for place in published)
    assert all(people == 0 or people >= least for people in atoms(forest, sizes, published).values())
    assert (0 in published) == (sizes[0] >= least)


@given(answered(most_units=7))
@settings(deadline=None)
def test_no_other_safe_choice_covers_more_people_or_shows_more_groups(case):
    tree, counts, least = case
    forest = forest_of(tree, propose(tree, least))
    sizes = forest.sizes(counts)
    able = [place for place, node in enumerate(forest.nodes) if node.whole and sizes[place] >= least]
    if not able:
        return

    def covered(chosen: tuple[int, ...]) -> int:
        top = [place for place in chosen if place and holder(forest, place, chosen) in (0, None)]
        return sum(sizes[place] for place in top)

    def worth(chosen: tuple[int, ...]) -> tuple[int, int]:
        safe = all(people == 0 or people >= least for people in atoms(forest, sizes, chosen).values())
        if not safe or 0 not in chosen:
            return -1, -1
        return covered(chosen), sum(sizes[place] + least for place in chosen)

    choices = chain.from_iterable(combinations(able, count) for count in range(len(able) + 1))
    assert worth(tuple(choose(forest, sizes, least, able))) == max(map(worth, choices))


@given(answered(most_units=6))
@settings(deadline=None, max_examples=60)
def test_no_set_of_fewer_people_lies_in_the_span_of_what_is_published(case):
    """Independent of the protector: rational row space of the indicators over strata, all unions of strata."""
    tree, counts, least = case
    strata = propose(tree, least)
    forest = forest_of(tree, strata)
    filled = [stratum for stratum in range(len(strata)) if counts[stratum]]
    rows = []
    for place in choose(
        forest, forest.sizes(counts), least, [i for i, n in enumerate(forest.nodes) if n.whole]
    ):
        node = forest.nodes[place]
        held = {node.stratum} if node.stratum is not None else strata.of_node(tree, node.code)
        assert held is not None
        rows.append([Fraction(stratum in held) for stratum in filled])
    basis = echelon(rows)
    for size in range(1, len(filled) + 1):
        for some in combinations(range(len(filled)), size):
            if 0 < sum(counts[filled[place]] for place in some) < least:
                assert not spans(basis, [Fraction(place in some) for place in range(len(filled))])


def echelon(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    basis: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = reduced(basis, row)
        pivot = next((place for place, value in enumerate(left) if value), None)
        if pivot is not None:
            basis.append((pivot, [value / left[pivot] for value in left]))
    return basis


def reduced(basis: list[tuple[int, list[Fraction]]], row: list[Fraction]) -> list[Fraction]:
    for pivot, known in basis:
        if row[pivot]:
            row = [value - row[pivot] * other for value, other in zip(row, known, strict=True)]
    return row


def spans(basis: list[tuple[int, list[Fraction]]], row: list[Fraction]) -> bool:
    return not any(reduced(basis, row))


def test_thousands_of_units_and_a_chain_deeper_than_python_recurses():
    wide = Tree((Unit("r", None, "r", 5_999 * 12), *(Unit(f"u{i}", "r", "u", 12) for i in range(5_999))))
    deep = Tree(tuple(Unit(f"c{i}", f"c{i - 1}" if i else None, "c", 12 * (2_000 - i)) for i in range(2_000)))
    for tree in (wide, deep):
        forest = forest_of(tree, propose(tree, 8))
        counts = [place % 13 for place in range(len(forest.home))]
        sizes = forest.sizes(counts)
        start = time.perf_counter()
        for least in (8, 30):
            published = choose(forest, sizes, least, range(len(sizes)))
            assert all(people == 0 or people >= least for people in atoms(forest, sizes, published).values())
        assert time.perf_counter() - start < 10
