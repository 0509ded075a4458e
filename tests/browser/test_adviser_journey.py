"""An adviser's day in Chromium, in Dutch, on a phone and on a desk, by keyboard: from passkey to a report that management reads;
axe finds nothing on any page of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app import demo
from app.demo import signals
from app.storage.database import Store
from app.storage.office import accounts, second_factors
from tests.browser.browsing import chromium, faults, fits, served
from tests.factories import an_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("adviser-journey")]

FROM_THE_TOP = """() => {
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); scrollTo(0, 0);
}"""
HERE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const name = (at.labels && at.labels.length ? at.labels[0] : at).innerText || at.name || "", drawn = getComputedStyle(at);
  const seen = box.bottom > 0 && box.top < innerHeight && (drawn.outlineStyle !== "none" || drawn.boxShadow !== "none");
  return (at === document.body || seen) && (name.trim() || "nameless");
}"""
"""Where the focus is, once the page has moved there and shows it."""
ADVISER, MANAGER = demo.PEOPLE[1][0], demo.PEOPLE[3][0]
SIZES = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1200, "height": 900}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    """The demo's organisation, served at localhost: passkeys know no IP addresses."""
    with an_app(tmp_path_factory.mktemp("journey")) as app:
        demo.make(app.extensions["store"], app.extensions["settings"], lambda said: None)
        with served(app) as address:
            yield address.replace("127.0.0.1", "localhost"), app.extensions["store"]


@dataclass
class Somebody:
    """Somebody at a keyboard. Every page they come to is looked at by axe and must fit its screen."""

    page: Page
    address: str

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        assert fits(self.page), self.page.url
        assert faults(self.page) == [], self.page.url

    def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, name: str | re.Pattern[str], key: str = "Enter", role: Any = "button") -> None:
        self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.press(name, role="link")
        self.look()

    def tab_to(self, name: str, most: int = 120) -> None:
        """From the top of the page with nothing but Tab; where it comes, something shows where it is."""
        self.page.evaluate(FROM_THE_TOP)
        for _ in range(most):
            self.page.keyboard.press("Tab")
            at = self.page.wait_for_function(HERE, timeout=3_000).json_value()
            if at.startswith(name):
                return
        raise AssertionError(f"“{name}” can't be reached by Tab on {self.page.url}")

    def title(self) -> str:
        return self.page.locator("h1").inner_text()


@contextmanager
def somebody(browser: Browser, address: str, size: str) -> Iterator[Somebody]:
    context = browser.new_context(viewport=SIZES[size], locale="nl-NL")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Somebody(page, address)
    context.close()
    assert errors == []


