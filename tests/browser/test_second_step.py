"""The second step of signing in, in Chromium: a passkey is made and used at localhost, and what happens without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from app.core.access import Role
from app.storage.office import accounts
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.factories import PASSWORD, an_app, an_organisation
from tests.web.second_step import code

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-step")]

EMAIL = "admin@linde.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where a house with one adviser is served, under a host name: passkeys don't work at an IP address."""
    with an_app(tmp_path) as app:
        store = app.extensions["store"]
        organisation = an_organisation(store)
        with store.office() as session:
            account = accounts.by_email(session, EMAIL)
            assert account is not None
            accounts.set_roles(session, account.id, organisation, frozenset({Role.ADVISER}))
        with served(app) as found:
            yield found.replace("127.0.0.1", "localhost")


def an_authenticator(page: Page) -> tuple[CDPSession, str]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools, made["authenticatorId"]


def give_password(page: Page, address: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/account/second"))


def clean(page: Page) -> None:
    assert faults(page) == []
    assert fits(page), f"{page.url} stands beyond the screen"


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Uitloggen").click()
    expect(page).to_have_url(re.compile(r"/account/sign-in"))


def make_passkey(page: Page, address: str) -> None:
    give_password(page, address)
    clean(page)
    page.get_by_role("link", name="Een passkey instellen").click()
    clean(page)
    page.get_by_label("Naam van deze passkey").fill("telefoon")
    page.get_by_role("button", name="Maak de passkey").click()
    expect(page.get_by_role("heading", name="Je reservecodes")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="Ik heb ze bewaard, ga verder").click()
    expect(page).to_have_url(re.compile(r"/adviser/"))


def test_a_passkey_is_made_and_used(address: str, browser: Browser) -> None:
    with a_phone(browser) as page:
        an_authenticator(page)
        make_passkey(page, address)
        page.goto(f"{address}/account/second/own")
        clean(page)
        page.get_by_role("link", name="Naam veranderen of verwijderen").click()
        clean(page)
        assert page.get_by_role("button", name="Verwijder deze passkey").count() == 0, "an adviser's only one"
        sign_out(page)
        give_password(page, address)
        clean(page)
        page.goto(f"{address}/account/own")
        expect(page).to_have_url(re.compile(r"/account/second\?"))
        # By keyboard alone.
        page.get_by_role("button", name="Gebruik je passkey").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/account/own$"))


def test_without_the_passkey_the_page_says_what_to_do_and_nothing_opens(
    address: str, browser: Browser
) -> None:
    with a_phone(browser) as page:
        devtools, key = an_authenticator(page)
        make_passkey(page, address)
        sign_out(page)
        devtools.send("WebAuthn.clearCredentials", {"authenticatorId": key})
        give_password(page, address)
        page.get_by_role("button", name="Gebruik je passkey").click()
        expect(page.get_by_role("alert")).to_contain_text(re.compile("Probeer het opnieuw"))
        clean(page)
        page.goto(f"{address}/account/own")
        expect(page).to_have_url(re.compile(r"/account/second\?"))


def test_without_javascript_an_app_does(address: str, browser: Browser) -> None:
    with a_phone(browser, script=False) as page:
        give_password(page, address)
        page.get_by_role("link", name="Een passkey instellen").click()
        expect(page.get_by_text("Passkeys werken niet in deze browser")).to_be_visible()
        expect(page.get_by_role("button", name="Maak de passkey")).to_be_hidden()
        page.get_by_role("link", name="Een app met codes instellen").click()
        secret = page.locator("main .code").inner_text().replace(" ", "")
        page.get_by_label("Code", exact=True).fill("123")
        page.get_by_role("button", name="Stel deze app in").click()
        expect(page.get_by_role("alert")).to_contain_text("Deze code is fout")
        assert page.locator("main .code").inner_text().replace(" ", "") == secret, "typed once is enough"
        page.get_by_label("Code", exact=True).fill(code(secret))
        page.get_by_role("button", name="Stel deze app in").click()
        page.get_by_role("link", name="Ik heb ze bewaard, ga verder").click()
        expect(page).to_have_url(re.compile(r"/adviser/"))


def test_at_an_ip_address_the_page_leads_to_localhost(address: str, browser: Browser) -> None:
    with a_phone(browser) as page:
        give_password(page, address.replace("localhost", "127.0.0.1"))
        clean(page)
        assert page.get_by_role("link", name="Een passkey instellen").count() == 0
        page.get_by_role("link", name=re.compile("localhost")).click()
        expect(page).to_have_url(re.compile(rf"^{re.escape(address)}/account/sign-in"))
        page.goto(f"{address.replace('localhost', '127.0.0.1')}/account/second/app")
        clean(page)
