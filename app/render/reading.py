"""A release document made ready to show: the protected document and a language enter, groups and scales with
names leave.

Everything that pages, pictures and PDFs know of a release passes through here; nothing is computed from
answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.release import Release
from app.render import numbers, reasons
from app.render.numbers import Num
from app.render.texts import speak

UNIT = "unit"
# A stratum that is no unit: small units that were joined, or people placed directly in an inner unit.
STRATUM = "stratum"
CROSSED = "*"
PUBLISHED = "published"
MEAN = "mean"
INCIDENCE = "incidence"


def text(texts: Any, language: str) -> str:
    """A text of the instrument: a plain string, or the language's own, else the first."""
    if isinstance(texts, Mapping):
        return str(texts.get(language) or next(iter(texts.values()), ""))
    return str(texts or "")


@dataclass(frozen=True)
class Scale:
    """A scale as shown; `kind` is "mean" or "incidence"."""

    id: str
    title: str
    kind: str
    rates_a_person: bool


@dataclass(frozen=True)
class Item:
    id: str
    scale: str
    text: str
    reversed: bool


@dataclass(frozen=True)
class Group:
    """One group of the release. `reason` is in words and empty when the group is published; `depth` is 0 for
    the top. `of` holds the two (grouping, code) sides of a crossing, and is empty for any other group.
    """

    grouping: str
    code: str
    parent: str | None
    name: str
    depth: int
    published: bool
    reason: str
    reason_id: str
    n: Num | None
    scales: Mapping[str, Mapping[str, Any]]
    items: Mapping[str, Mapping[str, Any]]
    absent: Mapping[str, str]
    participation: Num | None
    headcount: int | None
    of: tuple[tuple[str, str], ...] = ()

    def number(self, scale: str, key: str) -> Num | None:
        """The published number `key` of a scale, or None when this group has none."""
        found: Num | None = self.scales.get(scale, {}).get(key)
        return found


