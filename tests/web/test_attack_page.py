"""The attack on a page: every reader sees what it says, some may repeat it, and a finding says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.access import Role
from app.storage.office import tasks
from tests.services.planned import Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.test_editions import correct
from tests.web.working import AtOnce, release_scan

AGAIN = "Try to find somebody"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        found.app.extensions["queue"] = AtOnce(found, tmp_path)
        yield found


@pytest.fixture
def released(office: Office, tmp_path: Path) -> str:
    return release_scan(office, tmp_path)


def path(scan: str) -> str:
    return f"/results/linde/{scan}/attack"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reader_sees_what_the_attack_says(office: Office, released: str, language: str) -> None:
    page = sign_in(office, Role.MANAGER, language=language).client.get(path(released))
    assert page.status_code == 200
    assert {"nl": "Er is niets gevonden", "en": "Nothing was found"}[language] in page.text
    assert '<form method="post" action="/results' not in page.text
    how = sign_in(office, Role.MANAGER).client.get(f"/results/linde/{released}/how").text
    assert path(released) in how


def test_a_manager_may_not_repeat_it(office: Office, released: str) -> None:
    assert sign_in(office, Role.MANAGER).client.post(path(released)).status_code == 403


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.WORKS_COUNCIL])
def test_it_is_repeated_and_says_what_came_out(office: Office, released: str, role: Role) -> None:
    who = sign_in(office, role)
    assert AGAIN in who.client.get(path(released)).text
    assert who.client.post(path(released)).location == f"/manage/linde/{released}/progress/attack"
    assert path(released) in who.reads(f"{released}/progress/attack")
    assert ": nothing was found" in who.client.get(path(released)).text
    assert "attack-release" in office.acts()


def test_after_a_correction_it_asks_to_be_repeated(office: Office, released: str) -> None:
    ina = sign_in(office, Role.COORDINATOR)
    ina.client.post(path(released))
    assert "The results were corrected after that" not in ina.client.get(path(released)).text
    correct(ina, released)
    assert "The results were corrected after that" in ina.client.get(path(released)).text


def test_a_finding_says_what_to_do_and_not_what_was_found(office: Office, released: str) -> None:
    ina = sign_in(office, Role.COORDINATOR)
    ina.client.post(path(released))
    finding = {
        "kind": "size", "target": "South", "inside": [], "outside": [], "item": None, "answer": None,
        "low": 2, "high": 2, "because": [[released, "unit", "north"]], "finished": True, "together": False,
    }  # fmt: skip
    with office.store.office() as session:
        task = tasks.latest_done(session, released, "attack")
        assert task is not None
        task.outcome = json.dumps({**json.loads(task.outcome), "findings": [finding]})
    page = ina.client.get(path(released)).text
    for said in ("something was found", "data protection officer", "It rests on the numbers of: North."):
        assert said in page
    assert "South" not in page
    assert "something was found" not in sign_in(office, Role.MANAGER).client.get(path(released)).text


def test_before_the_release_there_is_no_page(office: Office) -> None:
    from tests.web.working import plan_scan

    who: Somebody = sign_in(office, Role.ADVISER)
    assert who.client.get(path(plan_scan(office))).status_code == 404
