"""What an adviser wrote while the sign-in or the vault ended: it comes back to be sent once more, and is kept nowhere before."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.access import Role
from app.services import signalling
from app.storage.database import Store
from app.storage.office.accounts import SignIn
from app.storage.office.vaults import Unlocked
from app.web.ui import unsent
from tests.factories import (
    PASSPHRASE,
    an_actor,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
    unlock,
)
from tests.web.test_adviser_cards import FILLED

SLUG = "zorggroep-de-linde"
NEW = f"/adviser/{SLUG}/cards/new"
CHOICES = f"/adviser/{SLUG}/choices"
WORDS = 'Een zin met "tekens" & een\r\ntweede regel'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def hidden(answer: TestResponse) -> dict[str, list[str]]:
    """What the browser sends from the page that holds it."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text.split("<main")[1], re.DOTALL
    ):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def end(site: Flask, row: type[SignIn] | type[Unlocked]) -> None:
    """Half an hour passes."""
    store: Store = site.extensions["store"]
    with store.office() as session:
        for one in session.query(row):
            one.seen_at -= timedelta(minutes=31)


def held(client: FlaskClient, address: str, answer: TestResponse, first: str) -> dict[str, list[str]]:
    assert answer.status_code in (400, 403) and answer.headers["Cache-Control"] == "no-store", answer.text
    assert first in answer.text
    return hidden(answer)


def test_a_name_typed_before_the_vault_locked_is_kept_after_unlocking(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    sent = {"kind": "theme", "act": "add", "nl": "Roddelen bij de koffie", "en": "Gossip & coffee"}
    page = client.get(CHOICES).text
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert proof
    end(site, Unlocked)
    answer = client.post(CHOICES, data={**sent, "csrf_token": proof[1]})
    again = held(client, CHOICES, answer, f"/adviser/{SLUG}/unlock")
    assert {name: value for name, (value,) in again.items() if name != "csrf_token"} == sent
    unlock(client, SLUG)
    assert client.post(CHOICES, data=again).status_code == 302
    assert "Gossip &amp; coffee" in client.get(CHOICES).text


def test_a_card_written_before_the_sign_in_ended_is_kept_after_signing_in_elsewhere(site: Flask) -> None:
    store: Store = site.extensions["store"]
    client, vault = an_open_adviser(site, 1)
    page = client.get(NEW).text
    quarter = re.search(r'<option (?:selected )?value="(20\d\d-Q\d)"', page)
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert quarter and proof
    end(site, SignIn)
    sent = {**FILLED, "quarter": quarter[1], "note": WORDS, "csrf_token": proof[1]}
    again = held(client, NEW, client.post(NEW, data=sent), "/account/sign-in")
    assert again["note"] == [WORDS] and again["categories"] == ["bullying"]
    # Signed in again in another tab: the same browser, with a session of its own.
    with signed_in(site, vault.account).session_transaction() as other:
        token = other["token"]
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["token"] = token
    again = held(client, NEW, client.post(NEW, data=again), "signed in again")
    by = an_actor(1, Role.ADVISER)
    assert signalling.cards(store, opened=vault, by=by) == ()
    assert client.post(NEW, data=again).status_code == 200
    (card,) = signalling.cards(store, opened=vault, by=by)
    assert card.card.note == WORDS.replace("\r\n", "\n")


def test_a_passphrase_never_comes_back(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    for address in ("unlock", "key/passphrase", "register/export"):
        client.get(f"/adviser/{SLUG}/{address}")
        end(site, SignIn)
        answer = client.post(f"/adviser/{SLUG}/{address}", data={"passphrase": PASSPHRASE, "old": PASSPHRASE})
        assert PASSPHRASE not in answer.text and answer.status_code in (302, 400)


def test_a_button_that_only_opens_a_page_leads_to_what_comes_first(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    end(site, Unlocked)
    answer = send_form(client, f"/adviser/{SLUG}/cards/change", page=NEW, start="yes", key="00")
    assert answer.status_code == 302 and "/unlock" in answer.location


def test_who_has_no_role_there_learns_nothing(site: Flask) -> None:
    store: Store = site.extensions["store"]
    an_organisation(store, "Thuiszorg De Beuk")
    client, _ = an_open_adviser(site, 2)
    answer = client.post(NEW, data={"note": "iets", "csrf_token": "x"})
    assert answer.status_code == 400 and "Linde" not in answer.text
    nowhere = client.post("/adviser/nergens/cards/new", data={"note": "iets", "csrf_token": "x"})
    assert nowhere.status_code == 400 and "Linde" not in nowhere.text


def test_advice_written_before_the_sign_in_ended_comes_back_too(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    give = f"/advice/{SLUG}/give"
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(give).text)
    assert proof
    end(site, SignIn)
    answer = client.post(give, data={"what": WORDS, "csrf_token": proof[1]})
    assert held(client, give, answer, "/account/sign-in")["what"] == [WORDS]
    assert "/unlock" not in answer.text


def test_all_pages_of_the_list_are_there(site: Flask) -> None:
    assert {
        rule.endpoint for rule in site.url_map.iter_rules() if "POST" in (rule.methods or ())
    } >= unsent.WRITTEN
