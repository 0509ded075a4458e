"""Attacking: a released scan enters; what an adversary could work out from all that is out leaves, if anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.access import Actor, check
from app.core.refusal import Cancelled, Refused
from app.services import releasing
from app.storage.database import Store
from app.storage.office import audit, scans

if TYPE_CHECKING:
    from app.core.attack import Truth


def attack_release(
    store: Store,
    *,
    scan: str,
    by: Actor,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Repeat the attack on what is stored: every edition of the scan and every other release of the organisation.

    Gives the report as in a release document, with the `digest` of the latest edition. Where the answers are destroyed, every
    group is looked at, not only small ones. Raises Refused when nothing was released, Cancelled when stopped.
    """
    from app.core import ladder
    from app.core.attack import attack

    check("attack-release", by)
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    editions, others = releasing.out_already(store, row)
    if not editions:
        raise Refused("not-released", "the results of this scan are not released yet", scan=scan)
    truths: list[Truth | None]
    try:
        truths = [
            ladder.truth_of(edition.plan, releasing.counted(store, scan, edition.plan))
            for edition in editions
        ]
    except Refused:  # archived
        truths = [None for _ in editions]
    yielded = attack(
        [*others, *editions],
        [*(None for _ in others), *truths],
        progress=progress,
        cancelled=cancelled,
    )
    if cancelled is not None and cancelled():
        raise Cancelled
    with store.office() as session:
        detail = f"{len(yielded.findings)} findings"
        audit.record(session, by=by, now=now, act="attack-release", scan=scan, detail=detail)
    latest = editions[-1].document
    given_up = latest.get("attack", {}).get("given_up", [])
    return {"scan": scan, "digest": latest["digest"], **yielded.as_json(), "given_up": given_up}
