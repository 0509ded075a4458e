"""Pictures of a release by name: a reading and a name enter, the picture leaves with its words and its table.

Names: overview, shares, incidence, risks, strengths, together, heat-1 and up, scale-ID and scale-ID~2 and up, items-ID,
unit-CODE, group-GROUPING~CODE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.render import charts, heat, naming, numbers, tables, together, weights, working_on
from app.render.charts import Bars, Row
from app.render.naming import Figure, figure, main_figures
from app.render.reading import INCIDENCE, MEAN, Group, Reading, Scale
from app.render.tables import Table, of_kind
from app.render.texts import speak


@dataclass(frozen=True)
class Picture:
    """An SVG, what it says in words, and its numbers as a table."""

    svg: bytes
    alt: str
    table: Table


class NoFigure(KeyError):
    """This release has no picture of that name."""


def draw(reading: Reading, name: str, *, narrow: bool = False) -> Picture:
    """The picture `name`, in the width of a page or (narrow) of a phone. Raises NoFigure."""
    found = figure(reading, name)
    if found is None:
        raise NoFigure(name)
    return Picture(DRAWN[found.kind](reading, found, narrow), found.described.alt, found.described.table)


def main_names(reading: Reading) -> Iterator[str]:
    """The pictures everybody sees first; those of single units are made when somebody asks for them."""
    return main_figures(reading)


def _overview(reading: Reading, found: Figure, narrow: bool) -> bytes:
    group = found.groups[0]
    return charts.dots(scores(reading, group), reading.language, note=note(reading, group), narrow=narrow)


def note(reading: Reading, group: Group) -> str:
    return f"{group.name}, {tables.count(group, reading.language)}"


def scores(reading: Reading, group: Group) -> list[Row]:
    """The mean scales of a group as rows, beside the organisation when it is another group."""
    whole = None if group is reading.whole else reading.whole
    return [
        Row(
            scale.title,
            group.number(scale.id, "score"),
            group.scales.get(scale.id, {}).get("interval"),
            absent=reading.missing(group, scale)[1],
            whole=whole.number(scale.id, "score") if whole else None,
        )
        for scale in of_kind(reading, MEAN)
    ]


def _incidence(reading: Reading, found: Figure, narrow: bool) -> bytes:
    group = found.groups[0]
    rows = [_share_of(scale.title, group.scales.get(scale.id, {})) for scale in found.scales]
    return charts.dots(rows, reading.language, note=note(reading, group), narrow=narrow)


def _shares(reading: Reading, found: Figure, narrow: bool) -> bytes:
    group = found.groups[0]
    bars = [Bars(scale.title, tables.three(group.scales.get(scale.id))) for scale in found.scales]
    return charts.shares(bars, reading.language, note=note(reading, group), narrow=narrow)


def _heat(reading: Reading, found: Figure, narrow: bool) -> bytes:
    return heat.heat(reading, found.groups, found.scales, narrow=narrow)


def _scale(reading: Reading, found: Figure, narrow: bool) -> bytes:
    scale = found.scales[0]
    _ = speak(reading.language)
    above = _("{scale}. Behind each name: how many answered.", scale=scale.title)
    return charts.dots(_ranked(reading, found.groups, scale), reading.language, note=above, narrow=narrow)


def _with_n(reading: Reading, group: Group) -> str:
    return f"{group.name} ({numbers.about(group.n, reading.language)})" if group.n else group.name


def _ranked(reading: Reading, groups: Sequence[Group], scale: Scale) -> list[Row]:
    return [
        Row(
            _with_n(reading, group),
            reading.headline(group, scale),
            group.scales.get(scale.id, {}).get("interval"),
            absent=reading.missing(group, scale)[1],
            kind=reading.kind_of(scale),
            whole=None if group is reading.whole else reading.headline(reading.whole, scale),
            strong=group is reading.whole,
        )
        for group in groups
    ]


def _items(reading: Reading, found: Figure, narrow: bool) -> bytes:
    group, scale = found.groups[0], found.scales[0]
    above, asked = note(reading, group), reading.items_of(scale)
    if scale.kind == INCIDENCE:
        rows = [_share_of(item.text, group.items.get(item.id, {})) for item in asked]
        return charts.dots(rows, reading.language, note=above, narrow=narrow)
    bars = [
        Bars(tables.asked(item, reading.language), tables.three(group.items.get(item.id))) for item in asked
    ]
    return charts.shares(bars, reading.language, note=above, narrow=narrow)


def _ordered(reading: Reading, found: Figure, narrow: bool) -> bytes:
    kind = naming.ORDERS[found.kind]
    rows = working_on.weighed(reading, kind)
    return weights.bars(rows, reading.language, note=note(reading, found.groups[0]), narrow=narrow)


def _together(reading: Reading, found: Figure, narrow: bool) -> bytes:
    _ = speak(reading.language)
    group, language = found.groups[0], reading.language
    rows = [
        Row(scale.title, one.r, one.interval, written=together.correlation(one, language))
        for scale, one in together.drawn(reading, group)
    ]
    scope = charts.Scope((-1, -0.5, 0, 0.5, 1), _("← against each other"), _("together →"), beside=1.4)
    return charts.dots(rows, language, note=note(reading, group), narrow=narrow, scope=scope)


def _share_of(label: str, found: Mapping[str, Any]) -> Row:
    return Row(label, found.get("share"), found.get("interval"), kind=numbers.SHARE)


DRAWN: dict[str, Callable[[Reading, Figure, bool], bytes]] = {
    "overview": _overview,
    "incidence": _incidence,
    "shares": _shares,
    "heat": _heat,
    "items": _items,
    "scale": _scale,
    "group": _overview,
    "risks": _ordered,
    "strengths": _ordered,
    "together": _together,
}
