"""Who a group is, to readers of a release: its place in a programme enters, code, names and parts leave."""

from __future__ import annotations

from typing import Any

from app.core.disclosure.groups import Answered, Programme
from app.core.disclosure.structure import OPEN_LINK, TOO_FEW, Node, reason
from app.core.instrument import text
from app.core.plan import CROSSED, UNIT, Plan
from app.core.plan import OPEN_LINK as BY_LINK


def identity(plan: Plan, programme: Programme, group: int) -> dict[str, Any]:
    """grouping, group, name and parent; headcount for units; `of`, the (grouping, group) parts of a crossing."""
    if group < programme.units:
        return _of_unit(plan, programme, programme.forest.nodes[group])
    other = programme.other(group)
    if other.plain:
        grouping, code, names = _option(plan, programme, other.answers[0])
        return {"grouping": grouping, "group": code, "name": names, "parent": None}
    return _of_crossing(plan, programme, other)


def key(plan: Plan, programme: Programme, group: int) -> tuple[str, str]:
    """(grouping, group), by which a group is known in a release."""
    found = identity(plan, programme, group)
    return found["grouping"], found["group"]


def why(plan: Plan, programme: Programme, group: int) -> str:
    """Why a group that isn't published is not."""
    if group >= programme.units:
        return TOO_FEW
    if group and plan.way == BY_LINK:
        return OPEN_LINK
    return reason(programme.forest.nodes[group])


def _of_unit(plan: Plan, programme: Programme, node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {
        "grouping": node.grouping,
        "group": node.code,
        "name": _unit_name(plan, node),
        "parent": None if node.parent is None else programme.forest.nodes[node.parent].code,
    }
    if node.stratum is not None:
        found["units"] = list(plan.strata[node.stratum].cells)
    return {**found, "headcount": node.headcount}


def _unit_name(plan: Plan, node: Node) -> str:
    return plan.tree.by_code[node.code].name if node.stratum is None else plan.strata[node.stratum].name


def _option(plan: Plan, programme: Programme, answer: tuple[int, int]) -> tuple[str, str, dict[str, str]]:
    grouping, option = answer
    item = programme.backgrounds[grouping]
    options = plan.questionnaire.options_of(item)
    code = options.codes[option - 1]
    return item.id, str(code), {language: options.label(code, language) for language in options.labels}


def _of_crossing(plan: Plan, programme: Programme, other: Answered) -> dict[str, Any]:
    """A crossing is grouped under its first side, and named after both."""
    parts = [_option(plan, programme, answer) for answer in other.answers]
    if other.node is not None:
        node = programme.forest.nodes[other.node]
        # In the grouping's name a stratum of joined units is a unit: readers chose "unit".
        parts.insert(0, (node.grouping, node.code, dict.fromkeys(parts[0][2], _unit_name(plan, node))))
    (first, one, outer), (second, two, inner) = parts
    grouping = f"{UNIT if other.node is not None else first}{CROSSED}{second}"
    return {
        "grouping": grouping,
        "group": f"{first if first != UNIT and other.node is not None else ''}{one}{CROSSED}{two}",
        "name": {language: f"{text(outer, language)}, {text(inner, language)}" for language in inner},
        "parent": one,
        "of": [[first, one], [second, two]],
    }
