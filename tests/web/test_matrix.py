"""Every page with every method, by everybody who may not: nobody but an adviser who holds the key reads a word of a signal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from app.core.access import ACTS, Role
from app.core.signals.card import Card, Quarter
from app.services import signalling
from app.storage.database import Store
from app.storage.office import organisations
from tests.factories import (
    a_scan,
    a_second_factor,
    a_vault,
    an_account,
    an_adviser,
    an_app,
    an_organisation,
    signed_in,
    unlock,
)
from tests.web.audiences import ACCOUNT, ANYONE, AUDIENCES, EXAMPLES, HALFWAY, SCAN, SIGNED_IN, SLUG

MARKER = "zwartgallig"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
ROLES = {
    "coordinator": Role.COORDINATOR,
    "manager": Role.MANAGER,
    "works council": Role.WORKS_COUNCIL,
    "administrator": Role.ADMINISTRATOR,
}
WHO = [
    *ROLES,
    "anonymous",
    "adviser of another organisation",
    "adviser not let in",
    "adviser with the vault locked",
    "adviser after the password",
    "adviser without a second factor",
]
HALF = ("adviser after the password", "adviser without a second factor")


@dataclass(frozen=True)
class Site:
    """Organisation A with cards in its vault, and the accounts that ask."""

    app: Flask
    slug: str
    scan: str
    accounts: dict[str, int]

    def client(self, who: str) -> FlaskClient:
        if who == "anonymous":
            return self.app.test_client()
        client = signed_in(self.app, self.accounts[who], second=who not in HALF)
        if who == "adviser of another organisation":
            assert unlock(client, "thuiszorg-de-beuk").status_code == 302
        return client

    def address(self, rule: Rule) -> str:
        values = {
            name: {SLUG: self.slug, SCAN: self.scan, ACCOUNT: self.accounts["adviser"]}.get(
                str(EXAMPLES[name]), EXAMPLES[name]
            )
            for name in rule.arguments
        }
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter) and values[name] not in converter.items:
                values[name] = sorted(converter.items)[0]
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, values)


def a_card(number: int) -> Card:
    return Card(
        quarter=Quarter(2026, 1 + number % 4),
        categories=("bullying",),
        themes=("exclusion",),
        unit=None,
        contact="first-contact",
        reporter="employee",
        source="colleague",
        route="listening",
        nickname=f"{MARKER} {number}",
        note=f"{MARKER} {number}",
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, int]]:
    """The folder of such a site, made once and copied for each who asks."""
    folder = tmp_path_factory.mktemp("made")
    with an_app(folder) as app:
        store: Store = app.extensions["store"]
        here, there = an_organisation(store), an_organisation(store, "Thuiszorg De Beuk")
        adviser = an_adviser(store, here)
        a_vault(store, here, adviser.account or 0)
        other = an_adviser(store, there)
        a_vault(store, there, other.account or 0)
        for number in range(5):
            signalling.add(store, card=a_card(number), by=adviser)
        scan = a_scan(store, organisation=here)
        found = {name: an_account(store, here, role).account or 0 for name, role in ROLES.items()}
        found["adviser"] = found["adviser with the vault locked"] = adviser.account or 0
        found["adviser without a second factor"] = adviser.account or 0
        halfway = an_adviser(store, here).account or 0
        a_second_factor(app, halfway)
        found["adviser after the password"] = halfway
        found["adviser not let in"] = an_adviser(store, here).account or 0
        found["adviser of another organisation"] = other.account or 0
        with store.reading() as session:
            assert organisations.by_slug(session, "thuiszorg-de-beuk") is not None
    return folder, scan.id, found


@contextmanager
def a_site(made: tuple[Path, str, dict[str, int]], folder: Path) -> Iterator[Site]:
    shutil.copytree(made[0], folder, dirs_exist_ok=True)
    with an_app(folder) as app:
        # So that a form is refused for who sends it, before it is refused for having no proof of origin.
        app.config["WTF_CSRF_CHECK_DEFAULT"] = False
        yield Site(app, "zorggroep-de-linde", made[1], made[2])


def rules(app: Flask) -> list[Rule]:
    """Reading first, so that what a form changes can't hide what a page shows; signing out last."""
    return sorted(
        app.url_map.iter_rules(), key=lambda rule: (rule.endpoint.startswith("account."), rule.endpoint)
    )


