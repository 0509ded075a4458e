"""The pages about invitations: a list with faults is named and kept, letters go out, and nobody learns who answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.access import Role
from app.crypto import personal
from app.jobs import posting
from app.services import certifying, sealing
from app.storage.database import Store
from app.storage.office import organisations
from app.web.ui.asking import now
from tests.factories import an_account, an_app, send_form, signed_in
from tests.mailed import LinkScan, a_link_scan

LIST = "address;stratum\nvera@prive.example;Team Noord\nnot an address;Team Noord\nVERA@prive.example;zuid\n"


@dataclass
class Site:
    app: Flask
    store: Store
    scan: LinkScan
    folder: Path

    def client(self, *roles: Role) -> FlaskClient:
        return signed_in(self.app, an_account(self.store, self.scan.organisation, *roles).account)

    @property
    def page(self) -> str:
        with self.store.reading() as session:
            owner = organisations.get(session, self.scan.organisation)
        assert owner is not None
        return f"/manage/{owner.slug}/{self.scan.id}"

    def outbox(self) -> list[str]:
        posting.send(self.store, self.app.extensions["settings"])
        found = []
        for path in sorted((self.folder / "outbox").rglob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            assert body is not None
            found.append(f"To: {mail['To']}\nSubject: {mail['Subject']}\n{body.get_content()}")
        return found


class Silent:
    def post(self) -> None: ...


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with an_app(tmp_path, WEERKLANK_ADDRESS="http://localhost:8000") as app:
        app.extensions["queue"] = Silent()
        store = app.extensions["store"]
        yield Site(app, store, a_link_scan(store, now=now()), tmp_path)


def test_from_a_faulty_list_to_letters(site: Site) -> None:
    fatma, page = site.client(Role.ADVISER), f"{site.page}/invitations"
    load = f"{page}/addresses"
    given = {"all_of": "", "language": "nl"}
    answer = send_form(fatma, load, file=(BytesIO(LIST.encode()), "list.csv"), text="", **given)
    assert answer.status_code == 400
    assert "Line 3:" in answer.text and "Line 4:" in answer.text and "stands in line 2 already" in answer.text
    assert "VERA@prive.example;zuid" in answer.text and "Store the 1 good row only" in answer.text
    answer = send_form(fatma, load, text=LIST, only_good="x", **given)
    assert answer.status_code == 302 and "1 address was stored. 2 rows were left out." in fatma.get(page).text
    letter = fatma.get(f"{page}/letter").text
    assert "http://localhost:8000/u/example/" in letter and "Iedereen krijgt deze herinnering" in letter
    shown = fatma.get(f"{page}/letter/invitation.en.html")
    assert shown.status_code == 200 and "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert send_form(fatma, f"{page}/trial", f"{page}/letter").status_code == 302
    (trial,) = site.outbox()
    assert "u/example/" in trial and "Subject: Trial" in trial
    assert "Tick the box" in send_form(fatma, f"{page}/send", page).text
    assert send_form(fatma, f"{page}/send", page, sure="y").status_code == 302
    assert "going out" in fatma.get(page).text
    assert len(site.outbox()) == 2 and any("vera@prive.example" in one for one in site.outbox())
    said = fatma.get(page).text
    assert "sent to fewer than 8 people" in said and "vera" not in said.lower()


def test_a_wrong_list_is_taken_away(site: Site) -> None:
    fatma, page = site.client(Role.ADVISER), f"{site.page}/invitations"
    send_form(fatma, f"{page}/addresses", text="vera@prive.example", all_of="0", language="nl")
    assert "Tick the box" in send_form(fatma, f"{page}/clear").text
    assert send_form(fatma, f"{page}/clear", sure="y").status_code == 302
    assert "No addresses yet." in fatma.get(page).text


def test_reminders_are_planned_and_called_off(site: Site) -> None:
    olaf, page = site.client(Role.WORKS_COUNCIL), f"{site.page}/invitations"
    send_form(olaf, f"{page}/addresses", text="vera@prive.example", all_of="0", language="nl")
    send_form(olaf, f"{page}/send", page, sure="y")
    day = (now() + timedelta(days=7)).date().isoformat()
    assert send_form(olaf, f"{page}/remind", page, day=day).status_code == 302
    assert "planned for" in olaf.get(page).text
    assert "Leave at least 2 days" in send_form(olaf, f"{page}/remind", page, now="1").text
    assert send_form(olaf, f"{page}/1/call-off", page).status_code == 302
    assert "planned for" not in olaf.get(page).text


def test_whoever_may_not_hand_out_links_is_told_and_kept_out(site: Site) -> None:
    ina, page = site.client(Role.COORDINATOR), f"{site.page}/invitations"
    said = ina.get(page)
    assert said.status_code == 200 and "An adviser or the works council sends the invitations" in said.text
    assert ina.get(f"{page}/addresses").status_code == ina.get(f"{page}/letter").status_code == 403
    assert send_form(ina, f"{page}/send", page, sure="y").status_code == 403
    assert site.client(Role.WORKS_COUNCIL).get(f"{site.page}/new-link").status_code == 403


def test_the_poster_and_the_page_carry_the_words(site: Site) -> None:
    ina = site.client(Role.COORDINATOR)
    poster = ina.get(f"{site.page}/poster.pdf")
    assert poster.status_code == 200 and poster.data.startswith(b"%PDF")
    served = certifying.served(site.store, site.scan.id)
    assert (
        served is not None and personal.words(served.fingerprint) in ina.get(f"{site.page}/invitations").text
    )


def test_a_new_link_is_answered_the_same_for_any_address(site: Site) -> None:
    fatma, page = site.client(Role.ADVISER), f"{site.page}/new-link"
    load = f"{site.page}/invitations/addresses"
    send_form(fatma, load, text="vera@prive.example", all_of="0", language="en")
    answers = []
    for email in ("vera@prive.example", "nobody@prive.example"):
        assert send_form(fatma, page, email=email, sure="y").status_code == 302
        text = fatma.get(page).text
        assert "If this address was invited, a new link is on its way to it." in text
        answers.append(re.sub(r'value="[^"]{40,}"', "", text))
    assert answers[0] == answers[1]
    assert "This is not an e-mail address" in send_form(fatma, page, email="vera", sure="y").text
    (letter,) = site.outbox()
    assert "The old link doesn't work any more" in letter


def test_the_list_of_receipts_says_how_many_can_count_twice(site: Site) -> None:
    fatma, load = site.client(Role.ADVISER), f"{site.page}/invitations/addresses"
    send_form(fatma, load, text="vera@prive.example", all_of="0", language="en")
    page = f"{site.page.replace('/manage/', '/v/').replace(site.scan.id, 'r')}/{site.scan.id}"
    send_form(fatma, f"{site.page}/new-link", email="vera@prive.example", sure="y")
    assert "Team Noord: 1" not in fatma.get(page).text
    sealing.seal(site.store, scan=site.scan.id, by=site.scan.by, now=now())
    assert "Team Noord: 1" in fatma.get(page).text


def test_without_https_or_mail_the_page_says_what_to_do(tmp_path: Path) -> None:
    for address, said in (
        ("http://scan.example", "begins with https"),
        ("https://scan.example", "No mail can go out yet"),
    ):
        folder = tmp_path / said[:4]
        with an_app(folder, WEERKLANK_ADDRESS=address) as app:
            app.extensions["queue"] = Silent()
            store = app.extensions["store"]
            site = Site(app, store, a_link_scan(store, now=now()), folder)
            fatma, page = site.client(Role.ADVISER), f"{site.page}/invitations"
            send_form(fatma, f"{page}/addresses", text="vera@prive.example", all_of="0", language="nl")
            assert said in fatma.get(page).text
            assert said in send_form(fatma, f"{page}/send", page, sure="y").text
