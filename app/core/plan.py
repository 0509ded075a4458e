"""What is frozen when a scan opens: settings enter, canonical JSON with a digest leaves, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from app.core.instrument import Instrument, parse
from app.core.strata import LEAST_GROUP, Strata, check_choice, number
from app.core.units import Tree, Unit

UNIT = "unit"
CROSSED = "*"
SLIPS = "slips"
OPEN_LINK = "open-link"
PERSONAL = "personal-links"
WAYS = (SLIPS, OPEN_LINK, PERSONAL)
MATTERS = 5.0
"""Points by which a score or share must differ to matter, unless a scan sets another threshold at launch."""
MOST_MATTERS = 50.0


class BadPlan(ValueError):
    """A setting that can't be used, in words that say what to do."""


@dataclass(frozen=True)
class Plan:
    """The settings of one scan: `instrument` is TOML text, `groupings` "unit", ids of background items, and
    crossings such as "unit*tenure"; `matters` the points from which a difference is big enough to matter; `exchange` whether,
    of a scan with personal links, the server makes the exchange for a browser without JavaScript: a weaker way."""

    instrument: str
    tree: Tree
    strata: Strata
    groupings: tuple[str, ...]
    min_group: int
    way: str = SLIPS
    matters: float = MATTERS
    exchange: bool = False

    @property
    def questionnaire(self) -> Instrument:
        return parse(self.instrument)

    def to_json(self) -> str:
        """Canonical: the same settings give the same bytes."""
        document: dict[str, Any] = {
            "instrument": self.instrument,
            "units": [[unit.code, unit.parent, unit.name, unit.headcount] for unit in self.tree.units],
            "strata": [list(stratum.cells) for stratum in self.strata],
            "groupings": list(self.groupings),
            "min_group": self.min_group,
            "way": self.way,
        }
        if self.matters != MATTERS:  # plans from before there was a threshold keep their digest
            document["matters"] = self.matters
        if self.exchange:
            document["exchange"] = True
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, 64 hexadecimal digits; what the works council confirms."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def from_json(text: str) -> Plan:
    document = json.loads(text)
    tree = Tree(tuple(Unit(*row) for row in document["units"]))
    return Plan(
        instrument=document["instrument"],
        tree=tree,
        strata=number(tree, document["strata"]),
        groupings=tuple(document["groupings"]),
        min_group=document["min_group"],
        way=document["way"],
        matters=document.get("matters", MATTERS),
        exchange=document.get("exchange", False),
    )


def sides(grouping: str) -> tuple[str, ...]:
    """What a crossing is made of, such as ("unit", "tenure"); of any other grouping itself."""
    return tuple(grouping.split(CROSSED))


def _check_grouping(grouping: str, chosen: tuple[str, ...], backgrounds: set[str]) -> None:
    first, crossed, second = grouping.partition(CROSSED)
    if not crossed:
        if grouping != UNIT and grouping not in backgrounds:
            known = ", ".join([UNIT, *sorted(backgrounds)])
            raise BadPlan(
                f"grouping “{grouping}” is not a background question of this instrument; choose from {known}"
            )
        return
    if second not in backgrounds or first == second or f"{second}{CROSSED}{first}" in chosen:
        raise BadPlan(
            f"crossing “{grouping}” must be “unit” or a background question, “{CROSSED}”, and another "
            "background question, once"
        )
    for side in (first, second):
        if side not in chosen:
            raise BadPlan(f"crossing “{grouping}” needs “{side}” as a grouping of its own; add it")


def check_plan(plan: Plan) -> None:
    """Raise BadPlan, TooFewInvited or ValueError when a scan can't be opened with these settings."""
    if plan.min_group < LEAST_GROUP:
        raise BadPlan(f"the smallest group is {LEAST_GROUP} answers or more, not {plan.min_group}")
    if not 0 < plan.matters <= MOST_MATTERS:
        raise BadPlan(
            f"a difference that matters is more than 0 and at most {MOST_MATTERS:g} points, not {plan.matters:g}"
        )
    if plan.way not in WAYS:
        raise BadPlan(f"the way in is one of {', '.join(WAYS)}, not “{plan.way}”")
    if plan.exchange and plan.way != PERSONAL:
        raise BadPlan("only a scan with personal links can have the exchange on the server")
    backgrounds = {item.id for item in plan.questionnaire.backgrounds}
    for grouping in plan.groupings:
        _check_grouping(grouping, plan.groupings, backgrounds)
    if plan.way == OPEN_LINK and (len(plan.strata) != 1 or set(plan.groupings) - {UNIT}):
        raise BadPlan(
            "an open link publishes the organisation as a whole only: one stratum and no background groupings"
        )
    check_choice(plan.tree, plan.strata, plan.min_group)
