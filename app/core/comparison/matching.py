"""What can be compared: two releases and a unit map enter, pairs of groups and scales leave, and why others not.

Only groups that are defined the same in both are paired: the same units with people in them, or the same
answer to the same question. A number of a group that changed under its name would be read as a change of mood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.comparison.unit_map import UnitMap
from app.core.release import STRATUM, UNIT, Group, Release

WITHHELD_OLD, WITHHELD_NEW, WITHHELD_BOTH = "withheld-old", "withheld-new", "withheld-both"
ONLY_OLD, ONLY_NEW = "only-old", "only-new"
DIFFERENT = "defined-differently"
MERGED, SPLIT = "merged", "split"
SCALE_CHANGED, OTHER_INSTRUMENT = "scale-changed", "other-instrument"
ABSENT_OLD, ABSENT_NEW, ABSENT_BOTH = "not-shown-old", "not-shown-new", "not-shown-both"
NO_REST = "no-rest"
REASONS = (
    WITHHELD_OLD, WITHHELD_NEW, WITHHELD_BOTH, ONLY_OLD, ONLY_NEW, DIFFERENT, MERGED, SPLIT,
    SCALE_CHANGED, OTHER_INSTRUMENT, ABSENT_OLD, ABSENT_NEW, ABSENT_BOTH, NO_REST,
)  # fmt: skip
Key = tuple[str, str]


@dataclass(frozen=True)
class Apart:
    """A group that can't be compared, or with `scale` only that scale of it, and the reason."""

    grouping: str
    group: str
    reason: str
    scale: str = ""

    def to_document(self) -> dict[str, str]:
        more = {"scale": self.scale} if self.scale else {}
        return {"grouping": self.grouping, "group": self.group, **more, "reason": self.reason}


@dataclass(frozen=True)
class Side:
    """The groups of one release, by what they are made of."""

    release: Release

    @cached_property
    def units(self) -> Mapping[str, Group]:
        return {group.code: group for group in self.release.of(UNIT)}

    @cached_property
    def cells(self) -> Mapping[Key, frozenset[str]]:
        """Unit and stratum groups -> codes of the units in them that hold people directly."""
        inside: dict[str, set[str]] = {code: set() for code in self.units}
        direct = {code: int(group.data.get("headcount") or 0) for code, group in self.units.items()}
        for group in self.units.values():
            if group.parent in direct:
                direct[group.parent] -= int(group.data.get("headcount") or 0)
        for code, people in direct.items():
            if people > 0:
                for holder in self._up(code):
                    inside[holder].add(code)
        found = {(UNIT, code): frozenset(cells) for code, cells in inside.items()}
        for group in self.release.of(STRATUM):
            found[STRATUM, group.code] = frozenset(group.data.get("units", ()))
        return found

    def _up(self, code: str) -> Iterator[str]:
        above: str | None = code
        while above is not None and above in self.units:
            yield above
            above = self.units[above].parent

    @cached_property
    def by_cells(self) -> Mapping[frozenset[str], Group]:
        """Strata first: a group of joined units is found back by its units, whatever its number."""
        found: dict[frozenset[str], Group] = {}
        for group in (*self.release.of(STRATUM), *self.release.of(UNIT)):
            if self.cells[group.grouping, group.code]:
                found.setdefault(self.cells[group.grouping, group.code], group)
        return found

    @cached_property
    def by_parts(self) -> Mapping[tuple[Key, ...], Group]:
        """Crossings by the groups they cross."""
        return {parts: group for group in self.release.groups if (parts := parts_of(group))}


def parts_of(group: Group) -> tuple[Key, ...]:
    """The groups that a crossing crosses; () for any other group."""
    return tuple((str(grouping), str(code)) for grouping, code in group.data.get("of", ()))


