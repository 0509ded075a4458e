"""The forecast: deterministic, quick, and what the typical organisation is promised."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from app.core.disclosure.forecast import forecast
from app.core.plan import Plan
from app.core.strata import propose
from app.core.units import Tree, Unit


def a_care_organisation(seed: int, people: int = 220, departments: int = 5) -> Tree:
    """Departments of teams of 4 to 15."""
    draw = random.Random(seed)
    teams: list[int] = []
    while sum(teams) < people:
        teams.append(min(draw.randint(4, 15), people - sum(teams)))
    if teams[-1] < 4:
        last = teams.pop()
        teams[-1] += last
    units = [Unit("org", None, "Organisation", people)]
    for number in range(departments):
        own = teams[number::departments]
        units.append(Unit(f"d{number}", "org", f"Department {number}", sum(own)))
        units += [Unit(f"d{number}t{t}", f"d{number}", f"Team {t}", size) for t, size in enumerate(own)]
    return Tree(tuple(units))


def a_plan(tree: Tree, spread: int = 2, least: int = 8) -> Plan:
    return Plan("", tree, propose(tree, spread * least), ("unit",), least)


@pytest.mark.parametrize("seed", range(12))
def test_most_staff_of_a_care_organisation_are_in_a_published_group(seed):
    foreseen = forecast(a_plan(a_care_organisation(seed)), rng=random.Random(seed), rates=(0.6,))[0]
    assert foreseen.share >= 0.9
    assert foreseen.low_share <= foreseen.share
    assert foreseen.groups >= 5


def test_the_same_seed_gives_the_same_forecast_and_more_answers_more_groups():
    plan = a_plan(a_care_organisation(3))
    first, again = (forecast(plan, rng=random.Random(1)) for _ in range(2))
    assert first == again
    assert [f.rate for f in first] == [0.5, 0.6, 0.7]
    assert first[0].share <= first[1].share <= first[2].share


def test_the_web_process_gets_no_numpy():
    code = "import sys, app.core.disclosure.forecast, app.core.release; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
