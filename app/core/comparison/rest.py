"""A group held against the rest: one published document enters, a comparison with verdicts leaves.

Nobody publishes the rest; it follows from the organisation and the group, as far as their rounding lets it. The
release was protected with that in mind: what is left beside a published group is nobody or at least k people.
"""

from __future__ import annotations

import math
from itertools import product

from app.core.comparison.between import Comparison, figure_of, threshold
from app.core.comparison.differences import TOP, Figure, gap, middle, num
from app.core.comparison.matching import ABSENT_NEW, NO_REST, Apart
from app.core.comparison.verdicts import Compared, judge
from app.core.release import Document, Group, Release

REST = "rest"


def with_rest(document: Document) -> Comparison:
    """Every published group beside everybody else in the organisation. Differences are group minus rest.

    The comparison's `old` is "rest".
    """
    release = Release(document)
    found: list[Compared] = []
    apart: list[Apart] = []
    for group in release.groups[1:]:
        if not group.published:
            continue
        for scale in (str(one["id"]) for one in release.scales):
            compared = _compared(release, group, scale)
            if isinstance(compared, Compared):
                found.append(compared)
            else:
                apart.append(Apart(group.grouping, group.code, compared, scale))
    limit = threshold(release)
    return Comparison(REST, str(document["scan"]), limit, judge(found, limit), tuple(apart))


def _compared(release: Release, group: Group, scale: str) -> Compared | str:
    own, whole = figure_of(release, group, scale), figure_of(release, release.organisation, scale)
    if own is None or whole is None:
        return ABSENT_NEW
    n, all_n = group.scales[scale]["n"], release.organisation.scales[scale]["n"]
    people = (float(all_n["low"]) - float(n["high"]), middle(all_n) - middle(n))
    if people[0] < int(release.document["rules"]["min_group"]):
        return NO_REST
    ratios = [float(one) / (float(every) - float(one)) for one, every in product(_ends(n), _ends(all_n))]
    likely = middle(n) / people[1]
    rest = Figure(
        _rest(whole, own, ratios, likely),
        people,
        _spread(whole, float(all_n["high"]), people[0]),
        _invited(whole, own),
    )
    difference = _difference(whole, own, ratios, likely)
    return Compared(group.grouping, group.code, scale, rest, own, gap(rest, own, difference))


def _ends(n: dict[str, float]) -> tuple[float, float]:
    return n["low"], n["high"]


def _rest(whole: Figure, own: Figure, ratios: list[float], likely: float) -> dict[str, float | None]:
    """whole + (whole - own) x n / (all - n), at every combination of ends."""
    ends = [
        every + (every - one) * ratio
        for every, one, ratio in product((whole.low, whole.high), (own.low, own.high), ratios)
    ]
    middle_ = whole.middle + (whole.middle - own.middle) * likely
    low, high = max(0.0, min(ends)), min(TOP, max(ends))
    known = whole.num["value"] is not None and own.num["value"] is not None
    return num(min(max(middle_, low), high) if known else None, low, high)


def _difference(whole: Figure, own: Figure, ratios: list[float], likely: float) -> dict[str, float | None]:
    """(own - whole) x all / (all - n): narrower than own - rest, in which the group's rounding counts twice."""
    ends = [
        (one - every) * (1 + ratio)
        for every, one, ratio in product((whole.low, whole.high), (own.low, own.high), ratios)
    ]
    low, high = max(-TOP, min(ends)), min(TOP, max(ends))
    known = whole.num["value"] is not None and own.num["value"] is not None
    value = (own.middle - whole.middle) * (1 + likely)
    return num(min(max(value, low), high) if known else None, low, high)


def _spread(whole: Figure, all_people: float, least: float) -> tuple[float, float] | None:
    """Even when nobody in the group differed from another, the rest can't hold more squares than the whole does."""
    if whole.spread is None:
        return None
    return whole.spread[0] * math.sqrt((all_people - 1) / (least - 1)), whole.spread[1]


def _invited(whole: Figure, own: Figure) -> int | None:
    """How many were invited outside the group; only where both headcounts may be used."""
    if whole.headcount is None or own.headcount is None:
        return None
    return whole.headcount - own.headcount or None
