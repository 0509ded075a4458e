"""Performs one task: the id of an office row enters, its act is done by a service, state and progress leave in the row.

python -m app.jobs.performing TASK | --lost TASK | --unfinished | --daily | --hourly | --post
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.access import Actor, NotAllowed, itself
from app.core.lifecycle import WrongState
from app.core.refusal import Cancelled, Refused
from app.jobs import MORE
from app.storage.database import Store
from app.storage.office import accounts, tasks
from app.storage.office.tasks import Task

if TYPE_CHECKING:
    from app.services.certifying import PageMaker

SECONDS_BETWEEN_REPORTS = 0.4
BROKEN = (
    "Something went wrong on the server. The administrator finds the reason in the log; you can try again."
)
LOST = "The work was stopped halfway, perhaps because the server ran out of memory. You can try again."
log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Work:
    """One task as a service needs it."""

    store: Store
    files: Path
    task: Task
    by: Actor
    now: datetime
    progress: Progress
    cancelled: Callable[[], bool]
    pages: PageMaker | None = None

    @property
    def scan(self) -> str:
        return self.task.scan_id or ""


def _seal(work: Work) -> None:
    from app.services import sealing

    sealing.seal(work.store, scan=work.scan, by=work.by, now=work.now, progress=work.progress)


def _certify(work: Work) -> None:
    from app.services import certifying

    assert work.pages is not None
    certifying.certify(
        work.store, scan=work.scan, pages=work.pages, by=work.by, now=work.now, progress=work.progress
    )


def _release(work: Work) -> None:
    from app.services import condensing, releasing

    releasing.release(
        work.store,
        scan=work.scan,
        by=work.by,
        now=work.now,
        progress=work.progress,
        cancelled=work.cancelled,
    )
    condensing.condense(work.store, scan=work.scan, files=work.files)
    _for_everybody(work)


def _fulfil(work: Work) -> None:
    """What was promised for a day comes by itself: sealed, if nobody did that, and released."""
    if _state(work.store, work.task) == "open":
        _seal(work)
    _release(work)


def _for_everybody(work: Work) -> None:
    """Pictures and PDF of the page for staff: whoever reads it has no account, and can ask for nothing to be made."""
    from app.services import picturing

    picturing.make(work.store, scan=work.scan, files=work.files, progress=work.progress)


def _correct(work: Work) -> None:
    from app.services import condensing, releasing

    wanted = json.loads(work.task.argument)
    releasing.correct(
        work.store,
        scan=work.scan,
        instrument=wanted["instrument"],
        reason=wanted["reason"],
        by=work.by,
        now=work.now,
        progress=work.progress,
        cancelled=work.cancelled,
    )
    condensing.condense(work.store, scan=work.scan, files=work.files)
    _for_everybody(work)


def _rehearse(work: Work) -> dict[str, Any]:
    from app.services import rehearsing

    return rehearsing.rehearse(
        work.store, scan=work.scan, by=work.by, progress=work.progress, cancelled=work.cancelled
    )


def _attack(work: Work) -> dict[str, Any]:
    from app.services import attacking

    return attacking.attack_release(
        work.store, scan=work.scan, by=work.by, now=work.now, progress=work.progress, cancelled=work.cancelled
    )


def _archive(work: Work) -> None:
    from app.services import retaining

    retaining.archive(work.store, scan=work.scan, by=work.by, now=work.now, progress=work.progress)


def _pictures(work: Work) -> None:
    from app.services import picturing

    name, _, digest = work.task.argument.partition("@")
    picturing.make(
        work.store,
        scan=work.scan,
        files=work.files,
        only=name or None,
        digest=digest or None,
        progress=work.progress,
    )
    if not work.task.argument:
        _compare_as_readers_will(work)
        _effects(work)


def _compare_as_readers_will(work: Work) -> None:
    """What pages of comparison show at first, so that nobody waits for it."""
    from app.services import comparing, preparing

    earlier = comparing.baseline(work.store, scan=work.scan, by=work.by, now=work.now)
    for against in (preparing.REST, *((earlier.id, preparing.TREND) if earlier else ())):
        preparing.make(
            work.store,
            scan=work.scan,
            asked=preparing.Asked(against),
            files=work.files,
            by=work.by,
            now=work.now,
        )


def _compare(work: Work) -> None:
    from app.services import preparing

    asked = preparing.asked_from(work.task.argument)
    preparing.make(
        work.store,
        scan=work.scan,
        asked=asked,
        files=work.files,
        by=work.by,
        now=work.now,
        progress=work.progress,
    )


def _effects(work: Work) -> None:
    from app.core.days import local_day
    from app.services import showing_effect

    showing_effect.refresh(work.store, organisation=work.task.organisation_id, today=local_day(work.now))


Already = Callable[[Store, Task], bool]


def _in(state: str) -> Already:
    return lambda store, task: _state(store, task) == state


def _corrected(store: Store, task: Task) -> bool:
    """Whether the latest edition is the one that this task was to make."""
    from app.services import releasing

    wanted = json.loads(task.argument)
    return releasing.is_latest(
        store, scan=task.scan_id or "", instrument=wanted["instrument"], reason=wanted["reason"]
    )


def _never(_store: Store, _task: Task) -> bool:
    return False


# act -> what does it, and whether it was done already (a worker killed after the act, before its note).
ACTS: dict[str, tuple[Callable[[Work], object], Already]] = {
    "certify": (_certify, _never),
    "seal": (_seal, _in("sealed")),
    "release": (_release, _in("released")),
    "fulfil": (_fulfil, _in("released")),
    "correct": (_correct, _corrected),
    "rehearse": (_rehearse, _never),
    "attack": (_attack, _never),
    "archive": (_archive, _in("archived")),
    "pictures": (_pictures, _never),
    "compare": (_compare, _never),
    "effects": (_effects, _never),
}


def perform(
    store: Store, task_id: int, *, files: Path, now: datetime, pages: PageMaker | None = None
) -> None:
    """Do the act of a task that is waiting, or was left running by a worker that died; any other is left alone."""
    task = _start(store, task_id)
    if task is None:
        return
    try:
        act, already = ACTS[task.act]
        by = _actor(store, task)
        if task.state == "running" and already(store, task):
            _finish(store, task_id, "done", "")
            return
        report, stopped = _reporter(store, task_id), _stopped(store, task_id)
        given = act(Work(store, files, task, by, now, report, stopped, pages))
    except Cancelled:
        return  # the row says "stopped" already
    except (Refused, NotAllowed, WrongState) as refusal:
        _finish(store, task_id, "failed", str(refusal))
    except Exception:
        # The log names the code that broke; services never put answers or codes in their errors.
        log.exception("task %s (%s)", task_id, task.act)
        _finish(store, task_id, "failed", BROKEN)
    else:
        outcome = json.dumps(given, ensure_ascii=False) if isinstance(given, dict) else ""
        _finish(store, task_id, "done", "", outcome)


def _start(store: Store, task_id: int) -> Task | None:
    """The row as it was found (its state tells whether this is a second try), marked as running."""
    with store.office() as session:
        task = session.get(Task, task_id)
        if task is None or task.state not in ("waiting", "running"):
            return None
        found = task.state
        task.state, task.message, task.done, task.total = "running", "", 0, 0
        session.flush()
        session.expunge(task)
    task.state = found
    return task


def _actor(store: Store, task: Task) -> Actor:
    """Who asked, with the roles held now: a role taken away since counts. Nobody asked for what was promised."""
    if task.act == "fulfil":
        return itself(task.organisation_id)
    account, _, name = task.by.partition(":")
    with store.reading() as session:
        held = accounts.roles(session, int(account), task.organisation_id)
    return Actor(name, task.organisation_id, held, int(account))


def _state(store: Store, task: Task) -> str | None:
    from app.storage.office import scans

    with store.reading() as session:
        row = scans.get(session, task.scan_id or "")
    return row.state if row is not None else None


def _reporter(store: Store, task_id: int) -> Progress:
    last = 0.0

    def report(done: int, total: int, what: str) -> None:
        nonlocal last
        if done < total and time.monotonic() - last < SECONDS_BETWEEN_REPORTS:
            return
        last = time.monotonic()
        with store.office() as session:
            task = session.get(Task, task_id)
            if task is not None:
                task.done, task.total, task.message = done, total, what

    return report


def _stopped(store: Store, task_id: int) -> Callable[[], bool]:
    """Whether somebody stopped the task; asked of the database at most so often."""
    last, found = 0.0, False

    def stopped() -> bool:
        nonlocal last, found
        if not found and time.monotonic() - last >= SECONDS_BETWEEN_REPORTS:
            last = time.monotonic()
            with store.reading() as session:
                task = session.get(Task, task_id)
                found = task is None or task.state == "stopped"
        return found

    return stopped


def _finish(store: Store, task_id: int, state: str, message: str, outcome: str = "") -> None:
    with store.office() as session:
        task = session.get(Task, task_id)
        if task is not None and task.state == "running":
            task.state, task.message, task.outcome = state, message, outcome


def lost(store: Store, task_id: int) -> None:
    _finish(store, task_id, "failed", LOST)


def unfinished(store: Store) -> list[tuple[int, str]]:
    """Ids and acts of tasks that are waiting or were left running, oldest first."""
    with store.reading() as session:
        return [(task.id, task.act) for task in tasks.unfinished(session)]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def main(arguments: list[str]) -> int:
    """What `python -m app.jobs` does: TASK, --lost TASK, --unfinished, --daily, --hourly or --post."""
    from app import create_app

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app: Any = create_app()
    store: Store = app.extensions["store"]
    if arguments == ["--unfinished"]:
        for task, act in unfinished(store):
            sys.stdout.write(f"{task} {act}\n")
    elif arguments == ["--daily"]:
        from app.jobs import daily

        return 1 if daily.run(store, app.extensions["settings"], _now()) else 0
    elif arguments == ["--hourly"]:
        from app.jobs import hourly

        return 1 if hourly.run(store, app.extensions["settings"], _now()) else 0
    elif arguments == ["--post"]:
        from app.jobs import posting

        return MORE if posting.send(store, app.extensions["settings"]) else 0
    elif arguments[0] == "--lost":
        lost(store, int(arguments[1]))
    else:
        files = app.extensions["settings"].files
        perform(store, int(arguments[0]), files=files, now=_now(), pages=app.extensions["personal_pages"])
    return 0
