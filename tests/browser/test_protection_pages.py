"""The pages of crossings, rehearsals, editions and the attack on a phone: axe finds nothing, and the keyboard is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.access import Role
from app.services import picturing, releasing
from app.web.ui.asking import now
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.services.planned import Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import CORRECTED, AtOnce, Never, plan_scan, release_scan

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("protection-pages")]

LANGUAGES = ("nl", "en")
OF_DRAFT = ("", "choices", "groups", "confirm", "settings", "rehearsal", "progress/rehearse")
OF_RELEASED = ("", "correct", "progress/attack")
OF_RESULTS = ("", "how", "attack", "editions", "withheld", "unit/house", "group/tenure/2", "group/unit*tenure/house*1",
              "edition/1/", "edition/1/how", "edition/1/attack")  # fmt: skip


class Waiting:
    """A queue whose worker comes when it is called, with the task that was given last."""

    task = 0

    def put(self, act: str, task: int) -> None:
        Waiting.task = task


@dataclass(frozen=True)
class Place:
    """A corrected release that was attacked again and a rehearsed draft, both with crossings, and who looks at them."""

    office: Office
    folder: Path
    address: str
    draft: str
    released: str
    ina: Somebody

    @property
    def paths(self) -> list[str]:
        return [
            *(f"/manage/linde/{self.draft}/{page}" for page in OF_DRAFT),
            *(f"/manage/linde/{self.released}/{page}" for page in OF_RELEASED),
            *(f"/results/linde/{self.released}/{page}" for page in OF_RESULTS),
        ]

    def enter(self, page: Page) -> None:
        cookie = self.ina.client.get_cookie("staff")
        assert cookie is not None
        page.context.add_cookies([{"name": "staff", "value": cookie.value, "url": self.address}])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("protection")
    with an_office(folder) as office:
        office.app.extensions["queue"] = AtOnce(office, folder)
        released, draft = release_scan(office, folder), plan_scan(office)
        releasing.correct(
            office.store, scan=released, instrument=CORRECTED, reason="One question was scored the wrong way round",
            by=office.coordinator, now=now(),
        )  # fmt: skip
        picturing.make(office.store, scan=released, files=office.app.extensions["settings"].files)
        ina = sign_in(office, Role.COORDINATOR)
        ina.post(f"{draft}/rehearsal")
        ina.client.post(f"/results/linde/{released}/attack")
        with served(office.app) as address:
            yield Place(office, folder, address, draft, released, ina)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_about_protection_is_clean_and_fits_a_phone(
    place: Place, browser: Browser, language: str
) -> None:
    trouble: dict[str, list[str]] = {}
    with a_phone(browser) as page:
        place.enter(page)
        for path in place.paths:
            answer = page.goto(f"{place.address}{path}?language={language}")
            assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
            assert page.get_attribute("html", "lang") == language
            found = faults(page) + ([] if fits(page) else ["stands beyond the screen"])
            if found:
                trouble[path] = found
    assert trouble == {}


def test_work_is_started_and_stopped_by_keyboard(place: Place, browser: Browser) -> None:
    place.office.app.extensions["queue"] = Never()
    with a_phone(browser) as page:
        place.enter(page)
        page.goto(f"{place.address}/manage/linde/{place.draft}/rehearsal?language=en")
        page.get_by_role("button", name="Rehearse again").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Waiting for its turn")
        assert faults(page) == []
        stop = page.get_by_role("button", name="Stop")
        stop.focus()
        with page.expect_response(lambda answer: answer.url.endswith("progress/rehearse")):
            pass  # the page asked how far the work is
        expect(stop).to_be_focused()
        stop.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Stopped, as somebody asked")
        assert faults(page) == []
    place.office.app.extensions["queue"] = AtOnce(place.office, place.folder)


def test_the_page_of_long_work_shows_by_itself_what_came_of_it(place: Place, browser: Browser) -> None:
    place.office.app.extensions["queue"] = Waiting()
    with a_phone(browser) as page:
        place.enter(page)
        page.goto(f"{place.address}/manage/linde/{place.draft}/rehearsal?language=en")
        page.get_by_role("button", name="Rehearse again").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Waiting for its turn")
        AtOnce(place.office, place.folder).put("rehearse", Waiting.task)
        expect(page.get_by_role("link", name="See what came out")).to_be_visible()
    place.office.app.extensions["queue"] = AtOnce(place.office, place.folder)


def test_a_crossing_is_ticked_by_keyboard_where_its_price_stands(place: Place, browser: Browser) -> None:
    draft = plan_scan(place.office, ("unit",))
    with a_phone(browser) as page:
        place.enter(page)
        page.goto(f"{place.address}/manage/linde/{draft}/choices?language=en")
        page.get_by_text("Show two of these together").press("Enter")
        expect(page.get_by_text("That has a price")).to_be_visible()
        page.get_by_label("Together: department or team and").press("Space")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_text("also shown by itself")).to_be_visible()


def test_faults_of_a_correction_are_reached_from_the_summary(place: Place, browser: Browser) -> None:
    with a_phone(browser) as page:
        place.enter(page)
        page.goto(f"{place.address}/manage/linde/{place.released}/correct?language=en")
        page.get_by_role("button", name="Make the corrected edition").press("Enter")
        assert faults(page) == []
        page.get_by_role("alert").get_by_role("link", name="Say in a sentence").press("Enter")
        expect(page.get_by_label("What was wrong?")).to_be_focused()
