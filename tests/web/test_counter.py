"""The counter answers what the application behind it would, byte for byte, and passes on what it can't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.storage import ballots, quick
from app.web.respond import page
from app.web.respond.counter import Counter
from tests.services.journeys import Place, an_open_scan
from tests.storage.stores import an_app
from tests.web.test_respond import _comments, opened

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def place(app: Flask) -> Place:
    return an_open_scan(app)


def alone(app: Flask) -> tuple[Client, Client]:
    """The counter with an application behind it that must not be asked, and the application without a counter."""
    counter = app.wsgi_app
    assert isinstance(counter, Counter)

    def nobody(environ: Any, start_response: Any) -> Any:
        raise AssertionError(f"passed on: {environ['PATH_INFO']}")

    return (
        Client(Counter(nobody, counter.store, counter.secret), TestResponse),
        Client(counter.application, TestResponse),
    )


def said(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.headers.to_wsgi_list()), answer.data


def filled_in(app: Flask, place: Place, code: str) -> dict[str, str]:
    return opened(app.test_client(), place, code) | place.answers(1)


WISHES = [
    {},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "gzip;q=0", "Accept-Language": "en"},
    {"Accept-Encoding": "br, gzip", "Accept-Language": "pl, en;q=0.5"},
]


@pytest.mark.parametrize("wishes", WISHES)
def test_a_form_is_what_the_application_gives_but_for_its_keys(
    app: Flask, place: Place, monkeypatch: pytest.MonkeyPatch, wishes: dict[str, str]
) -> None:
    monkeypatch.setattr("app.crypto.codes.new_nonce", lambda: "n" * 43)
    counter, application = alone(app)
    address = f"/v/{place.slug}/{place.codes()[0][0]}"
    first = application.get(address, headers=wishes)
    assert first.status_code == 200
    assert said(counter.get(address, headers=wishes)) == said(first)


@pytest.mark.parametrize("wishes", WISHES)
@pytest.mark.parametrize("chosen", ["", "en", "nl", "xx"])
def test_a_closing_page_is_what_the_application_gives(
    app: Flask, place: Place, wishes: dict[str, str], chosen: str
) -> None:
    counter, application = alone(app)
    fields = filled_in(app, place, place.codes()[0][0]) | {"_language": chosen}
    first = application.post(f"/v/{place.slug}", data=fields, headers=wishes)
    assert first.status_code == 200
    assert said(counter.post(f"/v/{place.slug}", data=fields, headers=wishes)) == said(first)


def test_a_ballot_the_counter_took_is_stored_once(app: Flask, place: Place) -> None:
    client, codes = app.test_client(), place.codes()[0]
    client.post(f"/v/{place.slug}", data=filled_in(app, place, codes[0]))
    counter, application = alone(app)
    fields = filled_in(app, place, codes[1])
    for way in (counter, application, counter):
        assert way.post(f"/v/{place.slug}", data=fields).status_code == 200
    with place.store.reading_ballots() as connection:
        assert len(ballots.all_of(connection, place.scan)) == 2


def test_before_a_page_is_made_the_application_answers_with_what_the_counter_stored(
    app: Flask, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = filled_in(app, place, place.codes()[0][0])
    monkeypatch.setattr(page, "_made", {})
    answer = app.test_client().post(f"/v/{place.slug}", data=fields)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    with place.store.reading_ballots() as connection:
        assert len(ballots.all_of(connection, place.scan)) == 1


BODIES: list[tuple[str, Callable[[bytes], bytes]]] = [
    (FORM, lambda body: body + b"&good=%FF"),
    (FORM, lambda body: body + "&good=é".encode()),
    (FORM, lambda body: body.replace(b"_nonce", b"_other")),
    (FORM, lambda body: body + b"&good=" + b"x" * 600_000),
    (f"{FORM}; charset=utf-8", lambda body: body),
    ("text/plain", lambda body: body),
    ("multipart/form-data; boundary=b", lambda body: b"--b--"),
]


@pytest.mark.parametrize(("kind", "change"), BODIES)
def test_what_is_no_plain_form_gets_the_answer_of_the_application(
    app: Flask, place: Place, monkeypatch: pytest.MonkeyPatch, kind: str, change: Callable[[bytes], bytes]
) -> None:
    _, application = alone(app)
    body = change(urlencode(filled_in(app, place, place.codes()[0][0])).encode())
    monkeypatch.setattr("app.crypto.codes.new_nonce", lambda: "n" * 43)
    answers = [
        said(one.post(f"/v/{place.slug}", data=body, content_type=kind))
        for one in (app.test_client(), application)
    ]
    assert answers[0] == answers[1]


def test_addresses_of_others_pass(app: Flask, place: Place) -> None:
    _, application = alone(app)
    for address in (
        "/",
        "/v/",
        "/v/x",
        f"/v/{place.slug}/",
        f"/v/{place.slug}/stored",
        f"/v/{place.slug}/A/B",
        "/v/é/é",
    ):
        assert said(app.test_client().get(address)) == said(application.get(address)), address
    address = f"/v/{place.slug}/{place.codes()[0][0]}"
    assert app.test_client().head(address).data == b""
    assert app.test_client().post(address).status_code == 405


def test_a_full_disk_keeps_what_was_typed_and_the_same_form_is_taken_later(app: Flask, place: Place) -> None:
    words = dict.fromkeys(_comments(place), "é" * 2000)
    codes = place.codes()[0]
    for code in codes[1:4]:  # sealed comments of three people nearly fill a page of the file
        assert (
            app.test_client().post(f"/v/{place.slug}", data=filled_in(app, place, code) | words).status_code
            == 200
        )
    fields = filled_in(app, place, codes[0]) | words
    most = pages(place, "page_count")
    assert pages(place, f"max_page_count={most}") == most
    refused = app.test_client().post(f"/v/{place.slug}", data=fields)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert words[_comments(place)[0]] in refused.text
    pages(place, "max_page_count=100000")
    assert app.test_client().post(f"/v/{place.slug}", data=fields).status_code == 200
    with place.store.reading_ballots() as connection:
        assert len(ballots.all_of(connection, place.scan)) == 4


def pages(place: Place, pragma: str) -> int:
    """Of the connection with which this thread stores ballots."""
    (answer,) = quick.own(place.store.engine("ballots")).execute(f"PRAGMA {pragma}").fetchone()
    return int(answer)
