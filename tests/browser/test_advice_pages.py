"""Advice in Chromium: given, answered and read by keyboard on a phone; axe finds nothing and nothing stands beyond the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.access import Role
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.services.planned import Office, an_office
from tests.web.managing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("advice-pages")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    with an_office(tmp_path) as office, served(office.app) as address:
        yield office, address


@contextmanager
def somebody(browser: Browser, place: tuple[Office, str], *roles: Role) -> Iterator[Page]:
    office, address = place
    client = sign_in(office, *roles, language="nl").client
    office.app.config["WTF_CSRF_ENABLED"] = True
    cookie = client.get_cookie("staff")
    assert cookie is not None
    with a_phone(browser, script=False) as page:
        page.context.add_cookies([{"name": "staff", "value": cookie.value, "url": address}])
        yield page


def clean(page: Page) -> None:
    """Nothing stands beyond the screen."""
    assert fits(page), page.url


def test_an_adviser_and_a_manager_work_with_the_keyboard_and_without_scripts(
    browser: Browser, place: tuple[Office, str]
) -> None:
    _, address = place
    with somebody(browser, place, Role.ADVISER) as page:
        page.goto(f"{address}/advice/linde/give")
        page.get_by_label("Thema", exact=True).focus()
        page.keyboard.type("rod")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("Maak afspraken over aanspreken")
        page.keyboard.press("Tab")
        page.keyboard.type("Het keert terug")
        page.get_by_role("button", name=re.compile("Geef dit advies aan")).focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Roddelen")
        clean(page)
    with somebody(browser, place, Role.MANAGER) as page:
        page.goto(f"{address}/advice/linde/")
        page.get_by_role("link", name="Roddelen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name=re.compile("want")).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Geef dit antwoord").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Schrijf op waarom.")
        clean(page)
        page.locator("textarea").fill("Er is geen geld voor")
        page.get_by_role("button", name="Geef dit antwoord").focus()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("De leiding doet dit niet.")


def test_axe_finds_nothing_on_the_pages_of_advice(browser: Browser, place: tuple[Office, str]) -> None:
    office, address = place
    adviser = sign_in(office, Role.ADVISER, language="nl").client
    give = {
        "theme": "gossip",
        "what": "Praat",
        "why_now": "Nu",
        "to_role": "manager",
        "audience": "council",
        "asked": "no",
    }
    assert adviser.post("/advice/linde/give", data=give).status_code == 302
    assert adviser.post("/advice/linde/consultation/begin").status_code == 302
    cookie = adviser.get_cookie("staff")
    assert cookie is not None
    office.app.config["WTF_CSRF_ENABLED"] = True
    with a_phone(browser) as page:
        page.context.add_cookies([{"name": "staff", "value": cookie.value, "url": address}])
        for path in (
            "",
            "?state=open",
            "1/",
            "give",
            "1/repeat",
            "overview",
            "consultation/",
            "consultation/1/",
            "agreement/draft",
        ):
            page.goto(f"{address}/advice/linde/{path}")
            assert faults(page) == [], path
            clean(page)
        page.set_viewport_size({"width": 320, "height": 640})
        for path in ("", "1/", "give", "overview", "consultation/1/", "agreement/draft"):
            page.goto(f"{address}/advice/linde/{path}")
            clean(page)
