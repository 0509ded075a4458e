"""What to work on and what to keep: a release enters, subjects ordered by one open rule leave.

A subject's weight is the product of its factors, each from 0 to 1: how severe it is and how widespread. All come
from published numbers; each carries the ends between which it must lie, so that two subjects whose weights
overlap are not told apart. A factor from elsewhere (`Priority.with_factor`) multiplies in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from statistics import median
from typing import Any

from app.core import noticed
from app.core.instrument import INCIDENCE
from app.core.release import STRATUM, UNIT, Group, Num, Release, middle

RISK, STRENGTH = "risk", "strength"
SEVERITY, REACH = "severity", "reach"
TOP = 3
INCIDENCE_WEIGHT = 3.0
"""What happened to 1 in 3 people weighs as much as a score of 0; to 1 in 5 as one of 40, to 1 in 10 as one of 70."""


@dataclass(frozen=True)
class Span:
    """A figure from 0 to 1: where it is placed, and between which ends it must lie."""

    middle: float
    low: float
    high: float

    def overlaps(self, other: Span) -> bool:
        return self.low <= other.high and other.low <= self.high

    def mirrored(self) -> Span:
        return Span(1 - self.middle, 1 - self.high, 1 - self.low)


ALL = Span(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Priority:
    """One subject with its factors; `groups` is from how many groups its reach is known, 0 for none."""

    scale: str
    factors: Mapping[str, Span]
    groups: int

    @property
    def weight(self) -> Span:
        found = self.factors.values()
        return Span(
            prod(one.middle for one in found), prod(one.low for one in found), prod(one.high for one in found)
        )

    def with_factor(self, name: str, factor: Span) -> Priority:
        return replace(self, factors={**self.factors, name: factor})


def priorities(release: Release, kind: str) -> tuple[Priority, ...]:
    """The risks (or strengths) of an organisation, the heaviest first.

    A subject is a risk when the organisation lies on the unfavourable side of its own middle line on it, a strength
    when it lies on the other; that something happened to few people is never a strength. Empty when fewer than two subjects
    are published: there is no line then.
    """
    line = middle_line(release)
    if line is None:
        return ()
    return ordered(_candidates(release, kind, line))


def subjects(release: Release) -> list[Mapping[str, Any]]:
    """The scales that say something of the organisation; whether people notice an update is no subject of it."""
    return [scale for scale in release.scales if not noticed.asks(scale)]


def ordered(found: Iterable[Priority]) -> tuple[Priority, ...]:
    """The heaviest first; the same weight in order of the scale's id, so that one release gives one order."""
    return tuple(sorted(found, key=lambda one: (-one.weight.middle, one.scale)))


def not_told_apart(one: Priority, others: Iterable[Priority]) -> tuple[Priority, ...]:
    """Those whose weight overlaps: which of the two comes first can't be said."""
    return tuple(other for other in others if other is not one and other.weight.overlaps(one.weight))


def middle_line(release: Release) -> Span | None:
    """The median of how unfavourable the organisation's subjects are: half lie on either side of it.

    Each end is the median of the subjects' ends, for a median never falls when one of its figures rises.
    """
    whole = release.organisation
    found = [
        unfavourable(scale, figure) for scale in subjects(release) if (figure := whole.figure(scale["id"]))
    ]
    if len(found) < 2:
        return None
    return Span(
        median(one.middle for one in found),
        median(one.low for one in found),
        median(one.high for one in found),
    )


def unfavourable(scale: Mapping[str, Any], figure: Num) -> Span:
    """How unfavourable a figure is: 1 - score / 100, or three times the share of people, at most 1."""
    return _placed(scale, middle(figure), float(figure["low"]), float(figure["high"]))


def _placed(scale: Mapping[str, Any], at: float, low: float, high: float) -> Span:
    if scale["kind"] == INCIDENCE:
        return Span(*(min(1.0, INCIDENCE_WEIGHT * end / 100) for end in (at, low, high)))
    return Span(*(1 - end / 100 for end in (at, high, low)))


def _candidates(release: Release, kind: str, line: Span) -> Iterator[Priority]:
    for scale in subjects(release):
        figure = release.organisation.figure(scale["id"])
        if figure is None or (kind == STRENGTH and scale["kind"] == INCIDENCE):
            continue
        beside = unfavourable(scale, figure).middle - line.middle
        if beside > 0 if kind == RISK else beside < 0:
            groups = lowest(release, scale["id"])
            factors = {
                SEVERITY: _severity(release, scale, figure, kind),
                REACH: _reach(scale, groups, line, kind),
            }
            yield Priority(scale["id"], factors, len(groups))


def _severity(release: Release, scale: Mapping[str, Any], figure: Num, kind: str) -> Span:
    """With the 95 percent interval as its ends where there is one: chance counts too, not only rounding."""
    ends = release.organisation.scales[scale["id"]].get("interval") or (figure, figure)
    low = min(float(ends[0]["low"]), float(figure["low"]))
    high = max(float(ends[1]["high"]), float(figure["high"]))
    found = _placed(scale, middle(figure), low, high)
    return found if kind == RISK else found.mirrored()


def lowest(release: Release, scale: str) -> tuple[Group, ...]:
    """Published units and joined groups with a figure on this scale and none below them that has one."""
    having = [
        group
        for group in release.groups[1:]
        if group.grouping in (UNIT, STRATUM) and group.figure(scale) is not None
    ]
    above: set[str] = set()
    for group in having:
        above |= set(_units_above(release, group))
    return tuple(group for group in having if group.grouping == STRATUM or group.code not in above)


def _units_above(release: Release, group: Group) -> Iterator[str]:
    parent = group.parent
    while parent is not None:
        yield parent
        found = release.group(UNIT, parent)
        parent = found.parent if found else None


def _reach(scale: Mapping[str, Any], groups: Iterable[Group], line: Span, kind: str) -> Span:
    """The share of these groups' people in groups on this side of the line; 1 where there are no groups.

    Low counts only groups that lie there with all of their band, at their fewest people; high all that may.
    """
    sides = [(_people(group, scale["id"]), _side(scale, group, line, kind)) for group in groups]
    if not sides:
        return ALL
    return Span(
        _share((n.middle, side.middle > 0) for n, side in sides),
        _share((n.low if side.low > 0 else n.high, side.low > 0) for n, side in sides),
        _share((n.high if side.high >= 0 else n.low, side.high >= 0) for n, side in sides),
    )


def _side(scale: Mapping[str, Any], group: Group, line: Span, kind: str) -> Span:
    """How far beyond the line a group lies; under 0 on the other side."""
    figure = group.figure(scale["id"])
    assert figure is not None
    at = unfavourable(scale, figure)
    beyond = Span(at.middle - line.middle, at.low - line.high, at.high - line.low)
    return beyond if kind == RISK else Span(-beyond.middle, -beyond.high, -beyond.low)


def _people(group: Group, scale: str) -> Span:
    n = group.scales[scale].get("n") or group.n
    assert n is not None, "a published group has n"
    return Span(middle(n), float(n["low"]), float(n["high"]))


def _share(people: Iterable[tuple[float, bool]]) -> float:
    there = elsewhere = 0.0
    for n, beyond in people:
        there, elsewhere = (there + n, elsewhere) if beyond else (there, elsewhere + n)
    return there / (there + elsewhere)
