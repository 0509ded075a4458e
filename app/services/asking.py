"""Asking for long work: an act on a scan enters, a task row is made and the worker told; the page then shows the row."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.storage.database import Store
from app.storage.office import scans, tasks
from app.storage.office.tasks import Task

# What the worker can be asked, and the act of core.access that this needs.
ACTS = {
    "certify": "open-scan",
    "seal": "seal-scan",
    "release": "release-scan",
    "fulfil": "release-scan",
    "correct": "correct-release",
    "rehearse": "rehearse-scan",
    "attack": "attack-release",
    "archive": "archive-scan",
    "pictures": "read-results",
    "compare": "read-results",
    "effects": "post-update",
}


class Queue(Protocol):
    def put(self, act: str, task: int) -> None:
        """Tell the worker that a task row is waiting."""


def ask(
    store: Store, queue: Queue, *, act: str, scan: str, by: Actor, now: datetime, argument: str = ""
) -> int:
    """Give the id of the task; the one under way when the same was asked before and is not finished.

    Raises NotAllowed, or Refused when the scan is not of this organisation. Whether the state of the scan allows the act
    is judged when it is done, by the service that does it.
    """
    check(ACTS[act], by)
    with store.office() as session:
        row = scans.get(session, scan)
        if row is None or row.organisation_id != by.organisation:
            raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
        same = tasks.under_way(session, scan, act, argument)
        if same is not None:
            return same.id
        task = Task(
            organisation_id=by.organisation,
            scan_id=scan,
            act=act,
            by=f"{by.account or 0}:{by.name}"[:254],
            argument=argument,
            created_at=now,
        )
        session.add(task)
        session.flush()
        made = task.id
    # After the commit: a worker told earlier would find no row.
    queue.put(act, made)
    return made


# Acts that can be stopped halfway: they change nothing until they are done.
STOPPABLE = frozenset({"release", "fulfil", "correct", "rehearse", "attack"})


def stop(store: Store, *, task: int, by: Actor) -> None:
    """Ask the worker to stop a task; it does so at its next step, and nothing was changed.

    Raises NotAllowed, or Refused when there is no such task under way in this organisation or it can't be stopped.
    """
    with store.office() as session:
        row = session.get(Task, task)
        if row is None or row.organisation_id != by.organisation or row.act not in STOPPABLE:
            raise Refused("no-task", "there is no such work to stop")
        check(ACTS[row.act], by)
        if row.state not in tasks.UNFINISHED:
            raise Refused("no-task", "this work is finished already")
        row.state, row.message = "stopped", ""
