"""The page of how long cards are kept: dates for who may see them, another term with the vault open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import Role
from app.core.signals.card import encode
from app.services import keeping
from tests.core.handful import a_card
from tests.factories import an_account, an_app, an_open_adviser, an_organisation, send_form, signed_in

PAGE = "/adviser/zorggroep-de-linde/vault/kept"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as found:
        yield found


def test_dates_stand_there_and_another_term_moves_them(app: Flask) -> None:
    organisation = an_organisation(app.extensions["store"])
    client, _vault = an_open_adviser(app, organisation)
    assert "There are no cards yet" in client.get(PAGE).text
    with app.extensions["store"].office() as session:
        keeping.keep(
            session, organisation=organisation, kind=keeping.CARD, bodies=[encode(a_card(quarter="2026-Q2"))]
        )
    page = client.get(PAGE).text
    assert "January 1, 2029" in page and "January 31, 2029" in page
    assert send_form(client, PAGE, years="5").status_code == 302
    page = client.get(PAGE).text
    assert "January 1, 2032" in page and "5 whole years" in page


def test_a_term_that_is_not_offered_is_refused(app: Flask) -> None:
    client, _ = an_open_adviser(app, an_organisation(app.extensions["store"]))
    answer = send_form(client, PAGE, years="9")
    assert answer.status_code == 400 and "error-summary" in answer.text


def test_a_locked_vault_shows_dates_and_changes_nothing(app: Flask) -> None:
    client, _vault = an_open_adviser(app, an_organisation(app.extensions["store"]))
    send_form(client, "/adviser/zorggroep-de-linde/lock", page=PAGE)
    page = client.get(PAGE)
    assert page.status_code == 200 and 'name="years"' not in page.text
    answer = client.post(PAGE, data={"years": "5"})
    assert answer.status_code in (302, 400)
    assert "2 whole years" in client.get(PAGE).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADVISER])
def test_nobody_else_sees_it(app: Flask, role: Role) -> None:
    store = app.extensions["store"]
    organisation = an_organisation(store)
    an_open_adviser(app, organisation)
    client = signed_in(app, an_account(store, organisation, role).account)
    assert client.get(PAGE).status_code in (403, 404)
