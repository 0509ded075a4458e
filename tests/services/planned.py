"""What the tests of planning start from: a questionnaire, a care organisation, and people with a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask

from app.core.access import Actor, Role
from app.storage.database import Store
from app.storage.office import audit, organisations, scans
from app.storage.office.organisations import HelpLine, Organisation, OrganisationSettings
from app.storage.office.scans import Scan
from tests.core.plans import INSTRUMENT
from tests.storage.stores import an_app

NOW = datetime(2026, 11, 23, 12, 0)

UNITS = """code,parent,name,headcount
org,,De Linde,60
home,org,Home care,35
north,home,North,20
south,home,South,15
house,org,House,22
"""


@dataclass(frozen=True)
class Office:
    """One organisation on real databases."""

    app: Flask
    store: Store
    organisation: int

    def actor(self, *roles: Role, name: str = "somebody") -> Actor:
        return Actor(name, self.organisation, frozenset(roles), account=1)

    @property
    def coordinator(self) -> Actor:
        return self.actor(Role.COORDINATOR, name="Ina")

    @property
    def council(self) -> Actor:
        return self.actor(Role.WORKS_COUNCIL, name="Olaf")

    def scan(self, scan: str) -> Scan:
        with self.store.reading() as session:
            row = scans.get(session, scan)
        assert row is not None
        return row

    def acts(self) -> list[str]:
        """What the audit log holds, the oldest first."""
        with self.store.reading() as session:
            return [row.act for row in reversed(audit.rows(session, self.organisation))]

    def set(self, settings: OrganisationSettings) -> None:
        with self.store.office() as session:
            owner = organisations.get(session, self.organisation)
            assert owner is not None
            owner.settings = settings


HELPFUL = OrganisationSettings(
    operator="De Linde",
    report_elsewhere="Integrity desk, 012-3456789",
    help_lines=(HelpLine("Fatma Yilmaz", "06-12345678", "Mon-Fri", own=True),),
)


@contextmanager
def an_office(folder: Path, *, name: str = "De Linde") -> Iterator[Office]:
    with an_app("sqlite", folder) as app:
        store = app.extensions["store"]
        with store.office() as session:
            row = Organisation(slug="linde", name=name, settings_json=HELPFUL.to_json())
            session.add(row)
            session.flush()
            made = row.id
        yield Office(app, store, made)
        store.dispose()


__all__ = ["HELPFUL", "INSTRUMENT", "NOW", "UNITS", "Office", "an_office"]
