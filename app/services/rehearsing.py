"""Rehearsing: a plan that isn't open yet enters; what its release would show, on simulated answers, leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.storage.database import Store
from app.storage.office import scans


def rehearse(
    store: Store,
    *,
    scan: str,
    by: Actor,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Give the rehearsal's figures with the digest of the settings it was about.

    The same settings give the same rehearsal. Raises Refused while the settings are not complete, Cancelled when stopped.
    """
    from dataclasses import asdict

    import numpy as np

    from app.core import rehearsal

    check("rehearse-scan", by)
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    plan = row.settings
    if plan is None:
        raise Refused("plan-incomplete", "choose a questionnaire and load the units first")
    seed = int(row.plan_digest[:12], 16)
    found = rehearsal.rehearse(plan, rng=np.random.default_rng(seed), progress=progress, cancelled=cancelled)
    return {"scan": scan, "plan": row.plan_digest, **asdict(found)}
