"""The groups of a release as sets of cells: a plan and its documents enter, regions of stratum x answers leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.core.attack.published import Published
from app.core.plan import Plan
from app.core.release import STRATUM, UNIT

GroupKey = tuple[str, str]
CELLS = "cells"
"""A part of a group that is given by its strata."""


@dataclass(frozen=True)
class Region:
    """Everybody of these strata with one of the allowed answers. `answers` holds (background place, allowed places) for the
    questions that matter, place 0 being no answer."""

    strata: frozenset[int]
    answers: tuple[tuple[int, frozenset[int]], ...] = ()

    @property
    def backgrounds(self) -> frozenset[int]:
        return frozenset(place for place, _ in self.answers)

    def __and__(self, other: Region) -> Region:
        allowed = dict(self.answers)
        for place, places in other.answers:
            allowed[place] = allowed[place] & places if place in allowed else places
        return Region(self.strata & other.strata, tuple(sorted(allowed.items(), key=lambda pair: pair[0])))

    @property
    def empty(self) -> bool:
        return not self.strata or any(not places for _, places in self.answers)

    def within(self, other: Region) -> bool:
        return self & other == self


@dataclass(frozen=True)
class Group:
    """`entries` are what the editions say about it, edition place -> entry; empty when it is withheld in all."""

    key: GroupKey
    parent: str | None
    region: Region
    headcount: int | None
    entries: Mapping[int, Mapping[str, Any]] = field(hash=False)

    @property
    def published(self) -> bool:
        return bool(self.entries)

    @property
    def least(self) -> int:
        """People who are certainly in it by its own published n."""
        return max((int(entry["n"]["low"]) for entry in self.entries.values()), default=0)

    @property
    def most(self) -> int | None:
        return min((int(entry["n"]["high"]) for entry in self.entries.values()), default=self.headcount)


@dataclass(frozen=True)
class Wave:
    """All editions of one scan: the same people, the same answers. `sizes` are the places of each background."""

    scan: str
    plan: Plan
    editions: tuple[Published, ...]
    backgrounds: tuple[str, ...]
    sizes: tuple[int, ...]
    groups: tuple[Group, ...]

    @property
    def invited(self) -> tuple[int, ...]:
        return tuple(stratum.invited for stratum in self.plan.strata)

    @cached_property
    def published(self) -> tuple[int, ...]:
        return tuple(place for place, group in enumerate(self.groups) if group.published)

    def key(self, group: int) -> tuple[str, str, str]:
        return (self.scan, *self.groups[group].key)


def wave_of(scan: str, editions: Sequence[Published], plan: Plan | None = None) -> Wave:
    """Editions of one scan: the same people, the same answers. `plan` says who is in which stratum; the last edition's
    unless given."""
    plan = plan or editions[-1].plan
    instrument = plan.questionnaire
    used = {part for grouping in plan.groupings for part in grouping.split("*")}
    backgrounds = [item for item in instrument.backgrounds if item.id in used]
    codes = {item.id: instrument.options_of(item).codes for item in backgrounds}
    names = tuple(codes)
    entries: dict[GroupKey, dict[int, Mapping[str, Any]]] = {}
    shape: dict[GroupKey, Mapping[str, Any]] = {}
    for place, edition in enumerate(editions):
        for data in edition.document["groups"]:
            key = (data["grouping"], data["group"])
            shape.setdefault(key, data)
            entries.setdefault(key, {})
            if data["status"] == "published":
                entries[key][place] = data
    groups = []
    for key, data in shape.items():
        region = _region(plan, data, names, codes)
        if region is not None and not region.empty:
            groups.append(Group(key, data["parent"], region, data.get("headcount"), entries[key]))
    sizes = tuple(1 + len(codes[name]) for name in names)
    return Wave(scan, plan, tuple(editions), names, sizes, tuple(groups))


def _region(
    plan: Plan, data: Mapping[str, Any], names: tuple[str, ...], codes: Mapping[str, tuple[int, ...]]
) -> Region | None:
    """None for a unit that cuts through a stratum: it is no union of cells, and nothing is published about it."""
    parts: Iterable[Sequence[Any]] = data.get("of") or [(data["grouping"], data["group"])]
    region = Region(frozenset(range(len(plan.strata))))
    for grouping, code in parts:
        if grouping == CELLS:
            region &= Region(frozenset(code))
        elif grouping == UNIT:
            strata = plan.strata.of_node(plan.tree, code)
            if strata is None:
                return None
            region &= Region(strata)
        elif grouping == STRATUM:
            region &= Region(frozenset({int(code)}))
        else:
            answer = 1 + codes[grouping].index(int(code))
            region &= Region(region.strata, ((names.index(grouping), frozenset({answer})),))
    return region
