"""Do comparisons hold their level? Nothing changes, two waves answer; prints how often anything is called likely real.

python bench/compare.py [--runs 1000]

Each run draws an organisation, lets two waves of the same people answer (other ones each time), publishes both by
the grids of a release and compares them: 200 scales x groups and more. Under no change, Benjamini-Hochberg at
5 % should name anything at all in at most 5 % of the runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core.comparison.between import compare
from app.core.disclosure import grids
from app.core.disclosure.grids import DETAIL

Floats = NDArray[np.float64]
LEAST = 8
RESPONSE = 0.6
MEANS, ITEMS, STEPS = 9, 4, 4
RARE = 0.08
LEVEL = 0.05


@dataclass(frozen=True)
class Layout:
    """Teams of these sizes, in departments of so many teams. With 9 scales these are 200 scales x groups or more."""

    name: str
    teams: tuple[int, ...]
    in_department: int

    def groups(self) -> Iterator[tuple[str, str | None, slice]]:
        """Code, code of the group above, and the people: places in the organisation."""
        ends = np.cumsum((0, *self.teams))
        yield "all", None, slice(0, int(ends[-1]))
        for first in range(0, len(self.teams), self.in_department):
            last = min(first + self.in_department, len(self.teams))
            yield f"d{first}", "all", slice(int(ends[first]), int(ends[last]))
            for team in range(first, last):
                yield f"t{team}", f"d{first}", slice(int(ends[team]), int(ends[team + 1]))


LAYOUTS = (
    Layout("500 people, 20 teams of 23 to 27", (23, 25, 27, 24, 26) * 4, 5),
    Layout("4,000 people, 20 teams of 160 to 240", (160, 200, 240, 200) * 5, 4),
)


@dataclass(frozen=True)
class World:
    """What stays the same between two waves. `again`: how much of a person's answers comes back the second time."""

    name: str
    again: float


WORLDS = (
    World("no change: the same people would answer the same, others of them take part", 1.0),
    World("beside it, what isn't promised: answers of the same people vary by the day (retest .8)", 0.8),
)


def answers(feelings: Floats, again: float, chance: np.random.Generator) -> Floats:
    """Scores from 0 to 100 in the steps of four five-point items, from feelings with standard deviation 1."""
    felt = np.sqrt(again) * feelings + np.sqrt(1 - again) * chance.normal(size=feelings.shape)
    steps = ITEMS * STEPS
    return np.clip(np.rint((0.62 + 0.21 * felt) * steps), 0, steps) / steps * 100


def released(
    layout: Layout, scores: Floats, seen: NDArray[np.bool_], taking_part: NDArray[np.bool_]
) -> dict[str, Any]:
    """A release as far as a comparison reads it, on the same grids."""
    groups = [
        entry
        for code, parent, people in layout.groups()
        if (entry := _group(code, parent, people, scores, seen, taking_part))
    ]
    items = [
        {"id": f"i{scale}", "scale": f"s{scale}", "options": "agree", "reversed": False}
        for scale in range(MEANS + 1)
    ]
    kinds = ["mean"] * MEANS + ["incidence"]
    return {
        "scan": "wave",
        "rules": {"min_group": LEAST, "way": "slips", "matters": 5.0},
        "instrument": {
            "id": "bench",
            "scales": [{"id": f"s{n}", "kind": kind, "items": [f"i{n}"]} for n, kind in enumerate(kinds)],
            "items": items,
            "options": {"agree": {"codes": [1, 2, 3, 4, 5], "missing": [], "labels": {"en": ["a", "b", "c", "d", "e"]}}},
        },
        "groups": groups,
    }  # fmt: skip


def _group(
    code: str,
    parent: str | None,
    people: slice,
    scores: Floats,
    seen: NDArray[np.bool_],
    taking_part: NDArray[np.bool_],
) -> dict[str, Any]:
    here = taking_part[people]
    n = int(here.sum())
    entry: dict[str, Any] = {
        "grouping": "unit", "group": code, "parent": parent, "name": code, "headcount": people.stop - people.start,
        "status": "published" if n >= LEAST else "withheld", "reason": None, "scales": {},
    }  # fmt: skip
    if n >= LEAST:
        size = grids.people(n, LEAST, exact=False)
        for scale in range(MEANS):
            entry["scales"][f"s{scale}"] = _mean(size, scores[people, scale][here])
        if n >= DETAIL:
            share, _ = grids.incidence(size, int(seen[people][here].sum()))
            entry["scales"][f"s{MEANS}"] = {"n": size.num, "share": share}
    return entry


def _mean(size: grids.Size, scores: Floats) -> Mapping[str, Any]:
    grid = grids.score_grid(size, ITEMS * STEPS)
    assert grid is not None
    found: dict[str, Any] = {"n": size.num, "score": grid.cell(float(scores.mean()))}
    if size.n >= DETAIL:
        found["spread"] = grids.spread_grid(size).cell(float(scores.std(ddof=1)))
    return found


@dataclass(frozen=True)
class Counted:
    """How many differences a run shows, and how many of them it calls likely real, and clearly better or worse."""

    shown: int
    real: int
    clearly: int


def run(layout: Layout, world: World, seed: int) -> Counted:
    """One organisation and two waves."""
    chance = np.random.default_rng(seed)
    people = sum(layout.teams)
    climate = np.repeat(chance.normal(0, 0.3, (len(layout.teams), MEANS)), layout.teams, axis=0)
    mood = chance.normal(0, 0.5, (people, 1))
    feelings = climate + mood + chance.normal(0, np.sqrt(1 - 0.3**2 - 0.5**2), (people, MEANS))
    seen = chance.random(people) < RARE
    waves = [
        released(layout, answers(feelings, world.again, chance), seen, chance.random(people) < RESPONSE)
        for _ in range(2)
    ]
    shown = compare(waves[0], waves[1]).differences
    return Counted(len(shown), sum(one.real for one in shown), sum(one.real and one.matters for one in shown))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    held = True
    for world in WORLDS:
        print(world.name)
        for layout in LAYOUTS:
            began = time.perf_counter()
            results = [run(layout, world, seed) for seed in range(runs)]
            false, clearly = sum(one.real > 0 for one in results), sum(one.clearly > 0 for one in results)
            p = float(binomtest(false, runs, LEVEL, alternative="greater").pvalue)
            held = held and (p >= LEVEL or world.again < 1)
            cells = [one.shown for one in results]
            print(f"  {layout.name}: {min(cells)} to {max(cells)} scales x groups a run")
            print(f"    runs that call anything likely real: {false} of {runs} ({100 * false / runs:.1f} %);")
            print(f"    one-sided binomial test of more than 5 %: p = {p:.3f}")
            print(f"    runs that call anything clearly better or worse: {clearly}")
            print(f"    {time.perf_counter() - began:.1f} s")
    print("the level of 5 % " + ("holds" if held else "DOES NOT HOLD"))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
