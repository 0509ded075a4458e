"""Reviewing comments through the pages: read, redact, drop, tag, word and release; nobody else gets a word of it."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.core.access import Role
from app.services import releasing, reviewing, sealing
from app.services.keeping import OpenVault
from tests import factories
from tests.services.journeys import NOW, Place, an_open_scan
from tests.storage.stores import an_app

UNITS = "code,parent,name,headcount\norg,,De Linde,70\na,org,Team A,35\nb,org,Team B,35\n"
WORRY = "Bel Fatma Yilmaz op 06-12345678, ik ben bang dat het misgaat"


def prepared(app: Flask) -> tuple[Place, FlaskClient, OpenVault]:
    """Twenty comments on one question, in a sealed scan, with an adviser who has the vault open."""
    place = an_open_scan(app, units=UNITS, vault=False)
    client, opened = factories.an_open_adviser(app, place.organisation)
    codes = place.codes()
    for each in range(20):
        text = WORRY if each == 11 else f"Er wordt veel over elkaar gepraat, {each}"
        place.fill_in(codes[each % 2][each // 2], place.answers(each) | {"change": text})
    sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
    releasing.release(place.store, scan=place.scan, by=place.command_line, now=NOW)
    factories.promise(place.store, place.scan, NOW.date())
    return place, client, opened


def first_form(page: str) -> dict[str, str]:
    """The hidden fields and the text of the first comment of a page."""
    form = page[page.index('<section class="panel comment"') :]
    found = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.partition("</form>")[0])
    )
    return found | {"words": re.findall(r"<textarea[^>]*>\n([^<]*)</textarea>", form)[0]}


def test_an_adviser_reviews_and_lets_a_theme_leave_to_the_results(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place, client, _ = prepared(app)
        base = f"/adviser/{place.slug}/comments/{place.scan}/"
        assert "Baseline" in client.get(f"/adviser/{place.slug}/comments/").text
        front = client.get(base).text
        assert "About 20 comments." in front and "words that may point to danger" in front
        reading = f"{base}question/change"
        page = client.get(reading).text
        assert "You can't contact anybody who wrote here" in page
        assert "<mark>" in page and "Team A" not in page and "Team B" not in page
        form = first_form(page)
        assert form["words"] == WORRY
        masked = client.post(reading, data=form | {"mask": "yes"})
        assert masked.status_code == 200
        redacted = first_form(masked.text)["words"]
        assert "06-12345678" not in redacted and "[…]" in redacted
        answer = client.post(reading, data=form | {"words": redacted, "themes": "gossip"})
        assert answer.status_code == 302
        for _ in range(19):
            form = first_form(client.get(reading).text)
            assert client.post(reading, data=form | {"themes": "gossip"}).status_code == 302
        assert "Everything here is read" in client.get(reading).text
        assert redacted.replace("'", "&#39;") in client.get(reading + "?done=True").text
        words = {"csrf_token": form["csrf_token"], "theme": "gossip"}
        wording = client.post(f"{base}words", data=words | {"start": "yes"})
        assert wording.status_code == 200 and "About 20 people" in wording.text
        quoting = words | {"words_nl": "Er wordt veel over elkaar gepraat, 3, zegt men", "approved": "yes"}
        refused = client.post(f"{base}words", data=quoting)
        assert refused.status_code == 400 and "zegt men" in refused.text
        said = words | {"words_nl": "Mensen horen vooral dingen via anderen.", "approved": "yes"}
        assert client.post(f"{base}words", data=said).status_code == 302
        leaves = client.get(f"{base}release").text
        assert "Mensen horen vooral dingen via anderen." in leaves
        unsure = client.post(f"{base}release", data={"csrf_token": form["csrf_token"]})
        assert unsure.status_code == 400
        sure = client.post(f"{base}release", data={"csrf_token": form["csrf_token"], "sure": "yes"})
        assert sure.status_code == 302
        advice = f"/advice/{place.slug}/give?source=comments&amp;ref={place.scan}&amp;theme=gossip"
        assert f'href="{advice}"' in client.get(base).text
        reader = factories.an_account(place.store, place.organisation, Role.MANAGER)
        results = factories.signed_in(app, reader.account).get(
            f"/results/{place.slug}/{place.scan}/own-words"
        )
        assert results.status_code == 200 and "Mensen horen vooral dingen via anderen." in results.text
        assert "Fatma" not in results.text


def test_what_is_wrong_comes_back_with_what_was_typed(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place, client, opened = prepared(app)
        reading = f"/adviser/{place.slug}/comments/{place.scan}/question/change"
        form = first_form(client.get(reading).text)
        wrong = client.post(reading, data=form | {"words": "mijn <tekst>", "dropped": "zomaar"})
        assert wrong.status_code == 400 and "mijn &lt;tekst&gt;" in wrong.text
        assert client.post(reading, data=form | {"csrf_token": "x"}).status_code == 400
        assert client.post(reading, data=form | {"comment": "00" * 16}).status_code == 400
        later = client.post(reading, data=form | {"later": "yes", "dropped": "nothing"})
        assert later.status_code == 302
        kept = [
            one.review for one in reviewing.entries(place.store, opened, place.scan) if one.review.dropped
        ]
        assert [(one.dropped, one.done) for one in kept] == [("nothing", False)]
        assert client.get(f"/adviser/{place.slug}/comments/{place.scan}/question/nothing").status_code == 404


def test_nobody_else_and_no_locked_vault_gets_a_page(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place, client, _ = prepared(app)
        base = f"/adviser/{place.slug}/comments/{place.scan}/"
        pages = (f"/adviser/{place.slug}/comments/", base, f"{base}question/change", f"{base}release")
        for role in (Role.COORDINATOR, Role.MANAGER, Role.WORKS_COUNCIL, Role.ADMINISTRATOR):
            who = factories.an_account(place.store, place.organisation, role)
            reader = factories.signed_in(app, who.account)
            assert {reader.get(page).status_code for page in pages} == {403}, role
            assert reader.post(f"{base}words", data={}).status_code in (400, 403)
        stranger = app.test_client()
        for page in pages:
            answer = stranger.get(page)
            assert answer.status_code in (302, 401, 403) and WORRY not in answer.text
        other = factories.an_organisation(place.store, "Andere Club")
        elsewhere, _ = factories.an_open_adviser(app, other, name="Bo")
        assert elsewhere.get(base).status_code in (403, 404)
        assert elsewhere.get(base.replace(place.slug, "club")).status_code == 404
        client.post(f"/adviser/{place.slug}/lock", data={"csrf_token": "x"})
        locked = factories.signed_in(
            app, factories.an_adviser(place.store, place.organisation, name="Bob").account
        )
        assert {locked.get(page).status_code for page in pages} == {302}


def test_a_scan_that_is_open_shows_no_comments(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        client, _ = factories.an_open_adviser(app, place.organisation)
        assert "Nothing to read yet" in client.get(f"/adviser/{place.slug}/comments/").text
        assert client.get(f"/adviser/{place.slug}/comments/{place.scan}/").status_code == 404
