"""Results pages: everybody with the right role reads the release, and nobody reads anything before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.core import release
from app.core.access import Role
from app.services import picturing
from app.storage.office import tasks
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from tests.services.planned import Office, an_office
from tests.services.renderings import Document, a_document, group
from tests.web.managing import sign_in

SCAN, NOW = "aaaaaaaaaa", datetime(2026, 11, 3, 9, 0)
LATER = date(2126, 12, 14)
PROMISED = {"draft": LATER, "open": LATER, "sealed": LATER, "released": date(2026, 11, 14)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as made:
        yield made


def publish(office: Office, state: str = "released", document: Document | None = None) -> Document:
    made = document or a_document()
    made["digest"] = release.digest_of(made)
    row = Scan(
        id=SCAN, organisation_id=office.organisation, name="Nulmeting <2026>", kind="baseline", state=state,
        imported=True, promise_on=PROMISED[state], created_at=NOW,
    )  # fmt: skip
    with office.store.office() as session:
        session.add(row)
        session.flush()
        if state == "released":
            text = release.canonical(made)
            session.add(
                Release(scan_id=SCAN, edition=1, digest=made["digest"], document=text, released_at=NOW)
            )
    return made


def reader(office: Office, role: Role = Role.MANAGER, language: str = "en") -> FlaskClient:
    return sign_in(office, role, language=language).client


def page(client: FlaskClient, path: str = "", status: int = 200) -> str:
    answer = client.get(f"/results/linde/{SCAN}/{path}")
    assert answer.status_code == status, (path, answer.status)
    return answer.text


def test_the_front_page_opens_with_what_matters_and_names_every_reserve(office: Office) -> None:
    publish(office)
    said = page(reader(office))
    assert "6 in 10 answers about “Speaking up” are favourable" in said
    for mark in ("131 answers", "imported answers", "not confirmed by the works council", "not a validated"):
        assert mark in said
    assert "Trust &amp; &lt;care&gt;" in said
    assert "Nulmeting &lt;2026&gt;" in said
    assert "Too few answers: fewer than 8 here" in said  # the withheld team, beside its name


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    ["", "scale/trust", "scale/seen", "unit/a", "unit/c", "unit/org", "group/tenure/1", "group/stratum/0",
     "withheld", "how", "work-on"],
)  # fmt: skip
def test_every_page_answers_in_both_languages(office: Office, path: str, language: str) -> None:
    publish(office)
    said = page(reader(office, language=language), path)
    assert f'<html lang="{language}">' in said
    assert said.count("<h1>") == 1


@pytest.mark.parametrize(
    "path", ["scale/none", "unit/none", "group/tenure/9", "figure/none.svg", "figure/unit-c.svg"]
)
def test_what_is_not_in_the_release_has_no_page(office: Office, path: str) -> None:
    publish(office)
    page(reader(office), path, 404)


@pytest.mark.parametrize("state", ["draft", "open", "sealed"])
def test_before_the_release_there_is_a_date_and_no_number(office: Office, state: str) -> None:
    publish(office, state)
    said = page(reader(office), "results.json", 409)
    assert "14 December 2126" in said
    assert "131" not in said


def test_only_roles_that_read_results_read_them(office: Office) -> None:
    publish(office)
    page(reader(office, Role.ADMINISTRATOR), "", 403)
    for role in (Role.ADVISER, Role.COORDINATOR, Role.MANAGER, Role.WORKS_COUNCIL):
        page(reader(office, role))
    assert office.app.test_client().get(f"/results/linde/{SCAN}/").status_code == 302


def test_the_download_is_the_release_and_nothing_else(office: Office) -> None:
    made = publish(office)
    assert json.loads(page(reader(office), "results.json")) == made


def test_pictures_and_the_report_are_asked_for_once_and_then_shown(office: Office) -> None:
    publish(office)
    client = reader(office)
    assert "being drawn" in page(client)
    page(client)
    page(client, "document.pdf", 503)
    with office.store.reading() as session:
        assert [task.argument for task in tasks.unfinished(session)] == ["", "report"]
    files = office.app.extensions["settings"].files
    assert picturing.make(office.store, scan=SCAN, files=files) > 0
    assert picturing.make(office.store, scan=SCAN, files=files) == 0
    said = page(client)
    assert "being drawn" not in said
    for width in ("wide", "narrow"):
        assert page(client, f"figure/{width}/overview.svg").startswith("<?xml")
    assert client.get(f"/results/linde/{SCAN}/document.pdf").data.startswith(b"%PDF")


def test_a_picture_of_one_unit_is_made_when_it_is_asked_for(office: Office) -> None:
    publish(office)
    files = office.app.extensions["settings"].files
    client = reader(office)
    page(client, "unit/a")
    with office.store.reading() as session:
        assert [task.argument for task in tasks.unfinished(session)] == ["unit-a"]
    picturing.make(office.store, scan=SCAN, files=files, only="unit-a")
    assert "being drawn" not in page(client, "unit/a")
    assert not [path for path in files.rglob("*") if path.suffix == ".part"]


def test_the_list_of_results_holds_released_scans_only(office: Office) -> None:
    publish(office, "sealed")
    assert SCAN not in reader(office).get("/results/linde/").text


def test_how_it_is_protected_is_told_with_the_numbers_of_this_release(office: Office) -> None:
    document = a_document(rules={"min_group": 12})
    document["attack"] = {
        "findings": [], "statements": 8123, "targets": {"lp": 3, "milp": 40}, "seconds": 4, "given_up": [],
    }  # fmt: skip
    publish(office, document=document)
    said = page(reader(office), "how")
    assert "A group is shown from 12 answers up" in said
    assert "71 − 28 − 36 = 7" in said
    assert "8123 statements" in said
    assert "tried to find out 43 things" in said
    assert "It found nothing." in said


def test_what_to_work_on_shows_its_order_with_reasons_and_says_when_there_is_none(office: Office) -> None:
    publish(office)
    said = page(reader(office), "work-on")
    assert "Look first at “Speaking up”." in said
    assert "It scores 55" in said
    assert "This is shown from 100 answers up." in said


def test_an_organisation_of_too_few_has_no_order(office: Office) -> None:
    document = a_document()
    document["groups"] = [group("org", None, "De Linde", None)]
    publish(office, document=document)
    assert "Too little can be shown to say what to work on first." in page(reader(office), "work-on")
