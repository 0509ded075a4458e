"""The scan's side of a theme: a released group enters; its scales on that theme, whether they are a concern and why not leave.

Only published figures are read, each with its interval. Several scales of one theme are never averaged: the most concerned
decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.priorities import Span, unfavourable
from app.core.release import Group, Num, Release
from app.core.signals.readings import Concern, Thresholds

_WORST_FIRST = (Concern.HIGH, Concern.UNSURE, Concern.LOW)


@dataclass(frozen=True)
class Change:
    """How a scale changed since the last scan, from the comparison of two releases: points, its interval and a verdict."""

    points: Num
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class ScaleSide:
    """One scale of a theme. `low` and `high` end its 95 percent interval; `placed` orders it among all scales, from 0 to 1."""

    scale: str
    kind: str
    figure: Num
    low: float
    high: float
    concern: Concern
    placed: Span
    change: Change | None


@dataclass(frozen=True)
class ScanSide:
    """The scales of a theme, the most concerned first; that one decides. `absent`: scale -> why it isn't published here."""

    concern: Concern
    scales: tuple[ScaleSide, ...]
    absent: Mapping[str, str]

    @property
    def deciding(self) -> ScaleSide | None:
        return self.scales[0] if self.scales else None


def changes_of(comparison: Mapping[str, Any], group: Group) -> dict[str, Change]:
    """By scale, from a comparison as docs/comparison.schema.json describes it."""
    return {
        one["scale"]: Change(
            one["difference"], one["interval"][0]["low"], one["interval"][1]["high"], one["verdict"]
        )
        for one in comparison["differences"]
        if (one["grouping"], one["group"]) == (group.grouping, group.code)
    }


def scan_side(
    release: Release, group: Group, theme: str, changes: Mapping[str, Change], thresholds: Thresholds
) -> ScanSide:
    scales = [scale for scale in release.scales if scale["theme"] == theme]
    found = [
        _scale_side(scale, group, changes.get(scale["id"]), thresholds)
        for scale in scales
        if group.figure(scale["id"]) is not None
    ]
    found.sort(key=lambda one: (_WORST_FIRST.index(one.concern), -one.placed.middle, one.scale))
    absent = {
        str(scale["id"]): str(group.data.get("absent", {}).get(scale["id"]) or group.reason or "too-few")
        for scale in scales
        if group.figure(scale["id"]) is None
    }
    if not scales:
        return ScanSide(Concern.NOT_ASKED, (), {})
    return ScanSide(found[0].concern if found else Concern.NOT_PUBLISHED, tuple(found), absent)


def _scale_side(
    scale: Mapping[str, Any], group: Group, change: Change | None, thresholds: Thresholds
) -> ScaleSide:
    figure = group.figure(scale["id"])
    assert figure is not None
    low, high = _ends(group.scales[scale["id"]], figure)
    incidence = "share" in group.scales[scale["id"]]
    ends, threshold = ((low, high), thresholds.share) if incidence else ((-high, -low), -thresholds.score)
    concern = _beyond(*ends, threshold)
    span = unfavourable(scale, {"value": figure["value"], "low": low, "high": high})
    if figure["value"] is None:
        span = Span(unfavourable(scale, figure).middle, span.low, span.high)
    return ScaleSide(
        str(scale["id"]), "incidence" if incidence else "mean", figure, low, high, concern, span, change
    )


def _ends(entry: Mapping[str, Any], figure: Num) -> tuple[float, float]:
    """Of the interval, which chance and rounding both widen; at least as wide as the figure itself is published."""
    ends = entry.get("interval") or (figure, figure)
    return min(float(ends[0]["low"]), float(figure["low"])), max(
        float(ends[1]["high"]), float(figure["high"])
    )


def _beyond(low: float, high: float, threshold: float) -> Concern:
    if low > threshold:
        return Concern.HIGH
    return Concern.LOW if high <= threshold else Concern.UNSURE
