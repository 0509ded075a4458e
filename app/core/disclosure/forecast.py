"""What would be published: a plan and chances of answering enter, shares of staff in a published group leave.

Draws who answers, at random, and runs the very protector on it; pure Python, because a page of the web process
shows it before launch. Answers to background questions and skipped questions are not foreseen.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from app.core.disclosure.structure import Forest, choose, forest_of
from app.core.plan import OPEN_LINK, UNIT, Plan

RATES = (0.5, 0.6, 0.7)
DRAWS = 40
_FEW = 200


@dataclass(frozen=True)
class Foreseen:
    """At one response. Shares are of all staff, 0 to 1, in a published group below the organisation: the middle
    draw, and the one that nine in ten draws reach. `groups` is the middle number of published groups below the
    organisation; `strata[s]` the chance that stratum s is in one."""

    rate: float
    share: float
    low_share: float
    groups: int
    strata: tuple[float, ...]


def forecast(
    plan: Plan, *, rng: random.Random, rates: Sequence[float] = RATES, draws: int = DRAWS
) -> tuple[Foreseen, ...]:
    """One value for each response rate; the same generator state gives the same values."""
    forest = forest_of(plan.tree, plan.strata)
    whole = UNIT in plan.groupings and plan.way != OPEN_LINK
    allowed = [place for place, node in enumerate(forest.nodes) if place == 0 or (whole and node.whole)]
    return tuple(_foresee(plan, forest, allowed, rate, rng, draws) for rate in rates)


def _foresee(
    plan: Plan, forest: Forest, allowed: list[int], rate: float, rng: random.Random, draws: int
) -> Foreseen:
    staff = sum(stratum.invited for stratum in plan.strata) or 1
    shares, groups = [], []
    covered = [0] * len(plan.strata)
    for _ in range(draws):
        counts = [_answers(stratum.invited, rate, rng) for stratum in plan.strata]
        published = choose(forest, forest.sizes(counts), plan.min_group, allowed)
        inside = _covered(forest, published)
        for stratum in inside:
            covered[stratum] += 1
        shares.append(sum(plan.strata[stratum].invited for stratum in inside) / staff)
        groups.append(len(published - {0}))
    shares.sort()
    groups.sort()
    return Foreseen(
        rate,
        shares[draws // 2],
        shares[draws // 10],
        groups[draws // 2],
        tuple(times / draws for times in covered),
    )


def _answers(invited: int, rate: float, rng: random.Random) -> int:
    """A binomial draw: from the distribution for few people, by the normal approximation for many."""
    if invited <= _FEW:
        return bisect_left(_chances(invited, rate), rng.random())
    drawn = rng.gauss(invited * rate, math.sqrt(invited * rate * (1 - rate)))
    return min(invited, max(0, round(drawn)))


@lru_cache(maxsize=1000)
def _chances(invited: int, rate: float) -> tuple[float, ...]:
    """The chance of at most 0, 1, ... `invited` - 1 answers."""
    chances = (math.comb(invited, n) * rate**n * (1 - rate) ** (invited - n) for n in range(invited))
    return tuple(accumulate(chances))


def _covered(forest: Forest, published: frozenset[int]) -> list[int]:
    """Strata in a published group below the root."""
    inside = [False] * len(forest.nodes)
    for place in range(1, len(forest.nodes)):
        parent = forest.nodes[place].parent
        inside[place] = place in published or (bool(parent) and inside[parent or 0])
    return [stratum for stratum, place in enumerate(forest.home) if inside[place]]
