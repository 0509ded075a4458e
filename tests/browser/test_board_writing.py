"""The board written in Chromium, by keyboard alone: from a released theme to everybody in a few acts, and no attack that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.core.access import Role
from app.core.feedback import MOST_TEXT
from app.storage.office import updates
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.services.attacks_markdown import ATTACKS
from tests.services.planned import Office, an_office
from tests.web.boards import open_scan
from tests.web.managing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("board-writing")]

FEW = 10
LONG = 300


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    with an_office(tmp_path) as office, served(office.app) as address:
        open_scan(office, tmp_path)
        yield office, address


@contextmanager
def somebody(
    browser: Browser, place: tuple[Office, str], *roles: Role, script: bool = True
) -> Iterator[Page]:
    office, address = place
    client = sign_in(office, *roles, language="nl").client
    office.app.config["WTF_CSRF_ENABLED"] = True
    cookie = client.get_cookie("staff")
    assert cookie is not None
    with a_phone(browser, script=script) as page:
        page.context.add_cookies([{"name": "staff", "value": cookie.value, "url": address}])
        yield page


class Keyboard:
    """Somebody without a mouse: goes on with Tab until a thing has the focus, and counts what is done there."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def to(self, wanted: Locator, most: int = 200) -> None:
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"Tab never came to {wanted}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        self.to(wanted)
        self.page.keyboard.press(key)
        self.acts += 1

    def choose(self, first: Locator, *, steps: int) -> None:
        """A choice is one place for Tab; the arrows go through it."""
        self.to(first)
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")
        self.acts += 1

    def type(self, wanted: Locator, text: str) -> None:
        self.to(wanted)
        self.page.keyboard.type(text)
        self.acts += 1


def clean(page: Page) -> None:
    assert faults(page) == [], page.url
    assert fits(page), page.url


def begin(page: Page, address: str) -> Keyboard:
    """From the start of the board to the form of a released theme: two acts."""
    page.goto(f"{address}/changes/linde/")
    clean(page)
    keys = Keyboard(page)
    keys.press(page.get_by_role("link", name="Maak een bericht"))
    expect(page.locator("h1")).to_have_text("Waar gaat het over?")
    clean(page)
    keys.press(page.get_by_role("link", name="Bang om te melden"))
    expect(page.get_by_label("Wat we hoorden").first).to_have_value(re.compile("in de 10|op de 10"))
    clean(page)
    return keys


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR])
def test_a_released_theme_is_on_the_board_in_under_ten_acts(
    browser: Browser, place: tuple[Office, str], role: Role
) -> None:
    office, address = place
    with somebody(browser, place, role) as page:
        keys = begin(page, address)
        keys.type(page.locator("#title_nl"), "Er komt een aanspreekpunt op elke plek")
        keys.press(page.get_by_label("We doen dit", exact=True), "Space")
        if role is Role.ADVISER:
            keys.type(page.get_by_label("Wie zorgt ervoor?"), "hr")
        keys.type(page.get_by_label("Wanneer is het klaar?"), "12122030")
        expect(page.locator("#preview")).to_contain_text("Er komt een aanspreekpunt op elke plek")
        keys.press(page.get_by_role("button", name="Plaats op het bord"))
        expect(page.get_by_role("status")).to_contain_text("Het staat op het bord.")
        clean(page)
        assert keys.acts < FEW, keys.acts
    with office.store.reading() as session:
        found = updates.published(session, office.organisation)
    assert [version.content.words["nl"].title for _, version in found] == [
        "Er komt een aanspreekpunt op elke plek"
    ]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR])
