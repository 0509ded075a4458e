"""What the bounds of an attack might miss: targets that they clear are given to the full programmes after all.

    .venv/bin/python bench/attack.py [--targets 100] [--organisations 3]

An attack clears most targets by worlds in whole numbers; what those leave wide, bounds of groups decide, which is no proof. Here
random ones of those get the linear and the whole-number programme. Exit code 1 when one is a finding.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from app.core.attack import attacking
from app.core.attack.deciding import Clock, Decider
from app.core.attack.groups import wave_of
from app.core.attack.published import Published
from app.core.attack.quick import doubtful
from app.core.attack.ranges import Ranges
from app.core.attack.searching import Search
from app.core.attack.statements import statements
from app.core.attack.targets import targets
from app.core.attack.walking import Walk
from app.core.disclosure.protect import counted, protect
from app.core.ladder import truth_of
from bench.protection import LEAST, a_case

SHAPE = (25, 220, 5, 2, 4, ("unit*b0",), 0.6)


def tried(seed: int, number: int) -> int:
    """Findings among `number` random targets of one seeded organisation that bounds cleared; prints them."""
    plan, parts = a_case(*SHAPE, seed)
    found = counted(plan, parts)
    truth = truth_of(plan, found)
    wave = wave_of("bench", [Published(plan, protect(plan, found))])
    said = statements(wave)
    chosen = targets(wave, attacking._pairs(wave, [truth]), 2 * LEAST - 1, attacking._detail(wave))
    ranges = Ranges(said, len(chosen), LEAST - 1, 1)
    world = attacking._world(wave, said, [truth])
    assert world is not None, "the truth of a release fits what it says"
    search = Search(wave, said, chosen, ranges, Walk(wave, said, world, np.random.default_rng(1)))
    attacking._search(search, Clock(None, None), lambda done, total, what: None)
    open_ = ranges.open_answers()
    cleared = np.argwhere(open_ & ~doubtful(wave, said, chosen, ranges, open_))
    some = cleared[np.random.default_rng(seed).choice(len(cleared), min(number, len(cleared)), replace=False)]
    decider = Decider(wave, said, chosen, ranges, Clock(None, None))
    start = time.perf_counter()
    findings = [
        finding
        for target, index in some
        for finding in decider.answers(int(target), ranges.quantities[index].block, [int(index)])
    ]
    print(
        f"organisation {seed}: {len(cleared)} of {open_.size} cleared by bounds, {len(some)} of them tried in "
        f"{time.perf_counter() - start:.0f} s, {len(findings)} found"
    )
    for finding in findings:
        print(
            f"  {finding.kind} {finding.target} {finding.item} {finding.answer}: {finding.low} to {finding.high}"
        )
    return len(findings)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--targets", type=int, default=100)
    options.add_argument("--organisations", type=int, default=3)
    asked = options.parse_args()
    return 1 if sum([tried(seed, asked.targets) for seed in range(asked.organisations)]) else 0


if __name__ == "__main__":
    sys.exit(main())