def test_every_page_has_a_line_that_says_for_whom_it_is(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
        arguments = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    missing, stale = sorted(endpoints - set(AUDIENCES)), sorted(set(AUDIENCES) - endpoints)
    assert not missing, f"say in tests/web/audiences.py for whom these are: {', '.join(missing)}"
    assert not stale, f"take these out of tests/web/audiences.py, they are gone: {', '.join(stale)}"
    unknown = {
        act for act in AUDIENCES.values() if act not in (ANYONE, SIGNED_IN, HALFWAY) and act not in ACTS
    }
    assert not unknown, f"these are no acts of app/core/access.py: {unknown}"
    nameless = sorted(arguments - set(EXAMPLES))
    assert not nameless, f"give an example in tests/web/audiences.py of: {', '.join(nameless)}"


def test_what_advisers_keep_is_for_advisers_only() -> None:
    """A page of the adviser's package that is for somebody else as well stands in this list, or is a mistake."""
    others = {
        endpoint
        for endpoint, act in AUDIENCES.items()
        if endpoint.startswith("adviser.") and ACTS.get(act) != {Role.ADVISER}
    }
    assert others == {"adviser.council", "adviser.give_up", "adviser.refuse_vault"}


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_reads_a_word_of_a_signal_by_any_page_or_method(
    who: str, made: tuple[Path, str, dict[str, int]], tmp_path: Path
) -> None:
    with a_site(made, tmp_path) as site:
        client = site.client(who)
        faults = []
        for method in METHODS:
            for rule in rules(site.app):
                if rule.endpoint.startswith("account.") and method == "POST":
                    client = site.client(who)
                address = site.address(rule)
                answer = client.open(address, method=method, data={} if method == "POST" else None)
                told = f"{method} {address} ({rule.endpoint}) answered {answer.status_code}"
                if MARKER in answer.text or MARKER in str(answer.headers):
                    faults.append(f"{told} WITH THE CONTENT OF A SIGNAL")
                if method in (rule.methods or ()) and method != "OPTIONS" and not _allowed(who, rule):
                    if not _turned_away(answer.status_code, answer.headers.get("Location", "")):
                        faults.append(f"{told}; only for {AUDIENCES[rule.endpoint]}")
                elif method == "GET" and method in (rule.methods or ()) and answer.status_code == 403:
                    faults.append(f"{told}, but tests/web/audiences.py says it is for {who}")
                if answer.status_code >= 500:
                    faults.append(told)
        assert not faults, "\n".join(faults)


def test_the_adviser_with_the_key_does_read_them(
    made: tuple[Path, str, dict[str, int]], tmp_path: Path
) -> None:
    """Else the test above would pass on a site that shows nothing to anybody."""
    with a_site(made, tmp_path) as site:
        client = site.client("adviser with the vault locked")
        assert MARKER not in client.get(f"/adviser/{site.slug}/cards/", follow_redirects=True).text
        assert unlock(client, site.slug).status_code == 302
        assert MARKER in client.get(f"/adviser/{site.slug}/cards/").text


def _allowed(who: str, rule: Rule) -> bool:
    act = AUDIENCES[rule.endpoint]
    if act == ANYONE:
        return True
    if who == "anonymous" or (who in HALF and act != HALFWAY):
        return False
    if act in (SIGNED_IN, HALFWAY):
        return True
    if who == "adviser of another organisation":
        return False
    role = ROLES.get(who, Role.ADVISER)
    return role in ACTS[act]


def _turned_away(status: int, onward: str) -> bool:
    return status in (403, 404) or (
        status == 302 and re.match(r"(http://localhost)?/account/(sign-in|second)(\?|$)", onward) is not None
    )
