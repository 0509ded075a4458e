"""An adviser imports a messy register through pages and exports the cards again, on real databases."""

from __future__ import annotations

import html
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.access import Role
from app.core.signals.card import Card
from app.core.signals.register import read_csv
from app.crypto.sealed_file import open_file
from app.services import keeping, signalling
from app.services.keeping import OpenVault
from app.storage.database import Store
from app.web.ui import asking
from tests import workbooks
from tests.factories import a_scan, an_actor, an_app, an_open_adviser, an_organisation, send_form, signed_in

SLUG = "zorggroep-de-linde"
HOME = f"/adviser/{SLUG}/register/"
COLUMNS, CHECK = f"{HOME}columns", f"{HOME}check"
UNITS = """code,parent,name,headcount
org,,De Linde,120
t,org,Thuiszorg,60
k,org,Kliniek,60
k1,k,Team Oost,5
k2,k,Team West,55
"""
LAST = asking.now().year - 1
OPENED: list[tuple[str, int]] = []
WATCHING = [False]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        organisation = an_organisation(app.extensions["store"])
        a_scan(app.extensions["store"], organisation=organisation, units=UNITS)
        yield app


class Browser:
    """An adviser with the vault open."""

    def __init__(self, site: Flask) -> None:
        self.store: Store = site.extensions["store"]
        self.client: FlaskClient
        self.vault: OpenVault
        self.client, self.vault = an_open_adviser(site, 1)

    def send(self, address: str, page: str = "", **fields: object) -> TestResponse:
        return send_form(self.client, address, page, **fields)

    def upload(self, raw: bytes, name: str = "register.xlsx") -> TestResponse:
        return self.send(HOME, file=(io.BytesIO(raw), name))

    def reads(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status)
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))

    def columns(self) -> dict[str, str]:
        """What the page has chosen for each column, as a browser would send it back."""
        page = self.client.get(COLUMNS).text
        found = re.findall(r'<select id="(column-\d+)".*?</select>', page, re.S)
        blocks = re.findall(r'<select id="column-\d+".*?</select>', page, re.S)
        chosen = [re.search(r'value="(\w*)" selected', block) for block in blocks]
        return {name: one[1] if one else "" for name, one in zip(found, chosen, strict=True)}

    def map(self, **fields: object) -> TestResponse:
        return self.send(COLUMNS, **{**self.columns(), **fields})

    def choose(self, **meanings: str) -> TestResponse:
        """The form of meanings; by the value that is asked about."""
        page = html.unescape(self.client.get(CHECK).text)
        asked = re.findall(
            r'name="field-(\d+)" value="([^"]*)"><input type="hidden" name="value-\d+" value="([^"]*)"', page
        )
        fields = {"count": str(len(asked))}
        for at, field, value in asked:
            fields |= {f"field-{at}": field, f"value-{at}": value, f"choice-{at}": meanings.get(value, "")}
        return self.send(CHECK, **fields)

    def cards(self) -> list[Card]:
        by = an_actor(1, Role.ADVISER)
        return [entry.card for entry in signalling.cards(self.store, opened=self.vault, by=by)]


