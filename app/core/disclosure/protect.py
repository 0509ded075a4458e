"""The protector: a plan and its sealed answers enter, one document of protected numbers leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.dataset import Part
from app.core.disclosure import grids
from app.core.disclosure.associations import associations_of
from app.core.disclosure.describing import describe
from app.core.disclosure.figures import ScaleFigures, figures_of
from app.core.disclosure.grids import EXACT, Size
from app.core.disclosure.groups import Programme, programme_of
from app.core.disclosure.identity import identity, key, why
from app.core.disclosure.levels import Groups
from app.core.disclosure.limits import FREE, Limits, Said, changed_scales
from app.core.disclosure.overlapping import Earlier, drawn_anew
from app.core.disclosure.reliabilities import reliabilities_of
from app.core.disclosure.structure import TOO_FEW, choose, forest_of
from app.core.disclosure.suppression import HEURISTIC, OPTIMAL, publishable
from app.core.plan import OPEN_LINK as BY_LINK
from app.core.plan import UNIT, Plan
from app.core.release import Document, digest_of
from app.core.tally import Tally, layout_of, tally

RULES = 2


def counted(plan: Plan, parts: Iterable[Part]) -> Tally:
    """What the protector needs of the answers: counts per class of people, unprotected."""
    return tally(parts, layout_of(plan.questionnaire, plan.groupings))


def build_release(plan: Plan, parts: Iterable[Part], **known: Any) -> Document:
    """Count and protect in one go; `known` as in `protect`."""
    return protect(plan, counted(plan, parts), **known)


def protect(
    plan: Plan,
    found: Tally,
    *,
    scan: str = "",
    kind: str = "",
    edition: int = 1,
    imported: bool = False,
    slips: Sequence[Mapping[str, Any]] = (),
    about: Mapping[str, Any] | None = None,
    limits: Limits = FREE,
    editions: Sequence[Document] = (),
    earlier: Sequence[Earlier] = (),
) -> Document:
    """The release of a scan, with its digest. The same answers give the same document in whatever order they came.

    `limits` are what an attack made the protector give up; `editions` earlier releases of the same answers (`plan`
    then has the corrected instrument), `earlier` releases of other scans of the organisation.

    `about` and `slips` hold what is known to everybody and are passed on as they are; to each stratum's slips is
    added how many were used, which is the published n of that stratum, or null where it is withheld.
    """
    instrument = plan.questionnaire
    forest = forest_of(plan.tree, plan.strata)
    programme = programme_of(forest, layout_of(instrument, plan.groupings), found, plan.groupings)
    allowed = _allowed(plan, programme, limits, [Said(document) for document in editions])
    allowed -= drawn_anew(plan, forest, earlier, plan.min_group)
    known = {"scan": scan, "kind": kind, "edition": edition, "imported": imported, **(about or {})}
    document: Document = {
        "scan": known["scan"],
        "about": {**known, "way": plan.way, "headcount": plan.tree.root.headcount},
        "instrument": describe(instrument),
        "rules": {
            "version": RULES,
            "min_group": plan.min_group,
            "matters": plan.matters,
            "detail": grids.DETAIL,
            "groupings": list(plan.groupings),
            "way": plan.way,
        },
        **_numbers(plan, programme, found, allowed, limits, [Said(document) for document in editions]),
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
    optimal: bool


def _allowed(plan: Plan, programme: Programme, limits: Limits, editions: Sequence[Said]) -> Groups:
    """Groups that may be published if they are large enough: whole units where units are a grouping, and what
    earlier editions published."""
    whole = UNIT in plan.groupings and plan.way != BY_LINK
    found = set()
    for group in range(programme.groups):
        is_unit = group < programme.units
        if is_unit and group and not (whole and programme.forest.nodes[group].whole):
            continue
        name = key(plan, programme, group)
        crossing = not is_unit and not programme.other(group).plain
        if limits.allow(name, crossing=crossing) and all(said.published(name) for said in editions):
            found.add(group)
    return frozenset(found)


def _numbers(
    plan: Plan, programme: Programme, found: Tally, allowed: Groups, limits: Limits, editions: Sequence[Said]
) -> dict[str, Any]:
    overall = _overall(plan, programme, found, allowed, limits)
    changed = changed_scales(plan.questionnaire, editions)
    names = {group: key(plan, programme, group) for group in overall.published} if editions else {}
    headcounts = {} if plan.way == BY_LINK else {g: n.headcount for g, n in enumerate(programme.forest.nodes)}
    scales = []
    for number, scale in enumerate(programme.layout.scales):
        id_ = scale.scale.id
        able = frozenset(
            group
            for group in overall.published
            if limits.allow_scale(id_, overall.sizes[group])
            and all(said.scale(names[group], id_, detailed=id_ in changed) for said in editions)
        )
        scales.append(
            figures_of(
                programme,
                found,
                number,
                overall.people,
                plan.min_group,
                overall.published,
                headcounts,
                able=able,
            )
        )
    associations = associations_of(programme, found, scales, plan.min_group)
    groups = [
        _group(plan, programme, overall, scales, group) | associations.get(group, {})
        for group in range(programme.groups)
        if group == 0 or group >= programme.units or UNIT in plan.groupings
    ]
    optimal = overall.optimal and all(figures.optimal for figures in scales)
    return {
        "method": OPTIMAL if optimal else HEURISTIC,
        "reliability": reliabilities_of(programme, found, scales, plan.min_group, overall.people.get(0)),
        "groups": groups,
    }


def _overall(plan: Plan, programme: Programme, found: Tally, allowed: Groups, limits: Limits) -> _Overall:
    sizes = programme.add_up(found.people).tolist()
    large = [group for group in allowed if group == 0 or sizes[group] >= limits.least_below]
    choice = publishable(programme, found.people, plan.min_group, large)
    published = choice.groups
    absent = _non_participants(plan, programme, found)
    exact = _exact(plan, programme, sizes, absent, published)
    people = {
        group: grids.people(sizes[group], plan.min_group, exact=_unit_of(programme, group) in exact)
        for group in published
    }
    taking_part = exact | _clearly_enough_away(plan, programme, people)
    return _Overall(sizes, published, people, taking_part, choice.optimal)


def _unit_of(programme: Programme, group: int) -> int:
    """The unit group whose non-participants an exact n would tell about."""
    return group if group < programme.units else programme.other(group).node or 0


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
    entry = identity(plan, programme, group)
    shown = group in overall.published
    entry["status"] = "published" if shown else "withheld"
    entry["reason"] = None if shown else why(plan, programme, group)
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


def _participation(size: Size, headcount: int) -> grids.Num:
    if size.low == size.high:
        tenths = 1000 * size.n / headcount
        below, above = math.floor(tenths + 1e-9) / 10, math.ceil(tenths - 1e-9) / 10
        return grids.num(round(tenths) / 10, below, above)
    ends = [min(100.0, 100 * people / headcount) for people in (size.value, size.low, size.high)]
    value, low, high = (round(ends[0]), int(ends[1]), -int(-ends[2] // 1))
    return grids.num(min(max(value, low), high), low, high)
