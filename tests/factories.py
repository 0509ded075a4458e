"""Known states of data in one call each: a tree, a plan, databases, an organisation, a scan, ballots, an actor."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import create_app, demo
from app.core.access import Actor, Role, at_command_line
from app.core.instrument import Instrument, parse
from app.core.plan import Plan
from app.core.strata import propose
from app.core.units import Tree, read_tree
from app.services import inviting, planning, responding, setting_up
from app.settings import load
from app.storage import upgrading
from app.storage.database import Store

NOW = datetime(2026, 11, 23, 12, 0)
PASSWORD = "een lange zin als wachtwoord"
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
    app = create_app(load({"WEERKLANK_INSTANCE": str(folder), "WEERKLANK_LOCAL_SLIPS": "1", **environment}))
    upgrading.upgrade_if_needed(app, lock=folder / "upgrade.lock")
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
