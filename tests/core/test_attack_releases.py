"""Releases against the attacker: those of the protector give nothing away, those of a protector that forgets a rule do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.attack import Published, attack
from app.core.attack.statements import statements
from app.core.attack.together import as_if_nothing_changed, refuted
from app.core.dataset import Part, pack
from app.core.disclosure import figures, grids, protect, suppression
from app.core.disclosure.overlapping import Earlier
from app.core.disclosure.protect import build_release, counted
from app.core.ladder import publish, truth_of
from app.core.plan import Plan
from app.core.strata import number, propose
from app.core.units import Tree
from tests.core.measured import a_plan, an_instrument, answers_of
from tests.core.trees import a_tree_of, trees

CROSSED = ("unit", "tenure", "work", "unit*tenure")
ONE = an_instrument((("safety", "mean", 1, "agree", "false"),))


def found_in(plan, parts, **known):
    document = build_release(plan, parts, scan="s", **known)
    return attack([Published(plan, document)], [truth_of(plan, counted(plan, parts))]).findings


@st.composite
def organisations(draw: st.DrawFn) -> tuple[Tree, list[int], int, tuple[str, ...], bool]:
    """Nested trees with tiny units, overlapping groupings, and now and then a team that is nearly unanimous."""
    tree = draw(trees(most_units=7, most_people=60).filter(lambda tree: tree.root.headcount >= 20))
    counts = [
        draw(st.one_of(st.integers(0, min(6, s.invited)), st.integers(0, s.invited)))
        for s in propose(tree, 5)
    ]
    groupings = draw(st.sampled_from([("unit",), ("unit", "tenure"), ("unit", "tenure", "work"), CROSSED]))
    return tree, counts, draw(st.integers(0, 999)), groupings, draw(st.booleans())


def answered(plan, counts, seed, unanimous):
    strata, answers = answers_of(plan.questionnaire, counts, seed)
    if unanimous:
        closed = [place for place, item in enumerate(plan.questionnaire.coded) if item.scale]
        answers[np.ix_(strata == seed % max(1, len(counts)), closed)] = 0
    return strata, answers


@given(organisations())
@settings(max_examples=8, deadline=None)
def test_an_attack_finds_nothing_in_any_release(case):
    tree, counts, seed, groupings, unanimous = case
    plan = a_plan(tree, groupings=groupings, least=5)
    parts = pack(*answered(plan, counts, seed, unanimous))
    document = publish(plan, counted(plan, parts), known={"scan": "s"})
    assert document["attack"]["findings"] == []
    again = attack([Published(plan, document)], [truth_of(plan, counted(plan, parts))])
    assert not again.findings


TURNED = 'id = "safety1"\nscale = "safety"\noptions = "agree"\nreversed = true'
TWO = an_instrument((("safety", "mean", 2, "agree", "false"),)).replace(
    "min_answered = 0.5", "min_answered = 1"
)


def two_editions(*, apart: bool):
    """A team of 12 of whom all but one disagree strongly with the second statement, which was first scored the wrong way."""
    plan = a_plan(a_tree_of({"a": 14, "b": 60}), groupings=("unit", "tenure"), text=TWO)
    strata, answers = answers_of(plan.questionnaire, [12, 40], missing=0)
    answers[strata == 0, 1] = 0
    parts = pack(strata, answers)
    corrected = replace(plan, instrument=plan.instrument.replace(TURNED, TURNED.replace("true", "false")))
    assert corrected.instrument != plan.instrument
    first = build_release(plan, parts, scan="s")
    second = build_release(corrected, parts, scan="s", edition=2, editions=[] if apart else [first])
    truths = [truth_of(plan, counted(plan, parts)), truth_of(corrected, counted(corrected, parts))]
    return attack([Published(plan, first), Published(corrected, second)], truths).findings


def test_two_editions_give_nothing_away_together_unless_they_were_protected_apart():
    assert not two_editions(apart=False)
    assert two_editions(apart=True)


def two_scans(*, apart: bool, beside: int = 0):
    """Unit b was shown with a; then it is shown with c, with the same people and answers; `beside` teams change nothing."""
    teams = {f"t{team}": 25 for team in range(beside)}
    tree = a_tree_of({"a": 130, "b": 7, "c": 140, **teams})
    before = replace(a_plan(tree), strata=number(tree, [["a", "b"], ["c"], *([team] for team in teams)]))
    now = replace(a_plan(tree), strata=number(tree, [["a"], ["b", "c"], *([team] for team in teams)]))
    units, answers = answers_of(now.questionnaire, [104, 6, 130, *([18] * beside)], missing=0)
    first = build_release(before, pack(np.where(units == 2, 1, np.maximum(0, units - 1)), answers), scan="s1")
    parts = pack(np.where(units == 0, 0, np.maximum(1, units - 1)), answers)
    earlier = () if apart else [Earlier(before, first)]
    second = build_release(now, parts, scan="s2", earlier=earlier)
    return attack(
        [Published(before, first), Published(now, second)], [None, truth_of(now, counted(now, parts))]
    ).findings


def test_two_scans_give_nothing_away_together_unless_they_were_protected_apart():
    assert not two_scans(apart=False)
    assert two_scans(apart=True)


@pytest.mark.parametrize("seed", range(3))
def test_a_second_scan_in_which_people_answered_otherwise_refutes_that_nobody_changed(seed):
    tree = a_tree_of({"a": 14, "b": 22, "c": {"c1": 40, "c2": 50}})
    plan = a_plan(tree, groupings=("unit", "tenure"))
    parts, later = (pack(*answers_of(plan.questionnaire, [10, 18, 33, 41], seed + more)) for more in (0, 50))
    first = build_release(plan, parts, scan="s1")
    second = build_release(plan, later, scan="s2", earlier=[Earlier(plan, first)])
    joint = as_if_nothing_changed([Published(plan, second)], [Published(plan, first)])
    assert joint is not None and refuted(joint.wave, statements(joint.wave))
    assert not attack(
        [Published(plan, first), Published(plan, second)], [None, truth_of(plan, counted(plan, later))]
    ).findings


def test_a_smaller_smallest_group_is_caught():
    tree = a_tree_of({"a": 12, "b": 30})
    plan = a_plan(tree)
    parts = pack(*answers_of(plan.questionnaire, [7, 20]))
    forgetful = build_release(replace(plan, min_group=7), parts, scan="s")
    truth = truth_of(plan, counted(plan, parts))
    assert attack([Published(plan, forgetful)], [truth]).findings
    assert not found_in(plan, parts)


LARGE = a_tree_of({"tiny": 12, "a": 200, "b": 210})
LARGE_COUNTS = [3, 120, 130]


def without_complements(forest, sizes, least, allowed, *, empty=False):
    return frozenset(g for g in allowed if sizes[g] >= least or (empty and sizes[g] == 0))


def test_no_complementary_step_is_caught(monkeypatch):
    plan = a_plan(LARGE)
    parts = pack(*answers_of(plan.questionnaire, LARGE_COUNTS))
    assert not found_in(plan, parts)
    monkeypatch.setattr(suppression, "choose", without_complements)
    monkeypatch.setattr(protect, "choose", without_complements)
    assert found_in(plan, parts)


def test_a_next_smallest_rule_that_forgets_what_crosses_it_is_caught(monkeypatch):
    """3 short-serving people in unit a: their unit shows nothing of them, but all short-serving less those of unit b do."""
    tree = a_tree_of({"a": 200, "b": 300})
    plan = a_plan(tree, groupings=("unit", "tenure", "unit*tenure"))
    strata, answers = answers_of(plan.questionnaire, [163, 230], missing=0)
    tenure = [item.id for item in plan.questionnaire.coded].index("tenure")
    place = np.concatenate([np.arange(163), np.arange(230)])
    short, long = np.where(strata == 0, 3, 110), np.where(strata == 0, 150, 120)
    answers[:, tenure] = np.where(place < short, 0, np.where(place < short + long, 2, 1))
    parts = pack(strata, answers)
    assert not found_in(plan, parts)
    monkeypatch.setattr(suppression, "leaks", lambda *_: [])
    assert found_in(plan, parts)


class Exactly:
    """A grid that isn't one."""

    def cell(self, figure: float) -> grids.Num:
        return grids.num(figure, figure - 0.001, figure + 0.001)


