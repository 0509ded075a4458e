"""Releasing: a sealed dataset becomes one immutable, protected document; reading it back checks its digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.core import lifecycle, release
from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.storage import datasets, issuing
from app.storage.database import Store
from app.storage.office import audit, releases, scans
from app.storage.office.scans import Scan

Document = dict[str, Any]


def release_scan(
    store: Store,
    *,
    scan: str,
    by: Actor,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> str:
    """Compute, protect and publish. Gives the digest of the release."""
    from app.core.disclosure import protect
    from app.core.dataset import Part

    check("release-scan", by)
    report = progress or (lambda done, total, what: None)
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    lifecycle.after("release", State(row.state))
    plan = row.settings
    assert plan is not None
    report(0, 3, "reading")
    parts = [Part(rows, block) for rows, block in datasets.parts(store, scan)]
    report(1, 3, "computing and protecting")
    document = protect.build_release(plan, parts, about=_about(row), slips=_slips(store, row))
    text = release.canonical(document)
    report(2, 3, "storing")
    with store.office() as session:
        fresh = scans.get(session, scan)
        assert fresh is not None
        fresh.state = lifecycle.after("release", State(fresh.state))
        digest = str(document["digest"])
        session.add(releases.Release(scan_id=scan, edition=1, digest=digest, document=text, released_at=now))
        audit.record(session, by=by, now=now, act="release", scan=scan, detail=digest)
    report(3, 3, "done")
    return digest
