"""Small units in a register: the plan of a scan enters, the broad unit that stands for each unit in it leaves."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.plan import Plan
from app.core.signals.broad import broad_tree, joined_code
from app.core.signals.register.lexicon import WHOLE


def broad_for(plan: Plan) -> Mapping[str, str]:
    """Name of a unit too small for a card -> code of the narrowest broad unit that holds it, or WHOLE.

    A name that two units have is left out unless both are in the same broad unit.
    """
    broad = broad_tree(plan)
    joined = {
        cell: code
        for stratum in plan.strata
        if (code := joined_code(stratum.cells)) in broad.by_code
        for cell in stratum.cells
    }
    found: dict[str, set[str]] = {}
    for unit in plan.tree.units:
        if unit.code == plan.tree.root.code or unit.code not in broad.by_code:
            cells = {each.code for each in plan.tree.below(unit.code)} & set(plan.strata.of_cell)
            codes = {joined.get(cell, "") for cell in cells}
            above = (code for code in plan.tree.ancestors(unit.code) if code in broad.by_code)
            code = codes.pop() if len(codes) == 1 else ""
            code = code or next(above, broad.root.code)
            found.setdefault(unit.name, set()).add(WHOLE if code == broad.root.code else code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}
