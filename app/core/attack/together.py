"""Two scans read as one: a release and the releases of an earlier scan enter; a wave as if nobody had changed leaves.

The harshest thing to suppose of an earlier scan is that in every unit with the same code and headcount the same people
answered the same. Then what it published is one more edition of this scan's answers. Where that contradicts itself, the
supposition is refuted and nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.core.attack.groups import CELLS, Wave, wave_of
from app.core.attack.published import Published
from app.core.attack.statements import Statements
from app.core.attack.system import of_block, of_people
from app.core.attack.tables import cells
from app.core.plan import Plan
from app.core.release import PUBLISHED, STRATUM, UNIT
from app.core.strata import number

Cells = frozenset[str]


@dataclass(frozen=True)
class Joint:
    """The wave of both scans; `same` says whether its strata are this scan's, so that the truth tells who is where."""

    wave: Wave
    same: bool


def as_if_nothing_changed(own: Sequence[Published], earlier: Sequence[Published]) -> Joint | None:
    """This scan's editions with those of an earlier scan, as far as it is about the same units; None when it isn't."""
    plan, before = own[-1].plan, earlier[-1].plan
    unchanged = _unchanged(plan, before)
    finer = _finer(plan, before, unchanged)
    every = frozenset(_placed(plan))
    read = [found for one in earlier if (found := _as_edition(finer, one, unchanged, "earlier ")) is not None]
    if not read:
        return None
    mine = [found for one in own if (found := _as_edition(finer, one, every, "")) is not None]
    wave = wave_of(own[-1].scan, (*mine, *read), replace(finer, instrument=plan.instrument))
    return Joint(wave, len(finer.strata) == len(plan.strata))


def refuted(wave: Wave, said: Statements) -> bool:
    """Whether all that was published can't be true of the same people."""
    every = cells(wave, ())
    systems = [
        of_people(wave, said, every),
        *(of_block(wave, said, every, p) for p in range(len(said.blocks))),
    ]
    return any(not system.bound(np.zeros(system.upper.shape[1])).possible for system in systems)


def _placed(plan: Plan) -> dict[str, int]:
    """Units with people directly in them, and how many."""
    return {unit.code: people for unit in plan.tree.units if (people := plan.tree.rest(unit.code))}


def _unchanged(plan: Plan, earlier: Plan) -> Cells:
    """Units with people directly in them, the same code and the same number of people in both."""
    before = _placed(earlier)
    return frozenset(code for code, people in _placed(plan).items() if before.get(code) == people)


def _finer(plan: Plan, earlier: Plan, unchanged: Cells) -> Plan:
    """The plan with strata in which both scans' can be told."""
    parts: dict[tuple[int, int | None], list[str]] = {}
    for stratum in plan.strata:
        for code in stratum.cells:
            other = earlier.strata.of_cell.get(code) if code in unchanged else None
            parts.setdefault((stratum.number, other), []).append(code)
    return replace(plan, strata=number(plan.tree, parts.values()))


def _as_edition(finer: Plan, one: Published, known: Cells, prefix: str) -> Published | None:
    """The groups of a release that can be told in finer strata: published ones, and of this scan those withheld too."""
    found = [
        {**group, "grouping": f"{prefix}{group['grouping']}", "of": parts}
        for group in one.document["groups"]
        if (group["status"] == PUBLISHED or not prefix)
        and (parts := _told(finer, one.plan, group, known)) is not None
    ]
    if not found:
        return None
    document = {**one.document, "groups": found, "slips": ()}
    if prefix:
        # Figures of the whole organisation, which may be another one.
        document["reliability"] = {}
        document["groups"] = [{**group, "headcount": None} for group in found]
    return Published(replace(finer, instrument=one.plan.instrument), document)


def _told(finer: Plan, plan: Plan, group: Mapping[str, Any], known: Cells) -> list[list[Any]] | None:
    """The parts of a group with its units as strata; None when it holds units that changed, or cuts through one."""
    parts: list[list[Any]] = []
    everywhere = True
    for grouping, code in group.get("of") or [(group["grouping"], group["group"])]:
        if grouping in (UNIT, STRATUM):
            everywhere = False
            strata = _strata(finer, _units(plan, grouping, code), known)
            if strata is None:
                return None
            parts.append([CELLS, sorted(strata)])
        elif _same_question(finer, plan, grouping):
            parts.append([grouping, code])
        else:
            return None
    if everywhere and _strata(finer, _units(plan, UNIT, plan.tree.root.code), known) is None:
        return None
    return parts


def _same_question(plan: Plan, earlier: Plan, grouping: str) -> bool:
    """Whether a background question is one of this scan's groupings, with the same answers."""
    if grouping not in plan.groupings:
        return False
    now, before = plan.questionnaire, earlier.questionnaire
    return now.options_of(now.item(grouping)).codes == before.options_of(before.item(grouping)).codes


def _units(plan: Plan, grouping: str, code: str) -> Cells:
    if grouping == STRATUM:
        return frozenset(plan.strata[int(code)].cells)
    return frozenset(unit.code for unit in plan.tree.below(code) if plan.tree.rest(unit.code))


def _strata(plan: Plan, units: Iterable[str], known: Cells) -> frozenset[int] | None:
    """Strata that together are exactly these units."""
    wanted = frozenset(units)
    if not wanted or not wanted <= known:
        return None
    numbers = frozenset(plan.strata.of_cell[code] for code in wanted)
    held = {code for number in numbers for code in plan.strata[number].cells if plan.tree.rest(code)}
    return numbers if held == wanted else None
