"""Filling in on a phone in Chromium: by touch, by keyboard, without JavaScript, nothing for axe to find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from app.core.instrument import Item
from app.services import sealing
from app.services.facing import face
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.services.journeys import NOW, Place, an_open_scan
from tests.storage.stores import an_app

ELSEWHERE = re.compile("^https://")
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def place_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str, Iterator[str]]]:
    """An open scan, its address, and codes that nobody used."""
    folder: Path = tmp_path_factory.mktemp("browser")
    units = "code,parent,name,headcount\norg,,De Linde,120\na,org,Team A,60\nb,org,Team B,60\n"
    with an_app("sqlite", folder) as app, served(app) as address:
        place = an_open_scan(app, units=units)
        yield place, f"{address}/v/{place.slug}", iter(place.codes()[0])


@pytest.fixture
def place(place_at: tuple[Place, str, Iterator[str]]) -> Place:
    return place_at[0]


@pytest.fixture
def address(place_at: tuple[Place, str, Iterator[str]]) -> str:
    return place_at[1]


@pytest.fixture
def code(place_at: tuple[Place, str, Iterator[str]]) -> str:
    return next(place_at[2])


def items(place: Place) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Items with options, and comments."""
    shown = face(place.store, place.scan)
    assert shown is not None
    return shown.instrument.coded, shown.instrument.comments


def to_the_end(page: Page) -> None:
    while page.locator("#next").is_visible():
        page.tap("#next")


def test_the_dutch_baseline_by_touch(browser: Browser, place: Place, address: str, code: str) -> None:
    coded, comments = items(place)
    requests: list[Request] = []
    with a_phone(browser) as page:
        page.on("request", lambda request: requests.append(request))
        page.goto(f"{address}/{code}")
        assert faults(page) == []
        assert fits(page)
        assert len(requests) <= 4
        page.tap("#next")
        while page.locator("#next").is_visible():
            for group in page.locator("fieldset.item:visible").all():
                group.locator("label.choice").nth(1).tap()
            for box in page.locator("textarea:visible").all():
                box.fill("Ik vind het fijn dat we dit mogen zeggen.")
            assert faults(page) == []
            assert fits(page)
            page.tap("#next")
        assert page.locator("input[type=radio]:checked").count() == len(coded) + 1  # and the language
        assert faults(page) == []
        before = len(requests)
        page.tap("#send")
        expect(page.locator("h1")).to_contain_text("Bedankt")
        assert before <= 4, "something left the browser before the last click"
        page.tap("details.receipt summary")
        assert len("".join(page.locator(".groups span").all_inner_texts())) == 64
        assert faults(page) == []
        assert fits(page)
    assert all(request.url.startswith(address.rpartition("/v/")[0]) for request in requests)
    assert len(comments) == 2


def test_the_whole_scan_with_the_keyboard_only(
    browser: Browser, place: Place, address: str, code: str
) -> None:
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        page.locator("#own-phone").focus()
        for _ in range(30):
            if page.evaluate("document.activeElement.id") == "next":
                page.keyboard.press("Enter")
                page.keyboard.press("Tab")
                page.keyboard.press("ArrowDown")
            elif page.evaluate("document.activeElement.id") == "send":
                break
            else:
                page.keyboard.press("Tab")
        chosen = page.evaluate("[...document.querySelectorAll('.item input:checked')].length")
        assert chosen >= 3
        _tab_to(page, "send")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Bedankt")


def _tab_to(page: Page, name: str) -> None:
    """Tab on, and through the screens, until the named button has the focus."""
    for _ in range(200):
        at = page.evaluate("document.activeElement.id")
        if at == name:
            return
        page.keyboard.press("Enter" if at == "next" else "Tab")
    raise AssertionError(f"{name} can't be reached with the keyboard")


def test_everything_works_without_javascript(browser: Browser, place: Place, address: str, code: str) -> None:
    coded, comments = items(place)
    with a_phone(browser, script=False) as page:
        page.goto(address)
        page.fill("#code", f"{code[:8].lower()} {code[8:]}")
        page.tap("button[type=submit]")
        expect(page.locator("h1")).to_be_visible()
        assert page.locator("section.step:visible").count() > 5
        assert not page.locator("#next").is_visible()
        assert not page.locator("#own-phone").is_visible()
        first = page.locator("fieldset.item").first
        first.locator("label.choice").nth(2).tap()
        expect(first.locator(".none")).to_be_visible()
        first.locator(".none").tap()
        assert page.locator(f'input[name="{coded[0].id}"]:checked').get_attribute("value") == ""
        page.locator("fieldset.item").nth(1).locator("label.choice").nth(2).tap()
        page.fill(f'textarea[name="{comments[0].id}"]', "x" * 2100)
        page.tap("label[for=lang-en]")
        expect(page.locator("#last-title")).to_have_text("Send your answers", use_inner_text=True)
        page.tap("#send")
        expect(page.locator("#errors")).to_contain_text("2100 characters", use_inner_text=True)
        assert page.locator(".item input:checked:not([value=''])").count() == 1
        page.fill(f'textarea[name="{comments[0].id}"]', "Short")
        page.tap("#send")
        expect(page.locator("h1")).to_have_text("Thank you. Your answers are received.", use_inner_text=True)
        receipt = page.locator(".groups").text_content()
        page.reload()
        assert page.locator(".groups").text_content() == receipt


