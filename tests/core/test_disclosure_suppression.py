"""Choosing groups: safe whatever crosses what, and no safe choice shows more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.disclosure import suppression
from app.core.disclosure.derivable import leaks
from app.core.disclosure.groups import Programme, programme_of
from app.core.disclosure.structure import forest_of, holder
from app.core.disclosure.suppression import publishable
from app.core.instrument import parse
from app.core.strata import propose
from app.core.tally import layout_of, tally_rows
from tests.core.measured import an_instrument
from tests.core.test_disclosure_derivable import derivable_few
from tests.core.trees import a_tree_of, trees

FORM = parse(an_instrument())
CROSSED = ("unit", "tenure", "work", "unit*tenure", "tenure*work")


@dataclass(frozen=True)
class Case:
    programme: Programme
    people: np.ndarray
    least: int

    @property
    def allowed(self) -> list[int]:
        nodes = self.programme.forest.nodes
        return [g for g in range(self.programme.groups) if g >= len(nodes) or nodes[g].whole]


def a_case(tree, counts, seed=0, groupings=CROSSED, least=5) -> Case:
    """`counts[s]` people of each stratum, with random answers to the background questions."""
    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    answers = np.full((len(strata), len(FORM.coded)), -1, dtype=np.int8)
    for place, item in enumerate(FORM.coded):
        if item in FORM.backgrounds:
            answers[:, place] = rng.integers(
                -1 if seed % 3 == 0 else 0, len(FORM.options_of(item).codes), len(strata)
            )
    layout = layout_of(FORM, groupings)
    found = tally_rows(strata, answers, layout)
    forest = forest_of(tree, propose(tree, least))
    return Case(programme_of(forest, layout, found, groupings), found.people, least)


@st.composite
def cases(draw: st.DrawFn, most_units: int = 6) -> Case:
    tree = draw(trees(most_units=most_units, most_people=16).filter(lambda tree: tree.root.headcount >= 5))
    counts = [draw(st.integers(0, stratum.invited)) for stratum in propose(tree, 5)]
    groupings = draw(st.sampled_from([("unit", "tenure"), ("unit", "tenure", "work"), CROSSED]))
    return a_case(tree, counts, draw(st.integers(0, 99)), groupings)


@given(cases())
@settings(max_examples=80)
def test_a_choice_has_the_whole_organisation_and_gives_nothing_small_away(case):
    choice = publishable(case.programme, case.people, case.least, case.allowed)
    sizes = case.programme.add_up(case.people)
    assert (0 in choice.groups) == (sizes[0] >= case.least)
    assert all(sizes[group] >= case.least for group in choice.groups)
    if choice.groups:
        assert not leaks(case.programme.atoms(choice.groups), case.people, case.least)
        if (case.people > 0).sum() <= 9:
            assert not derivable_few(case.programme.atoms(choice.groups), case.people, case.least)


def worth(case: Case, chosen: tuple[int, ...]) -> tuple[int, int]:
    sizes = case.programme.add_up(case.people)
    if 0 not in chosen or leaks(case.programme.atoms(chosen), case.people, case.least):
        return -1, -1
    units = [group for group in chosen if group < case.programme.units]
    tops = [group for group in units if group and holder(case.programme.forest, group, units) in (0, None)]
    return int(sizes[tops].sum()), int(sum(sizes[group] + case.least for group in chosen))


@given(cases(most_units=4))
@settings(max_examples=40)
def test_no_safe_choice_covers_or_shows_more(case):
    sizes = case.programme.add_up(case.people)
    able = [group for group in case.allowed if sizes[group] >= case.least]
    if not able or len(able) > 10:
        return
    choice = publishable(case.programme, case.people, case.least, case.allowed)
    assert choice.optimal
    best = max(
        worth(case, some) for some in chain.from_iterable(combinations(able, n) for n in range(len(able) + 1))
    )
    assert worth(case, tuple(choice.groups)) == best


@given(cases())
@settings(max_examples=80)
def test_withholding_one_by_one_is_safe_too(case):
    sizes = case.programme.add_up(case.people)
    if sizes[0] < case.least:
        return
    units = publishable(case.programme, case.people, case.least, range(case.programme.units)).groups
    everything = units | {g for g in case.allowed if g >= case.programme.units and sizes[g] >= case.least}
    found = leaks(case.programme.atoms(everything), case.people, case.least)
    left = suppression._one_by_one(case.programme, case.people, case.least, sizes, everything, found)
    assert not leaks(case.programme.atoms(left), case.people, case.least)
    assert units <= left


def test_groups_inside_are_those_that_are_added_up():
    case = a_case(a_tree_of({"d": {"a": 12, "b": 12}, "e": {"f": 9, "": 9}}), [10, 9, 8, 7], seed=5)
    sizes = case.programme.add_up(case.people)
    for group in range(case.programme.groups):
        assert case.people[case.programme.inside(group)].sum() == sizes[group]


def test_a_rare_answer_that_only_a_hidden_team_gives_is_withheld():
    """3 answers beside 20, and all 3 give a rare answer that 6 others give as well: 6 would follow."""
    tree = a_tree_of({"small": 15, "large": 20, "other": 40})
    programme = a_case(tree, [3, 20, 30], seed=1, groupings=("unit", "tenure")).programme
    rare = programme.answers[:, 0] == 1
    people = np.where(rare, 0, 4)
    people[rare & (programme.stratum == 0)] = 3
    people[rare & (programme.stratum == 2)] = 6
    choice = publishable(programme, people, 8, list(range(programme.groups)))
    assert not leaks(programme.atoms(choice.groups), people, 8)
