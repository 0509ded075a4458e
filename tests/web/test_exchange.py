"""The weaker way without JavaScript: off unless chosen, said on the first page, and once only like the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import at_command_line
from app.core.plan import from_json
from app.crypto import personal
from app.services import launching, planning
from tests.services.journeys import NOW, SURVEYS, UNITS, Place, an_organisation
from tests.services.linked import a_linked_scan, certify, invite, served
from tests.storage.stores import an_app

SAID = "take our word that the server doesn&#39;t remember whose form it was"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path_factory.mktemp("exchange")) as found:
        yield found


@pytest.fixture(scope="module")
def place(app: Flask) -> Place:
    store = app.extensions["store"]
    organisation, slug = an_organisation(app)
    by = at_command_line(organisation)
    scan = planning.create_scan(
        store, name="Baseline", kind="baseline", instrument=(SURVEYS / "social-safety.toml").read_text("utf-8"),
        units=UNITS, way="personal-links", exchange=True, by=by, now=NOW,
    )  # fmt: skip
    launching.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=NOW)
    found = Place(store, scan, slug, organisation)
    certify(app, found)
    return found


def link(place: Place, token: str, stratum: int = 0) -> str:
    return personal.link("https://scan.example", place.scan, token, stratum, served(place).fingerprint)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)">', page))


def test_it_is_off_unless_chosen_and_leaves_the_plan_as_it_was(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = a_linked_scan(app)
        page = served(place).pages.page.decode()
        assert SAID not in page and "_link" not in page
        token = invite(place, 1)[0]
        answer = app.test_client().post(f"/u/{place.scan}/exchange", data={"_link": link(place, token)})
        assert answer.status_code == 404


def test_it_is_frozen_in_the_plan_and_said_on_the_first_page(place: Place) -> None:
    page = served(place).pages.page.decode()
    assert SAID in page and "Zorggroep De Linde chose to make that possible." in page
    from app.services.facing import face

    shown = face(place.store, place.scan)
    assert shown is not None
    plan = shown.prepared.plan
    assert plan.exchange and '"exchange":true' in plan.to_json() and from_json(plan.to_json()) == plan


def test_a_typed_link_opens_a_form_and_a_form_counts_once(app: Flask, place: Place) -> None:
    client, token = app.test_client(), invite(place, 1)[0]
    address = f"/u/{place.scan}/exchange"
    opened = client.post(address, data={"_link": f"  {link(place, token)} "})
    fields = hidden(opened.text)
    assert opened.status_code == 200 and set(fields) >= {"_nonce", "_prefix", "_signature", "_stratum"}
    assert token not in opened.text and f'action="{address}"' in opened.text
    assert client.post(address, data={"_link": link(place, token)}).status_code == 409
    item = next(iter(place.answers(1)))
    faulty = client.post(address, data={**fields, item: "9"})
    assert faulty.status_code == 422 and hidden(faulty.text).items() >= fields.items()
    sent = client.post(address, data={**fields, **place.answers(1)})
    assert sent.status_code == 200 and "Bedankt" in sent.text
    receipt = re.search(r'id="receipt">(.*?)</p>', sent.text)
    assert receipt and client.post(address, data={**fields, item: "1"}).text == sent.text
    assert client.post(address, data={**fields, "_prefix": "x" * 43}).status_code == 403


@pytest.mark.parametrize(
    "typed", ["", "x", "https://scan.example/u/abc/", "x" * 22 + ".0." + "x" * 22, "x" * 5000]
)
def test_what_is_no_link_opens_nothing(app: Flask, place: Place, typed: str) -> None:
    answer = app.test_client().post(f"/u/{place.scan}/exchange", data={"_link": typed})
    assert answer.status_code == 404 and "werkt hier niet" in answer.text