class OnlyNearTheEnd:
    """A grid whose end band is there only for those who nearly all agree."""

    def __init__(self, grid: grids.Grid) -> None:
        self.grid = grid

    def cell(self, figure: float) -> grids.Num:
        return grids.num(None, 95, 100) if figure >= 95 else self.grid.cell(figure)


def nearly_unanimous() -> tuple[Plan, tuple[Part, ...]]:
    """Everybody in a team of 10 agrees strongly, but for one who agrees; one statement."""
    plan = a_plan(a_tree_of({"a": 40, "b": 15}), text=ONE)
    strata, answers = answers_of(plan.questionnaire, [35, 10], missing=0)
    answers[np.flatnonzero(strata == 1), 0] = 4
    answers[np.flatnonzero(strata == 1)[0], 0] = 3
    return plan, pack(strata, answers)


def test_exact_scores_are_caught(monkeypatch):
    plan, parts = nearly_unanimous()
    assert not found_in(plan, parts)
    monkeypatch.setattr(figures.grids, "score_grid", lambda *_, **__: Exactly())
    monkeypatch.setattr(figures.grids, "people", lambda n, least, *, exact: grids.Size(n, n, n, n))
    assert found_in(plan, parts)


def test_an_end_band_that_is_there_only_for_the_nearly_unanimous_is_caught(monkeypatch):
    plan, parts = nearly_unanimous()
    made = grids.score_grid
    monkeypatch.setattr(figures.grids, "score_grid", lambda *a, **k: OnlyNearTheEnd(made(*a, **k)))
    assert found_in(plan, parts)


