"""The states of a scan as a table: what may follow what, and by which act."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    OPEN = "open"
    SEALED = "sealed"
    RELEASED = "released"
    ARCHIVED = "archived"


KINDS = ("baseline", "follow-up", "pulse", "feedback")

# act: (states it may start from, state it leads to)
TRANSITIONS: dict[str, tuple[tuple[State, ...], State]] = {
    "complete": ((State.DRAFT,), State.READY),
    "reconsider": ((State.READY,), State.DRAFT),
    "open": ((State.READY,), State.OPEN),
    "seal": ((State.OPEN,), State.SEALED),
    "release": ((State.SEALED,), State.RELEASED),
    "archive": ((State.SEALED, State.RELEASED), State.ARCHIVED),
}
# Acts that lead to no other state, and the one they are done in.
NEEDS: dict[str, State] = dict.fromkeys(("import", "extend", "certify"), State.OPEN)
FROZEN_FROM = State.OPEN
_ORDER = tuple(State)


class WrongState(ValueError):
    """This can't be done from the scan's state. `act` and `state` let a page say so in its own language."""

    def __init__(self, act: str, state: State) -> None:
        self.act, self.state = act, state
        first = " or ".join(TRANSITIONS[act][0]) if act in TRANSITIONS else NEEDS.get(act, "another state")
        super().__init__(f"this scan is {state}; to {act} it, it must be {first}")


def after(act: str, state: State) -> State:
    """The state that `act` leads to. Raises WrongState."""
    allowed, leads_to = TRANSITIONS[act]
    if state not in allowed:
        raise WrongState(act, state)
    return leads_to


def may(act: str, state: State) -> bool:
    return state in TRANSITIONS[act][0]


def is_frozen(state: State) -> bool:
    """From opening on, the plan of a scan can't be changed by anybody."""
    return _ORDER.index(state) >= _ORDER.index(FROZEN_FROM)
