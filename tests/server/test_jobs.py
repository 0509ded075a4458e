"""Long work asked for on a page: done once, by whoever may, and taken up again after a worker was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import jobs
from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.jobs import performing, tasks
from app.services import asking
from app.settings import load
from app.storage import waiting
from app.storage.database import Store
from app.storage.office import accounts, scans
from app.storage.office.tasks import Task
from tests.factories import NOW, OpenScan, a_scan, a_store, an_organisation


class Told:
    """Keeps what the worker was told; the last test holds the real one to the same."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def put(self, act: str, task: int) -> None:
        self.heard.append((act, task))


def coordinator(store: Store, scan: OpenScan) -> Actor:
    with store.reading() as session:
        account = accounts.by_email(session, "admin@linde.example")
    assert account is not None
    return Actor(account.name, scan.organisation, frozenset({Role.COORDINATOR}), account.id)


def row(store: Store, task: int) -> Task:
    with store.reading() as session:
        found = session.get(Task, task)
    assert found is not None
    return found


def state(store: Store, scan: OpenScan) -> str:
    with store.reading() as session:
        found = scans.get(session, scan.id)
    assert found is not None
    return found.state


def perform(store: Store, task: int, folder: Path) -> None:
    performing.perform(store, task, files=folder / "files", now=NOW)


def test_asked_twice_is_done_once(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan, told = a_scan(store), Told()
        by = coordinator(store, scan)
        first = asking.ask(store, told, act="seal", scan=scan.id, by=by, now=NOW)
        assert asking.ask(store, told, act="seal", scan=scan.id, by=by, now=NOW) == first
        assert told.heard == [("seal", first)]
        perform(store, first, tmp_path)
        done = row(store, first)
        assert (done.state, done.message) == ("done", "") and state(store, scan) == "sealed"
        perform(store, first, tmp_path)
        assert row(store, first).state == "done"


def test_a_refusal_is_told_in_a_sentence(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        task = asking.ask(store, Told(), act="release", scan=scan.id, by=coordinator(store, scan), now=NOW)
        perform(store, task, tmp_path)
        failed = row(store, task)
        assert failed.state == "failed" and "must be sealed" in failed.message


def test_a_role_taken_away_since_counts(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        by = coordinator(store, scan)
        task = asking.ask(store, Told(), act="seal", scan=scan.id, by=by, now=NOW)
        assert by.account is not None
        with store.office() as session:
            accounts.set_roles(session, by.account, scan.organisation, frozenset({Role.MANAGER}))
        perform(store, task, tmp_path)
        assert row(store, task).state == "failed" and state(store, scan) == "open"


def test_only_who_may_and_only_in_the_own_organisation(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan, told = a_scan(store), Told()
        manager = Actor("m", scan.organisation, frozenset({Role.MANAGER}), 1)
        with pytest.raises(NotAllowed):
            asking.ask(store, told, act="seal", scan=scan.id, by=manager, now=NOW)
        stranger = Actor("s", an_organisation(store, "Stichting Elders"), frozenset({Role.COORDINATOR}), 2)
        with pytest.raises(Refused):
            asking.ask(store, told, act="seal", scan=scan.id, by=stranger, now=NOW)
        assert told.heard == []


@pytest.mark.parametrize("sealed_before_it_died", [False, True])
def test_a_killed_worker_is_made_up_for(tmp_path: Path, sealed_before_it_died: bool) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        task = asking.ask(store, Told(), act="seal", scan=scan.id, by=coordinator(store, scan), now=NOW)
        if sealed_before_it_died:
            perform(store, task, tmp_path)
        with store.office() as session:
            found = session.get(Task, task)
            assert found is not None
            found.state = "running"
        assert performing.unfinished(store) == [(task, "seal")]
        assert waiting.unfinished(f"sqlite:///{tmp_path}/office.db") == [(task, "seal")]
        perform(store, task, tmp_path)
        assert row(store, task).state == "done" and state(store, scan) == "sealed"


def test_work_that_was_killed_says_so(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        task = asking.ask(store, Told(), act="seal", scan=scan.id, by=coordinator(store, scan), now=NOW)
        performing.lost(store, task)
        assert row(store, task).state == "waiting"
        with store.office() as session:
            found = session.get(Task, task)
            assert found is not None
            found.state = "running"
        performing.lost(store, task)
        assert row(store, task).message == performing.LOST


def test_the_queue_keeps_ids_and_nothing_else(tmp_path: Path) -> None:
    settings = load({"WEERKLANK_INSTANCE": str(tmp_path)})
    jobs.connect(settings).put("seal", 7)
    waiting = tasks.on(settings.queue).huey.pending()
    assert [(task.args, task.kwargs) for task in waiting] == [((7, "seal"), {})]
