"""Feeds of the board hold to their standards, in both languages, and keep their ids when an update or the address changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from app.core.access import Actor, Role
from app.core.feedback import Decision
from app.storage.database import Store
from app.storage.office import updates
from app.storage.office.scans import Scan
from tests.factories import an_account, an_app, an_organisation
from tests.posted import ADDRESS, a_board, content, publish

HERE = Path(__file__).resolve().parent
ATOM = {"a": "http://www.w3.org/2005/Atom"}
NOW = datetime(2026, 11, 23, 9, 0)


@dataclass(frozen=True)
class Site:
    app: Flask
    store: Store
    by: Actor

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def atom(self, language: str = "nl", address: str = ADDRESS) -> etree._Element:
        answer = self.client.get(f"/b/{address}/feed.atom?language={language}")
        assert answer.status_code == 200 and answer.mimetype == "application/atom+xml"
        found = etree.fromstring(answer.data)
        schema().assertValid(found)
        return found

    def json(self, language: str = "nl") -> dict[str, list[dict[str, str]]]:
        answer = self.client.get(f"/b/{ADDRESS}/feed.json?language={language}")
        assert answer.mimetype == "application/feed+json"
        found: dict[str, list[dict[str, str]]] = json.loads(answer.data)
        jsonschema.validate(found, json.loads((HERE / "jsonfeed.json").read_text()))
        return found


def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(HERE / "atom.rng"))


@contextmanager
def a_site(folder: Path) -> Iterator[Site]:
    with an_app(folder, WEERKLANK_ADDRESS="https://scan.example") as app:
        store: Store = app.extensions["store"]
        organisation = an_organisation(store)
        a_board(store, organisation)
        yield Site(app, store, an_account(store, organisation, Role.COORDINATOR))


def texts(found: etree._Element, path: str) -> list[str]:
    return [one.text or "" for one in found.findall(path, ATOM)]


def test_an_empty_board_has_valid_feeds(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        assert texts(site.atom(), "a:entry") == []
        assert site.json()["items"] == []


def test_what_the_board_says_of_a_scan_by_itself_is_in_the_feeds(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        with site.store.office() as session:
            session.add(
                Scan(
                    id="s1", organisation_id=site.by.organisation, name="Hoe <gaat> het?", kind="baseline", state="sealed",
                    opened_on=date(2026, 3, 2), closes_on=date(2026, 3, 20), promise_on=date(2026, 4, 15), created_at=NOW,
                )
            )  # fmt: skip
        publish(site.store, site.by, datetime(2026, 4, 1, 9))
        found = site.atom()
        assert texts(found, "a:entry/a:updated") == [
            "2026-04-15T22:00:00Z", "2026-04-01T09:00:00Z", "2026-03-20T23:00:00Z", "2026-03-02T23:00:00Z",
        ]  # fmt: skip
        assert texts(found, "a:entry/a:title")[0] == "De resultaten van “Hoe <gaat> het?” zijn te laat"
        assert len(set(texts(found, "a:entry/a:id"))) == 4
        titles = [one["title"] for one in site.json("en")["items"]]
        assert titles[0] == "The results of “Hoe <gaat> het?” are late" and len(titles) == 4
        assert [one["title"] for one in site.json("en")["items"]] == titles


def test_a_new_version_is_the_same_entry_with_a_later_moment(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        one = publish(site.store, site.by, NOW)
        publish(site.store, site.by, NOW + timedelta(hours=1), content("Iets anders"))
        before = site.atom()
        publish(site.store, site.by, NOW + timedelta(days=1), content("Nu iets meer"), update=one)
        after = site.atom()
        ids = texts(before, "a:entry/a:id")
        assert texts(after, "a:entry/a:id") == ids[::-1] and len(set(ids)) == 2
        assert texts(after, "a:entry/a:updated")[0] == "2026-11-24T09:00:00Z"
        assert texts(after, "a:entry/a:published")[0] == "2026-11-23T09:00:00Z"
        assert texts(after, "a:updated") == ["2026-11-24T09:00:00Z"]
        assert texts(after, "a:entry/a:title")[0] == "Nu iets meer"
        with site.store.office() as session:
            board = updates.board(session, site.by.organisation)
            assert board is not None
            board.address = "elders"
        assert texts(site.atom(address="elders"), "a:id") == texts(before, "a:id")
        assert site.client.get(f"/b/{ADDRESS}/feed.atom").status_code == 404


def test_each_language_has_its_own_feed(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        publish(site.store, site.by, NOW)
        nl, en = site.json("nl")["items"][0], site.json("en")["items"][0]
        assert nl["title"] == "Elk team spreekt af hoe je iets meldt" and en["title"].startswith("Each team")
        assert "<strong>niet</strong>" in nl["content_html"] and "niet te zeggen" in nl["content_text"]
        assert nl["id"] != en["id"] and nl["id"].startswith("urn:uuid:")
        assert nl["url"].startswith(f"https://scan.example/b/{ADDRESS}/") and "language=nl" in nl["url"]
        assert texts(site.atom("en"), "a:title") == ["What changes at Zorggroep De Linde"]
        assert "Dit doen we." in nl["content_text"] and "We do this." in en["content_text"]


def test_nothing_of_a_draft_or_a_withdrawn_update_is_in_a_feed(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        one = publish(site.store, site.by, NOW)
        with site.store.office() as session:
            row = updates.get(session, site.by.organisation, one)
            assert row is not None
            row.withdrawn = True
        assert site.json()["items"] == []


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "\x0b\x00 & < > ]]>",
        "![x](https://a.example/x.png)",
    ],
)
def test_what_is_typed_harms_no_reader(tmp_path: Path, typed: str) -> None:
    with a_site(tmp_path) as site:
        publish(site.store, site.by, NOW, content(typed, heard=typed, why=typed, decision=Decision.DONT))
        made = site.json()["items"][0]["content_html"]
        body = etree.fromstring(f"<div>{made}</div>", etree.HTMLParser())
        assert not body.xpath("//script | //img | //@onclick | //a[starts-with(@href, 'javascript')]")
        assert len(texts(site.atom(), "a:entry/a:title")) == 1


def test_a_program_that_has_it_gets_no_body_and_nobody_a_cookie(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        first = site.client.get(f"/b/{ADDRESS}/feed.atom")
        again = site.client.get(f"/b/{ADDRESS}/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and again.data == b""
        assert "Set-Cookie" not in first.headers


def test_the_schema_refuses_what_is_no_feed(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        publish(site.store, site.by, NOW)
        found = site.atom()
        for path in ("a:id", "a:entry/a:updated", "a:title"):
            broken = etree.fromstring(etree.tostring(found))
            element = broken.find(path, ATOM)
            assert element is not None
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
            assert not schema().validate(broken), path
