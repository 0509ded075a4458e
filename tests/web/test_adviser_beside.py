"""Signals beside a scan through pages: the demo's readings are read as planted, pictures come from an open vault only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import demo
from app.core.access import Role
from app.core.instrument import parse
from app.core.release import Release
from app.core.signals.beside import lay
from app.core.signals.card import Quarter
from app.core.signals.readings import Reading
from app.core.signals.rising import Verdict, rising
from app.demo import invented, organisation, signals
from app.demo import scans as demo_scans
from app.services import laying, releasing, signalling
from app.settings import load
from app.storage.office import accounts
from app.storage.office.scans import Scan
from tests.factories import (
    NOW,
    an_actor,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
    unlock,
)

pytestmark = pytest.mark.xdist_group("adviser-beside")

ADDRESS = "/adviser/linde/beside"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """De Linde with both its scans released, and the adviser's vault filled, as the demo makes them."""
    folder = tmp_path_factory.mktemp("linde")
    now = datetime.now(UTC).replace(tzinfo=None)
    with an_app(folder) as app:
        store = app.extensions["store"]
        scene = organisation.found(store, load({"WEERKLANK_INSTANCE": str(folder)}), now)
        instrument = parse((demo_scans.SURVEYS / f"{demo_scans.INSTRUMENT}.toml").read_text("utf-8"))
        for wave, answers in zip(
            (demo_scans.BASELINE, demo_scans.FOLLOW_UP),
            invented.two_waves(instrument, demo_scans.sizes()),
            strict=True,
        ):
            demo_scans.released_scan(scene, wave, answers, now, lambda said: None)
        people = {"adviser": demo.PEOPLE[1][0], "council": demo.PEOPLE[2][0]}
        opened = signals.found(store, organisation=scene.organisation, founded=now, **people)
        signals.keep(store, opened, signals.cards(Quarter.at(Quarter.of(now.date()).index - 1)))
        yield app


def an_adviser(site: Flask) -> FlaskClient:
    with site.extensions["store"].reading() as session:
        found = accounts.by_email(session, demo.PEOPLE[1][0])
    assert found is not None
    client = signed_in(site, found.id)
    unlock(client, "linde", signals.PASSPHRASE)
    client.get(f"{ADDRESS}?language=en")
    return client


def the_scan(site: Flask) -> Scan:
    newest, _ = laying.released(site.extensions["store"], by=an_actor(1, Role.ADVISER), now=NOW)
    assert newest.name == demo.FOLLOW_UP.name
    return newest


def test_each_planted_reading_is_read_as_planted(site: Flask) -> None:
    scan = the_scan(site)
    release = Release(releasing.document(site.extensions["store"], scan=scan.id))
    today = datetime.now(UTC).date()
    cards = tuple(signals.cards(Quarter.at(Quarter.of(today).index - 1)))
    period = laying.usual_period(scan, release, cards, today)
    laid = lay(release, cards, first=period.first, last=period.last)
    read = {theme: one.reading for theme in signals.PLANTED.values() if (one := laid.of(theme))}
    assert read == {theme: reading for reading, theme in signals.PLANTED.items()}
    assert set(read.values()) == set(Reading)
    risen = rising(cards, last=period.last)
    assert [one.theme for one in risen.rising] == ["exclusion"]
    assert all(one.verdict is not Verdict.RISING for one in risen.themes if one.theme != "exclusion")


def test_the_page_opens_with_what_matters_and_shows_both_sides(site: Flask) -> None:
    page = an_adviser(site).get(ADDRESS).text
    assert "hardly anybody comes to you about: fear to report." in page
    assert "Scan and signals both point to: no follow-up." in page
    assert "something the scan is calm about: exclusion." in page
    assert re.search(r"10 reporters</td><td[^>]*>2\.6 \(1\.25 to 4\.78\)", page)
    assert "lies under the threshold of 60" in page and "lie above theirs of 1" in page
    assert "Make reporting safer" not in page and "First make reporting safer" not in page
    assert "Verpleeghuis Lindenhof (70 people)" in page
    assert not re.search(r'(?:href|src|srcset|action)="[^"]*(?:exclusion|fear-to-report|hof)', page)


def test_another_period_is_chosen_with_a_form_and_too_long_is_refused(site: Flask) -> None:
    client = an_adviser(site)
    now = Quarter.of(datetime.now(UTC).date())
    first, last = str(Quarter.at(now.index - 2)), str(Quarter.at(now.index - 1))
    page = send_form(client, ADDRESS, scan=the_scan(site).id, first=first, last=last).text
    assert "calm about: exclusion." in page and "both point to" not in page and "hardly anybody" not in page
    page = send_form(client, ADDRESS, scan=the_scan(site).id, first=last, last=first).text
    assert "Choose one to 12 quarters" in page


def test_pictures_are_drawn_for_an_open_vault_only(site: Flask) -> None:
    client = an_adviser(site)
    addresses = re.findall(r'src="([^"]*/pictures/(?:quadrant|ranks)/[^"]*)"', client.get(ADDRESS).text)
    assert len(addresses) == 2
    for address in addresses:
        answer = client.get(address)
        assert answer.mimetype == "image/svg+xml" and answer.headers["Cache-Control"] == "no-store"
    client.delete_cookie("unlocked", path="/adviser")
    assert {client.get(address).status_code for address in addresses} == {302}


def test_without_a_released_scan_the_page_says_what_will_come(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        client, _ = an_open_adviser(app, 1)
        assert "No scan has been released yet" in client.get("/adviser/zorggroep-de-linde/beside").text
        assert signalling.places(app.extensions["store"], by=an_actor(1, Role.ADVISER)).tree is None
