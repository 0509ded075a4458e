"""The protector: a plan and its sealed answers enter, one document of protected numbers leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.dataset import Part
from app.core.disclosure import grids
from app.core.disclosure.describing import describe
from app.core.disclosure.figures import ScaleFigures, figures_of
from app.core.disclosure.grids import EXACT, FINE, Size, exactly, plain
from app.core.disclosure.groups import Programme, programme_of
from app.core.disclosure.levels import Groups, publishable
from app.core.disclosure.structure import OPEN_LINK, TOO_FEW, choose, forest_of, reason
from app.core.plan import OPEN_LINK as BY_LINK
from app.core.plan import UNIT, Plan
from app.core.release import Document, digest_of
from app.core.scoring import reliability
from app.core.tally import Tally, layout_of, tally

RULES = 1


def build_release(
    plan: Plan,
    parts: Sequence[Part],
    *,
    scan: str = "",
    kind: str = "",
    edition: int = 1,
    imported: bool = False,
    slips: Sequence[Mapping[str, Any]] = (),
    about: Mapping[str, Any] | None = None,
) -> Document:
    """The release of a scan, with its digest. The same answers give the same document in whatever order they came.

    `about` and `slips` hold what is known to everybody and are passed on as they are; to each stratum's slips is
    added how many were used, which is the published n of that stratum, or null where it is withheld.
    """
    instrument = plan.questionnaire
    layout = layout_of(instrument, plan.groupings)
    programme = programme_of(forest_of(plan.tree, plan.strata), layout, found := tally(parts, layout))
    known = {"scan": scan, "kind": kind, "edition": edition, "imported": imported, **(about or {})}
    document: Document = {
        "scan": known["scan"],
        "about": {**known, "way": plan.way, "headcount": plan.tree.root.headcount},
        "instrument": describe(instrument),
        "rules": {
            "version": RULES,
            "min_group": plan.min_group,
            "detail": grids.DETAIL,
            "groupings": list(plan.groupings),
            "way": plan.way,
        },
        **_numbers(plan, programme, found),
    }
    document["slips"] = _slips(programme, document["groups"], slips)
    document["digest"] = digest_of(document)
    return document


def _slips(
    programme: Programme, groups: Sequence[Mapping[str, Any]], slips: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Slips used are ballots of a stratum: the same number as its group's n, and as protected."""
    published = {(group["grouping"], group["group"]): group.get("n") for group in groups}
    found = []
    for slip in slips:
        node = programme.forest.nodes[programme.forest.home[slip["stratum"]]]
        found.append(
            {
                **slip,
                "grouping": node.grouping,
                "group": node.code,
                "used": published.get((node.grouping, node.code)),
            }
        )
    return found


@dataclass(frozen=True)
class _Overall:
    """Which groups are published and how their n is."""

    sizes: list[int]
    published: Groups
    people: dict[int, Size]
    taking_part: Groups


def _numbers(plan: Plan, programme: Programme, found: Tally) -> dict[str, Any]:
    overall = _overall(plan, programme, found)
    scales = [
        figures_of(programme, found, number, overall.people, plan.min_group, overall.published)
        for number in range(len(programme.layout.scales))
    ]
    groups = [
        _group(plan, programme, overall, scales, group)
        for group in range(programme.units + len(programme.options))
        if group == 0 or group >= programme.units or UNIT in plan.groupings
    ]
    return {"reliability": _reliabilities(plan, programme, found, overall), "groups": groups}


def _overall(plan: Plan, programme: Programme, found: Tally) -> _Overall:
    sizes = programme.add_up(found.people).tolist()
    whole = UNIT in plan.groupings and plan.way != BY_LINK
    allowed = [
        group
        for group in range(len(sizes))
        if group == 0 or group >= programme.units or (whole and programme.forest.nodes[group].whole)
    ]
    published = publishable(programme, found.people, plan.min_group, allowed)
    absent = _non_participants(plan, programme, found)
    exact = _exact(plan, programme, sizes, absent, published)
    people = {
        group: grids.people(
            sizes[group], plan.min_group, exact=(group if group < programme.units else 0) in exact
        )
        for group in published
    }
    return _Overall(sizes, published, people, exact | _clearly_enough_away(plan, programme, people))


def _non_participants(plan: Plan, programme: Programme, found: Tally) -> list[int]:
    """Invited people who didn't answer, by unit group; none where more answered than were invited."""
    answered = np.bincount(programme.stratum, weights=found.people, minlength=len(plan.strata))
    missing = [max(0, stratum.invited - int(answered[stratum.number])) for stratum in plan.strata]
    return programme.forest.sizes(missing)


