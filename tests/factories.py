"""Known states of data in one call each: a tree, a plan, databases, an organisation, a scan, ballots, an actor."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import demo
from app.core.access import Actor, Role, at_command_line
from app.core.instrument import Instrument, parse
from app.core.plan import Plan
from app.core.strata import propose
from app.core.units import Tree, read_tree
from app.crypto import one_time
from app.crypto import vault as sealing
from app.services import inviting, planning, responding, rotating, setting_up, signing_in
from app.services.keeping import OpenVault
from app.settings import load
from app.storage.database import Store
from app.storage.office import accounts, organisations, scans, vaults
from app.storage.office.accounts import Account, SignIn
from app.storage.office.second_factors import CodeApp
from tests.storage.stores import migrated

NOW = datetime(2026, 11, 23, 12, 0)
PASSWORD = "een lange zin als wachtwoord"
PASSPHRASE = "nog een heel andere zin"
# The least that Argon2id takes, for tests alone.
CHEAP = sealing.Effort(1, 8192)
SURVEYS = Path(__file__).resolve().parent.parent / "surveys"


def an_instrument(name: str = "social-safety") -> Instrument:
    """One of the questionnaires in surveys/."""
    return parse((SURVEYS / f"{name}.toml").read_text("utf-8"))


def a_tree(**headcounts: int) -> Tree:
    """One organisation of teams with these headcounts, such as a_tree(north=15, south=20); without any, the demo's 220 people."""
    if not headcounts:
        return read_tree(demo.UNITS)
    rows = "".join(f"{code},org,Team {code},{count}\n" for code, count in headcounts.items())
    return read_tree(f"code,parent,name,headcount\norg,,Org,{sum(headcounts.values())}\n{rows}")


def a_plan(
    tree: Tree | None = None,
    *,
    instrument: str = "social-safety",
    min_group: int = 8,
    spread: int = 1,
    groupings: tuple[str, ...] = ("unit",),
) -> Plan:
    tree = tree or a_tree()
    text = (SURVEYS / f"{instrument}.toml").read_text("utf-8")
    return Plan(text, tree, propose(tree, spread * min_group), groupings, min_group)


@contextmanager
def an_app(folder: Path, **environment: str) -> Iterator[Flask]:
    """An application on migrated SQLite files in this folder."""
    app = migrated(load({"WEERKLANK_INSTANCE": str(folder), "WEERKLANK_LOCAL_SLIPS": "1", **environment}))
    try:
        yield app
    finally:
        app.extensions["store"].dispose()


@contextmanager
def a_store(folder: Path) -> Iterator[Store]:
    """The databases of such an application."""
    with an_app(folder) as app:
        yield app.extensions["store"]


def an_organisation(store: Store, name: str = "Zorggroep De Linde") -> int:
    """Its id; its administrator is admin@<slug>.example with PASSWORD."""
    email = f"admin@{name.split()[-1].lower()}.example"
    made, _ = setting_up.set_up(
        store, organisation=name, email=email, name="Anne", password=PASSWORD, now=NOW
    )
    return made


def an_actor(organisation: int, *roles: Role) -> Actor:
    """Somebody with these roles; without any, the command line."""
    if not roles:
        return at_command_line(organisation)
    return Actor("someone", organisation, frozenset(roles), account=1)


def a_second_factor(app: Flask, account: int) -> str:
    """An app with codes for this account, as if it were set up long ago; gives its secret (app.crypto.one_time.code_at)."""
    secret = one_time.new_secret()
    with app.extensions["store"].office() as session:
        wrapped = one_time.wrap(app.extensions["settings"].secret, account, secret)
        session.add(CodeApp(account_id=account, wrapped=wrapped, last_step=0))
    return secret


@dataclass(frozen=True)
class OpenScan:
    """A scan that takes answers, with the codes that were printed for it by stratum."""

    id: str
    slug: str
    organisation: int
    instrument: Instrument
    codes: dict[int, tuple[str, ...]]


def a_scan(
    store: Store,
    *,
    units: str = demo.UNITS,
    instrument: str = "social-safety",
    min_group: int = 8,
    spread: int = 1,
    groupings: tuple[str, ...] = ("unit",),
    organisation: int | None = None,
) -> OpenScan:
    """Planned, opened and with slips printed."""
    organisation = organisation or an_organisation(store)
    by = at_command_line(organisation)
    scan = planning.create_scan(
        store,
        name="Baseline",
        kind="baseline",
        instrument=(SURVEYS / f"{instrument}.toml").read_text("utf-8"),
        units=units,
        groupings=groupings,
        min_group=min_group,
        spread=spread,
        by=by,
        now=NOW,
    )
    planning.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=NOW)
    run = inviting.print_slips(store, scan=scan, by=by, now=NOW, local_ok=True)
    codes = {sheet.stratum: sheet.codes for sheet in run.sheets}
    return OpenScan(scan, run.slug, organisation, an_instrument(instrument), codes)


def promise(store: Store, scan: str, on: date) -> None:
    """Let the results of a scan be promised for this day; a day that has come opens them, once they are released."""
    with store.office() as session:
        row = scans.get(session, scan)
        assert row is not None
        row.promise_on = on


