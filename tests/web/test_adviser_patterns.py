"""Patterns through pages: what came in, by what, and how many of one theme; nothing of it in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask

from app.core.signals.card import Card, Quarter, encode
from app.services import keeping
from app.storage.database import Store
from app.web.ui.asking import now
from tests.factories import a_scan, an_app, an_open_adviser, an_organisation, send_form

SLUG = "zorggroep-de-linde"
PATTERNS = f"/adviser/{SLUG}/patterns"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def a_card(back: int, theme: str, nickname: str, **more: object) -> Card:
    """So many quarters ago."""
    values = {
        "categories": ("other",),
        "unit": None,
        "contact": "first-contact",
        "reporter": "employee",
        "source": "unknown",
    }
    quarter = Quarter.at(Quarter.of(now().date()).index - back)
    return Card(quarter, themes=(theme,), route="listening", nickname=nickname, **{**values, **more})  # type: ignore[arg-type]


def keep(site: Flask, cards: Sequence[Card]) -> None:
    store: Store = site.extensions["store"]
    with store.office() as session:
        keeping.keep(session, organisation=1, kind=keeping.CARD, bodies=map(encode, cards))


def steady() -> list[Card]:
    """One reporter of gossip each quarter, one of whom came twice; six of exclusion in the last quarter that is over."""
    cards = [a_card(back, "gossip", f"otter {back}") for back in range(1, 9)]
    cards.append(a_card(2, "gossip", "otter 2", continues=True))
    return cards + [a_card(1, "exclusion", f"egel {number}", unit="thuis") for number in range(6)]


def test_without_cards_the_page_says_what_will_appear(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    assert "No cards yet" in client.get(PATTERNS).text


def test_with_few_cards_nothing_is_said_to_rise(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    keep(site, [a_card(1, "gossip", "otter"), a_card(0, "gossip", "egel")])
    assert "Nothing can be said yet about what rises" in client.get(PATTERNS).text


def test_a_theme_that_rises_is_pointed_out_with_how_sure_that_is(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    a_scan(site.extensions["store"], organisation=1, spread=2)
    keep(site, steady())
    page = client.get(PATTERNS).text
    assert (
        "Exclusion comes up more often than chance would explain: 6 new reporters in the last 2 quarters, 0 in the"
        in page
    )
    assert "Gossip comes up" not in page
    assert "13 reporters in 14 contacts" in page
    assert "1 (2)" in page  # the reporter who came twice in one quarter
    assert "Thuiszorg" in page


def test_how_many_of_such_signals_came_in_is_one_click_and_no_address_says_which(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    a_scan(site.extensions["store"], organisation=1, spread=2)
    keep(site, steady())
    page = client.get(PATTERNS).text
    assert 'name="theme" value="gossip"' in page
    assert not re.search(r'(?:href|src|srcset|action)="[^"]*(?:gossip|exclusion|thuis)', page)
    assert client.get(f"{PATTERNS}/theme?theme=gossip").status_code == 405
    answer = send_form(client, f"{PATTERNS}/theme", PATTERNS, theme="gossip")
    assert (
        "7 reporters in 8 contacts in the last two years. 8 reporters in 9 contacts since the first"
        in answer.text
    )
    assert re.search(
        r"That is \d[\d.]* per 100 employees a year \(between \d[\d.]* and \d[\d.]*\)", answer.text
    )
    assert "No clear change" in answer.text


def test_filters_narrow_all_tables(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    a_scan(site.extensions["store"], organisation=1, spread=2)
    keep(site, steady())
    page = send_form(client, PATTERNS, unit="thuis").text
    assert "6 reporters in 6 contacts" in page and "pictures/themes" not in page


def test_the_picture_needs_the_vault_and_is_kept_nowhere(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    keep(site, steady())
    address = re.search(r'src="([^"]*pictures/themes[^"]*)"', client.get(PATTERNS).text)
    assert address
    answer = client.get(address[1])
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml" and b"<svg" in answer.data
    assert answer.headers["Cache-Control"] == "no-store"
    client.delete_cookie("unlocked", path="/adviser")
    assert client.get(address[1]).status_code == 302


def test_the_address_of_the_picture_does_not_tell_when_somebody_came(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    found = []
    for back in (3, 1, 0):
        keep(site, [a_card(back, "gossip", f"das {back}")])
        page = client.get(PATTERNS).text
        found.append(re.findall(r"[^ \"]*pictures/themes[^ \"]*", page))
    assert found[0] and found[0] == found[1] == found[2]
    heads = client.get(found[0][0]).text
    assert str(Quarter.of(now().date()).year) in heads


def test_no_title_names_a_theme_for_the_history_of_a_browser(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    keep(site, [a_card(1, "gossip", "das")])
    page = send_form(client, f"{PATTERNS}/theme", PATTERNS, theme="gossip").text
    assert "gossip" in page.lower() and "<title>How many signals – " in page


def test_a_button_of_a_theme_belongs_to_its_own_form(site: Flask) -> None:
    """An id that stands on the page twice would leave it without one, and the click would do nothing."""
    client, _ = an_open_adviser(site, 1)
    keep(site, [a_card(1, "gossip", "das")])
    page = client.get(PATTERNS).text
    owner = re.search(r'<button[^>]* form="([^"]+)" name="theme"', page)
    assert owner
    (tag,) = (tag for tag in re.findall(r"<[a-z]+ [^>]*>", page) if f' id="{owner[1]}"' in tag)
    assert tag.startswith("<form ") and 'action="/adviser/zorggroep-de-linde/patterns/theme"' in tag
