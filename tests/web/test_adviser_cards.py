"""Signal cards through pages: added while the vault is locked; read back, searched, changed and removed once it is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.access import Role
from app.core.signals.card import Card
from app.crypto.vault import Pair
from app.services import rotating, signalling
from app.services.keeping import OpenVault
from app.storage.database import Store
from app.storage.office import vaults
from tests.factories import (
    NOW,
    a_scan,
    a_vault,
    an_actor,
    an_adviser,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
    unlock,
)

SLUG = "zorggroep-de-linde"
CARDS = f"/adviser/{SLUG}/cards/"
NEW = f"{CARDS}new"
FILLED = {
    "quarter": "",
    "categories": ["bullying"],
    "themes": ["exclusion"],
    "unit": "",
    "contact": "first-contact",
    "reporter": "employee",
    "source": "colleague",
    "route": "listening",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def add(client: FlaskClient, **fields: object) -> TestResponse:
    page = client.get(NEW).text
    quarter = re.search(r'<option (?:selected )?value="(20\d\d-Q\d)"', page)
    fresh = re.search(r'name="fresh"[^>]*value="([^"]*)"', page)
    assert quarter and fresh
    return send_form(client, NEW, **{**FILLED, "quarter": quarter[1], "fresh": fresh[1], **fields})


def kept(site: Flask, vault: OpenVault) -> list[Card]:
    store: Store = site.extensions["store"]
    by = an_actor(vault.organisation, Role.ADVISER)
    return [entry.card for entry in signalling.cards(store, opened=vault, by=by)]


def nickname(answer: TestResponse) -> str:
    found = re.search(r'class="big nickname">([^<]+)<', answer.text)
    assert answer.status_code == 200 and found, answer.text
    return found[1]


def test_a_card_is_added_while_the_vault_is_locked_and_read_back_only_when_it_is_open(site: Flask) -> None:
    store: Store = site.extensions["store"]
    by = an_adviser(store, 1)
    vault = a_vault(store, 1, by.account or 0)
    client = signed_in(site, by.account)
    name = nickname(add(client, note="iets over de overdracht"))
    assert "unlock" in client.get(CARDS).headers["Location"]
    assert kept(site, vault)[0].note == "iets over de overdracht"
    unlock(client, SLUG)
    page = client.get(CARDS).text
    assert name in page and "iets over de overdracht" in page and "bullying" in page


def test_a_next_card_about_the_same_reporter_counts_one_reporter(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    name = nickname(add(client))
    again = send_form(
        client, NEW, again="yes", nickname=name, unit="", reporter="trainee", categories=["bullying"]
    )
    assert again.status_code == 200 and f'value="{name}"' in again.text
    assert re.search(r'<option selected value="trainee"', again.text)
    assert nickname(add(client, nickname=name.upper())) == name
    assert [card.continues for card in kept(site, vault)] == [False, True]
    assert "They come from 1 reporter." in client.get(CARDS).text


def test_a_mistyped_nickname_is_refused_with_what_was_meant(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    name = nickname(add(client))
    answer = add(client, nickname=name[:-1])
    assert answer.status_code == 400 and f"Did you mean {name}?" in answer.text
    assert len(kept(site, vault)) == 1


def test_a_note_that_points_to_a_person_is_shown_before_anything_is_kept(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    answer = add(client, note="bel 06-12345678 terug")
    assert answer.status_code == 200 and "<mark>06-12345678</mark>" in answer.text
    assert "Save anyway with Zorggroep De Linde" in answer.text and not kept(site, vault)
    warned = re.search(r'name="warned"[^>]*value="([^"]+)"', answer.text)
    assert warned
    other = add(client, note="bel 06-87654321 terug", warned=warned[1], anyway="yes")
    assert "<mark>06-87654321</mark>" in other.text and not kept(site, vault)
    nickname(add(client, note="bel 06-12345678 terug", warned=warned[1], anyway="yes"))
    assert len(kept(site, vault)) == 1


def test_only_broad_units_of_the_newest_opened_scan_can_be_chosen(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    assert client.get(NEW).text.count("<option") and "Thuiszorg" not in client.get(NEW).text
    a_scan(site.extensions["store"], organisation=1, spread=2)
    page = client.get(NEW).text
    assert 'value="thuis"' in page and 'value="thuis-noord"' not in page
    assert add(client, unit="thuis-noord").status_code == 400
    nickname(add(client, unit="thuis"))
    assert kept(site, vault)[0].unit == "thuis"
    assert "Thuiszorg" in client.get(CARDS).text


def test_cards_are_searched_changed_and_removed_without_a_word_in_an_address(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    add(client, note="de overdracht", categories=["workload"])
    add(client, note="iets anders")
    found = send_form(client, CARDS, words="OVERDRACHT")
    assert "1 card fits" in found.text and "iets anders" not in found.text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', found.text)
    assert key
    assert client.get(f"{CARDS}change").status_code == 405
    shown = send_form(client, f"{CARDS}change", CARDS, key=key[1], start="yes")
    assert "de overdracht" in shown.text
    done = send_form(
        client, f"{CARDS}change", CARDS, **{**FILLED, "quarter": "2026-Q1"}, key=key[1], note="beter"
    )
    assert done.status_code == 302 and done.headers["Location"] == CARDS
    assert sorted(card.note for card in kept(site, vault)) == ["beter", "iets anders"]
    late = send_form(client, f"{CARDS}remove", CARDS, key=key[1], sure="y")
    assert late.status_code == 302 and len(kept(site, vault)) == 2
    key = re.search(r'name="key" value="([0-9a-f]{32})"', client.get(CARDS).text)
    assert key
    assert send_form(client, f"{CARDS}remove", CARDS, key=key[1]).status_code == 400
    assert send_form(client, f"{CARDS}remove", CARDS, key=key[1], sure="y").status_code == 302
    assert len(kept(site, vault)) == 1


def test_a_card_that_was_linked_to_the_wrong_reporter_is_put_right(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    first, second = nickname(add(client)), nickname(add(client, note="van wie"))

    def change(to: str) -> TestResponse:
        page = client.get(CARDS).text
        before = page.index("van wie")
        key = re.search(r'name="key" value="([0-9a-f]+)"', page[before:])
        quarter = kept(site, vault)[0].quarter
        assert key
        sent = {**FILLED, "quarter": str(quarter), "note": "van wie", "key": key[1], "nickname": to}
        return send_form(client, f"{CARDS}change", page=NEW, **sent)

    def now_called() -> tuple[str, bool]:
        (card,) = (one for one in kept(site, vault) if one.note)
        return card.nickname, card.continues

    assert change(second.upper()).status_code == 302 and now_called() == (second, False)
    assert "Did you mean" in change(first[:-1]).text and now_called() == (second, False)
    assert nickname(change(first)) == first and now_called() == (first, True)
    assert "They come from 1 reporter." in client.get(CARDS).text
    fresh = nickname(change(""))
    assert fresh not in (first, second) and now_called() == (fresh, False)


def test_nicknames_that_were_given_twice_are_told_apart(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    by = replace(an_actor(1, Role.ADVISER), account=vault.account)
    name = nickname(add(client))
    twice = kept(site, vault)[0]
    signalling.add(site.extensions["store"], card=twice, by=by)
    page = client.get(f"{CARDS}nicknames").text
    assert name in page
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key
    answer = send_form(client, f"{CARDS}nicknames", nickname=name, act="apart", key=key[1])
    assert nickname(answer) != name
    assert len({card.nickname for card in kept(site, vault)}) == 2
    assert "Every nickname is clear" in client.get(f"{CARDS}nicknames").text


def test_nobody_else_adds_or_reads(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    add(client)
    other = an_organisation(site.extensions["store"], "Stichting De Wilg")
    stranger, _ = an_open_adviser(site, other, name="Piet")
    for path in (NEW, CARDS, f"{CARDS}nicknames"):
        assert stranger.get(path).status_code == 404


def test_a_browser_that_knows_the_vault_adds_nothing_under_another_key(site: Flask) -> None:
    store: Store = site.extensions["store"]
    client, _vault = an_open_adviser(site, 1)
    client.get(CARDS)
    send_form(client, f"/adviser/{SLUG}/lock", f"/adviser/{SLUG}/")
    assert client.get(NEW).status_code == 200
    with store.office() as session:
        row = vaults.vault(session, 1)
        assert row is not None
        real, row.public = row.public, Pair.of(bytes(range(32))).public
    assert "unlock" in client.get(NEW).headers["Location"]
    assert "another key" in client.get(f"/adviser/{SLUG}/unlock").text
    with store.office() as session:
        row = vaults.vault(session, 1)
        assert row is not None
        row.public = real
    assert client.get(NEW).status_code == 200


def test_a_browser_follows_a_key_that_was_renewed_once_it_opened_it(site: Flask) -> None:
    store: Store = site.extensions["store"]
    client, vault = an_open_adviser(site, 1)
    client.get(CARDS)
    by = replace(an_actor(1, Role.ADVISER), account=vault.account)
    send_form(client, f"/adviser/{SLUG}/lock", f"/adviser/{SLUG}/")
    rotating.rotate(store, vault, by=by, now=NOW)
    assert "unlock" in client.get(NEW).headers["Location"]
    unlock(client, SLUG)
    client.get(CARDS)
    send_form(client, f"/adviser/{SLUG}/lock", f"/adviser/{SLUG}/")
    assert client.get(NEW).status_code == 200


def test_an_adviser_outside_the_vault_is_led_to_it_instead_of_filling_it(site: Flask) -> None:
    store: Store = site.extensions["store"]
    a_vault(store, 1, an_adviser(store, 1).account or 0)
    client = signed_in(site, an_adviser(store, 1, name="Marijke").account)
    assert client.get(NEW).headers["Location"].endswith("/vault")