def test_a_messy_register_goes_from_file_to_cards_and_back(site: Flask) -> None:
    browser = Browser(site)
    spring = f"Q2 {asking.now().year - 1}"
    assert browser.upload(workbooks.a_messy_register(asking.now().date())).location.endswith("/columns")
    page = browser.reads(COLUMNS)
    assert "1000 rows were found" in page and "“Registratie”, below the header in line 4" in page
    assert "Not taken over: E-mail" in page and "zorg.example" not in page
    assert browser.map().location.endswith("/check")
    page = browser.reads(CHECK)
    assert "969 of 1000 rows become a card. 31 need you first; nothing is lost" in page
    assert "“Filiaal Zuid (opgeheven)” Department or location, in 20 rows" in page
    failed = browser.client.get(f"{HOME}failed.csv")
    rows = read_csv(failed.data).sheets[0].rows
    assert len(rows) == 32 and rows[0][-1] == "what is wrong" and all(row[-1] for row in rows[1:])
    assert failed.headers["Cache-Control"] == "no-store" and "zorg.example" not in failed.text
    answer = browser.send(f"{HOME}import", CHECK)
    assert answer.status_code == 302
    page = browser.reads(HOME)
    assert "969 cards were imported" in page and "31 rows are left" in page
    assert "Remove the 969 cards just imported" in page
    assert (
        browser.choose(**{"Filiaal Zuid (opgeheven)": "*", "in het voorjaar": "voorjaar"}).status_code == 400
    )
    assert browser.choose(**{"Filiaal Zuid (opgeheven)": "*", "in het voorjaar": spring}).status_code == 302
    assert "All 31 rows become a card" in browser.reads(CHECK)
    browser.send(f"{HOME}import", CHECK)
    cards = browser.cards()
    assert len(cards) == 1_000 and {card.unit for card in cards} == {None, "t", "k"}
    assert sum(str(card.quarter) == f"{spring[3:]}-Q2" for card in cards) >= 11
    assert browser.client.get(CHECK).status_code == 302  # nothing is left
    exported = browser.send(f"{HOME}export/plain", kind="csv", sure="y")
    assert exported.headers["Content-Disposition"].endswith('signals.csv"')
    browser.upload(exported.data, "signals.csv")
    browser.map()
    page = browser.reads(CHECK)
    assert "All 1000 rows become a card" in page and "1000 cards say the same as cards that are here" in page


def test_the_last_import_is_taken_back(site: Flask) -> None:
    browser = Browser(site)
    browser.upload(
        f"datum;categorie;team\n3-3-{LAST};pesten;Team Oost\n4-6-{LAST};werkdruk;Team West\n".encode(),
        "a.csv",
    )
    browser.map()
    browser.send(f"{HOME}import", CHECK)
    assert [card.unit for card in browser.cards()] == ["k", "k"]  # too small to be named
    browser.send(f"{HOME}undo", HOME)
    assert not browser.cards() and "2 cards were removed again" in browser.reads(HOME)
    browser.send(f"{HOME}undo", HOME)
    assert "There is no import to take back any more" in browser.reads(HOME)


