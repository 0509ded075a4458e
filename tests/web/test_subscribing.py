"""The pages of who wants mail: a form, a button behind the link of a letter, and one click to stop; no session, no difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.jobs import posting
from app.storage import subscribers
from app.storage.database import Store
from tests.factories import an_app, an_organisation
from tests.posted import ADDRESS, a_board

FORM = f"/b/{ADDRESS}/subscribe"


class AtOnce:
    """A worker that posts before the page is back."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def post(self) -> None:
        posting.send(self._app.extensions["store"], self._app.extensions["settings"])


@dataclass(frozen=True)
class Site:
    app: Flask
    folder: Path
    organisation: int

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def letters(self) -> list[EmailMessage]:
        files = sorted((self.folder / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def link(self, act: str) -> str:
        body = self.letters()[-1].get_body(("plain",))
        assert body is not None
        found = re.search(rf"http://127.0.0.1(/b/{ADDRESS}/{act}/\S+)", body.get_content())
        assert found is not None
        return found[1]

    def count(self) -> int:
        store: Store = self.app.extensions["store"]
        with store.reading_issuing() as connection:
            return subscribers.count_confirmed(connection, self.organisation)


@contextmanager
def a_site(folder: Path, address: str = "http://127.0.0.1") -> Iterator[Site]:
    with an_app(folder, WEERKLANK_ADDRESS=address) as app:
        organisation = an_organisation(app.extensions["store"])
        a_board(app.extensions["store"], organisation)
        app.extensions["queue"] = AtOnce(app)
        yield Site(app, folder, organisation)


def test_from_form_to_mail_and_back(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        page = site.client.get(f"{FORM}?language=en")
        assert "somebody who takes over the server" in page.text and "csrf_token" not in page.text
        sent = site.client.post(f"{FORM}?language=en", data={"email": "vera@prive.example", "language": "nl"})
        assert "Look in your mailbox" in sent.text and "vera" not in sent.text
        assert site.letters()[-1]["Subject"].startswith("Wil je mail")
        confirm = site.link("confirm")
        for _ in range(2):
            assert site.client.get(confirm).status_code == 200 and site.count() == 0
        assert "Je krijgt voortaan mail" in site.client.post(confirm).text and site.count() == 1
        site.client.post(FORM, data={"email": "vera@prive.example", "language": "nl"})
        stop = site.link("unsubscribe")
        assert site.client.get(stop).status_code == 200 and site.count() == 1
        # As a mail program does it: no page before, no cookie, this body.
        clicked = site.client.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert clicked.status_code == 200 and site.count() == 0
        assert site.client.post(stop).status_code == 200
        assert site.client.post(confirm).status_code == 404 and site.client.get(confirm).status_code == 404


def test_a_known_and_an_unknown_address_see_the_same(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        data = {"email": "vera@prive.example", "language": "nl"}
        first = site.client.post(FORM, data=data)
        site.client.post(site.link("confirm"))
        known = site.client.post(FORM, data=data)
        unknown = site.client.post(FORM, data={**data, "email": "other@prive.example"})
        for _ in range(3):
            flooded = site.client.post(FORM, data=data)
        seen = [(one.status_code, one.data, sorted(one.headers)) for one in (first, known, unknown, flooded)]
        assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("typed", ["", "vera", "a@b\nBcc: c@d.nl", "x" * 300 + "@prive.example"])
def test_what_is_no_address_is_kept_on_the_page(tmp_path: Path, typed: str) -> None:
    with a_site(tmp_path) as site:
        answer = site.client.post(FORM, data={"email": typed, "language": "nl"})
        assert answer.status_code == 400 and "Dit is geen e-mailadres" in answer.text
        assert site.letters() == []


def test_no_page_sets_a_cookie_and_another_board_opens_no_link(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        store: Store = site.app.extensions["store"]
        a_board(store, an_organisation(store, "Thuiszorg De Beuk"), "elders")
        site.client.post(FORM, data={"email": "vera@prive.example", "language": "nl"})
        confirm = site.link("confirm")
        for answer in (site.client.get(FORM), site.client.get(confirm), site.client.post(confirm)):
            assert "Set-Cookie" not in answer.headers
        site.client.post(FORM, data={"email": "vera@prive.example", "language": "nl"})
        stop = site.link("unsubscribe").replace(ADDRESS, "elders")
        assert site.client.post(stop).status_code == 200 and site.count() == 1


def test_where_no_mail_can_go_out_no_address_is_taken(tmp_path: Path) -> None:
    with a_site(tmp_path, "https://scan.example") as site:
        assert "<form" not in site.client.get(FORM).text
        site.client.post(FORM, data={"email": "vera@prive.example", "language": "nl"})
        with site.app.extensions["store"].reading_issuing() as connection:
            assert subscribers.next_due(connection, posting._clock()) is None
