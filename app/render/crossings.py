"""Crossings in words: a release and a group enter; tables of what it is crossed with, and what isn't shown, leave."""

from __future__ import annotations

from dataclasses import dataclass

from app.render.reading import CROSSED, MEAN, STRATUM, UNIT, Group, Reading
from app.render.tables import Table, count, headline_words, of_kind
from app.render.texts import speak

MOST_NAMES = 12


@dataclass(frozen=True)
class Crossed:
    """One group by the answers to a question or by unit. `hidden` says how many groups are not shown, and why."""

    title: str
    groups: tuple[Group, ...]
    table: Table | None
    hidden: str


def of_group(reading: Reading, group: Group) -> tuple[Crossed, ...]:
    """A table for each crossing that this group is a side of; a crossing with nothing shown has only its sentence."""
    by_grouping: dict[str, list[Group]] = {}
    for crossing in reading.crossed(group):
        by_grouping.setdefault(crossing.grouping, []).append(crossing)
    return tuple(_crossed(reading, group, grouping, found) for grouping, found in by_grouping.items())


def _crossed(reading: Reading, group: Group, grouping: str, crossings: list[Group]) -> Crossed:
    _ = speak(reading.language)
    shown = tuple(crossing for crossing in crossings if crossing.published)
    first, second = grouping.split(CROSSED, 1)
    title = reading.side_title(second if _is_first(group, grouping) else first)
    scales = of_kind(reading, MEAN)
    rows = tuple(
        (
            _name(reading, crossing, group),
            count(crossing, reading.language),
            *(headline_words(reading, crossing, scale) for scale in scales),
        )
        for crossing in shown
    )
    caption = _("Scores of {group}, from 0 to 100, by {title}", group=group.name, title=title)
    heads = (_("Group"), _("Answers"), *(scale.title for scale in scales))
    return Crossed(
        _("By {title}", title=title),
        shown,
        Table(caption, heads, rows) if rows else None,
        _hidden(reading, group, [crossing for crossing in crossings if not crossing.published]),
    )


def _is_first(group: Group, grouping: str) -> bool:
    """Whether a group is on the first side of a crossing; joined units stand on the side of units."""
    side = UNIT if group.grouping == STRATUM else group.grouping
    return grouping.split(CROSSED, 1)[0] == side


def _name(reading: Reading, crossing: Group, group: Group) -> str:
    other = reading.other_side(crossing, group)
    return other.name if other is not None else crossing.name


def _hidden(reading: Reading, group: Group, crossings: list[Group]) -> str:
    if not crossings:
        return ""
    _ = speak(reading.language)
    names = [_name(reading, crossing, group) for crossing in crossings]
    said = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        said += _(" and {n} more", n=len(names) - MOST_NAMES)
    return _("Not shown: {groups}. {reason}", groups=said, reason=crossings[0].reason)


def withheld(reading: Reading) -> tuple[str, ...]:
    """How many groups of each crossing are not shown, a line each; their names would fill pages."""
    _ = speak(reading.language)
    return tuple(
        _(
            "{title}: {hidden} of {all} groups",
            title=reading.grouping_title(grouping),
            hidden=sum(not group.published for group in groups),
            all=len(groups),
        )
        for grouping, groups in reading.crossings.items()
        if not all(group.published for group in groups)
    )