def authenticator(page: Page) -> None:
    """A device with a finger on it."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def password(who: Somebody, email: str) -> None:
    who.go("/account/sign-in")
    who.type("E-mailadres", email)
    who.type("Wachtwoord", demo.PASSWORD)
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    who.look()


def into_the_vault(samira: Somebody) -> None:
    """First sign-in with a passkey that is made on the way, out, and in again with it; a card goes in while it is locked."""
    password(samira, ADVISER)
    samira.follow("Een passkey instellen")
    samira.type("Naam van deze passkey", "telefoon")
    samira.press("Maak de passkey")
    samira.look()
    samira.follow("Ik heb ze bewaard, ga verder")
    samira.press("Uitloggen")
    password(samira, ADVISER)
    samira.press("Gebruik je passkey")
    expect(samira.page.locator("h1")).to_have_text("Signalen van Zorggroep De Linde")
    samira.follow("Kaart toevoegen")
    samira.page.get_by_role("checkbox", name="pesten").first.focus()
    samira.page.keyboard.press("Space")
    samira.press("Bewaar bij Zorggroep De Linde")
    samira.look()
    assert samira.title() == "Bewaard bij Zorggroep De Linde"
    samira.follow("Naast de scan")
    samira.type("Wachtzin van je kluizen", signals.PASSPHRASE)
    with samira.page.expect_navigation():
        samira.page.keyboard.press("Enter")
    samira.look()


def a_report(samira: Somebody, quarters_back: int, sentence: str) -> str:
    """A quarterly report is drafted, a sentence of it edited, and released after a look at what leaves. Gives its title."""
    samira.follow("Rapporten")
    offered = samira.page.locator("main select").first
    titles = [one for one in offered.locator("option").all_inner_texts() if "het kwartaal" in one]
    offered.focus()
    offered.select_option(label=titles[quarters_back])
    samira.press("Concept maken")
    samira.look()
    samira.type("Bevinding 1", sentence)
    samira.tab_to("Bewaren in de kluis van Zorggroep De Linde en bekijken")
    with samira.page.expect_navigation():
        samira.page.keyboard.press("Enter")
    samira.look()
    assert sentence in samira.page.content()
    sure = samira.page.locator("main input[type=checkbox]")
    if sure.count():
        sure.first.focus()
        samira.page.keyboard.press("Space")
    samira.tab_to("Vrijgeven voor Zorggroep De Linde")
    with samira.page.expect_navigation():
        samira.page.keyboard.press("Enter")
    samira.look()
    return titles[quarters_back]


def another_draft(samira: Somebody, what: str, language: str) -> None:
    """A culture picture, whose risks can be put in another order, or a released report in English; thrown away again."""
    samira.go("/adviser/linde/reports/")
    offered = samira.page.locator("main select").first
    label = next(one for one in offered.locator("option").all_inner_texts() if one.startswith(what))
    offered.select_option(label=label)
    samira.page.get_by_role("radio", name=language).check()
    samira.press("Concept maken")
    samira.look()
    if language == "English":
        expect(samira.page.locator("main")).to_contain_text("in de andere taal")
    else:
        expect(samira.page.get_by_label("Eerste risico")).to_be_visible()
    samira.press("Bewaren in de kluis van Zorggroep De Linde en bekijken")
    samira.look()
    samira.page.go_back()
    samira.press("Dit concept weggooien")


@pytest.mark.parametrize("size", SIZES)
def test_an_advisers_day(browser: Browser, place: tuple[str, Store], size: str) -> None:
    address, store = place
    # The device of the other size is not this one.
    with store.office() as session:
        known = accounts.by_email(session, ADVISER)
        assert known is not None
        second_factors.forget(session, known.id)
    sentence = "Mensen horen vaak niet wat er met hun verhaal gebeurt."
    with somebody(browser, address, size) as samira:
        authenticator(samira.page)
        into_the_vault(samira)
        assert samira.title() == "Signalen naast de scan"
        samira.follow("Opmerkingen")
        samira.follow("Cultuurscan, vervolg")
        samira.follow(re.compile("Wat moet er als eerste veranderen"))
        samira.press("Gelezen: bewaar dit in de kluis van Zorggroep De Linde")
        samira.look()
        title = a_report(samira, list(SIZES).index(size), sentence)
        another_draft(samira, *(("Cultuurbeeld", "Nederlands") if size == "phone" else (title, "English")))
    with somebody(browser, address, size) as marjan:
        password(marjan, MANAGER)
        marjan.follow("Signaalrapporten")
        marjan.follow(re.compile("halfjaar"))
        marjan.tab_to("Dit rapport als pdf")
        marjan.follow("Signaalrapporten")
        marjan.follow(re.compile(re.escape(title)))
        assert sentence in marjan.page.content()
        marjan.follow("Advies")
        marjan.follow("Roddelen")
        marjan.follow("We antwoorden later" if size == "phone" else "Dat doen we niet, want …")
        if size == "phone":
            later = marjan.page.locator("main input[type=date]")
            later.focus()
            later.fill((date.today() + timedelta(days=20)).isoformat())
        else:
            marjan.page.locator("main textarea").focus()
            marjan.page.keyboard.type("Het valt onder een ander plan.")
        marjan.press("Geef dit antwoord")
        marjan.look()
        assert marjan.page.url.rstrip("/").split("/")[-2] == "linde"