def test_a_no_needs_its_reason_a_withheld_number_is_refused_and_history_shows_both(
    browser: Browser, place: tuple[Office, str], role: Role
) -> None:
    _, address = place
    with somebody(browser, place, role, script=False) as page:
        page.goto(f"{address}/changes/linde/new")
        keys = Keyboard(page)
        keys.press(page.get_by_text("Voor één deel van de organisatie"))
        keys.type(page.get_by_label("Deel", exact=True), "Garden")
        keys.press(page.get_by_role("button", name="Verder"))
        expect(page.get_by_role("alert")).to_contain_text("Deze cijfers kun je niet gebruiken")
        expect(page.get_by_role("alert")).to_contain_text("samengevoegd")
        assert fits(page)

        keys = begin_without_script(page, address)
        keys.type(page.locator("#title_nl"), "Er komt geen telefoonlijn")
        keys.choose(page.get_by_label("We doen dit", exact=True), steps=2)
        expect(page.get_by_label("We doen dit niet")).to_be_checked()
        keys.press(page.get_by_role("button", name="Plaats op het bord"))
        expect(page.get_by_role("alert")).to_contain_text("Schrijf op waarom. Mensen willen het weten.")
        expect(page.locator("#title_nl")).to_have_value("Er komt geen telefoonlijn")
        expect(page.get_by_label("We doen dit niet")).to_be_checked()
        Keyboard(page).type(page.locator("#why_nl"), "Die wordt weinig gebruikt.")
        if role is Role.ADVISER:
            Keyboard(page).type(page.get_by_label("Wie zorgt ervoor?"), "hr")
        Keyboard(page).press(page.get_by_role("button", name="Plaats op het bord"))
        expect(page.get_by_role("status")).to_contain_text("Het staat op het bord.")

        Keyboard(page).press(page.get_by_role("link", name="Verander het, of zeg hoe ver het is"))
        page.locator("#why_nl").fill("Die wordt bijna nooit gebruikt.")
        Keyboard(page).press(page.get_by_role("button", name="Plaats op het bord"))
        Keyboard(page).press(page.get_by_role("link", name="Geschiedenis"))
        expect(page.locator("h2").first).to_contain_text("Versie 2")
        expect(page.locator("h2").nth(1)).to_contain_text("Versie 1")
        expect(page.locator("del").first).to_contain_text("weinig")
        expect(page.locator("ins").first).to_contain_text("bijna nooit")
        assert fits(page)


def begin_without_script(page: Page, address: str) -> Keyboard:
    page.goto(f"{address}/changes/linde/new")
    keys = Keyboard(page)
    keys.press(page.get_by_role("link", name="Bang om te melden"))
    return keys


def test_axe_finds_nothing_after_a_refusal_in_the_history_or_in_the_settings(
    browser: Browser, place: tuple[Office, str]
) -> None:
    _, address = place
    with somebody(browser, place, Role.ADVISER, Role.COORDINATOR) as page:
        page.goto(f"{address}/changes/linde/write")
        page.locator("#title_nl").fill("Iets nieuws")
        page.get_by_role("button", name="Plaats op het bord").click()
        clean(page)
        page.locator("#heard_nl").fill("Gehoord dat iets anders moet dan het nu gaat bij ons.")
        page.get_by_label("We doen dit", exact=True).check()
        page.get_by_label("Thema").select_option("gossip")
        page.get_by_label("Wie zorgt ervoor?").select_option("manager")
        page.get_by_label("Wanneer is het klaar?").fill("2030-12-12")
        page.get_by_role("button", name="Plaats op het bord").click()
        expect(page.get_by_role("status")).to_be_visible()
        one = page.url
        page.goto(f"{one}change")
        page.locator("#changes_nl").fill("Meer")
        page.get_by_role("button", name="Bewaar als concept").click()
        for path in (one, f"{one}history", f"{one}change", f"{one}remark", f"{one}withdraw"):
            page.goto(path)
            clean(page)
        for path in ("", "new", "settings"):
            page.goto(f"{address}/changes/linde/{path}")
            clean(page)
        page.set_viewport_size({"width": 320, "height": 640})
        for path in (one, f"{one}history", f"{one}change", f"{address}/changes/linde/settings"):
            page.goto(path)
            assert fits(page), path


