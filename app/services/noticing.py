"""Noticing: one answer to “do you notice it?” enters and is counted; who gave it, when and after whom is kept nowhere."""

from __future__ import annotations

import secrets

from app.core.feedback import Content, Decision, State
from app.core.lifecycle import State as ScanState
from app.core.lifecycle import is_frozen
from app.core.notices import Answer, Toss, smallest
from app.core.refusal import Refused
from app.storage.database import Session, Store
from app.storage.office import notices, scans, updates


def asks(content: Content) -> bool:
    """Whether there can be something to notice: not while it is only heard, nor where nothing will be done."""
    return content.state not in (State.HEARD, State.STOPPED) and content.decision is not Decision.DONT


def group(session: Session, organisation: int) -> int:
    """The k of a board: that of its newest scan that was opened."""
    for row in scans.of_organisation(session, organisation):
        plan = row.settings if is_frozen(ScanState(row.state)) else None
        if plan is not None:
            return smallest(plan.min_group)
    return smallest(0)


def notice(
    store: Store,
    *,
    organisation: int,
    update: int,
    answer: Answer,
    toss: Toss = lambda: bool(secrets.randbits(1)),
) -> None:
    """Count it. Raises Refused("no-update") where that update isn't published, or doesn't ask."""
    with store.office() as session:
        row = updates.get(session, organisation, update)
        version = updates.of_version(session, row.id, row.version) if row is not None else None
        if row is None or row.withdrawn or version is None or not asks(version.content):
            raise Refused("no-update", "this update doesn't ask that (any more)")
        notices.count(session, update, answer, group(session, organisation), toss)
    # The log would hold the tally after each answer, one by one, and so the order in which answers came.
    store.empty_log()
