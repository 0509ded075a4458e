"""Journeys to a vault: from a passphrase to the works council's word, a colleague let in, and one taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.access import Role
from app.crypto import vault as sealing
from app.services import admitting, joining, rotating, unlocking
from app.storage.office import accounts, organisations
from app.storage.office.vaults import VaultKey
from tests.factories import (
    NOW,
    PASSPHRASE,
    a_key,
    a_vault,
    an_account,
    an_adviser,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
    unlock,
)

AT = "/adviser/zorggroep-de-linde"
NAME = "Zorggroep De Linde"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        yield app


def somebody(site: Flask, *roles: Role, name: str = "Ina") -> FlaskClient:
    return signed_in(site, an_account(site.extensions["store"], 1, *roles, name=name).account)


def code_on(page: str) -> str:
    found = re.search(r'class="big code">([^<]+)<', page)
    assert found, page
    return found[1]


def with_passphrase(client: FlaskClient) -> str:
    """The recovery code, printed and confirmed."""
    page = send_form(client, f"{AT}/key", passphrase=PASSPHRASE, sure="y").text
    code = code_on(page)
    assert send_form(client, f"{AT}/key/confirm", f"{AT}/key", part=code[-4:]).status_code == 302
    return code


def test_from_nothing_to_an_open_vault(site: Flask) -> None:
    client = somebody(site, Role.ADVISER, name="Fatma")
    assert client.get(f"{AT}/unlock").headers["Location"].endswith("/vault")
    assert "Choose a passphrase" in client.get(f"{AT}/vault").text
    untold = send_form(client, f"{AT}/key", passphrase=PASSPHRASE)
    assert untold.status_code == 400 and "what can be lost" in untold.text and PASSPHRASE not in untold.text
    code = with_passphrase(client)
    assert code not in client.get(f"{AT}/key").text
    page = client.get(f"{AT}/vault").text
    assert "Nobody of the works council has an account here yet" in page
    assert "Make the vault" not in page
    assert unlock(client, "zorggroep-de-linde").status_code == 302
    send_form(client, f"{AT}/vault/make", f"{AT}/vault")
    print_ = code_on(client.get(f"{AT}/vault").text)
    assert "Linde is unlocked" not in client.get(f"{AT}/vault").text
    council = somebody(site, Role.WORKS_COUNCIL, name="Olaf")
    shown = council.get(f"{AT}/council").text
    assert print_ not in shown and "Fatma" in shown
    assert send_form(council, f"{AT}/council", typed="0000 0000 0000 0000 0000").status_code == 400
    assert send_form(council, f"{AT}/council", typed=print_).status_code == 302
    assert "Linde is unlocked" in client.get(f"{AT}/vault").text
    assert print_ in council.get(f"{AT}/council").text


def test_a_colleague_is_let_in_and_taken_out(site: Flask) -> None:
    first, _ = an_open_adviser(site, 1)
    second = somebody(site, Role.ADVISER, name="Marijke")
    with_passphrase(second)
    send_form(second, f"{AT}/vault/ask", f"{AT}/vault")
    assert 'class="big code"' not in second.get(f"{AT}/vault").text
    unlock(second, "zorggroep-de-linde")
    print_ = code_on(second.get(f"{AT}/vault").text)
    way = re.search(r"/vault/admit/\d+", first.get(f"{AT}/vault").text)
    assert way
    shown = first.get(AT + way[0]).text
    assert print_ not in shown and NAME in shown
    assert send_form(first, AT + way[0], typed=print_).status_code == 302
    assert "Linde is unlocked" not in second.get(f"{AT}/vault").text
    of_vault = re.search(r'class="code">([^<]+)<', first.get(f"{AT}/vault").text)
    assert of_vault
    asked = f"{AT}/vault/compare", f"{AT}/vault"
    assert send_form(second, *asked, typed=print_).status_code == 400
    assert send_form(second, *asked, typed=of_vault[1]).status_code == 302
    assert "Linde is unlocked" in second.get(f"{AT}/vault").text
    out = re.search(r"/vault/remove/\d+", first.get(f"{AT}/vault").text)
    assert out and send_form(first, AT + out[0]).status_code == 400
    assert send_form(first, AT + out[0], sure="y").status_code == 302
    assert "Linde is unlocked" not in second.get(f"{AT}/vault").text
    assert "Linde is unlocked" in first.get(f"{AT}/vault").text


def test_the_recovery_drill_through_pages(site: Flask) -> None:
    client = somebody(site, Role.ADVISER)
    code = with_passphrase(client)
    other = "weer een andere lange zin"
    assert send_form(client, f"{AT}/key/recover", code="0" * 28, new=other).status_code == 400
    assert send_form(client, f"{AT}/key/recover", code=code, new=other).status_code == 302
    assert unlock(client, "zorggroep-de-linde").status_code == 400
    assert unlock(client, "zorggroep-de-linde", other).status_code == 302
    assert send_form(client, f"{AT}/key/passphrase", old=other, new=PASSPHRASE).status_code == 302
    newer = code_on(send_form(client, f"{AT}/key/code", passphrase=PASSPHRASE).text)
    assert newer != code
    assert send_form(client, f"{AT}/key/start-over", sure="y").status_code == 302
    assert "Choose a passphrase" in client.get(f"{AT}/vault").text


def test_the_works_council_refuses_a_vault_and_gives_one_up(site: Flask) -> None:
    client = somebody(site, Role.ADVISER)
    council = somebody(site, Role.WORKS_COUNCIL)
    assert "have not made a vault yet" in council.get(f"{AT}/council").text
    with_passphrase(client)
    unlock(client, "zorggroep-de-linde")
    send_form(client, f"{AT}/vault/make", f"{AT}/vault")
    assert send_form(council, f"{AT}/council/refuse", f"{AT}/council", sure="y").status_code == 302
    assert "Make the vault" in client.get(f"{AT}/vault").text
    send_form(client, f"{AT}/vault/make", f"{AT}/vault")
    send_form(council, f"{AT}/council", typed=code_on(client.get(f"{AT}/vault").text))
    send_form(client, f"{AT}/key/start-over", sure="y")
    assert send_form(council, f"{AT}/council/give-up", f"{AT}/council", sure="y").status_code == 302


def test_an_adviser_who_lost_the_role_ends_the_old_key_at_the_first_unlocking(site: Flask) -> None:
    store = site.extensions["store"]
    first = an_adviser(store, 1)
    a_vault(store, 1, first.account or 0)
    gone = an_adviser(store, 1, name="Marijke")
    private = a_key(store, gone.account or 0)
    with store.office() as session:
        mine = unlocking.opened_with(session, a_key(store, first.account or 0), first)
        public = sealing.Pair.of(private).public
        session.add(rotating.key_for(mine.private, 1, gone.account or 0, public))
    admitting.deactivate(
        store, account=gone.account or 0, by=an_account(store, 1, Role.ADMINISTRATOR), now=NOW
    )
    assert joining.standing(store, by=first).due
    client = signed_in(site, first.account)
    unlock(client, "zorggroep-de-linde")
    assert "was renewed" in client.get(f"{AT}/vault").text
    assert not joining.standing(store, by=first).due


def test_an_adviser_of_several_organisations_chooses_one_and_each_page_names_it(site: Flask) -> None:
    store = site.extensions["store"]
    other = an_organisation(store, "Stichting De Beuk")
    client, _ = an_open_adviser(site, 1)
    with store.office() as session:
        (held,) = session.query(VaultKey)
        accounts.set_roles(session, held.account_id, other, frozenset({Role.ADVISER}))
        there = organisations.get(session, other)
        assert there is not None
    account = held.account_id
    page = client.get("/account/").text
    assert "/adviser/zorggroep-de-linde/" in page and f"/adviser/{there.slug}/" in page
    a_vault(store, other, account)
    here = client.get(f"/adviser/{there.slug}/vault").text
    assert "The vault of Stichting De Beuk is unlocked" in here and NAME not in here
    assert "Stichting De Beuk" not in client.get(f"{AT}/vault").text
