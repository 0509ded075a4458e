"""A scan on real databases, from an empty installation to an open scan with slips; used by the tests of services."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask import Flask

from app.core.access import Actor, Role, at_command_line
from app.services import inviting, launching, planning, responding, setting_up
from app.services.facing import face
from app.storage.database import Store
from app.storage.office import vaults
from tests import factories

NOW = datetime(2026, 11, 23, 9, 0)
TODAY = date(2026, 11, 23)
SECRET = b"a secret of thirty-two bytes....."
SURVEYS = Path(__file__).resolve().parent.parent.parent / "surveys"
UNITS = "code,parent,name,headcount\norg,,De Linde,35\na,org,Team A,15\nb,org,Team B,20\n"


@dataclass(frozen=True)
class Place:
    """An open scan and who acts in it."""

    store: Store
    scan: str
    slug: str
    organisation: int

    @property
    def command_line(self) -> Actor:
        return at_command_line(self.organisation)

    def actor(self, *roles: Role) -> Actor:
        return Actor("someone", self.organisation, frozenset(roles))

    def slips(self, **more: object) -> inviting.SlipRun:
        return inviting.print_slips(
            self.store,
            scan=self.scan,
            by=self.command_line,
            now=NOW,
            local_ok=True,
            **more,  # type: ignore[arg-type]
        )

    def codes(self) -> dict[int, tuple[str, ...]]:
        return {sheet.stratum: sheet.codes for sheet in self.slips().sheets}

    def form(self, code: str, today: date = TODAY) -> responding.FormKeys | None:
        opening = responding.find_code(self.store, slug=self.slug, code=code, today=today)
        return responding.new_form(SECRET, opening, code) if opening else None

    def send(
        self, code: str, keys: responding.FormKeys, values: dict[str, str], today: date = TODAY
    ) -> responding.Answer:
        return responding.submit(
            self.store,
            SECRET,
            slug=self.slug,
            code=code,
            nonce=keys.nonce,
            proof=keys.proof,
            values=values,
            today=today,
        )

    def fill_in(self, code: str, values: dict[str, str]) -> responding.Answer:
        keys = self.form(code)
        assert keys is not None
        return self.send(code, keys, values)

    def answers(self, seed: int) -> dict[str, str]:
        """Random answers to every coded item of the scan's instrument."""
        shown = face(self.store, self.scan)
        assert shown is not None
        chance = random.Random(seed)
        instrument = shown.instrument
        return {item.id: str(chance.choice(instrument.options_of(item).codes)) for item in instrument.coded}


def an_organisation(app: Flask, name: str = "Zorggroep De Linde") -> tuple[int, str]:
    """Its id and slug."""
    organisation, _ = setting_up.set_up(
        app.extensions["store"],
        organisation=name,
        email=f"admin@{name.split()[-1].lower()}.example",
        name="Anne",
        password="een lange zin als wachtwoord",
        now=NOW,
    )
    with app.extensions["store"].reading() as session:
        from app.storage.office import organisations

        row = organisations.get(session, organisation)
        assert row is not None
        return organisation, row.slug


def with_vault(store: Store, organisation: int) -> None:
    """Let the organisation have an adviser with a confirmed vault, if it has none."""
    with store.reading() as session:
        if vaults.vault(session, organisation) is not None:
            return
    adviser = factories.an_adviser(store, organisation, name="Samira").account
    assert adviser is not None
    factories.a_vault(store, organisation, adviser)


def an_open_scan(
    app: Flask,
    *,
    units: str = UNITS,
    instrument: str = "social-safety",
    groupings: tuple[str, ...] = ("unit",),
    min_group: int = 8,
    way: str = "slips",
    owner: tuple[int, str] | None = None,
    vault: bool = True,
) -> Place:
    """Open, with advisers who have a vault for what people write, unless told otherwise."""
    store: Store = app.extensions["store"]
    organisation, slug = owner or an_organisation(app)
    if vault:
        with_vault(store, organisation)
    actor = at_command_line(organisation)
    scan = planning.create_scan(
        store,
        name="Baseline",
        kind="baseline",
        instrument=(SURVEYS / f"{instrument}.toml").read_text("utf-8"),
        units=units,
        groupings=groupings,
        min_group=min_group,
        way=way,
        by=actor,
        now=NOW,
    )
    launching.open_scan(store, scan=scan, checklist_confirmed=True, by=actor, now=NOW)
    return Place(store, scan, slug, organisation)