@dataclass(frozen=True)
class Matching:
    """Two releases laid side by side."""

    old: Side
    new: Side
    units: UnitMap

    def partner(self, group: Group) -> Group | str:
        """The new group that is defined as this old one, published or not; else the reason."""
        if group.grouping in (UNIT, STRATUM):
            return self._in_tree(group)
        parts = parts_of(group)
        return self._crossing(parts) if parts else self._answer(group)

    def _in_tree(self, group: Group) -> Group | str:
        if group is self.old.release.organisation:
            return self.new.release.organisation
        if group.grouping == STRATUM:
            cells = self.old.cells[STRATUM, group.code]
            found = self.new.by_cells.get(self.units.after(cells, self.new.units))
            return found if found is not None and self._same(group, found) else DIFFERENT
        codes = self.units.after([group.code], self.new.units)
        if not codes:
            return ONLY_OLD
        if len(codes) > 1:
            return SPLIT
        found = self.new.units[next(iter(codes))]
        if len(self.units.before([found.code], self.old.units)) > 1:
            return MERGED
        return found if self._same(group, found) else DIFFERENT

    def _same(self, old: Group, new: Group) -> bool:
        """Whether what is in the old group became what is in the new one, nobody less and nobody more."""
        before = self.old.cells[old.grouping, old.code]
        after = self.new.cells[new.grouping, new.code]
        return (
            self.units.after(before, self.new.units) == after
            and self.units.before(after, self.old.units) == before
        )

    def _answer(self, group: Group) -> Group | str:
        found = self.new.release.group(group.grouping, group.code)
        if found is None:
            return ONLY_OLD
        return found if _same_text(group.data["name"], found.data["name"]) else DIFFERENT

    def _crossing(self, parts: tuple[Key, ...]) -> Group | str:
        """Comparable when what it crosses is."""
        across: list[Key] = []
        for key in parts:
            part = self.old.release.group(*key)
            partner = self.partner(part) if part is not None else ONLY_OLD
            if isinstance(partner, str):
                return partner
            across.append((partner.grouping, partner.code))
        return self.new.by_parts.get(tuple(across)) or ONLY_OLD

    def pairs(self) -> tuple[list[tuple[Group, Group]], list[Apart]]:
        """Groups published in both and defined the same, in the order of the old release, and the others."""
        pairs: list[tuple[Group, Group]] = []
        apart: list[Apart] = []
        met: set[Key] = set()
        for group in self.old.release.groups:
            found = self.partner(group)
            if isinstance(found, str):
                apart.append(Apart(group.grouping, group.code, found))
                met.update(self._said_with(group))
                continue
            met.add((found.grouping, found.code))
            if group.published and found.published:
                pairs.append((group, found))
            else:
                apart.append(Apart(found.grouping, found.code, _withheld(group, found)))
        apart += [
            Apart(group.grouping, group.code, ONLY_NEW)
            for group in self.new.release.groups
            if (group.grouping, group.code) not in met
        ]
        return pairs, apart

    def _said_with(self, group: Group) -> set[Key]:
        """New groups whose story is told by the reason of this old one."""
        if group.grouping == UNIT:
            return {(UNIT, code) for code in self.units.after([group.code], self.new.units)}
        return set() if group.grouping == STRATUM else {(group.grouping, group.code)}


def _withheld(old: Group, new: Group) -> str:
    if old.published:
        return WITHHELD_NEW
    return WITHHELD_OLD if new.published else WITHHELD_BOTH


def _same_text(one: Any, other: Any) -> bool:
    """Texts by language are the same when they are in every language that both have, and they have one."""
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return bool(one == other)
    both = one.keys() & other.keys()
    return bool(both) and all(one[language] == other[language] for language in both)


def same_scales(old: Release, new: Release) -> tuple[list[str], dict[str, str]]:
    """Ids of the scales that measure the same in both, and why each of the others doesn't."""
    before, after = _scales(old), _scales(new)
    other = old.document["instrument"]["id"] != new.document["instrument"]["id"]
    missing = OTHER_INSTRUMENT if other else SCALE_CHANGED
    same: list[str] = []
    apart: dict[str, str] = {}
    for id in [*before, *(id for id in after if id not in before)]:
        if id not in before or id not in after:
            apart[id] = missing
        elif _measures_the_same(old, new, before[id], after[id]):
            same.append(id)
        else:
            apart[id] = SCALE_CHANGED
    return same, apart


def _scales(release: Release) -> dict[str, Mapping[str, Any]]:
    return {scale["id"]: scale for scale in release.scales}


def _measures_the_same(old: Release, new: Release, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["kind"] != other["kind"] or list(one["items"]) != list(other["items"]):
        return False
    before, after = _items(old), _items(new)
    return all(_asks_the_same(old, new, before[id], after[id]) for id in one["items"])


def _items(release: Release) -> dict[str, Mapping[str, Any]]:
    return {item["id"]: item for item in release.document["instrument"]["items"]}


def _asks_the_same(old: Release, new: Release, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if bool(one["reversed"]) != bool(other["reversed"]):
        return False
    before = old.document["instrument"]["options"][one["options"]]
    after = new.document["instrument"]["options"][other["options"]]
    return all(before[key] == after[key] for key in ("codes", "missing")) and _same_text(
        before["labels"], after["labels"]
    )
