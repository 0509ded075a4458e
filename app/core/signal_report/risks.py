"""The top risks of a culture picture: a release and the themes that may be named enter, an order by one open rule leaves.

Severity x spread x support: how unfavourable the scan is, for how many people, and whether advisers heard of the theme. Support
has two steps only, for a finer one would tell how many people came.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.core.instrument import text
from app.core.priorities import REACH, RISK, SEVERITY, TOP, Span, ordered, priorities
from app.core.release import Release

SUPPORT = "support"
HEARD, NOT_HEARD = 1.0, 0.5
"""A theme that advisers may name weighs twice as much as one they may not."""


def risks(release: Release, heard: Collection[str], language: str) -> tuple[dict[str, Any], ...]:
    """The heaviest first, each with its factors from 0 to 100; empty when the release has no order."""
    scales = {scale["id"]: scale for scale in release.scales}
    found = ordered(
        one.with_factor(SUPPORT, _support(scales[one.scale].get("theme"), heard))
        for one in priorities(release, RISK)
    )
    return tuple(
        {
            "id": one.scale,
            "title": text(scales[one.scale]["title"], language),
            "heard": one.factors[SUPPORT].middle == HEARD,
            "place": place,
            SEVERITY: round(100 * one.factors[SEVERITY].middle),
            REACH: round(100 * one.factors[REACH].middle),
            "weight": round(100 * one.weight.middle),
        }
        for place, one in enumerate(found[:TOP], 1)
    )


def _support(theme: str | None, heard: Collection[str]) -> Span:
    value = HEARD if theme in heard else NOT_HEARD
    return Span(value, value, value)
