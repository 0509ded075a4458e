"""A rehearsal before launch: a plan enters; what a release on simulated answers would show, and how long it takes, leaves.

Invented people of every stratum answer at a response of six in ten: each unit with a climate of its own, each person with
a mood, now and then a question skipped. Their answers go through the very protector and attack of a release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.attack import attack
from app.core.dataset import Part, pack
from app.core.disclosure.protect import counted
from app.core.instrument import INCIDENCE, Instrument, Item
from app.core.ladder import Attack, publish
from app.core.plan import CROSSED, Plan
from app.core.release import PUBLISHED, STRATUM, UNIT, Document

RESPONSE = 0.6
SKIPPED = 0.03
HAPPENED = 0.06
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Rehearsal:
    """`covered`: share (0 to 1) of staff in a published group below the organisation. `groups`: per grouping, how many
    of its groups with enough answers were published and how many there are. `given_up`: steps as in a release."""

    response: float
    answers: int
    covered: float
    groups: tuple[tuple[str, int, int], ...]
    method: str
    given_up: tuple[dict[str, Any], ...]


def rehearse(
    plan: Plan,
    *,
    rng: np.random.Generator,
    response: float = RESPONSE,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    attacked_by: Attack = attack,
) -> Rehearsal:
    """One rehearsal; the same generator state gives the same one. Raises ladder.Cancelled."""
    counts = np.array([rng.binomial(stratum.invited, response) for stratum in plan.strata])
    parts = simulated(plan.questionnaire, counts, rng)
    document = publish(
        plan,
        counted(plan, parts),
        known={"scan": "rehearsal"},
        progress=progress,
        cancelled=cancelled,
        attacked_by=attacked_by,
    )
    return Rehearsal(
        response,
        int(counts.sum()),
        _covered(plan, document),
        _by_grouping(document),
        document["method"],
        tuple(document["attack"]["given_up"]),
    )


def simulated(
    instrument: Instrument, counts: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Part, ...]:
    """Answers of `counts[s]` invented people in each stratum s."""
    strata = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    climate = rng.normal(0.2, 0.4, len(counts))
    mood = climate[strata] + rng.normal(0, 0.6, len(strata))
    columns = [_answers(instrument, item, mood, rng) for item in instrument.coded]
    return pack(strata, np.array(columns, dtype=np.int8).reshape(len(columns), len(strata)).T)


def _answers(
    instrument: Instrument, item: Item, mood: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int8]:
    """One item's answers as indexes of option codes, -1 where somebody skips it."""
    options = instrument.options_of(item)
    scored = [options.codes.index(code) for code in options.scored]
    if item.scale is None:
        places = rng.integers(0, len(scored), len(mood))
    elif instrument.scale(item.scale).kind == INCIDENCE:
        happened = rng.random(len(mood)) < HAPPENED * 2.0**-mood
        places = np.where(happened, rng.integers(1, max(2, len(scored)), len(mood)), 0)
    else:
        last = len(scored) - 1
        felt = last * (0.5 + (mood + rng.normal(0, 0.7, len(mood))) / 3)
        places = np.clip(np.rint(last - felt if item.reversed else felt), 0, last).astype(np.int64)
    places = np.minimum(places, len(scored) - 1)
    answers = np.array(scored, dtype=np.int8)[places]
    answers[rng.random(len(mood)) < SKIPPED] = -1
    return np.asarray(answers)


def _covered(plan: Plan, document: Document) -> float:
    inside: set[int] = set()
    for group in document["groups"][1:]:
        if group["status"] == PUBLISHED and group["grouping"] == STRATUM:
            inside.add(int(group["group"]))
        elif group["status"] == PUBLISHED and group["grouping"] == UNIT:
            inside |= plan.strata.of_node(plan.tree, group["group"]) or set()
    invited = sum(stratum.invited for stratum in plan.strata)
    return sum(plan.strata[number].invited for number in inside) / max(1, invited)


def _by_grouping(document: Document) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, list[int]] = {}
    for group in document["groups"][1:]:
        grouping = UNIT if group["grouping"] == STRATUM else group["grouping"]
        if CROSSED in grouping or group["reason"] != "joined":
            count = found.setdefault(grouping, [0, 0])
            count[0] += group["status"] == PUBLISHED
            count[1] += 1
    return tuple((grouping, shown, all_) for grouping, (shown, all_) in found.items())
