"""From what was released to advice and back: reports, comments and the page beside the scan lead to advice, advice to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.core.access import Role
from app.core.signal_report import kinds
from app.services import reporting
from app.web.advice import texts
from tests.factories import (
    an_account,
    an_actor,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
)
from tests.web.test_signal_reports import READ, SLUG, Place, draft, fill, release

GIVE = f"/advice/{SLUG}/give"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with an_app(tmp_path) as app:
        organisation = an_organisation(app.extensions["store"])
        client, vault = an_open_adviser(app, organisation)
        yield Place(app, client, vault, organisation, tmp_path)


def reader(place: Place, role: Role) -> FlaskClient:
    return signed_in(place.app, an_account(place.store, place.organisation, role, name=f"R{role}").account)


def a_report(place: Place) -> str:
    fill(place, 40)
    return release(place, draft(place, language="nl"))


def test_advice_grows_out_of_a_report_and_leads_back_to_it(place: Place) -> None:
    digest = a_report(place)
    page = place.client.get(f"{READ}{digest}/").text
    links = re.findall(rf'href="({GIVE}\?[^"]*)"', page)
    document = reporting.document(place.store, digest=digest, by=an_actor(place.organisation, Role.ADVISER))
    assert len(links) == len(document["themes"]) + 1 > 1
    first = links[0].replace("&amp;", "&")
    form = place.client.get(first).text
    chosen = re.search(r'<option selected value="([a-z-]+)"', form)
    assert chosen and texts.theme_id(document["themes"][0]) == chosen[1]
    answer = send_form(
        place.client, GIVE, first, theme=chosen[1], what="Spreek af wie wat doet", why_now="Het blijft terugkomen",
        asked="no", to_role="manager", audience="council", source="report", source_ref=digest[:40], own_theme="",
        given_on="",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    for role in (Role.MANAGER, Role.WORKS_COUNCIL):
        client = reader(place, role)
        assert GIVE not in client.get(f"{READ}{digest}/").text
        assert f'href="{READ}{digest}/"' in client.get(answer.location).text
        overview = client.get(f"/advice/{SLUG}/overview").text
        assert f'href="{READ}{digest}/"' in overview


def test_a_new_report_on_the_agenda_is_called_and_linked_as_in_the_list(place: Place) -> None:
    digest = a_report(place)
    manager = reader(place, Role.MANAGER)
    agenda = manager.get(f"/advice/{SLUG}/consultation/").text
    name = re.search(rf'<a href="{READ}{digest}/">([^<]+)</a>', agenda)
    assert name and name[1] in manager.get(READ).text


def test_a_report_that_is_not_there_gives_no_link(place: Place) -> None:
    a_report(place)
    sent = {
        "theme": "gossip", "what": "Praat", "why_now": "Nu", "asked": "no", "to_role": "manager", "audience": "council",
        "own_theme": "", "given_on": "",
    }  # fmt: skip
    for ref in ("", "0" * 40, "a"):
        answer = send_form(place.client, GIVE, GIVE, **sent, source="report", source_ref=ref)
        assert READ not in re.sub(
            r"<nav.*?</nav>", "", place.client.get(answer.location).text, flags=re.DOTALL
        )


def test_a_theme_of_the_vault_comes_in_a_form_and_stands_in_no_address(place: Place) -> None:
    page = send_form(place.client, GIVE, GIVE, start="yes", theme="roosters", source="scan", ref="abc")
    assert page.status_code == 200 and "roosters" in page.text
    known = send_form(place.client, GIVE, GIVE, start="yes", theme="gossip", source="scan", ref="abc").text
    assert '<option selected value="gossip"' in known and '<option selected value="scan"' in known


def test_every_kind_of_report_has_a_name_on_an_agenda(place: Place) -> None:
    with place.app.test_request_context():
        names = [texts.report_name(str(kind)) for kind in kinds.kinds()]
        assert len(set(names)) == len(names) and not set(names) & set(kinds.Kind)
        assert "2026" in texts.report_name("quarterly 2026-Q3") and "Q3" not in texts.report_name(
            "quarterly 2026-Q3"
        )
        assert texts.report_name("something-else 2026-Q3") == "something-else 2026-Q3"
