"""Releasing: a sealed dataset becomes one immutable, protected document; reading it checks its digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.core import lifecycle
from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.core.release import Document, canonical, read
from app.storage import datasets, issuing
from app.storage.database import Store
from app.storage.office import audit, releases, scans
from app.storage.office.scans import Scan

_KEPT = 4


def release(
    store: Store,
    *,
    scan: str,
    by: Actor,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> str:
    """Compute, protect and publish. Gives the digest of the release."""
    # Imported here: pages read releases through this module, and must not load numpy for it.
    from app.core.dataset import Part
    from app.core.disclosure.protect import build_release

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
    document = build_release(plan, parts, about=_about(row), slips=_slips(store, row))
    text = canonical(document)
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


def _about(row: Scan) -> dict[str, Any]:
    """What a reader must know of the scan beside its numbers."""
    return {
        "scan": row.id,
        "name": row.name,
        "kind": row.kind,
        "imported": row.imported,
        "confirmed": row.confirmed,
        "opened_on": row.opened_on.isoformat() if row.opened_on else None,
        "closed_on": row.closes_on.isoformat() if row.closes_on else None,
        "promise_on": row.promise_on.isoformat() if row.promise_on else None,
    }


def _slips(store: Store, row: Scan) -> list[dict[str, int]]:
    """Per stratum the slips and reserve printed; how many were used is added, protected, in the release."""
    return [
        {"stratum": number, "runs": found.runs, "printed": found.printed, "reserve": found.reserve}
        for number, found in sorted(issuing.printings(store, row.id).items())
    ]


def document(store: Store, *, scan: str) -> Document:
    """The latest release of a scan, its digest checked; parsed once per process. Read it, don't change it.

    Raises Refused when nothing was released.
    """
    with store.reading() as session:
        digest = releases.latest_digest(session, scan)
    if digest is None:
        raise Refused("not-released", "the results of this scan are not released yet", scan=scan)
    return _read(_Source(store), digest)


class _Source:
    """Lets a store be an argument that the cache looks past: a digest says it all."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source)


@lru_cache(maxsize=_KEPT)
def _read(source: _Source, digest: str) -> Document:
    with source.store.reading() as session:
        row = releases.by_digest(session, digest)
    assert row is not None
    return read(row.document)
