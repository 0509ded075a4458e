"""Remarking: an adviser puts own words beside an update; nobody changes them, and the adviser adds rather than changes."""

from __future__ import annotations

from datetime import datetime

from app.core.access import Actor, check
from app.core.days import local_day
from app.core.feedback import LANGUAGES
from app.core.refusal import Refused
from app.services import posting
from app.storage.database import Store
from app.storage.office import audit, updates
from app.storage.office.updates import Remark

MOST_TEXT = 2_000


def remark(store: Store, *, update: int, text: str, language: str, by: Actor, now: datetime) -> None:
    """It stands on the board at once. Raises NotAllowed, or Refused: no-update, not-published, withdrawn, no-text, too-long."""
    check("remark-update", by)
    with store.office() as session:
        row = posting.own(session, update, by)
        if row.withdrawn:
            raise Refused("withdrawn", "this update was withdrawn; nothing more can happen with it")
        if row.version == 0:
            raise Refused("not-published", "a remark stands beside what is on the board")
        if not text.strip():
            raise Refused("no-text", "write something first")
        if len(text) > MOST_TEXT:
            raise Refused("too-long", f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        updates.add(session, Remark(update_id=row.id, text=text.strip(), language=spoken, on=local_day(now)))
        audit.record(session, by=by, now=now, act="remark-update", detail=str(row.id))