def _exact(
    plan: Plan, programme: Programme, sizes: list[int], absent: list[int], published: Groups
) -> Groups:
    """Unit groups with an exact n: from 100 answers, which with a known headcount tells how many didn't take part.

    So those are none or enough, also by sums and differences.
    """
    large = [g for g in published if g < programme.units and sizes[g] >= EXACT]
    return choose(programme.forest, absent, plan.min_group, large, empty=True)


def _clearly_enough_away(plan: Plan, programme: Programme, people: dict[int, Size]) -> Groups:
    """Unit groups of whose invited so many stayed away that the published n already says so.

    Decided by published numbers alone: that participation is shown, or isn't, must tell nothing of its own.
    """
    nodes = programme.forest.nodes
    return frozenset(
        group
        for group, size in people.items()
        if group < programme.units
        and size.low < size.high
        and nodes[group].headcount - size.high >= plan.min_group
    )


def _group(
    plan: Plan, programme: Programme, overall: _Overall, scales: Sequence[ScaleFigures], group: int
) -> dict[str, Any]:
    entry = _identity(plan, programme, group)
    shown = group in overall.published
    entry["status"] = "published" if shown else "withheld"
    entry["reason"] = None if shown else _reason(plan, programme, group)
    entry["scales"], entry["items"], entry["absent"] = {}, {}, {}
    if not shown:
        return entry
    entry["n"] = overall.people[group].num
    if group in overall.taking_part and overall.sizes[group] <= (entry.get("headcount") or 0):
        entry["participation"] = _participation(overall.people[group], entry["headcount"])
    for scale, figures in zip(programme.layout.scales, scales, strict=True):
        if group in figures.scale:
            entry["scales"][scale.scale.id] = figures.scale[group]
        else:
            entry["absent"][scale.scale.id] = figures.absent[group]
        detailed = figures.scale.get(group, {}).keys() & {"share", "favourable"}
        for item, groups in figures.items.items():
            if group in groups:
                entry["items"][item] = groups[group]
            elif detailed:
                entry["absent"][item] = TOO_FEW
    return entry


def _identity(plan: Plan, programme: Programme, group: int) -> dict[str, Any]:
    if group < programme.units:
        node = programme.forest.nodes[group]
        parent = None if node.parent is None else programme.forest.nodes[node.parent].code
        name = plan.tree.by_code[node.code].name if node.stratum is None else plan.strata[node.stratum].name
        units = [] if node.stratum is None else list(plan.strata[node.stratum].cells)
        identity: dict[str, Any] = {
            "grouping": node.grouping,
            "group": node.code,
            "name": name,
            "parent": parent,
        }
        if units:
            identity["units"] = units
        return {**identity, "headcount": node.headcount}
    grouping, option = programme.options[group - programme.units]
    item = programme.backgrounds[grouping]
    options = plan.questionnaire.options_of(item)
    code = options.codes[option - 1]
    names = {language: options.label(code, language) for language in options.labels}
    return {"grouping": item.id, "group": str(code), "name": names, "parent": None}


def _reason(plan: Plan, programme: Programme, group: int) -> str:
    if group >= programme.units:
        return TOO_FEW
    if group and plan.way == BY_LINK:
        return OPEN_LINK
    return reason(programme.forest.nodes[group])


def _participation(size: Size, headcount: int) -> grids.Num:
    if size.low == size.high:
        return exactly(round(100 * size.n / headcount, 1))
    ends = [min(100.0, 100 * people / headcount) for people in (size.value, size.low, size.high)]
    value, low, high = (round(ends[0]), int(ends[1]), -int(-ends[2] // 1))
    return grids.num(min(max(value, low), high), low, high)


def _reliabilities(plan: Plan, programme: Programme, found: Tally, overall: _Overall) -> dict[str, Any]:
    """For the whole organisation: one decimal from 30 complete answers, two from 100, six from 1,000."""
    result: dict[str, Any] = {}
    for scale, counted in zip(programme.layout.scales, found.scales, strict=True):
        if scale.incidence or 0 not in overall.published:
            continue
        figures = reliability(counted.moments)
        digits = 6 if figures.n >= FINE else 2 if figures.n >= EXACT else 1
        least = max(grids.DETAIL, plan.min_group)
        enough = figures.n >= least
        cases = grids.people(figures.n, least, exact=False) if enough else None
        result[scale.scale.id] = {
            "alpha": round(figures.alpha, digits) if enough and figures.alpha is not None else None,
            "omega": round(figures.omega, digits) if enough and figures.omega is not None else None,
            "n": _below(least) if cases is None else _at_most(cases, overall.people[0]),
        }
    return result


def _below(least: int) -> grids.Num:
    return grids.num(None, 0, least - 1)


def _at_most(size: Size, most: Size) -> grids.Num:
    return grids.num(plain(min(size.value, most.high)), size.low, min(size.high, most.high))
