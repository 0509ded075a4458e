"""Announcing: scans of an organisation enter; what the board says of them by itself leaves, for feeds and digests."""

from __future__ import annotations

from datetime import datetime

from app.core.lifecycle import State, is_frozen
from app.core.scan_posts import Days, Post, posts
from app.storage.database import Session
from app.storage.office import postponements, releases, scans
from app.storage.office.scans import Scan


def announced(
    session: Session, organisation: int, *, now: datetime, since: datetime | None = None
) -> list[Post]:
    """Up to now, and after `since` where that is given; the newest first."""
    rows = [row for row in scans.of_organisation(session, organisation) if is_frozen(State(row.state))]
    found = posts([days for row in rows if (days := _days(session, row))], now)
    return [post for post in found if since is None or post.at > since]


def _days(session: Session, row: Scan) -> Days | None:
    """None for a scan whose answers were destroyed before anything was released."""
    listed = releases.listed(session, row.id)
    if row.opened_on is None or (not listed and State(row.state) is State.ARCHIVED):
        return None
    return Days(
        row.id,
        row.name,
        row.opened_on,
        row.closes_on,
        row.promise_on,
        released_at=listed[0].released_at if listed else None,
        moved=postponements.of_scan(session, row.id),
        imported=row.imported,
    )
