"""All scans of a series: their releases enter, each scale's numbers in order of time leave, with words and a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from babel.dates import format_date

from app.core.comparison.matching import Matching, Side, same_scales
from app.core.comparison.unit_map import UnitMap, read_map
from app.core.release import UNIT, Release
from app.render import numbers, tables
from app.render.naming import group_name
from app.render.numbers import Num
from app.render.reading import MEAN, Group, Reading, Scale
from app.render.tables import Described, Table
from app.render.texts import speak


@dataclass(frozen=True)
class Moment:
    """One scan. `day` is when it closed, where that is known; `unit_map` is CSV of what became of its units, "" for nothing."""

    name: str
    day: date | None
    document: Mapping[str, Any]
    unit_map: str = ""

    def units(self, last: Release) -> UnitMap:
        """What became of its units in the last scan."""
        if not self.unit_map:
            return UnitMap()
        return read_map(self.unit_map, old=_codes(Release(dict(self.document))), new=_codes(last))


def _codes(release: Release) -> frozenset[str]:
    return frozenset(group.code for group in release.of(UNIT))


@dataclass(frozen=True)
class Point:
    """A group's score at one moment; `num` is None where it isn't published or was defined differently."""

    num: Num | None
    interval: tuple[Num, Num] | None


@dataclass(frozen=True)
class Trend:
    """A series; the last moment says which groups and scales there are."""

    language: str
    moments: tuple[Moment, ...]

    @cached_property
    def reading(self) -> Reading:
        last = self.moments[-1].document
        return Reading(self.language, str(last["digest"]), last)

    @cached_property
    def main_name(self) -> str:
        return group_name(self.reading.whole)

    def group(self, name: str) -> Group | None:
        """The published group of a picture's name."""
        return next(
            (group for group in self.reading.groups if group.published and group_name(group) == name), None
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """When each scan was, else its name."""
        return tuple(
            str(format_date(moment.day, "MMM y", locale=self.language)) if moment.day else moment.name
            for moment in self.moments
        )

    @cached_property
    def _before(self) -> tuple[Mapping[tuple[str, str], Mapping[str, Any]], ...]:
        """Per moment, the scales of each group of the last release as that group was then."""
        last = Release(dict(self.moments[-1].document))
        found = []
        for moment in self.moments:
            then = Release(dict(moment.document))
            pairs, _ = Matching(Side(then), Side(last), moment.units(last)).pairs()
            same, _ = same_scales(then, last)
            found.append(
                {
                    (new.grouping, new.code): {id: old.scales[id] for id in same if id in old.scales}
                    for old, new in pairs
                }
            )
        return tuple(found)

    def points(self, group: Group, scale: Scale) -> tuple[Point, ...]:
        entries = [then.get((group.grouping, group.code), {}).get(scale.id) for then in self._before]
        return tuple(
            Point(entry.get("score", entry.get("share")), tuple(entry["interval"]))
            if entry
            else Point(None, None)
            for entry in entries
        )

    def scales(self, group: Group) -> tuple[Scale, ...]:
        """The scales of scores that this group has now."""
        return tuple(
            scale for scale in tables.of_kind(self.reading, MEAN) if self.reading.headline(group, scale)
        )


def described(trend: Trend, group: Group) -> Described:
    """The scores of a group over all scans."""
    language = trend.language
    _ = speak(language)
    rows = tuple(
        (scale.title, *(_words(point, language) for point in trend.points(group, scale)))
        for scale in trend.scales(group)
    )
    said = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in rows)
    alt = _("{group}. Scores from 0 to 100 at {moments}: {said}.", group=group.name,
            moments=", ".join(trend.labels), said=said)  # fmt: skip
    heads = (
        _("Subject"),
        *(f"{moment.name}, {label}" for moment, label in zip(trend.moments, trend.labels, strict=True)),
    )
    return Described(
        _("Over all scans with this questionnaire"),
        alt,
        Table(_("{group}: scores from 0 to 100, with how sure they are", group=group.name), heads, rows),
    )


def _words(point: Point, language: str) -> str:
    _ = speak(language)
    if point.num is None:
        return _("not shown")
    if point.interval is None:
        return numbers.words(point.num, language)
    return f"{numbers.words(point.num, language)}, {numbers.interval(point.interval, language)}"
