"""Unlocking through pages: half a key in the cookie, half in the database, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.crypto.vault import NotOpened, unwrap
from app.storage.database import Store
from app.storage.office import vaults
from app.storage.office.accounts import SignIn
from app.storage.office.vaults import Unlocked
from tests.factories import (
    PASSPHRASE,
    a_vault,
    an_adviser,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
    unlock,
)

SLUG = "zorggroep-de-linde"
VAULT = f"/adviser/{SLUG}/"
OPEN = "Linde is unlocked"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def rows(site: Flask) -> list[Unlocked]:
    store: Store = site.extensions["store"]
    with store.reading() as session:
        return list(session.query(Unlocked))


def is_open(client: FlaskClient) -> bool:
    """Whether a page that needs the vault comes, rather than the page that asks for the passphrase."""
    answer = client.get(f"{VAULT}vault")
    assert answer.status_code == 200
    return OPEN in answer.text


def test_the_cookie_and_the_row_are_halves_that_open_nothing_alone(site: Flask) -> None:
    client, vault = an_open_adviser(site, 1)
    cookie = client.get_cookie("unlocked", path="/adviser")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict" and cookie.expires is None
    (row,) = rows(site)
    assert is_open(client)
    with pytest.raises(NotOpened):
        unwrap(row.wrapped, bytes(32))
    assert vault.private not in row.wrapped
    client.delete_cookie("unlocked", path="/adviser")
    assert not is_open(client)


def test_half_an_hour_without_use_locks_and_forgets_the_row(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    store: Store = site.extensions["store"]
    with store.office() as session:
        (row,) = session.query(Unlocked)
        row.seen_at -= timedelta(minutes=29)
    assert is_open(client)
    with store.office() as session:
        (row,) = session.query(Unlocked)
        row.seen_at -= timedelta(minutes=30)
    assert not is_open(client)
    assert rows(site) == []


@pytest.mark.parametrize(
    "way",
    [f"{VAULT}lock", "/account/sign-out", "/account/own/sign-out-everywhere"],
    ids=["lock", "out", "all"],
)
def test_locking_and_signing_out_leave_no_row(site: Flask, way: str) -> None:
    client, _ = an_open_adviser(site, 1)
    send_form(client, way, "/account/own")
    assert rows(site) == []


def test_a_wrong_passphrase_opens_nothing_and_makes_wait(site: Flask) -> None:
    store: Store = site.extensions["store"]
    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    client = signed_in(site, by.account)
    tries = [unlock(client, SLUG, "iets heel anders dan dat").status_code for _ in range(6)]
    assert tries == [400, 400, 400, 400, 400, 429]
    assert unlock(client, SLUG, PASSPHRASE).status_code == 429
    assert rows(site) == []


def test_the_unlocked_half_goes_with_the_sign_in_whatever_ends_it(site: Flask) -> None:
    an_open_adviser(site, 1)
    store: Store = site.extensions["store"]
    with store.office() as session:
        session.execute(SignIn.__table__.delete())
    assert rows(site) == []


def test_a_vault_whose_public_key_was_changed_in_the_database_is_not_used(site: Flask) -> None:
    client, _ = an_open_adviser(site, 1)
    store: Store = site.extensions["store"]
    with store.office() as session:
        found = vaults.vault(session, 1)
        assert found is not None
        found.public = bytes(32)
    assert not is_open(client)
    assert "changed it outside the program" in client.get(f"{VAULT}vault").text


def test_a_page_that_breaks_leaves_no_word_of_what_it_worked_on_in_the_log(
    site: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_down() -> str:
        raise ValueError("zwartgalligheid")

    site.add_url_rule("/account/broken", view_func=break_down)
    assert site.test_client().get("/account/broken").status_code == 500
    assert "ValueError" in caplog.text and "test_unlock.py" in caplog.text
    shown = capfd.readouterr()
    assert "zwartgalligheid" not in caplog.text + shown.out + shown.err
