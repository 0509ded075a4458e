"""Bounds are those of brute force, worlds are possible, and the truth fits every statement of a real release."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.attack.groups import wave_of
from app.core.attack.moves import Moves
from app.core.attack.ranges import Ranges
from app.core.attack.searching import Search
from app.core.attack.statements import statements
from app.core.attack.system import of_block, of_people
from app.core.attack.tables import cells
from app.core.attack.targets import inside_of, outside_of, targets
from app.core.attack.walking import Walk
from app.core.attack.worlds import Membership, holds, start
from tests.core.attacked import a_group, a_score, between, built, by_hand, exactly
from tests.core.measured import a_plan, an_instrument
from tests.core.test_disclosure_forecast import a_care_organisation
from tests.core.trees import a_tree_of

ONE = an_instrument((("safety", "mean", 1, "agree", "false"),)).replace(
    "min_answered = 0.5", "min_answered = 1"
)


@st.composite
def small_tables(draw: st.DrawFn):
    """People of two teams by two kinds of work and no answer, and bands around some of the sums."""
    people = np.array(draw(st.lists(st.integers(0, 3), min_size=6, max_size=6))).reshape(2, 3)
    wide = draw(st.lists(st.integers(0, 2), min_size=5, max_size=5))
    shown = draw(st.lists(st.booleans(), min_size=5, max_size=5))
    sums = [people.sum(), people[0].sum(), people[1].sum(), people[:, 1].sum(), people[:, 2].sum()]
    return people, [
        (max(0, int(s) - w), int(s) + w) if ok else None for s, w, ok in zip(sums, wide, shown, strict=True)
    ]


@given(small_tables())
@settings(deadline=None, max_examples=40)
def test_bounds_of_sizes_are_those_of_brute_force(case):
    _, bands = case
    plan = a_plan(a_tree_of({"a": 8, "b": 8}), groupings=("unit", "work"), text=ONE)
    keys = [("unit", "org"), ("unit", "a"), ("unit", "b"), ("work", "1"), ("work", "2")]
    groups = [a_group(*key, between(*band) if band else None) for key, band in zip(keys, bands, strict=True)]
    wave = wave_of("one", [by_hand(plan, groups)])
    said = statements(wave)
    region = wave.groups[1].region & wave.groups[3].region
    own = cells(wave, [region])
    system = of_people(wave, said, own)
    weights = system.objective(own.of(region), (0,))
    possible = [corner for corner in range(9) if reachable(corner, bands)]
    assume(possible)  # more people than were invited: nothing can be said
    bound = system.bound(weights)
    assert bound.low <= min(possible)
    assert bound.high >= max(possible)
    assert system.reaches(weights, max(possible), 5)
    assert not system.reaches(weights, max(possible) + 1, 5)
    assert system.reaches(-weights, -min(possible), 5)
    assert not system.reaches(-weights, -min(possible) + 1, 5)


def reachable(corner, bands) -> bool:
    """Whether team a can have `corner` people of work 1, by all sums that the rest can have."""

    def fits(value, place):
        return bands[place] is None or bands[place][0] <= value <= bands[place][1]

    for a_two, b_one, b_two in product(range(9), repeat=3):
        if not fits(corner + b_one, 3) or not fits(a_two + b_two, 4):
            continue
        for a, b in product(range(corner + a_two, 9), range(b_one + b_two, 9)):
            if fits(a, 1) and fits(b, 2) and fits(a + b, 0):
                return True
    return False


@given(st.lists(st.integers(0, 4), min_size=5, max_size=5).filter(sum), st.integers(0, 6))
@settings(deadline=None, max_examples=30)
def test_bounds_of_answers_are_those_of_brute_force(counts, wide):
    n, points = sum(counts), sum(place * count for place, count in enumerate(counts))
    plan = a_plan(a_tree_of(20), text=ONE)
    low, high = 25 * (points - wide) / n, 25 * (points + wide) / n
    group = a_group("unit", "org", exactly(n), scales={"safety": a_score(n, between(low, high))})
    wave = wave_of("one", [by_hand(plan, [group])])
    said = statements(wave)
    own = cells(wave, [])
    system = of_block(wave, said, own, 0)
    column = said.blocks[0].answers(0)[0]
    weights = system.objective(own.of(wave.groups[0].region), (column,))
    # With z at the lowest answer the others can have any sum of points from n - z to 4 (n - z).
    possible = [z for z in range(n + 1) if n - z <= points + wide and 4 * (n - z) >= points - wide]
    assert system.reaches(weights, max(possible), 5)
    assert not system.reaches(weights, max(possible) + 1, 5)
    assert not system.reaches(-weights, -min(possible) + 1, 5)
    bound = system.bound(weights)
    assert bound.low <= min(possible) and bound.high >= max(possible)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("groupings", [("unit",), ("unit", "tenure", "work")])
def test_the_truth_fits_every_statement_of_a_real_release(seed, groupings):
    plan = a_plan(a_care_organisation(seed, people=500), groupings=groupings, spread=2)
    counts = [stratum.invited * (5 + seed % 5) // 10 for stratum in plan.strata]
    published, truth = built(plan, counts, seed, missing=0.02 * seed)
    wave = wave_of("one", [published])
    said = statements(wave)
    assert said.count > 100
    assert holds(wave, said, Membership(wave), start(wave, said, [truth]))


@given(st.integers(0, 999))
@settings(deadline=None, max_examples=15)
def test_every_world_on_the_walk_fits_every_statement(seed):
    plan = a_plan(
        a_care_organisation(seed, people=120, departments=3), groupings=("unit", "tenure"), spread=2
    )
    published, truth = built(plan, [stratum.invited * 7 // 10 for stratum in plan.strata], seed)
    wave = wave_of("one", [published])
    said = statements(wave)
    rng = np.random.default_rng(seed)
    walk = Walk(wave, said, start(wave, said, [truth]), rng)
    moves = Moves(walk)
    before = walk.world.copy()
    for _ in range(12):
        everybody = rng.permutation(len(walk.world.strata))
        moves.exchange_strata(everybody)
        for place in range(len(said.blocks)):
            moves.exchange_bundles(place, everybody)
    assert holds(wave, said, Membership(wave), walk.world)
    assert any((one != two).any() for one, two in zip(before.answers, walk.world.answers, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_what_worlds_and_their_neighbours_show_lies_within_the_linear_bounds(seed):
    """An exchange that a statement forbids would show a count beyond them."""
    plan = a_plan(a_tree_of({"a": 30, "b": 24, "c": 44, "d": 60}), groupings=("unit", "tenure"))
    published, truth = built(plan, [18, 15, 33, 45], seed)
    wave = wave_of("one", [published])
    said = statements(wave)
    chosen = targets(wave, None, 15, 30)
    ranges = Ranges(said, len(chosen), 7, 1)
    walk = Walk(wave, said, start(wave, said, [truth]), np.random.default_rng(seed))
    search = Search(wave, said, chosen, ranges, walk)
    for _ in range(3):
        search.round()
    rng = np.random.default_rng(seed)
    for number in rng.choice(len(chosen), 12, replace=False).tolist():
        regions = (inside_of(wave, chosen[number]), *outside_of(wave, chosen[number]))
        own = cells(wave, regions)
        for place in range(len(said.blocks)):
            system = of_block(wave, said, own, place)
            index = int(rng.choice(ranges.of_block[place]))
            quantity = ranges.quantities[index]
            columns = [said.blocks[place].answers(quantity.item)[code] for code in sorted(quantity.places)]
            weights = system.objective(own.of(regions[0]), columns)
            for region in regions[1:]:
                weights -= system.objective(own.of(region), columns)
            bound = system.bound(weights)
            assert bound.low <= ranges.low[number, index], (chosen[number], quantity)
            assert ranges.high[number, index] <= bound.high, (chosen[number], quantity)


def test_sets_of_the_same_people_are_one_target():
    plan = a_plan(a_tree_of({"a": 20, "b": 20}), groupings=("unit",), text=ONE)
    groups = [
        a_group("unit", "org", exactly(30)),
        a_group("unit", "a", exactly(20), parent="org"),
        a_group("unit", "b", None, parent="org"),
    ]
    wave = wave_of("one", [by_hand(plan, groups)])
    found = targets(wave, None, 15, 30)
    # b, withheld, is also all but a; a itself is published and only its answers are looked at.
    assert [(target.kind, target.inside) for target in found] == [("published", (1,)), ("withheld", (2,))]
