"""Two scans: published documents enter, a comparison with verdicts leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.comparison.differences import UNKNOWN_SPREAD, Figure, gap, middle
from app.core.comparison.matching import (
    ABSENT_BOTH,
    ABSENT_NEW,
    ABSENT_OLD,
    Apart,
    Matching,
    Side,
    same_scales,
)
from app.core.comparison.unit_map import UnitMap
from app.core.comparison.verdicts import Compared, Difference, judge
from app.core.plan import MATTERS, OPEN_LINK, SLIPS
from app.core.release import Document, Group, Release


@dataclass(frozen=True)
class Comparison:
    """`old` and `new` are scan ids. `matters` is the threshold in points that the verdicts used."""

    old: str
    new: str
    matters: float
    differences: tuple[Difference, ...]
    not_comparable: tuple[Apart, ...]

    def to_document(self) -> Document:
        """As docs/comparison.schema.json describes it."""
        return {
            "old": self.old,
            "new": self.new,
            "matters": self.matters,
            "differences": [one.to_document() for one in self.differences],
            "not_comparable": [one.to_document() for one in self.not_comparable],
        }


def threshold(release: Release) -> float:
    """The points that matter, as set when the scan was launched."""
    return float(release.document["rules"].get("matters", MATTERS))


def compare(old: Document, new: Document, *, units: UnitMap | None = None) -> Comparison:
    """The later scan held against the earlier one, at the later one's threshold. Differences are new minus old."""
    before, after = Release(old), Release(new)
    pairs, apart = Matching(Side(before), Side(after), units or UnitMap()).pairs()
    scales, changed = same_scales(before, after)
    whole = after.organisation
    apart += [Apart(whole.grouping, whole.code, reason, scale) for scale, reason in changed.items()]
    found: list[Compared] = []
    for one, other in pairs:
        for scale in scales:
            figures = figure_of(before, one, scale), figure_of(after, other, scale)
            if figures[0] and figures[1]:
                key = (other.grouping, other.code, scale)
                found.append(Compared(*key, figures[0], figures[1], gap(figures[0], figures[1])))
            else:
                apart.append(Apart(other.grouping, other.code, _absent(*figures), scale))
    limit = threshold(after)
    return Comparison(str(old["scan"]), str(new["scan"]), limit, judge(found, limit), tuple(apart))


def _absent(old: Figure | None, new: Figure | None) -> str:
    if old is None and new is None:
        return ABSENT_BOTH
    return ABSENT_OLD if old is None else ABSENT_NEW


def figure_of(release: Release, group: Group, scale: str) -> Figure | None:
    """A published score or share with the n, spread and headcount that go with it; None where it isn't published."""
    entry = group.scales.get(scale)
    number = group.figure(scale)
    if entry is None or number is None:
        return None
    n = entry["n"]
    people = (float(n["low"]), middle(n))
    if "share" in entry:
        return Figure(number, people, None)
    known = entry.get("spread")
    return Figure(
        number, people, _spread(known or _whole_spread(release, scale)), _invited(release, group, known)
    )


def _spread(known: Mapping[str, Any] | None) -> tuple[float, float]:
    return (float(known["high"]), middle(known)) if known else (UNKNOWN_SPREAD, UNKNOWN_SPREAD)


def _whole_spread(release: Release, scale: str) -> Mapping[str, Any] | None:
    return release.organisation.scales.get(scale, {}).get("spread")


def _invited(release: Release, group: Group, own_spread: object) -> int | None:
    """The headcount, where it is known who was invited and a spread of its own says there are 30 answers."""
    if own_spread is None or release.document["rules"].get("way", SLIPS) == OPEN_LINK:
        return None
    return int(group.data.get("headcount") or 0) or None
