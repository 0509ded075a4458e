"""Respondents' pages over HTTP on a real application: from a code to a receipt, and what can go wrong."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services import sealing
from app.storage.office import organisations
from app.storage.office.organisations import HelpLine, OrganisationSettings
from app.web.ui import assets
from tests.services.journeys import NOW, Place, an_open_scan, an_organisation
from tests.storage.stores import an_app

FIRST_VISIT = 30 * 1024
HIDDEN = re.compile(r'name="(_\w+)" value="([^"]*)"')


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def place(app: Flask) -> Place:
    return an_open_scan(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def a_code(place: Place) -> str:
    return place.codes()[0][0]


def opened(client: FlaskClient, place: Place, code: str) -> dict[str, str]:
    """The hidden fields of a freshly opened form."""
    answer = client.get(f"/v/{place.slug}/{code}")
    assert answer.status_code == 200
    return dict(HIDDEN.findall(answer.text.rpartition("</section>")[2]))


def sent(client: FlaskClient, place: Place, fields: dict[str, str]) -> TestResponse:
    return client.post(f"/v/{place.slug}", data=fields)


def receipt(answer: TestResponse) -> str:
    return "".join(re.findall(r"<span>([0-9a-f]{4})</span>", answer.text))


def test_a_form_is_sent_once_and_its_receipt_stays_the_same(client: FlaskClient, place: Place) -> None:
    code = a_code(place)
    fields = opened(client, place, code) | place.answers(1) | {_comments(place)[0]: "De koffie"}
    first, again = sent(client, place, fields), sent(client, place, fields)
    assert first.status_code == again.status_code == 200
    assert "Je antwoorden zijn ontvangen" in first.text
    assert re.fullmatch("[0-9a-f]{64}", receipt(first))
    assert receipt(first) == receipt(again)


def test_the_form_names_every_question_in_both_languages(client: FlaskClient, place: Place) -> None:
    from app.services.facing import face

    shown = face(place.store, place.scan)
    assert shown is not None
    text = client.get(f"/v/{place.slug}/{a_code(place)}").text
    for item in shown.instrument.items:
        assert f'name="{item.id}"' in text
        assert all(words.split("'")[0] in text for words in item.text.values())
    assert text.count('value=""') >= len(shown.instrument.coded)


def test_two_forms_differ_in_their_keys_only(client: FlaskClient, place: Place) -> None:
    one, two = place.codes()[0][:2]
    pages = [client.get(f"/v/{place.slug}/{code}").text for code in (one, two)]
    keys = re.compile(r'(name="_(?:code|nonce|proof)" value=")[^"]*')
    assert pages[0] != pages[1]
    assert keys.sub(r"\1", pages[0]) == keys.sub(r"\1", pages[1])


def test_packed_and_plain_pages_are_the_same(client: FlaskClient, place: Place) -> None:
    code = a_code(place)
    address = f"/v/{place.slug}/{code}"
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    hide = re.compile(r'(name="_(?:nonce|proof)" value=")[^"]*')
    assert hide.sub("", gzip.decompress(packed.data).decode()) == hide.sub("", plain.text)


def test_a_first_visit_is_small(client: FlaskClient, place: Place) -> None:
    page = client.get(f"/v/{place.slug}/{a_code(place)}", headers={"Accept-Encoding": "gzip"})
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(page.data).decode())
    bodies = [client.get(file, headers={"Accept-Encoding": "gzip"}).data for file in files]
    assert 1 + len(files) <= 4
    assert len(page.data) + sum(map(len, bodies)) <= FIRST_VISIT


@pytest.mark.parametrize(
    "way", ["form", "code page", "received", "unknown", "stored", "how", "receipts", "nowhere"]
)
def test_no_page_is_cached_sets_a_cookie_or_tells_where_somebody_came_from(
    client: FlaskClient, place: Place, way: str
) -> None:
    code = a_code(place)
    pages = {
        "form": f"/v/{place.slug}/{code}",
        "code page": f"/v/{place.slug}",
        "unknown": f"/v/{place.slug}/NOSUCHCODE",
        "stored": f"/v/{place.slug}/stored",
        "how": f"/v/{place.slug}/how",
        "receipts": f"/v/{place.slug}/r/{place.scan}",
        "nowhere": "/v/nobody/here/at/all",
    }
    client.set_cookie("staff", "marker")
    answer = sent(client, place, opened(client, place, code)) if way == "received" else client.get(pages[way])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "<title>Vragenlijst</title>" in answer.text
    assert 'id="quick-exit"' in answer.text
    assert 'class="help"' in answer.text


def test_unknown_used_and_foreign_codes_get_one_and_the_same_page(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    other = an_open_scan(app, owner=an_organisation(app, "School De Eik"))
    used, foreign = a_code(place), a_code(other)
    sent(client, place, opened(client, place, used))
    answers = [client.get(f"/v/{place.slug}/{code}") for code in (used, foreign, "0" * 16)]
    pages = {re.sub(r'value="[0-9A-Z]{16}"', "", answer.text) for answer in answers}
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len(pages) == 1
    assert "Een code werkt één keer" in pages.pop()


def test_a_code_may_be_typed_as_people_type(client: FlaskClient, place: Place) -> None:
    code = a_code(place)
    typed = f" {code[:4].lower()} {code[4:8]}-{code[8:]} ".replace("0", "o").replace("1", "l")
    answer = client.post(f"/v/{place.slug}", data={"_code": typed})
    assert answer.status_code == 200
    assert f'name="_code" value="{code}"' in answer.text


def test_the_only_organisation_is_found_from_the_first_page(client: FlaskClient, place: Place) -> None:
    assert client.get("/").location == f"/v/{place.slug}"
    assert 'name="_code"' in client.get("/", follow_redirects=True).text


def test_among_several_organisations_the_code_finds_its_own(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    other = an_open_scan(app, owner=an_organisation(app, "School De Eik"))
    answer = client.post("/", data={"_code": a_code(other)})
    assert f'action="/v/{other.slug}"' in answer.text
    assert client.post("/", data={"_code": "no"}).status_code == 404


def test_the_second_form_of_a_used_code_says_that_the_first_answers_stand(
    client: FlaskClient, place: Place
) -> None:
    code = a_code(place)
    first, second = opened(client, place, code), opened(client, place, code)
    sent(client, place, first)
    answer = sent(client, place, second)
    assert answer.status_code == 409
    assert "De eerste antwoorden die met deze code zijn verstuurd, blijven staan" in answer.text


def test_a_forged_form_with_a_used_code_learns_nothing(client: FlaskClient, place: Place) -> None:
    code = a_code(place)
    first = opened(client, place, code)
    sent(client, place, first)
    forged = first | {"_nonce": "A" * 43, "_proof": "made up"}
    assert sent(client, place, forged).text == sent(client, place, forged | {"_code": code}).text
    assert "Met deze code opent geen vragenlijst" in sent(client, place, forged).text


def test_a_voided_code_keeps_what_was_typed_until_a_good_one_is_found(
    client: FlaskClient, place: Place
) -> None:
    item, comment = next(iter(place.answers(3))), _comments(place)[0]
    fields = opened(client, place, a_code(place)) | place.answers(3) | {comment: "Blijf <hier> & nu"}
    good = a_code(place)  # a second print run voids the first
    trouble = sent(client, place, fields)
    assert trouble.status_code == 404
    assert "Blijf &lt;hier&gt; &amp; nu" in trouble.text
    assert f'name="{item}" value="{fields[item]}" checked' in trouble.text
    kept = dict(HIDDEN.findall(trouble.text.rpartition("</section>")[2]))
    mistyped = sent(client, place, fields | kept | {"_code": "still wrong"})
    assert mistyped.status_code == 404
    assert "Blijf &lt;hier&gt; &amp; nu" in mistyped.text
    assert 'value="still wrong"' in mistyped.text
    done = sent(client, place, fields | kept | {"_code": good})
    assert done.status_code == 200
    assert len(receipt(done)) == 64


def test_a_comment_that_is_too_long_comes_back_with_what_to_do(client: FlaskClient, place: Place) -> None:
    comment = _comments(place)[0]
    fields = opened(client, place, a_code(place)) | place.answers(4) | {comment: "x" * 2100}
    answer = sent(client, place, fields)
    assert answer.status_code == 422
    assert f'href="#q-{comment}"' in answer.text
    assert "Je tekst heeft 2100 tekens" in answer.text
    assert answer.text.count(" checked>") >= len(place.answers(4))
    assert sent(client, place, fields | {comment: "kort"}).status_code == 200


def test_an_answer_that_is_no_option_is_named(client: FlaskClient, place: Place) -> None:
    item = next(iter(place.answers(1)))
    answer = sent(client, place, opened(client, place, a_code(place)) | {item: "77"})
    assert answer.status_code == 422
    assert f'id="fault-{item}"' in answer.text


def test_the_language_chosen_on_the_form_stays_chosen(client: FlaskClient, place: Place) -> None:
    answer = sent(client, place, opened(client, place, a_code(place)) | {"_language": "en"})
    assert re.search(r'id="lang-en"[^>]* checked', answer.text)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    ("asked", "given"), [("en-GB,en;q=0.9", "en"), ("nl", "nl"), ("pl", "nl"), ("", "nl")]
)
def test_the_browser_chooses_the_first_language(
    client: FlaskClient, place: Place, asked: str, given: str
) -> None:
    text = client.get(f"/v/{place.slug}", headers={"Accept-Language": asked}).text
    assert f'<html lang="{given}">' in text


def test_a_closed_scan_says_so_and_gives_its_receipts(client: FlaskClient, place: Place) -> None:
    codes = place.codes()[0]
    late = opened(client, place, codes[-1])
    receipts = {receipt(sent(client, place, opened(client, place, code))) for code in codes[:9]}
    address = f"/v/{place.slug}/r/{place.scan}"
    assert "Er is nog geen lijst" in client.get(address).text
    sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
    assert set(client.get(f"{address}.txt").text.split()) == receipts
    one = receipts.pop()
    spaced = " ".join(one[place : place + 4] for place in range(0, 64, 4)).upper()
    assert "Je antwoorden tellen mee" in client.post(address, data={"receipt": spaced}).text
    assert "staat niet in de lijst" in client.post(address, data={"receipt": "0" * 64}).text
    assert "64 tekens" in client.post(address, data={"receipt": "nonsense"}).text
    answer = sent(client, place, late)
    assert answer.status_code == 410
    assert "Deze vragenlijst is gesloten" in answer.text


def test_the_first_screen_says_what_is_true_of_this_scan(app: Flask, client: FlaskClient) -> None:
    place = an_open_scan(app, way="open-link")
    with place.store.office() as session:
        row = organisations.get(session, place.organisation)
        assert row is not None
        row.settings = OrganisationSettings(
            operator="Hosting <BV>", help_lines=(HelpLine("Fatma", "06-12345678", own=True),)
        )
    from app.services import inviting

    code = inviting.make_open_link(place.store, scan=place.scan, by=place.command_line, now=NOW)
    text = client.get(f"/v/{place.slug}/{code}").text
    assert "niet bevestigd door de ondernemingsraad" in text
    assert "Iedereen met het adres kan meedoen" in text
    assert "code uit een doos" not in text
    assert "PostgreSQL" not in text
    assert "Dit is geen melding" in text
    assert "Hosting &lt;BV&gt;" in text
    assert 'href="tel:0612345678"' in text


def test_what_is_stored_names_every_table_and_column(client: FlaskClient, place: Place) -> None:
    from app.core import stored

    text = client.get(f"/v/{place.slug}/stored").text
    for kept in stored.KEPT:
        assert f"{kept.database}.{kept.table}" in text
        assert all(f'<dt class="code">{column}</dt>' in text for column in kept.columns)


def test_how_results_are_protected_is_told_in_both_languages(client: FlaskClient, place: Place) -> None:
    text = client.get(f"/v/{place.slug}/how").text
    for said in ("60 (57.5 to 62.5)", "60 (57,5 tot 62,5)", "47 − 20 − 24 = 3"):
        assert said in text
    assert client.get("/v/nowhere/how").status_code == 404


def test_too_large_a_form_stores_nothing_and_says_what_to_do(client: FlaskClient, place: Place) -> None:
    fields = opened(client, place, a_code(place)) | {"good": "x" * 600_000}
    answer = sent(client, place, fields)
    assert answer.status_code == 413
    assert "maak je teksten korter" in answer.text


def test_files_are_packed_kept_for_a_year_and_named_after_their_content(client: FlaskClient) -> None:
    for name in ("weerklank.css", "respond.css", "respond.js"):
        address = assets.asset(name)
        packed, plain = client.get(address, headers={"Accept-Encoding": "gzip"}), client.get(address)
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in packed.headers
    assert client.get("/static/../settings.py").status_code == 404
    assert client.get("/static/no.css").status_code == 404


def test_a_page_that_does_not_exist_says_what_to_do(client: FlaskClient, place: Place) -> None:
    assert "typ je code" in client.get("/v/nobody").text
    elsewhere = client.get("/nothing-here")
    assert elsewhere.status_code == 404
    assert "Controleer het adres" in elsewhere.text


def _comments(place: Place) -> list[str]:
    from app.services.facing import face

    shown = face(place.store, place.scan)
    assert shown is not None
    return [item.id for item in shown.instrument.comments]
