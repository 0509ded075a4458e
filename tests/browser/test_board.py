"""The board on a phone, without an account: from a closing page to results and to a theme; axe, keyboard, no cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from app.core.access import Role
from app.core.feedback import Decision, State
from app.services import picturing
from app.storage.office import updates
from app.storage.office.updates import Remark
from app.web.ui.asking import now
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.browser.test_staff import a_released_scan
from tests.factories import an_account, promise
from tests.posted import content, publish
from tests.services.journeys import Place, an_open_scan, an_organisation
from tests.storage.stores import an_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("board")]


@dataclass(frozen=True)
class Site:
    place: Place
    address: str
    board: str
    code: str
    released: str
    update: int


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One scan with its results, one that is open, and updates of every kind."""
    folder = tmp_path_factory.mktemp("board")
    with an_app("sqlite", folder) as app:
        owner = an_organisation(app)
        released = a_released_scan(app, owner, 0)
        promise(released.store, released.scan, now().date())
        picturing.make(released.store, scan=released.scan, files=folder / "files")
        place = an_open_scan(app, owner=owner, instrument="pulse")
        number = _updates(released)
        with place.store.reading() as session:
            board = updates.board(session, place.organisation)
        assert board is not None
        codes = place.codes()
        with served(app) as address:
            yield Site(place, address, f"{address}/b/{board.address}/", codes[0][0], released.scan, number)


def _updates(place: Place) -> int:
    by = an_account(place.store, place.organisation, Role.COORDINATOR)
    first = publish(place.store, by, now() - timedelta(days=20), content())
    publish(
        place.store,
        by,
        now() - timedelta(days=9),
        content(changes="Alle teams, en ook de *nachtdienst*."),
        update=first,
    )
    late = content("Een vaste tijd voor overleg in elk team")
    publish(place.store, by, now(), replace(late, due_on=date(2026, 1, 1), words={"nl": late.words["nl"]}))
    why = "Er zijn er al twee, en mensen weten hen te vinden."
    wont = content("Geen extra vertrouwenspersoon", state=State.DECIDED, decision=Decision.DONT, why=why)
    publish(place.store, by, now(), replace(wont, words={"nl": wont.words["nl"]}))
    done = content("De regels hangen in elk kantoor", state=State.DONE)
    publish(place.store, by, now(), replace(done, words={"nl": done.words["nl"]}))
    heard = content("Mensen horen niets terug", state=State.HEARD, decision=None)
    publish(place.store, by, now(), replace(heard, theme="no-follow-up", words={"nl": heard.words["nl"]}))
    with place.store.office() as session:
        session.add(
            Remark(
                update_id=first, text="Goed begin. Vraag ook **invallers**.", language="nl", on=now().date()
            )
        )
    return first


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_from_the_closing_page_to_the_results_and_to_what_happened_with_a_theme(
    site: Site, browser: Browser
) -> None:
    with a_phone(browser, script=False) as page:
        page.goto(f"{site.address}/v/{site.place.slug}/{site.code}")
        page.locator("button[type=submit]").last.tap()
        page.get_by_role("link", name="Wat er met de antwoorden gebeurt").tap()  # one tap
        expect(page).to_have_url(site.board)
        page.get_by_role("link", name="Lees de resultaten").tap()  # and one to the results
        expect(page.locator("h1")).to_contain_text("Resultaten")
        assert re.search(r"\d op de 10|\d van de 10", page.inner_text("main"))
        page.go_back()
        page.get_by_role("link", name=re.compile("^Bang om te melden")).first.tap()  # or one to the theme
        expect(page.get_by_role("link", name="Elk team spreekt af hoe je iets meldt")).to_be_visible()
        assert page.context.cookies() == []


def test_every_page_of_the_board_is_clean_fits_a_phone_and_works_by_keyboard(
    site: Site, browser: Browser
) -> None:
    paths = (
        "",
        "updates/",
        "updates/?q=team",
        "withdrawn/",
        "subscribe",
        "theme/fear-to-report/",
        f"{site.update}/",
        f"results/{site.released}/",
    )
    trouble: dict[str, list[str]] = {}
    with a_phone(browser) as page:
        for path in paths:
            answer = page.goto(site.board + path)
            assert answer is not None and answer.status == 200, path
            if found := faults(page):
                trouble[path] = found
            if not fits(page):
                trouble.setdefault(path, []).append("stands beyond the screen")
        page.goto(site.board)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Elk team spreekt af hoe je iets meldt")
        for _ in range(40):
            page.keyboard.press("Tab")
            if link.evaluate("one => one === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"/{site.update}/"))
    assert trouble == {}


def test_it_works_without_scripts_and_in_english(site: Site, browser: Browser) -> None:
    with a_phone(browser, script=False) as page:
        page.goto(site.board)
        page.get_by_role("link", name="English").tap()
        expect(page.locator("h1")).to_contain_text("What changes at")
        page.get_by_role("link", name="Each team agrees how to report").tap()
        expect(page.get_by_role("heading", name="Remark of the confidential adviser")).to_be_visible()