def test_what_waits_can_be_thrown_away(site: Flask) -> None:
    browser = Browser(site)
    browser.upload(b"datum;categorie\nooit;pesten\n", "a.csv")
    assert "1 row of your file waits here" in browser.reads(HOME)
    browser.send(f"{HOME}throw-away", HOME)
    assert "waits here" not in browser.reads(HOME)
    with browser.store.reading() as session:
        assert not keeping.kept(session, browser.vault, keeping.IMPORT)
    for path in (COLUMNS, CHECK, f"{HOME}failed.csv"):
        assert browser.client.get(path).status_code == 302


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "This one is empty"),
        (b"PK\x03\x04nothing", "This file can't be read"),
        (b"datum;categorie\n", "There are no rows in this file"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_words(site: Flask, raw: bytes, says: str) -> None:
    answer = Browser(site).upload(raw)
    assert answer.status_code == 400 and says in html.unescape(answer.text)


def test_choices_that_cannot_be_are_refused_and_stay_as_typed(site: Flask) -> None:
    browser = Browser(site)
    browser.upload(b"wanneer;wat;hoe\n3 maart;pesten;x\n", "a.csv")
    answer = browser.map(**{"column-0": ""})
    assert answer.status_code == 400 and "Choose the column with the date" in answer.text
    answer = browser.map(**{"column-0": "date", "column-1": "date"})
    assert answer.status_code == 400 and "Two columns are chosen for" in answer.text
    assert browser.map(**{"column-0": "date", "column-1": "categories", "year": "2025"}).status_code == 302
    assert "The 1 row becomes a card" in browser.reads(CHECK)


def test_another_sheet_and_header_line_can_be_chosen(site: Flask) -> None:
    browser = Browser(site)
    year = [["datum", "categorie"], ["3-3-2025", "pesten"], ["4-4-2025", "pesten"]]
    browser.upload(
        workbooks.xlsx({"2025": year, "2024": [["x"], ["datum", "categorie"], ["3-3-2024", "pesten"]]})
    )
    assert "“2025”" in browser.reads(COLUMNS) and "2024 (1)" in browser.reads(CHECK)
    browser.send(COLUMNS, look="1", sheet="1", line="1")
    assert "“2024”, below the header in line 2" in browser.reads(COLUMNS)
    browser.send(COLUMNS, look="1", sheet="1", line="3")
    assert "0 rows were found" in browser.reads(COLUMNS)


def test_an_export_is_sealed_and_a_plain_one_needs_a_tick(site: Flask) -> None:
    browser = Browser(site)
    answer = browser.send(
        f"{HOME}export", passphrase="vijf losse woorden samen hier", again="vijf losse woorden samen hier"
    )
    assert answer.status_code == 400 and "no cards to export" in answer.text
    browser.upload(f'datum;categorie;opmerking\n3-3-{LAST};pesten;"=1+1 BAKEN"\n'.encode(), "a.csv")
    browser.map()
    browser.send(f"{HOME}import", CHECK)
    for words, says in (
        ("kort", "at least 12 characters"),
        ("vijf losse woorden samen hier", "aren't the same"),
    ):
        answer = browser.send(
            f"{HOME}export", passphrase=words, again=words if says[0] == "a" and "least" in says else "x"
        )
        assert answer.status_code == 400 and says in html.unescape(answer.text)
    words = "vijf losse woorden samen hier"
    sealed = browser.send(f"{HOME}export", passphrase=words, again=words)
    assert sealed.status_code == 200 and b"BAKEN" not in sealed.data
    assert b"'=1+1 BAKEN" in open_file(sealed.data, words)
    assert browser.send(f"{HOME}export/plain", kind="xlsx").status_code == 400
    plain = browser.send(f"{HOME}export/plain", kind="xlsx", sure="y")
    assert plain.data.startswith(b"PK")


def test_no_page_opens_while_the_vault_is_locked_or_for_another_role(site: Flask) -> None:
    browser = Browser(site)
    browser.send(f"/adviser/{SLUG}/lock", HOME)
    for path in (HOME, COLUMNS, CHECK, f"{HOME}failed.csv", f"{HOME}export", f"{HOME}export/plain"):
        assert "/unlock" in browser.client.get(path).location
    store: Store = site.extensions["store"]
    with store.office() as session:
        from app.storage.office import accounts
        from app.storage.office.accounts import Account

        row = Account(email="c@example.org", name="Co", language="en")
        session.add(row)
        session.flush()
        accounts.set_roles(session, row.id, 1, frozenset({Role.COORDINATOR}))
        account = row.id
    coordinator = signed_in(site, account)
    for path in (HOME, COLUMNS, CHECK, f"{HOME}failed.csv", f"{HOME}export", f"{HOME}export/plain"):
        assert coordinator.get(path).status_code == 403


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Every file that Python opens while watched; a hook can't be taken away, so it looks at a switch."""
    if WATCHING[0] and event == "open" and isinstance(arguments[2], int):
        OPENED.append((str(arguments[0]), arguments[2]))


def test_a_large_upload_makes_no_file_on_disk(site: Flask) -> None:
    browser = Browser(site)
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.client.get(HOME).text)
    assert proof
    rows = b"".join(b"3-3-2025;pesten;" + b"BAKEN " * 50 + b"%d\n" % number for number in range(4_000))
    text = b"datum;categorie;waarover\n" + rows
    body = (
        b'--grens\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + proof[1].encode()
        + b"\r\n--grens\r\n"
        b'Content-Disposition: form-data; name="file"; filename="register.csv"\r\nContent-Type: text/csv\r\n\r\n'
        + text
        + b"\r\n--grens--\r\n"
    )
    sys.addaudithook(watch)
    OPENED.clear()
    WATCHING[0] = True
    try:
        answer = browser.client.post(
            HOME,
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type="multipart/form-data; boundary=grens",
        )
    finally:
        WATCHING[0] = False
    assert answer.status_code == 302, answer.text
    written = [path for path, flags in OPENED if flags & (os.O_WRONLY | os.O_RDWR)]
    assert not [path for path in written if not path.endswith((".sqlite", ".lock", "null"))], written
    assert "4000 rows were found" in browser.reads(COLUMNS)
