"""Approving: a second account reads a draft of the board and lets it out; whoever wrote part of it never does so itself."""

from __future__ import annotations

from datetime import datetime

from app.core import feedback
from app.core.access import Actor, can_approve_update, check
from app.core.refusal import Refused
from app.services import posting
from app.services.posting import Outcome
from app.storage.database import Store
from app.storage.office import audit


def approve(store: Store, *, update: int, seen: str, by: Actor, now: datetime) -> Outcome:
    """Approve the draft that was looked at (`posting.digest_of` it); it comes out now, or on the day that was chosen.

    Raises NotAllowed, or Refused: no-update, withdrawn, no-draft, not-offered, own-draft, changed, and what
    core.feedback.check_content raises.
    """
    check("approve-update", by)
    with store.office() as session:
        row = posting.own(session, update, by)
        if row.withdrawn:
            raise Refused("withdrawn", "this update was withdrawn; nothing more can happen with it")
        draft = posting.draft_in(session, row)
        if row.publish_on is None:
            raise Refused("not-offered", "who writes this has not offered it to be read yet")
        if not can_approve_update(by, row.written_by):
            raise Refused("own-draft", "somebody else than who wrote it reads it before it comes out")
        if posting.digest_of(draft.content) != seen:
            raise Refused("changed", "somebody changed this in the meantime; look at it again")
        feedback.check_content(draft.content)
        row.approved_by = by.account
        outcome = posting.settle(session, row, draft, now)
        audit.record(session, by=by, now=now, act="approve-update", detail=str(row.id))
        return outcome
