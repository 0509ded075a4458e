"""A decision of management: what was decided and by when enters; whether it is late leaves. The feedback board builds on it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.core.refusal import Refused

OWNERS = ("manager", "coordinator", "works-council", "adviser", "other")
"""Roles that see to a decision; never a person's name, for people move on."""
MOST_TEXT = 2_000


class State(StrEnum):
    DECIDED = "decided"
    UNDER_WAY = "under-way"
    DONE = "done"
    STOPPED = "stopped"


OVER = frozenset({State.DONE, State.STOPPED})


def is_late(state: State, due: date, today: date) -> bool:
    return state not in OVER and today > due


def check(*, text: str, owner: str, due: date | None, today: date) -> None:
    """Raise Refused for what is no decision: no-decision, too-long, no-owner, no-due."""
    if not text.strip():
        raise Refused("no-decision", "write down what you will do")
    if len(text) > MOST_TEXT:
        raise Refused("too-long", f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
    if owner not in OWNERS:
        raise Refused("no-owner", "choose who sees to it")
    if due is None or due < today:
        raise Refused("no-due", "say by when; today or later")


def check_change(before: State, after: State, why: str) -> None:
    """Raise Refused for a step that can't be made: decision-over, no-reason (of stopping)."""
    if before in OVER:
        raise Refused("decision-over", "this decision is done or stopped already")
    if after is State.STOPPED and not why.strip():
        raise Refused("no-reason", "say why it stops")