def test_an_exact_n_is_caught(monkeypatch):
    """Beside the headcount it tells how many stayed away."""
    plan, parts = nearly_unanimous()
    monkeypatch.setattr(grids, "people", lambda n, least, *, exact: grids.Size(n, n, n, n))
    assert {found.kind for found in found_in(plan, parts)} == {"size"}


def test_an_exact_n_from_a_hundred_is_none():
    tree = a_tree_of({"a": 140, "b": 130})
    plan = a_plan(tree)
    parts = pack(*answers_of(plan.questionnaire, [112, 108], missing=0))
    document = build_release(plan, parts, scan="s")
    shown = [group["n"] for group in document["groups"]]
    assert any(n["low"] == n["high"] for n in shown)
    assert not attack([Published(plan, document)], [truth_of(plan, counted(plan, parts))]).findings


SCALES = tuple((f"m{place}", "mean", 5, "agree", "false") for place in range(5))
SIZED = an_instrument(
    (("safety", "mean", 2, "agree", "false"), ("one", "mean", 1, "agree", "false"), *SCALES)
).replace("min_answered = 0.5", "min_answered = 1", 1)


@pytest.fixture(scope="module")
def at_size() -> tuple[Plan, tuple[Part, ...]]:
    """48 teams of 1,200 people in six departments, and a department of 12 of whom 3 answer; crossings by tenure. The
    first team is nearly unanimous on single statements."""
    teams = {f"d{d}": {f"d{d}t{t}": 25 for t in range(8)} for d in range(6)}
    plan = a_plan(
        a_tree_of({**teams, "tiny": 12}), groupings=("unit", "tenure", "work", "unit*tenure"), text=SIZED
    )
    strata, answers = answers_of(
        plan.questionnaire, [7 if team in (9, 47) else 15 + team % 3 for team in range(48)] + [3], missing=0
    )
    first = strata == 0
    answers[first, 1] = 0
    answers[np.flatnonzero(first), 2] = 4
    answers[np.flatnonzero(first)[0], 2] = 3
    return plan, pack(strata, answers)


