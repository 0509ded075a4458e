"""Releases for the attacker: made by hand where the answer is known, and the truth behind one that was built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.attack import Published, Truth
from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.plan import Plan
from app.core.tally import layout_of, tally
from tests.core.measured import answers_of

Entry = Mapping[str, Any]


def exactly(value: float) -> dict[str, float]:
    return {"value": value, "low": value, "high": value}


def between(low: float, high: float) -> dict[str, float | None]:
    return {"value": None, "low": low, "high": high}


def a_score(n: int, score: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": exactly(n), "score": score}


def a_group(
    grouping: str,
    code: str,
    n: Mapping[str, Any] | None,
    *,
    parent: str | None = None,
    scales: Mapping[str, Any] | None = None,
    items: Mapping[str, Any] | None = None,
    of: Sequence[tuple[str, str]] | None = None,
) -> Entry:
    """Withheld where n is None."""
    made: dict[str, Any] = {
        "grouping": grouping,
        "group": code,
        "parent": parent,
        "status": "published" if n else "withheld",
        "reason": None if n else "too-few",
        "scales": scales or {},
        "items": items or {},
    }
    if n:
        made["n"] = n
    if of:
        made["of"] = [list(part) for part in of]
    return made


def by_hand(plan: Plan, groups: Sequence[Entry], scan: str = "one") -> Published:
    document = {"scan": scan, "rules": {"detail": 30}, "reliability": {}, "slips": [], "groups": list(groups)}
    return Published(plan, document)


def truth_of(plan: Plan, strata: NDArray[np.int32], answers: NDArray[np.int8]) -> Truth:
    layout = layout_of(plan.questionnaire, {part for each in plan.groupings for part in each.split("*")})
    found = tally(pack(strata, answers), layout)
    options = np.zeros((len(found.keys), len(layout.backgrounds)), dtype=np.int64)
    rest = found.keys % layout.combinations
    for place in reversed(range(len(layout.backgrounds))):
        rest, options[:, place] = np.divmod(rest, layout.options[layout.backgrounds[place]] + 1)
    values = {}
    for scale, counts in zip(layout.scales, found.scales, strict=True):
        worth = np.maximum(1, np.arange(counts.total.shape[1])) * scale.span
        values[scale.scale.id] = (counts.total / (1 if scale.incidence else worth)).sum(axis=1)
    return Truth(
        found.keys // layout.combinations,
        options,
        found.people,
        found.items,
        {
            scale.scale.id: counts.n.sum(axis=1)
            for scale, counts in zip(layout.scales, found.scales, strict=True)
        },
        values,
    )


def built(plan: Plan, counts: Sequence[int], seed: int = 0, missing: float = 0.05) -> tuple[Published, Truth]:
    """A release of the present protector, with what it was made of."""
    strata, answers = answers_of(plan.questionnaire, counts, seed, missing)
    document = build_release(plan, pack(strata, answers), scan="one", kind="baseline")
    return Published(plan, document), truth_of(plan, strata, answers)


def a_case(plan: Plan, rows: Sequence[tuple[int, dict[str, int], int]]) -> Truth:
    """Truth from (stratum, item id -> code, how many people)."""
    coded = plan.questionnaire.coded
    strata = np.repeat([row[0] for row in rows], [row[2] for row in rows]).astype(np.int32)
    one = np.full((len(rows), len(coded)), -1, dtype=np.int8)
    for number, (_, codes, _) in enumerate(rows):
        for column, item in enumerate(coded):
            if item.id in codes:
                one[number, column] = plan.questionnaire.options_of(item).codes.index(codes[item.id])
    answers = np.repeat(one, [row[2] for row in rows], axis=0)
    order = np.argsort(strata, kind="stable")
    return truth_of(plan, strata[order], np.asfortranarray(answers[order]))
