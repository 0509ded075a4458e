"""Attacking: releases of two invented organisations, sizes and items both; seconds of one core and peak memory.

48 teams of 1,200 people by default; `--large` is 500 teams of 20,000. The release is made by the product's protector.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.core.attack import Published, attack
from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.plan import Plan
from app.core.strata import propose
from app.core.units import Tree, Unit
from tests.core.attacked import truth_of
from tests.core.measured import answers_of

SURVEY = Path(__file__).parents[1] / "surveys/social-safety.toml"


def organisation(teams: int, people: int, departments: int) -> Tree:
    draw = random.Random(3)
    weights = [draw.uniform(0.5, 1.5) for _ in range(teams)]
    sizes = [max(4, round(people * weight / sum(weights))) for weight in weights]
    units = [Unit("org", None, "Organisation", sum(sizes))]
    for number in range(departments):
        own = sizes[number::departments]
        units.append(Unit(f"d{number}", "org", f"Department {number}", sum(own)))
        units += [Unit(f"d{number}t{t}", f"d{number}", f"Team {t}", size) for t, size in enumerate(own)]
    return Tree(tuple(units))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seconds", type=float, default=None)
    asked = parser.parse_args()
    tree = organisation(500, 20_000, 20) if asked.large else organisation(48, 1_200, 8)
    plan = Plan(SURVEY.read_text("utf-8"), tree, propose(tree, 16), ("unit", "tenure", "kind-of-work"), 8)
    counts = [round(stratum.invited * 0.6) for stratum in plan.strata]
    strata, answers = answers_of(plan.questionnaire, counts, 1, 0.05)
    document = build_release(plan, pack(strata, answers), scan="bench", kind="baseline")
    truth = truth_of(plan, strata, answers)
    shown = sum(group["status"] == "published" for group in document["groups"])
    began, clock = time.process_time(), time.monotonic()
    report = attack([Published(plan, document)], [truth], seconds=asked.seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{tree.root.headcount} people, {len(plan.strata)} strata, {shown} published groups, {len(strata)} answers"
    )
    print(f"{report.statements} statements, decided {dict(report.targets)}, {len(report.findings)} findings")
    print(
        f"{time.process_time() - began:.1f} s of processor, {time.monotonic() - clock:.1f} s, peak {peak:.0f} MiB"
    )
    print(f"numpy {np.__version__}")


if __name__ == "__main__":
    main()
