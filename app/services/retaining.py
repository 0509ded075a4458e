"""Archiving: the dataset and the comments of a scan are destroyed, with what advisers decided on them; its release stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.core import lifecycle
from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.services import reviewing, voicing
from app.storage import comments, datasets, mixing
from app.storage.database import Store
from app.storage.office import audit, scans


def archive(
    store: Store,
    *,
    scan: str,
    by: Actor,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Destroy what could still be computed from. Safe to repeat after a crash."""
    check("archive-scan", by)
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    lifecycle.after("archive", State(row.state))
    if progress:
        progress(0, 2, "answers")
    with mixing.mixed(store) as connection:
        datasets.destroy(connection, scan)
        comments.destroy(connection, scan)
    if progress:
        progress(1, 2, "scan")
    with store.office() as session:
        fresh = scans.get(session, scan)
        assert fresh is not None
        fresh.state = lifecycle.after("archive", State(fresh.state))
        reviewing.forget(session, organisation=by.organisation, scan=scan)
        voicing.forget(session, organisation=by.organisation, scan=scan)
        audit.record(session, by=by, now=now, act="archive", scan=scan)
    if progress:
        progress(2, 2, "done")
