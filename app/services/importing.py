"""Importing: a CSV file of an earlier survey becomes the dataset of an open scan, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.core import dataset
from app.core.access import Actor, check
from app.core.lifecycle import State, WrongState
from app.services import sealing
from app.storage.database import Store
from app.storage.office import audit, scans


def import_answers(
    store: Store,
    *,
    scan: str,
    path: Path,
    by: Actor,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> int:
    """Read the file and store its answers without their order; gives the number of rows.

    Raises core.units.FileFaults naming every bad row, or Refused when the scan has another way in; nothing is stored then.
    """
    check("plan-scan", by)
    row = sealing.of_organisation(store, scan, by)
    if State(row.state) is not State.OPEN:
        raise WrongState("import", State(row.state))
    plan = row.settings
    assert plan is not None
    report = progress or (lambda done, total, what: None)
    report(0, 2, "reading")
    strata, answers = dataset.read_answers_csv(path, plan.questionnaire, plan.tree, plan.strata)
    report(1, 2, "storing")
    sealing.take_import(store, row, strata, answers)
    with store.office() as session:
        fresh = scans.get(session, scan)
        assert fresh is not None
        fresh.imported = True
        audit.record(session, by=by, now=now, act="import", scan=scan, detail=f"{len(strata)} rows")
    report(2, 2, "done")
    return len(strata)
