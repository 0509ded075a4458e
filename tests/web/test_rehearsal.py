"""The rehearsal as a step of the launch: asked for, done by the worker, shown in words, stopped, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.access import Role
from app.core.lifecycle import State
from app.services import planning
from app.storage.office import tasks
from app.web.ui.asking import now
from tests.services.planned import Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import AtOnce, Never, plan_scan


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        found.app.extensions["queue"] = AtOnce(found, tmp_path)
        yield found


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def test_the_checklist_shows_what_was_not_rehearsed_yet_and_opens_all_the_same(
    office: Office, ina: Somebody
) -> None:
    made = plan_scan(office)
    assert "not rehearsed yet" in ina.reads(f"{made}/")
    planning.open_scan(office.store, scan=made, checklist_confirmed=True, by=office.coordinator, now=now())
    assert office.scan(made).state == State.OPEN


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WORKS_COUNCIL])
def test_a_rehearsal_says_in_words_what_would_be_published(office: Office, role: Role) -> None:
    made, who = plan_scan(office), sign_in(office, role)
    assert "These settings were not rehearsed yet" in who.reads(f"{made}/rehearsal")
    assert who.post(f"{made}/rehearsal").location.endswith(f"{made}/progress/rehearse")
    assert "See what came out" in who.reads(f"{made}/progress/rehearse")
    page = who.reads(f"{made}/rehearsal")
    for said in ("of the people invited are in a group", "if 60 % fill in the scan", "Groups that would be shown",
                 "Unit (departments and teams)", "Together: department or team and", "choices of groups"):  # fmt: skip
        assert said in page
    assert "not rehearsed yet" not in who.reads(f"{made}/")


def test_a_rehearsal_of_other_settings_says_that_it_is_of_before(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    ina.post(f"{made}/rehearsal")
    ina.post(f"{made}/choices", {"min_group": "9", "groupings": ["unit"], "way": "slips", "matters": "5"})
    assert "The settings were changed since this rehearsal" in ina.reads(f"{made}/rehearsal")
    assert "not rehearsed yet" in ina.reads(f"{made}/")


def test_without_settings_there_is_nothing_to_rehearse(office: Office, ina: Somebody) -> None:
    made = planning.start(office.store, name="N", kind="baseline", by=office.coordinator, now=now())
    assert "Rehearse now" not in ina.reads(f"{made}/rehearsal")
    assert ina.post(f"{made}/rehearsal").status_code == 409


def test_an_adviser_reads_a_rehearsal_and_starts_none(office: Office, ina: Somebody) -> None:
    made, adviser = plan_scan(office), sign_in(office, Role.ADVISER)
    assert "Rehearse now" not in adviser.reads(f"{made}/rehearsal")
    assert adviser.post(f"{made}/rehearsal").status_code == 403
    assert sign_in(office, Role.MANAGER).get(f"{made}/rehearsal").status_code == 403


def test_an_opened_scan_is_not_rehearsed_any_more(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    planning.open_scan(office.store, scan=made, checklist_confirmed=True, by=office.coordinator, now=now())
    assert "Rehearse now" not in ina.reads(f"{made}/rehearsal")
    assert ina.post(f"{made}/rehearsal").status_code == 409


def test_long_work_is_stopped_from_its_page_and_can_be_started_again(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    worker, office.app.extensions["queue"] = office.app.extensions["queue"], Never()
    ina.post(f"{made}/rehearsal")
    waiting = ina.reads(f"{made}/progress/rehearse")
    assert "/static/progress.js" in waiting
    assert f"{made}/progress/rehearse/stop" in waiting
    ina.post(f"{made}/progress/rehearse/stop")
    stopped = ina.reads(f"{made}/progress/rehearse")
    assert "Stopped, as somebody asked" in stopped
    assert "/static/progress.js" not in stopped
    office.app.extensions["queue"] = worker
    ina.post(f"{made}/rehearsal")
    assert "See what came out" in ina.reads(f"{made}/progress/rehearse")


def test_stopping_what_is_finished_says_so_and_changes_nothing(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    ina.post(f"{made}/rehearsal")
    answer = ina.client.post(f"/manage/linde/{made}/progress/rehearse/stop", follow_redirects=True)
    assert "This work was finished already" in answer.text
    with office.store.reading() as session:
        task = tasks.latest(session, made, "rehearse")
    assert task is not None
    assert task.state == "done"


def test_only_who_may_do_it_may_stop_it(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    office.app.extensions["queue"] = Never()
    ina.post(f"{made}/rehearsal")
    adviser = sign_in(office, Role.ADVISER)
    assert "/stop" not in adviser.reads(f"{made}/progress/rehearse")
    assert adviser.post(f"{made}/progress/rehearse/stop").status_code == 403


def test_sealing_can_not_be_stopped(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    office.app.extensions["queue"] = Never()
    planning.open_scan(office.store, scan=made, checklist_confirmed=True, by=office.coordinator, now=now())
    ina.post(f"{made}/seal", {"sure": "y"})
    assert "/stop" not in ina.reads(f"{made}/progress/seal")
    ina.post(f"{made}/progress/seal/stop")
    assert "Waiting for its turn" in ina.reads(f"{made}/progress/seal")