@pytest.fixture(scope="module")
def uncrossed(at_size) -> tuple[Plan, tuple[Part, ...]]:
    """The same people without the crossing, which costs the protector nine seconds a release and these rules nothing."""
    plan, parts = at_size
    return replace(plan, groupings=("unit", "tenure", "work")), parts


def test_at_size_an_attack_finds_nothing(at_size):
    assert not found_in(*at_size)


def test_at_size_a_smaller_smallest_group_is_caught(uncrossed):
    plan, parts = uncrossed
    forgetful = build_release(replace(plan, min_group=7), parts, scan="s")
    assert attack([Published(plan, forgetful)], [truth_of(plan, counted(plan, parts))]).findings


def test_at_size_no_complementary_step_is_caught(uncrossed, monkeypatch):
    monkeypatch.setattr(suppression, "choose", without_complements)
    monkeypatch.setattr(protect, "choose", without_complements)
    monkeypatch.setattr(suppression, "leaks", lambda *_: [])
    assert found_in(*uncrossed)


def test_at_size_a_next_smallest_rule_that_forgets_what_crosses_it_is_caught(monkeypatch):
    """Six people of one department serve short; all who do, less those of the five other departments, are these six."""
    teams = {f"d{d}": {f"d{d}t{t}": 25 for t in range(8)} for d in range(6)}
    plan = a_plan(a_tree_of(teams), groupings=("unit", "tenure", "unit*tenure"), text=ONE)
    strata, answers = answers_of(plan.questionnaire, [22] * 48, missing=0)
    tenure = [item.id for item in plan.questionnaire.coded].index("tenure")
    first, place = strata < 8, np.arange(len(strata)) % 176
    answers[:, tenure] = np.where(place < np.where(first, 6, 120), 0, 2)
    monkeypatch.setattr(suppression, "leaks", lambda *_: [])
    found = found_in(plan, pack(strata, answers))
    assert ("size", 6, 6) in {(one.kind, one.low, one.high) for one in found}


def test_at_size_scans_protected_apart_are_caught():
    assert not two_scans(apart=False, beside=48)
    assert two_scans(apart=True, beside=48)


def test_at_size_exact_scores_are_caught(uncrossed, monkeypatch):
    monkeypatch.setattr(figures.grids, "score_grid", lambda *_, **__: Exactly())
    monkeypatch.setattr(figures.grids, "people", lambda n, least, *, exact: grids.Size(n, n, n, n))
    assert found_in(*uncrossed)


def test_at_size_an_exact_n_is_caught(uncrossed, monkeypatch):
    monkeypatch.setattr(grids, "people", lambda n, least, *, exact: grids.Size(n, n, n, n))
    assert found_in(*uncrossed)


def test_at_size_an_end_band_for_the_nearly_unanimous_is_caught(uncrossed, monkeypatch):
    made = grids.score_grid
    monkeypatch.setattr(figures.grids, "score_grid", lambda *a, **k: OnlyNearTheEnd(made(*a, **k)))
    assert found_in(*uncrossed)


def test_at_size_editions_protected_apart_are_caught(uncrossed):
    plan, parts = uncrossed
    corrected = replace(plan, instrument=plan.instrument.replace(TURNED, TURNED.replace("true", "false")))
    releases = [build_release(one, parts, scan="s", edition=n) for n, one in enumerate((plan, corrected), 1)]
    truths = [truth_of(one, counted(one, parts)) for one in (plan, corrected)]
    published = [Published(one, made) for one, made in zip((plan, corrected), releases, strict=True)]
    assert attack(published, truths).findings
