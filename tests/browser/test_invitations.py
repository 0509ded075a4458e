"""Inviting by mail on a phone: nothing is too wide, axe finds nothing, and the letter stays legible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.access import Role
from app.jobs import posting
from app.services import addressing, inviting_by_mail, mailing_invitations
from app.services.addressing import Given
from app.services.inviting_by_mail import Site
from app.web.ui.asking import now
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.browser.test_personal import start, to_the_end
from tests.factories import an_account, an_app, signed_in
from tests.mailed import UNITS, a_link_scan
from tests.services.journeys import NOW
from tests.services.linked import a_linked_scan
from tests.services.test_mailing import Kept
from tests.web.test_invitations import Silent

pytestmark = pytest.mark.xdist_group("browser-invitations")
BAD = "address;stratum\nvera.van.den.berg-de-vries@lindezorg.example;noord\nno address;noord\nsam@x.example;west\n"
# A mail is no page: it has no landmarks.
NOT_OF_MAIL = ("region", "landmark-one-main", "page-has-heading-one")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def looked_at(page: Page) -> None:
    assert fits(page), page.title()
    assert faults(page) == []


def test_from_addresses_to_a_reminder_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    with an_app(tmp_path, WEERKLANK_ADDRESS="http://localhost:8000") as app:
        app.extensions["queue"] = Silent()
        store = app.extensions["store"]
        scan = a_link_scan(store, now=now())
        cookie = signed_in(app, an_account(store, scan.organisation, Role.ADVISER).account).get_cookie(
            "staff"
        )
        assert cookie is not None
        with served(app) as address, a_phone(browser, locale="en-GB") as page:
            page.context.add_cookies([{"name": "staff", "value": cookie.value, "url": address}])
            page.goto(f"{address}/manage/zorggroep-de-linde/{scan.id}/invitations")
            looked_at(page)
            page.click("text=Load addresses")
            page.fill("textarea", BAD)
            page.click("text=Load the addresses")
            assert (
                "Line 3:" in page.inner_text(".error-summary")
                and page.input_value("textarea") == BAD.strip() + "\n"
            )
            looked_at(page)
            page.click("text=Store the 1 good row only")
            page.click("main >> text=Look at the letter >> nth=-1")
            looked_at(page)
            page.click("text=As a mail program shows it >> nth=0")
            assert fits(page)
            assert [one for one in faults(page) if not one.startswith(NOT_OF_MAIL)] == []
            page.go_back()
            page.click("text=Back to the invitations")
            page.check("#sure")
            page.click("text=Send 1 invitation")
            assert page.inner_text("#stage") == "going out."
            looked_at(page)
            posting.send(store, app.extensions["settings"])
            page.wait_for_selector("text=sent to fewer than 8 people", timeout=10_000)
            looked_at(page)
            page.click("text=Have a new link sent")
            looked_at(page)


def test_the_link_in_a_letter_leads_to_the_receipt(browser: Browser, tmp_path: Path) -> None:
    with an_app(tmp_path, WEERKLANK_ADDRESS="http://localhost:8000") as app:
        place, kept = a_linked_scan(app, units=UNITS.format(all=40, each=20)), Kept()
        site = Site.of(app.extensions["settings"])
        here = {"scan": place.scan, "by": place.command_line, "now": NOW}
        addressing.load(place.store, given=Given("vera@prive.example", all_of=1), **here)  # type: ignore[arg-type]
        inviting_by_mail.start(place.store, site=site, **here)  # type: ignore[arg-type]
        mailing_invitations.send_due(place.store, mailer=kept, site=site, clock=lambda: NOW)
        (letter,) = kept.letters
        found = re.search(r"http://localhost:8000(/u/\S+)", letter.text)
        assert found is not None
        with served(app) as address, a_phone(browser) as page:
            page.goto(address + found[1])
            assert page.inner_text("#words") in letter.text
            start(page)
            to_the_end(page)
            page.tap("#send")
            expect(page.locator("#done")).to_be_visible()  # its words are on the page from the start
            page.goto(address + found[1])
            page.reload()
            page.tap("#next")
            expect(page.locator("#said")).to_contain_text("al gebruikt")