def test_a_change_of_language_loses_nothing_and_asks_the_server_nothing(
    browser: Browser, address: str, code: str
) -> None:
    requests: list[Request] = []
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        page.tap("#next")
        page.locator("fieldset.item label.choice").nth(1).tap()
        page.on("request", lambda request: requests.append(request))
        page.tap("label[for=lang-en]")
        expect(page).to_have_title("Questionnaire")
        expect(page.locator("#next")).to_have_text("Next", use_inner_text=True)
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.locator(".item input:checked").count() == 1
        assert faults(page) == []
    assert requests == []


def test_the_back_button_of_the_phone_goes_one_screen_back(browser: Browser, address: str, code: str) -> None:
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        page.tap("#next")
        page.tap("#next")
        expect(page.locator("#at")).to_have_text("2")
        page.go_back()
        expect(page.locator("#at")).to_have_text("1")
        page.go_back()
        expect(page.locator("#start")).to_be_visible()


def test_nothing_is_kept_in_the_browser_unless_asked(browser: Browser, address: str, code: str) -> None:
    kept = "Object.keys(sessionStorage).length + Object.keys(localStorage).length"
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        page.tap("#next")
        page.locator("fieldset.item label.choice").nth(1).tap()
        page.tap("#next")
        assert page.evaluate(kept) == 0
        page.reload()
        expect(page.locator("#start")).to_be_visible()
        page.locator(".own label").tap()
        page.tap("#next")
        page.locator("fieldset.item label.choice").nth(1).tap()
        page.tap("#next")
        page.reload()
        expect(page.locator("#at")).to_have_text("2")
        assert page.locator(".item input:checked").count() == 1
        page.evaluate("""() => {
            const [name] = Object.keys(sessionStorage);
            const old = JSON.parse(sessionStorage[name]);
            sessionStorage[name] = JSON.stringify({ ...old, since: old.since - 2 * 3600e3 - 1 });
        }""")
        page.reload()
        assert page.locator(".item input:checked").count() == 0
        assert page.evaluate(kept) == 0
        page.locator(".own label").tap()
        page.tap("#next")
        page.locator("fieldset.item label.choice").nth(1).tap()
        to_the_end(page)
        page.tap("#send")
        expect(page.locator("h1")).to_contain_text("Bedankt")
        assert page.evaluate(kept) == 0
        assert page.context.cookies() == []


def test_leaving_quickly_forgets_and_leaves_no_way_back(browser: Browser, address: str, code: str) -> None:
    with a_phone(browser) as page:
        page.route(ELSEWHERE, lambda route: route.fulfill(body="weather", content_type="text/html"))
        page.goto(f"{address}/{code}")
        page.locator(".own label").tap()
        page.tap("#next")
        page.locator("fieldset.item label.choice").nth(1).tap()
        assert page.evaluate("sessionStorage.length") == 1
        page.tap("#quick-exit")
        page.wait_for_url(ELSEWHERE)
        assert page.evaluate("document.referrer") == ""
        page.goto(f"{address}/{code}")
        assert page.evaluate("sessionStorage.length") == 0
        assert page.locator(".item input:checked").count() == 0


def test_a_lost_connection_keeps_the_answers(browser: Browser, address: str, code: str) -> None:
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        to_the_end(page)
        page.context.set_offline(True)
        page.tap("#send")
        expect(page.locator("#offline")).to_be_visible()
        page.context.set_offline(False)
        page.tap("#send")
        expect(page.locator("h1")).to_contain_text("Bedankt")


def test_a_mistake_leads_to_its_question(browser: Browser, place: Place, address: str, code: str) -> None:
    comment = items(place)[1][0].id
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        while not page.locator("textarea:visible").count():
            page.tap("#next")
        page.fill(f'textarea[name="{comment}"]', "x" * 2100)
        to_the_end(page)
        page.tap("#send")
        expect(page.locator("#errors")).to_be_focused()
        assert faults(page) == []
        page.locator("#errors a").tap()
        expect(page.locator(f'textarea[name="{comment}"]')).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("Kort")
        to_the_end(page)
        page.tap("#send")
        expect(page.locator("h1")).to_contain_text("Bedankt")


@pytest.mark.parametrize("path", ["", "/NOSUCHCODE", "/stored", "/how", "/r/{scan}", "/no/such/page"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_other_pages(
    browser: Browser, place: Place, address: str, path: str, scheme: str
) -> None:
    with a_phone(browser) as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(address + path.format(scan=place.scan))
        page.tap(".help summary")
        assert faults(page) == []
        assert fits(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert fits(page)


def test_everything_that_can_be_tapped_is_large_enough(browser: Browser, address: str, code: str) -> None:
    with a_phone(browser) as page:
        page.goto(f"{address}/{code}")
        page.tap("#next")
        sizes = page.evaluate("""[...document.querySelectorAll('a, button, summary, label:not(.sr)')]
            .filter((e) => e.checkVisibility({ visibilityProperty: true }))
            .filter((e) => !e.matches('.skip, .progressbox *'))
            .map((e) => [e.innerText, e.getBoundingClientRect().height])""")
        assert len(sizes) > 10
        assert [text for text, height in sizes if height < 44] == []


def test_a_receipt_is_found_after_sealing(browser: Browser, tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app, served(app) as root, a_phone(browser) as page:
        place = an_open_scan(app)
        receipts = []
        for code in place.codes()[0][:8]:
            answer = place.fill_in(code, place.answers(1))
            receipts.append(getattr(answer, "receipt", ""))
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        page.goto(f"{root}/v/{place.slug}/r/{place.scan}")
        page.fill("#receipt", receipts[3])
        page.tap("button[type=submit]")
        expect(page.locator(".notice")).to_contain_text("Je antwoorden tellen mee")
        page.tap("details:not(.help) summary")
        assert page.locator(".receipts li").all_inner_texts() == sorted(receipts)
        assert faults(page) == []
        assert fits(page)
