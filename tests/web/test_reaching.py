"""What staff see of reaching people: rough numbers, a poster, and an update as a text that holds only what is published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.core.access import Role
from app.services import digesting
from app.storage.office.updates import UpdateVersion
from tests.factories import an_account, an_app, an_organisation, send_form, signed_in
from tests.posted import ADDRESS, a_board, content, publish

NOW = datetime(2026, 11, 23, 9, 0)
PAGE = "/changes/zorggroep-de-linde/reach"


def test_a_coordinator_chooses_how_often_and_sees_no_exact_number(tmp_path: Path) -> None:
    with an_app(tmp_path, WEERKLANK_ADDRESS="https://scan.example") as app:
        store = app.extensions["store"]
        by = an_account(store, an_organisation(store), Role.COORDINATOR)
        client = signed_in(app, by.account)
        assert "no board yet" in client.get(PAGE).text
        a_board(store, by.organisation)
        page = client.get(PAGE).text
        assert "Mail isn't set up" in page and f"/b/{ADDRESS}/poster-a3.pdf?language=nl" in page
        assert send_form(client, PAGE, often="each").status_code == 302
        assert digesting.reached(store, by=by).often == "each"
        manager = signed_in(app, an_account(store, by.organisation, Role.MANAGER).account)
        assert 'name="often"' not in manager.get(PAGE).text


def test_the_text_to_share_is_what_is_published(tmp_path: Path) -> None:
    with an_app(tmp_path, WEERKLANK_ADDRESS="https://scan.example") as app:
        store = app.extensions["store"]
        by = an_account(store, an_organisation(store), Role.COORDINATOR)
        a_board(store, by.organisation)
        one = publish(store, by, NOW)
        with store.office() as session:
            draft = content("Nog geheim").to_json()
            session.add(UpdateVersion(update_id=one, version=2, content_json=draft, by_role="coordinator"))
        client = signed_in(app, by.account)
        page = client.get(f"/changes/zorggroep-de-linde/{one}/share").text
        assert "Each team agrees how to report (under way)" in page and "Dit doen we." in page
        assert f"https://scan.example/b/{ADDRESS}/" in page and "geheim" not in page
        assert client.get(f"/changes/zorggroep-de-linde/{one + 1}/share").status_code == 404
        beech = an_account(store, an_organisation(store, "Thuiszorg De Beuk"), Role.COORDINATOR)
        other = signed_in(app, beech.account)
        assert other.get(f"/changes/thuiszorg-de-beuk/{one}/share").status_code == 404
