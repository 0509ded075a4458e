"""The wait after wrong tries: what is tried and for whom enters; it is counted, or refused for some minutes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from app.core.refusal import Refused
from app.storage.database import Store
from app.storage.office import sign_ins
from app.storage.office.accounts import Throttle
from app.storage.office.sign_ins import Session

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=24)


def count_try(store: Store, what: str, who: str, now: datetime) -> None:
    """Count this try as failed before looking at it, so that tries side by side can't slip through.

    Raises Refused("throttled").
    """
    key = throttle_key(what, who)
    with store.office() as session:
        sign_ins.forget_throttles(session, now - FORGIVEN_AFTER)
        row = session.get(Throttle, key)
        if row is None:
            row = Throttle(key=key, failures=0, until=now)
            session.add(row)
        wait = row.until - now
        if wait <= timedelta():
            row.failures += 1
            row.until = now + waiting(row.failures)
    if wait > timedelta():
        minutes = -(-int(wait.total_seconds()) // 60) or 1
        raise Refused("throttled", f"too many tries; try again in {minutes} minutes", minutes=minutes)


def waiting(failures: int) -> timedelta:
    """The wait after so many failures: none for the first four, then 30 seconds doubling to 15 minutes."""
    if failures < FREE_TRIES:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - FREE_TRIES, 10)))


def forgive(session: Session, what: str, who: str) -> None:
    row = session.get(Throttle, throttle_key(what, who))
    if row is not None:
        session.delete(row)


def throttle_key(what: str, who: str) -> bytes:
    return hashlib.sha256(f"weerklank throttle 1\0{what}\0{who}".encode("utf-8", "replace")).digest()