@dataclass(frozen=True)
class Reading:
    """One release in one language."""

    language: str
    digest: str
    document: Mapping[str, Any]

    @cached_property
    def release(self) -> Release:
        """The same document as the core reads it."""
        return Release(dict(self.document))

    @cached_property
    def instrument(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["instrument"]
        return found

    @cached_property
    def title(self) -> str:
        return text(self.instrument.get("title"), self.language)

    @property
    def validated(self) -> bool:
        return bool(self.instrument.get("validated"))

    @property
    def min_group(self) -> int:
        return int(self.document["rules"]["min_group"])

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        return tuple(
            Scale(
                one["id"],
                text(one.get("title"), self.language),
                one.get("kind", MEAN),
                bool(one.get("rates_a_person")),
            )
            for one in self.instrument["scales"]
        )

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(
            Item(one["id"], one["scale"], text(one.get("text"), self.language), bool(one.get("reversed")))
            for one in self.instrument.get("items", ())
            if one.get("scale")
        )

    def items_of(self, scale: Scale) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scale == scale.id)

    def scale(self, id: str) -> Scale | None:
        return next((scale for scale in self.scales if scale.id == id), None)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """As the document lists them; a unit comes after the one above it."""
        depths: dict[str, int] = {}
        return tuple(self._group(one, depths) for one in self.document["groups"])

    @cached_property
    def _units(self) -> Mapping[str, Mapping[str, Any]]:
        return {str(one["group"]): one for one in self.document["groups"] if one["grouping"] == UNIT}

    @cached_property
    def _said_twice(self) -> frozenset[str]:
        """Names that several units have, such as the night shift of two locations."""
        said = Counter(text(one.get("name") or code, self.language) for code, one in self._units.items())
        return frozenset(name for name, times in said.items() if times > 1)

    def _name(self, one: Mapping[str, Any]) -> str:
        """The name; of a unit that shares it with another, with that of the unit above."""
        name = text(one.get("name") or str(one["group"]), self.language)
        above = self._units.get(str(one.get("parent"))) if one["grouping"] == UNIT else None
        if name not in self._said_twice or above is None:
            return name
        return f"{name} ({text(above.get('name') or str(above['group']), self.language)})"

    def _group(self, one: Mapping[str, Any], depths: dict[str, int]) -> Group:
        grouping, code = one["grouping"], str(one["group"])
        parent = one.get("parent") if grouping in (UNIT, STRATUM) else None
        depth = depths.get(parent, 0) + 1 if parent is not None else 0
        if grouping == UNIT:
            depths[code] = depth
        published = one["status"] == PUBLISHED
        reason = str(one.get("reason") or "")
        return Group(
            grouping=grouping,
            code=code,
            parent=parent,
            name=self._name(one),
            depth=depth,
            published=published,
            reason="" if published else reasons.of_group(reason, self.language, self.min_group),
            reason_id=reason,
            n=one.get("n"),
            scales=one.get("scales") or {},
            items=one.get("items") or {},
            absent=one.get("absent") or {},
            participation=one.get("participation"),
            headcount=one.get("headcount"),
            of=tuple((side, str(part)) for side, part in one.get("of", ())),
        )

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str], Group]:
        return {(group.grouping, group.code): group for group in self.groups}

    def group(self, grouping: str, code: str) -> Group | None:
        return self._by_key.get((grouping, code))

    @cached_property
    def tree(self) -> tuple[Group, ...]:
        """The organisation first, then every unit and joined group, each under the unit that holds it."""
        below: dict[str | None, list[Group]] = {}
        for group in self.groups:
            if group.grouping in (UNIT, STRATUM):
                below.setdefault(group.parent, []).append(group)
        ordered: list[Group] = []
        waiting = list(reversed(below.get(None, [])))
        while waiting:
            group = waiting.pop()
            ordered.append(group)
            if group.grouping == UNIT:
                waiting.extend(reversed(below.get(group.code, [])))
        return tuple(ordered)

    @cached_property
    def whole(self) -> Group:
        """The organisation as a whole."""
        return self.tree[0]

    @property
    def parts(self) -> tuple[Group, ...]:
        """Every unit and joined group below the organisation, in tree order."""
        return self.tree[1:]

    @cached_property
    def backgrounds(self) -> Mapping[str, tuple[Group, ...]]:
        """Background question -> its groups, without the tree and without crossings."""
        return self._by_grouping(crossed=False)

    @cached_property
    def crossings(self) -> Mapping[str, tuple[Group, ...]]:
        """Crossing such as "unit*tenure" -> its groups."""
        return self._by_grouping(crossed=True)

    def _by_grouping(self, *, crossed: bool) -> Mapping[str, tuple[Group, ...]]:
        found: dict[str, list[Group]] = {}
        for group in self.groups:
            if group.grouping not in (UNIT, STRATUM) and bool(group.of) == crossed:
                found.setdefault(group.grouping, []).append(group)
        return {grouping: tuple(groups) for grouping, groups in found.items()}

    @cached_property
    def _crossed(self) -> Mapping[tuple[str, str], tuple[Group, ...]]:
        found: dict[tuple[str, str], list[Group]] = {}
        for group in self.groups:
            for side in group.of:
                found.setdefault(side, []).append(group)
        return {side: tuple(groups) for side, groups in found.items()}

    def crossed(self, group: Group) -> tuple[Group, ...]:
        """The crossings that this group is a side of, such as one team's people by years of service."""
        return self._crossed.get((group.grouping, group.code), ())

    def other_side(self, crossing: Group, group: Group) -> Group | None:
        """The side of a crossing that `group` isn't."""
        sides = [side for side in crossing.of if side != (group.grouping, group.code)]
        return self.group(*sides[0]) if sides else None

    def grouping_title(self, grouping: str) -> str:
        """The background question itself; for a crossing both sides."""
        _ = speak(self.language)
        if CROSSED in grouping:
            first, second = (self.side_title(side) for side in grouping.split(CROSSED, 1))
            return _("Together: {first} and {second}", first=first, second=second)
        asked = next((one for one in self.instrument.get("items", ()) if one["id"] == grouping), None)
        return text(asked["text"], self.language) if asked else grouping

    def side_title(self, side: str) -> str:
        """One side of a crossing in words."""
        _ = speak(self.language)
        return _("unit") if side == UNIT else f"“{self.grouping_title(side)}”"

    @cached_property
    def withheld(self) -> tuple[Group, ...]:
        """Without crossings: most of those are, and `crossings.withheld` counts them."""
        return tuple(group for group in self.groups if not group.published and not group.of)

    def below(self, group: Group) -> tuple[Group, ...]:
        """Units and joined groups directly below a unit."""
        return tuple(one for one in self.tree if group.grouping == UNIT and one.parent == group.code)

    def missing(self, group: Group, scale: Scale) -> tuple[str, str]:
        """Why a group has no score on a scale: reason id and words."""
        if not group.published:
            return group.reason_id, group.reason
        id = reasons.of_absence(group, scale)
        return id, reasons.of_group(id, self.language, self.min_group)

    def headline(self, group: Group, scale: Scale) -> Num | None:
        """The one number that stands for a scale in a group: its score, or an incidence scale's share."""
        return group.number(scale.id, "share" if scale.kind == INCIDENCE else "score")

    def kind_of(self, scale: Scale) -> str:
        return numbers.SHARE if scale.kind == INCIDENCE else numbers.SCORE