def ballots(n: int, seed: int = 1, instrument: Instrument | None = None) -> list[dict[str, str]]:
    """Form fields of n believable people; the same seed gives the same people."""
    return list(demo.people(instrument or an_instrument(), n, random.Random(seed)))


def send(store: Store, scan: OpenScan, code: str, values: dict[str, str], secret: bytes = b"x" * 32) -> str:
    """Fill in a scan with a code, as a respondent does; gives the receipt."""
    opening = responding.find_code(store, slug=scan.slug, code=code, today=NOW.date())
    assert opening is not None
    keys = responding.new_form(secret, opening, code)
    answer = responding.submit(
        store,
        secret,
        slug=scan.slug,
        code=code,
        nonce=keys.nonce,
        proof=keys.proof,
        values=values,
        today=NOW.date(),
    )
    assert isinstance(answer, responding.Received), answer
    return answer.receipt


def an_adviser(store: Store, organisation: int, *more: Role, name: str = "Fatma") -> Actor:
    """A new account that is adviser here, with more roles if given."""
    return an_account(store, organisation, Role.ADVISER, *more, name=name)


def an_account(store: Store, organisation: int, *roles: Role, name: str = "Ina") -> Actor:
    """A new account with these roles, without a password."""
    held = frozenset(roles)
    with store.office() as session:
        row = Account(email=f"{name.lower()}.{secrets.token_hex(4)}@example.org", name=name, language="en")
        session.add(row)
        session.flush()
        accounts.set_roles(session, row.id, organisation, held)
        return Actor(name, organisation, held, row.id)


def a_vault(store: Store, organisation: int, account: int, *, effort: sealing.Effort = CHEAP) -> OpenVault:
    """The vault of an organisation, confirmed and open to this account, whose key is under PASSPHRASE.

    Made when there is none; an account that comes later is let in only by passing through the services.
    """
    own = sealing.Pair.of(a_key(store, account, effort=effort))
    pair = sealing.Pair.of(secrets.token_bytes(32))
    with store.office() as session:
        session.add(
            vaults.Vault(
                organisation_id=organisation,
                generation=1,
                public=pair.public,
                made_by=account,
                confirmed=True,
                stale=False,
            )
        )
        session.flush()
        mine = rotating.key_for(pair.private, organisation, account, own.public)
        mine.known = sealing.mark_of_known(own.private, organisation=organisation, public=pair.public)
        session.add(mine)
    return OpenVault(organisation, account, pair.private)


def a_key(store: Store, account: int, *, effort: sealing.Effort = CHEAP) -> bytes:
    """The private key of an account, made under PASSPHRASE when it has none; its recovery code is "code"."""
    salt, nonce = secrets.token_bytes(sealing.SALT_BYTES), secrets.token_bytes(sealing.NONCE_BYTES)
    with store.office() as session:
        found = vaults.adviser_key(session, account)
        if found is not None:
            return sealing.unlock(
                found.locked,
                PASSPHRASE,
                salt=found.salt,
                effort=sealing.Effort(found.operations, found.memory),
            )
        pair = sealing.Pair.of(secrets.token_bytes(32))
        session.add(
            vaults.AdviserKey(
                account_id=account,
                public=pair.public,
                operations=effort.operations,
                memory=effort.memory,
                salt=salt,
                locked=sealing.lock(pair.private, PASSPHRASE, salt=salt, nonce=nonce, effort=effort),
                recovery_salt=salt,
                recovery_locked=sealing.wrap_under_code(pair.private, "code", salt=salt, nonce=nonce),
                confirmed=True,
            )
        )
    return pair.private


def signed_in(app: Flask, account: int | None, *, second: bool = True) -> FlaskClient:
    """A browser in which this account is signed in, by a session made in the database; `second`: both steps were done."""
    assert account is not None
    token, moment = secrets.token_urlsafe(32), datetime.now(UTC).replace(tzinfo=None)
    with app.extensions["store"].office() as session:
        mark, ends = signing_in.mark(token), moment + timedelta(hours=1)
        # tests/web/second_step.py goes through the pages of the second step.
        session.add(SignIn(token=mark, account_id=account, seen_at=moment, ends_at=ends, second=second))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    return client


def unlock(client: FlaskClient, slug: str, passphrase: str = PASSPHRASE) -> TestResponse:
    """Fill in the passphrase on the unlock page, as an adviser does."""
    return send_form(client, f"/adviser/{slug}/unlock", passphrase=passphrase)


def send_form(client: FlaskClient, address: str, page: str = "", **fields: object) -> TestResponse:
    """Open the page, take its proof of origin, and send the form the way a browser does."""
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page or address).text)
    return client.post(address, data={**({"csrf_token": proof[1]} if proof else {}), **fields})


def an_open_adviser(app: Flask, organisation: int, *, name: str = "Fatma") -> tuple[FlaskClient, OpenVault]:
    """A new adviser signed in with the vault of the organisation made and unlocked, in English."""
    store: Store = app.extensions["store"]
    by = an_adviser(store, organisation, name=name)
    assert by.account is not None
    vault = a_vault(store, organisation, by.account)
    client = signed_in(app, by.account)
    with store.reading() as session:
        found = organisations.get(session, organisation)
    assert found is not None
    assert unlock(client, found.slug).status_code == 302
    return client, vault
