"""The adviser's first page: what there is to do, without the vault being open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.services import advising
from app.services.advising import New
from app.web import adviser
from app.web.ui.asking import now
from tests.factories import a_vault, an_adviser, an_app, an_open_adviser, an_organisation, signed_in

HOME = "/adviser/zorggroep-de-linde/?language=en"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def test_without_a_vault_the_first_thing_to_do_is_to_make_it(site: Flask) -> None:
    by = an_adviser(site.extensions["store"], 1)
    page = signed_in(site, by.account).get(HOME).text
    assert "Get the vault ready" in page
    assert 'href="/adviser/zorggroep-de-linde/vault"' in page
    assert 'class="button" href="/adviser/zorggroep-de-linde/cards/new"' not in page


def test_with_a_vault_a_card_is_one_tap_away_and_late_advice_is_named(site: Flask) -> None:
    store = site.extensions["store"]
    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    client = signed_in(site, by.account)
    page = client.get(HOME).text
    assert 'class="button" href="/adviser/zorggroep-de-linde/cards/new"' in page
    assert "Write a first signal report" in page and "past its answer date" not in page
    long_ago = now().replace(year=now().year - 1)
    advising.give(store, new=New("exclusion", "Talk about it", "It grows"), by=by, now=long_ago)
    page = client.get(HOME).text
    assert "1 advice is past its answer date." in page and '<span class="tag warn">late</span>' in page


def test_an_empty_list_of_cards_leads_to_the_register(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    page = client.get("/adviser/zorggroep-de-linde/cards/").text
    assert (
        "Do you keep a register in Excel?" in page
        and "/register/" in page.split("<main")[1].split("No cards yet")[1]
    )


def test_every_page_is_linked_from_another_one(site: Flask) -> None:
    """A page that only its address opens is no page for an adviser."""
    folder = Path(adviser.__file__).parent / "templates" / "adviser"
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.html")}
    pages = {
        rule.endpoint.removeprefix("adviser."): rule
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("adviser.")
        and "GET" in (rule.methods or ())
        and rule.arguments == {"slug"}
    }
    for name in pages.keys() - {"council"}:  # the works council's own, in the navigation of all pages
        calls = re.compile(rf"""\b(?:at|tab)\(["']{name}["']|adviser\.{name}["']""")
        assert [stem for stem, text in texts.items() if stem != name and calls.search(text)], name
