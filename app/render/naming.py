"""Which pictures a release has: a reading and a name enter, what the picture shows and says leaves; nothing
is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.priorities import RISK, STRENGTH
from app.render import tables, together, working_on
from app.render.reading import INCIDENCE, MEAN, UNIT, Group, Reading, Scale
from app.render.tables import Described, of_kind

_HEAT = re.compile(r"heat-([1-9][0-9]{0,3})")
_SCALE = re.compile(r"scale-(.+?)(?:~([1-9][0-9]{0,3}))?")
_ITEMS = re.compile(r"items-(.+)")
_UNIT = re.compile(r"unit-(.+)")
_GROUP = re.compile(r"group-([^~]+)~(.+)")


ORDERS = {"risks": RISK, "strengths": STRENGTH}
WORKING_ON = (*ORDERS, "together")


@dataclass(frozen=True)
class Figure:
    """A picture to draw: its kind, the groups and scales in it, and the words beside it."""

    name: str
    kind: str
    groups: tuple[Group, ...]
    scales: tuple[Scale, ...]
    described: Described


def figure(reading: Reading, name: str) -> Figure | None:
    """The picture of that name, or None. Names come from addresses, so anything may be asked."""
    if name in WHOLE:
        return WHOLE[name](reading, name) if reading.whole.published else None
    if found := _HEAT.fullmatch(name):
        return _heat(reading, name, int(found[1]))
    if found := _SCALE.fullmatch(name):
        return _scale(reading, name, found[1], int(found[2] or 1))
    if found := _ITEMS.fullmatch(name):
        return _items(reading, name, found[1])
    if found := _UNIT.fullmatch(name):
        return _group(reading, name, UNIT, found[1])
    if found := _GROUP.fullmatch(name):
        return _group(reading, name, found[1], found[2])
    return None


def main_figures(reading: Reading) -> Iterator[str]:
    """Names of all pictures but those of single groups."""
    for name in WHOLE:
        if figure(reading, name):
            yield name
    yield from heat_names(reading)
    for scale in reading.scales:
        yield from scale_names(reading, scale)
        if figure(reading, f"items-{scale.id}"):
            yield f"items-{scale.id}"


def heat_names(reading: Reading) -> list[str]:
    """None without units below the organisation."""
    if not of_kind(reading, MEAN):
        return []
    return [f"heat-{place + 1}" for place in range(len(tables.parts(reading.parts)))]


def scale_names(reading: Reading, scale: Scale) -> list[str]:
    parts = _scale_parts(reading, scale)
    return [f"scale-{scale.id}" + (f"~{place + 1}" if place else "") for place in range(len(parts))]


def group_name(group: Group) -> str:
    return f"unit-{group.code}" if group.grouping == UNIT else f"group-{group.grouping}~{group.code}"


def _overview(reading: Reading, name: str) -> Figure | None:
    """None for a questionnaire without scores, such as one of open questions alone."""
    whole = reading.whole
    if not of_kind(reading, MEAN):
        return None
    return Figure(name, name, (whole,), of_kind(reading, MEAN), tables.overview(reading, whole))


def _shares(reading: Reading, name: str) -> Figure | None:
    whole = reading.whole
    if not tables.subjects(reading):
        return None
    return Figure(name, name, (whole,), tables.subjects(reading), tables.shares(reading, whole))


def _incidence(reading: Reading, name: str) -> Figure | None:
    found = tables.incidence(reading, reading.whole)
    return Figure(name, name, (reading.whole,), of_kind(reading, INCIDENCE), found) if found else None


def _heat(reading: Reading, name: str, place: int) -> Figure | None:
    parts, scales = tables.parts(reading.parts), of_kind(reading, MEAN)
    if place > len(parts) or not scales:
        return None
    groups = parts[place - 1]
    described = tables.numbered(tables.heat(reading, groups), place, len(parts), reading.language)
    return Figure(name, "heat", groups, scales, described)


def _scale_parts(reading: Reading, scale: Scale) -> list[tuple[Group, ...]]:
    """The organisation and the units that have a number, the highest first, as a picture can hold them."""
    having = tables.ranked(reading, reading.parts, scale)
    if reading.headline(reading.whole, scale) is None:
        return []
    rows = [having[start : start + tables.ROWS] for start in range(0, len(having), tables.ROWS)] or [()]
    return [(reading.whole, *part) for part in rows]


def _scale(reading: Reading, name: str, id: str, place: int) -> Figure | None:
    scale = reading.scale(id)
    parts = _scale_parts(reading, scale) if scale else []
    if scale is None or place > len(parts):
        return None
    groups = parts[place - 1]
    described = tables.numbered(tables.scale(reading, scale, groups), place, len(parts), reading.language)
    return Figure(name, "scale", groups, (scale,), described)


def _items(reading: Reading, name: str, id: str) -> Figure | None:
    scale, whole = reading.scale(id), reading.whole
    if scale is None or not any(item.id in whole.items for item in reading.items_of(scale)):
        return None
    return Figure(name, "items", (whole,), (scale,), tables.items(reading, whole, scale))


def _ordered(reading: Reading, name: str) -> Figure | None:
    found = working_on.described(reading, ORDERS[name])
    scales = tuple(one.scale for one in working_on.weighed(reading, ORDERS[name]))
    return Figure(name, name, (reading.whole,), scales, found) if found else None


def _together(reading: Reading, name: str) -> Figure | None:
    found = together.described(reading, reading.whole)
    scales = tuple(scale for scale, _one in together.drawn(reading, reading.whole))
    return Figure(name, name, (reading.whole,), scales, found) if found else None


def _group(reading: Reading, name: str, grouping: str, code: str) -> Figure | None:
    group = reading.group(grouping, code)
    if group is None or not group.published or not of_kind(reading, MEAN):
        return None
    return Figure(name, "group", (group,), of_kind(reading, MEAN), tables.overview(reading, group))


WHOLE: dict[str, Callable[[Reading, str], Figure | None]] = {
    "overview": _overview,
    "shares": _shares,
    "incidence": _incidence,
    **dict.fromkeys(ORDERS, _ordered),
    "together": _together,
}
"""Pictures of the organisation as a whole; the rest are found by pattern."""
