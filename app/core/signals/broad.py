"""Broad units: the plan of a scan enters, the parts of an organisation that a signal card may name leave.

A card never names a unit smaller than what a scan reports on: a quarter with a small team is nearly a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.core.plan import Plan
from app.core.strata import Stratum
from app.core.units import Tree, Unit

JOINED = "+"
"""Between the codes of units that were joined to one stratum; no code of a unit holds it."""
MOST_CODE = 200
"""Characters of a code on a card; a stratum of more joined units goes by the unit that holds it."""


def broad_tree(plan: Plan) -> Tree:
    """The organisation with every published stratum and union of strata below it, parents first; headcounts as in the plan."""
    root = plan.tree.root
    return Tree((root, *_below(plan, root, root.code, frozenset(range(len(plan.strata))))))


def joined_code(cells: tuple[str, ...]) -> str:
    """The code of a stratum that is no unit of the organisation's own tree."""
    return JOINED.join(cells)


def _below(plan: Plan, unit: Unit, parent: str, above: frozenset[int]) -> Iterator[Unit]:
    told: set[int] = set()
    for child in plan.tree.children(unit.code):
        strata = plan.strata.of_node(plan.tree, child.code)
        if strata is None or strata == above:
            # Cut through by a stratum, or the same people as the unit above; what is in it may be told.
            yield from _below(plan, child, parent, above)
        else:
            told |= strata
            yield Unit(child.code, parent, child.name, child.headcount)
            yield from _below(plan, child, child.code, strata)
    for stratum in plan.strata:
        if stratum.home == unit.code and stratum.number not in told and frozenset({stratum.number}) != above:
            yield from _joined(stratum, parent)


def _joined(stratum: Stratum, parent: str) -> Iterator[Unit]:
    code = joined_code(stratum.cells)
    if len(code) <= MOST_CODE:
        yield Unit(code, parent, stratum.name, stratum.invited)
