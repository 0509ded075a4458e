"""Units drawn anew between scans: earlier published groups enter, units that would give a few people away leave.

Suppose the same people answer the same twice, which is the worst case. When an earlier scan showed teams A and B together and
this one shows A alone, then B follows by subtraction. So a group of this scan that differs from some union of
earlier published pieces by 1 to k - 1 invited people, all in units that both scans know, is withheld. People who came or
left between the scans, and units that only one of them knows, are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.disclosure.structure import Forest
from app.core.plan import Plan
from app.core.release import PUBLISHED, STRATUM, UNIT

Cells = frozenset[str]


@dataclass(frozen=True)
class Earlier:
    """A release of an earlier scan of the same organisation, as everybody can read it."""

    plan: Plan
    document: Mapping[str, Any]


def drawn_anew(plan: Plan, forest: Forest, earlier: Sequence[Earlier], least: int) -> frozenset[int]:
    """Places of unit groups that must not be published beside the earlier releases."""
    found: set[int] = set()
    cells = [_cells(plan, node.code, node.stratum) for node in forest.nodes]
    for release in earlier:
        pieces = _pieces([_published_cells(release.plan, g) for g in _unit_groups(release.document)])
        known = _placed(plan) & _placed(release.plan)
        for place in range(1, len(forest.nodes)):
            if 0 < _apart(plan, cells[place] & known, [piece & known for piece in pieces]) < least:
                found.add(place)
    return frozenset(found)


def _placed(plan: Plan) -> Cells:
    """Units with people directly in them."""
    return frozenset(unit.code for unit in plan.tree.units if plan.tree.rest(unit.code))


def _cells(plan: Plan, code: str, stratum: int | None) -> Cells:
    if stratum is not None:
        return frozenset(plan.strata[stratum].cells)
    return frozenset(unit.code for unit in plan.tree.below(code)) & _placed(plan)


def _unit_groups(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for group in document["groups"]:
        if group["status"] == PUBLISHED and group["grouping"] in (UNIT, STRATUM):
            yield group


def _published_cells(plan: Plan, group: Mapping[str, Any]) -> Cells:
    stratum = int(group["group"]) if group["grouping"] == STRATUM else None
    return _cells(plan, group["group"], stratum)


def _pieces(groups: Sequence[Cells]) -> list[Cells]:
    """Each published group without the published groups inside it; what is outside all of them is one more piece."""
    return [
        group - frozenset().union(*(other for other in groups if other < group))
        for group in dict.fromkeys(groups)
    ]


def _apart(plan: Plan, cells: Cells, pieces: Sequence[Cells]) -> int:
    """Invited people by whom the cells differ from the union of pieces that is most like them."""
    inside = sum(min(_invited(plan, cells & piece), _invited(plan, piece - cells)) for piece in pieces)
    return inside + _invited(plan, cells - frozenset().union(*pieces))


def _invited(plan: Plan, cells: Iterable[str]) -> int:
    return sum(plan.tree.rest(code) for code in cells)
