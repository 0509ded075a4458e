"""A scan in the making: choices enter one by one, the plan they come to leaves once there is enough."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.core.instrument import parse
from app.core.noticed import Asked, with_questions, without_questions
from app.core.plan import MATTERS, OPEN_LINK, PERSONAL, SLIPS, UNIT, BadPlan, Plan, check_plan, sides
from app.core.strata import DEFAULT_GROUP, LEAST_GROUP, Strata, check_choice, number, propose
from app.core.units import Tree, Unit

SPREAD = 2
"""Strata are proposed at this many times the smallest group, so that a middling response is enough."""


@dataclass(frozen=True)
class Draft:
    """What has been chosen so far. `chosen` holds strata joined by hand, as unit codes; None: as proposed."""

    instrument: str = ""
    tree: Tree | None = None
    chosen: tuple[tuple[str, ...], ...] | None = None
    groupings: tuple[str, ...] = (UNIT,)
    min_group: int = DEFAULT_GROUP
    way: str = SLIPS
    spread: int = SPREAD
    matters: float = MATTERS
    exchange: bool = False
    asked: tuple[Asked, ...] = ()
    """Updates of the board that the questionnaire asks about as well."""

    @property
    def questionnaire(self) -> str:
        """The text that would be frozen: as chosen, with the questions about updates. Raises InstrumentFaults."""
        return with_questions(self.instrument, self.asked) if self.asked else self.instrument

    @property
    def strata(self) -> Strata | None:
        """None without units. An open link can't tell units apart, so everybody is then one stratum.

        Raises TooFewInvited when the organisation, or a stratum joined by hand, is under the smallest group.
        """
        if self.tree is None:
            return None
        if self.way == OPEN_LINK:
            found = whole(self.tree)
        elif self.chosen is not None:
            found = number(self.tree, self.chosen)
        else:
            return proposal(self.tree, self.min_group, self.spread)
        check_choice(self.tree, found, self.min_group)
        return found

    @property
    def plan(self) -> Plan | None:
        """The settings that would be frozen now; None while the questionnaire or the units are missing.

        Raises BadPlan, TooFewInvited or core.instrument.InstrumentFaults when they can't be used together.
        """
        check_group(self.min_group)
        strata = self.strata
        if self.tree is None or strata is None or not self.instrument:
            return None
        plan = Plan(
            self.questionnaire, self.tree, strata, self._published, self.min_group, self.way, self.matters,
            exchange=self.exchange and self.way == PERSONAL,
        )  # fmt: skip
        check_plan(plan)
        return plan

    @property
    def _published(self) -> tuple[str, ...]:
        """An open link publishes the organisation as a whole only, without background questions."""
        return (UNIT,) if self.way == OPEN_LINK else self.groupings

    def with_tree(self, tree: Tree) -> Draft:
        """Other units start from the proposal again."""
        return replace(self, tree=tree, chosen=None)

    def with_instrument(self, text: str) -> Draft:
        """Background groupings that the questionnaire doesn't have fall away, with their crossings. Raises InstrumentFaults."""
        known = {UNIT} | {item.id for item in parse(text).backgrounds}
        kept = tuple(grouping for grouping in self.groupings if known.issuperset(sides(grouping)))
        return replace(self, instrument=text, groupings=kept)

    def joined(self, numbers: frozenset[int]) -> Draft:
        """Make one stratum of these. Raises BadPlan for fewer than two, or for numbers that don't exist."""
        strata = self.strata
        if strata is None or len(numbers) < 2 or not numbers <= set(range(len(strata))):
            raise BadPlan("choose two or more strata to join")
        together = tuple(cell for stratum in strata if stratum.number in numbers for cell in stratum.cells)
        others = tuple(stratum.cells for stratum in strata if stratum.number not in numbers)
        return replace(self, chosen=(*others, together))

    def to_json(self) -> str:
        document: dict[str, Any] = {
            "instrument": self.instrument,
            "units": self.tree and [[u.code, u.parent, u.name, u.headcount] for u in self.tree.units],
            "chosen": self.chosen,
            "groupings": self.groupings,
            "min_group": self.min_group,
            "way": self.way,
            "spread": self.spread,
            "matters": self.matters,
            "exchange": self.exchange,
            "asked": [[one.update, dict(one.titles)] for one in self.asked],
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Draft:
    """Reads what `to_json` wrote; "{}" is an empty draft."""
    values = json.loads(text)
    units, chosen = values.get("units"), values.get("chosen")
    return Draft(
        instrument=values.get("instrument", ""),
        tree=Tree(tuple(Unit(*row) for row in units)) if units else None,
        chosen=tuple(tuple(part) for part in chosen) if chosen is not None else None,
        groupings=tuple(values.get("groupings", (UNIT,))),
        min_group=values.get("min_group", DEFAULT_GROUP),
        way=values.get("way", SLIPS),
        spread=values.get("spread", SPREAD),
        matters=values.get("matters", MATTERS),
        exchange=values.get("exchange", False),
        asked=tuple(Asked(*one) for one in values.get("asked", ())),
    )


def from_plan(plan: Plan) -> Draft:
    """A new scan that starts where an earlier one was: its units, strata, questionnaire and choices.

    Its questions about updates stay in the questionnaire: `anew` takes them out.
    """
    by_hand = plan.way != OPEN_LINK
    return Draft(
        instrument=plan.instrument,
        tree=plan.tree,
        chosen=tuple(stratum.cells for stratum in plan.strata) if by_hand else None,
        groupings=plan.groupings,
        min_group=plan.min_group,
        way=plan.way,
        matters=plan.matters,
        exchange=plan.exchange,
    )


def anew(plan: Plan) -> Draft:
    """The same without questions about updates: which of those are asked about is chosen each time."""
    return replace(from_plan(plan), instrument=without_questions(plan.instrument))


def with_sides(groupings: Iterable[str]) -> tuple[str, ...]:
    """The groupings, and those that a crossing among them needs beside it: the crossings last."""
    wanted = list(groupings)
    alone = [side for grouping in wanted for side in sides(grouping)]
    return tuple(dict.fromkeys([*alone, *wanted]))


def proposal(tree: Tree, min_group: int, spread: int = SPREAD) -> Strata:
    """Strata of at least `spread` times the smallest group; an organisation smaller than that is one stratum.

    Raises TooFewInvited when the organisation is smaller than the smallest group itself.
    """
    least = spread * min_group
    return propose(tree, max(min_group, min(least, tree.root.headcount)))


def whole(tree: Tree) -> Strata:
    """One stratum of everybody."""
    return number(tree, [[unit.code for unit in tree.units if tree.rest(unit.code)] or [tree.root.code]])


def check_group(min_group: int) -> None:
    """Raise BadPlan for a smallest group that promises too little."""
    if min_group < LEAST_GROUP:
        raise BadPlan(f"the smallest group is {LEAST_GROUP} answers or more, not {min_group}")