def test_a_talk_becomes_a_decision_on_the_board_by_keyboard_and_its_pages_are_clean(
    browser: Browser, place: tuple[Office, str]
) -> None:
    _, address = place
    with somebody(browser, place, Role.COORDINATOR) as page:
        page.goto(f"{address}/changes/linde/talk/")
        clean(page)
        Keyboard(page).press(page.get_by_role("link", name="First scan"))
        expect(page.locator("#unit")).to_be_visible()
        clean(page)
        keys = Keyboard(page)
        keys.type(page.locator("#unit"), "House")
        keys.type(page.locator("#theme"), "Bang")
        keys.press(page.locator("main button[type=submit]"))
        expect(page.locator("h2#agreed")).to_be_visible()
        clean(page)
        Keyboard(page).press(page.get_by_role("link", name="Vastleggen wat jullie afspraken"))
        expect(page.locator("#text0")).to_be_visible()
        clean(page)
        keys = Keyboard(page)
        keys.type(page.locator("#text0"), "We beginnen elk overleg met een rondje.")
        keys.type(page.locator("#owner0"), "de l")
        keys.type(page.locator("#due0"), "12122030")
        keys.press(page.get_by_role("button", name="Vastleggen"))
        expect(page.locator("#agreed + dl")).to_contain_text("We beginnen elk overleg met een rondje.")
        clean(page)
        Keyboard(page).press(page.get_by_role("link", name="Zet het op het bord"))
        expect(page.locator("#title_nl")).to_have_value("We beginnen elk overleg met een rondje.")
        Keyboard(page).press(page.get_by_role("button", name="Plaats op het bord"))
        expect(page.get_by_role("status")).to_contain_text("Het staat op het bord.")
        page.goto(f"{address}/changes/linde/action-plan/")
        expect(page.locator("main")).to_contain_text("We beginnen elk overleg met een rondje.")
        clean(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert fits(page)


def test_no_attack_runs_in_the_preview_or_on_the_board(browser: Browser, place: tuple[Office, str]) -> None:
    """The page fails on anything the console calls an error: a script that the policy stopped would be one."""
    office, address = place
    fields: list[list[str]] = [[], [], []]
    for attack in ATTACKS:
        if len(attack) < LONG and "\x00" not in attack:
            field = next(one for one in fields if len("\n\n".join([*one, attack])) < MOST_TEXT - 20)
            field.append(attack)
    assert sum(map(len, fields)) >= 60
    heard, why, changes = ("\n\n".join(field) or "leeg" for field in fields)
    with somebody(browser, place, Role.COORDINATOR) as page:
        page.goto(f"{address}/changes/linde/write")
        page.locator("#title_nl").fill("<img src=x onerror=window.hit=1>")
        page.locator("#heard_nl").fill(heard)
        page.locator("#why_nl").fill(why)
        page.locator("#changes_nl").fill(f"{changes}\n\nHet einde.")
        expect(page.locator("#preview")).to_contain_text("Het einde.")
        for link in page.locator("#preview a").all():
            link.dispatch_event("mouseover")
        page.get_by_label("We doen dit", exact=True).check()
        page.get_by_label("Thema").select_option("gossip")
        page.get_by_label("Wanneer is het klaar?").fill("2030-12-12")
        page.get_by_role("button", name="Plaats op het bord").click()
        expect(page.get_by_role("status")).to_contain_text("Het staat op het bord.")
        assert page.evaluate("window.hit") is None
        harmless(page)
    with office.store.reading() as session:
        board = updates.board(session, office.organisation)
        ((update, _version),) = updates.published(session, office.organisation)
    assert board is not None
    with office.app.test_request_context():
        from flask import url_for

        public = url_for("board.update", address=board.address, update=update.id)
    with a_phone(browser) as page:
        for path in (public, f"/b/{board.address}/"):
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.hit") is None, path
            assert (
                page.locator(
                    "main :is(script, iframe, object, embed, style, img[onerror], svg[onload])"
                ).count()
                == 0
            )
            assert page.evaluate(HANDLERS) == [], path


HANDLERS = r"""[...document.querySelectorAll("main *")].flatMap(one => [...one.attributes])
    .filter(one => one.name.startsWith("on") || /^\s*(javascript|data|vbscript):/i.test(one.value))
    .map(one => one.name + one.value)"""


def harmless(page: Page) -> None:
    assert page.evaluate(HANDLERS) == []
    assert page.locator("main article :is(script, iframe, object, embed, style, img, svg, form)").count() == 0
