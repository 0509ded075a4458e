"""Every page of staff in Chromium, phone-sized and signed in: axe finds nothing, nothing stands beyond the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.core.access import Role
from app.services import picturing, planning, preparing, releasing, sealing
from app.services.preparing import Asked
from app.services.responding import Received
from app.storage.office import accounts, second_factors
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.factories import a_second_factor
from tests.services.journeys import NOW, SURVEYS, UNITS, Place, an_open_scan, an_organisation
from tests.storage.stores import an_app
from tests.web import second_step

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("staff")]

EMAIL, PASSWORD = "admin@linde.example", "een lange zin als wachtwoord"
TEAMS = "code,parent,name,headcount\norg,,De Linde,80\n" + "".join(
    f"t{n},org,Team {n},20\n" for n in range(4)
)
FILES = re.compile(r"\.(pdf|svg|json|md|txt|csv|png)$|/sign-out")


def a_released_scan(app: Flask, owner: tuple[int, str], seed: int) -> Place:
    """Three answers in the first team, twenty in each other."""
    made = an_open_scan(app, units=TEAMS, groupings=("unit", "tenure"), owner=owner)
    for stratum, codes in made.codes().items():
        for number, code in enumerate(codes[: 20 if stratum else 3]):
            assert isinstance(made.fill_in(code, made.answers(seed + 50 * stratum + number)), Received)
    sealing.seal(made.store, scan=made.scan, by=made.command_line, now=NOW)
    releasing.release(made.store, scan=made.scan, by=made.command_line, now=NOW)
    return made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str, str]]:
    """Two released scans, pictures of the second, an open one and a draft, in one organisation; and where it is served."""
    folder = tmp_path_factory.mktemp("staff")
    with an_app("sqlite", folder) as app:
        owner = an_organisation(app)
        earlier, released = (a_released_scan(app, owner, seed) for seed in (0, 500))
        by, files = released.command_line, folder / "files"
        picturing.make(released.store, scan=released.scan, files=files)
        for against in (earlier.scan, "rest", "trend"):
            preparing.make(
                released.store, scan=released.scan, asked=Asked(against), files=files, by=by, now=NOW
            )
        an_open_scan(app, owner=owner, instrument="pulse")
        draft = (SURVEYS / "feedback.toml").read_text("utf-8")
        planning.create_scan(
            released.store, name="Draft", kind="feedback", instrument=draft, units=UNITS, by=by, now=NOW
        )
        with released.store.office() as session:
            account = accounts.by_email(session, EMAIL)
            assert account is not None
            # No account may hold all roles at once; here one does, so that one walk sees every page.
            accounts.set_roles(session, account.id, released.organisation, frozenset(Role))
        secret = a_second_factor(app, account.id)
        with served(app) as address:
            yield released, address, secret


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def sign_in(page: Page, made: Place, address: str, secret: str) -> None:
    """By keyboard alone, both steps; each code works once, so it is forgotten that one was used."""
    with made.store.office() as session:
        account = accounts.by_email(session, EMAIL)
        assert account is not None
        app = second_factors.code_app(session, account.id)
        assert app is not None
        app.last_step = 0
    page.goto(f"{address}/account/sign-in")
    page.get_by_label(re.compile("E-mail")).focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/account/second"))
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type(second_step.code(secret))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/(manage|adviser)/"))


def kind_of(path: str) -> str:
    """One page stands for all that differ only in which team, subject or scan they show."""
    path = re.sub(r"/(unit|scale|step)/[^/]+", r"/\1/*", path)
    path = re.sub(r"/(change/[^/]+|rest)/(?!unit/)([a-z]+)/[^/]+", r"/\1/\2/*", path)
    path = re.sub(r"/group/([^/]+)/[^/]+", r"/group/\1/*", path)
    return re.sub(r"/colleagues/\d+", "/colleagues/*", path)


def links(page: Page, address: str) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    paths = [urlsplit(link).path for link in found if link.startswith(address)]
    return [
        path for path in paths if re.match(r"/(manage|account|results)/", path) and not FILES.search(path)
    ]


def test_every_page_of_staff_is_clean_and_fits_a_phone(
    place: tuple[Place, str, str], browser: Browser
) -> None:
    made, address, secret = place
    seen: dict[str, str] = {}
    trouble: dict[str, list[str]] = {}
    with a_phone(browser) as page:
        sign_in(page, made, address, secret)
        waiting = links(page, address)
        while waiting:
            path = waiting.pop(0)
            if kind_of(path) in seen:
                continue
            seen[kind_of(path)] = path
            answer = page.goto(address + path)
            assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
            if found := faults(page):
                trouble[path] = found
            if not fits(page):
                trouble.setdefault(path, []).append("stands beyond the screen")
            waiting.extend(links(page, address))
    assert trouble == {}
    kinds = " ".join(seen)
    for expected in (
        "/settings",
        "/colleagues",
        "/slips",
        "/groups",
        "/units",
        "/unit/*",
        "/scale/*",
        "/withheld",
        "/how",
        "/work-on",
        "/change/",
        "/rest/",
        "/trend/",
        "/confirm",
    ):
        assert expected in kinds, f"the walk never came to {expected}: {sorted(seen)}"


def test_a_small_team_is_nowhere_in_what_a_reader_can_open(
    place: tuple[Place, str, str], browser: Browser
) -> None:
    released, address, secret = place
    with a_phone(browser) as page:
        sign_in(page, released, address, secret)
        page.goto(f"{address}/results/{released.slug}/{released.scan}/unit/t0")
        said = page.inner_text("main")
        assert "Team 0" in said
        assert not re.search(r"\b\d+ (antwoorden|van de)", said.replace("8 antwoorden", "")), said
        assert page.locator("main img").count() == 0
        assert page.locator("main table").count() == 0
