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
from tests.storage.stores import an_app

NOW = datetime(2026, 11, 23, 12, 0)

INSTRUMENT = """
id = "small"
version = 1
languages = ["en"]
minutes = 2
licence = "CC-BY-4.0"
source = "written for tests"
validated = false
title.en = "Small"

[options.agree]
codes = [1, 2, 3, 4, 5]
favourable = [4, 5]
unfavourable = [1, 2]
labels.en = ["strongly disagree", "disagree", "neither", "agree", "strongly agree"]

[options.tenure]
codes = [1, 2]
labels.en = ["shorter", "longer"]

[[scales]]
id = "speaking-up"
theme = "fear-to-report"
kind = "mean"
min_answered = 0.5
rates_a_person = false
title.en = "Speaking up"

[[items]]
id = "speak1"
scale = "speaking-up"
options = "agree"
reversed = false
text.en = "I speak up"

[[items]]
id = "speak2"
scale = "speaking-up"
options = "agree"
reversed = false
text.en = "Others speak up"

[[items]]
id = "tenure"
kind = "background"
options = "tenure"
text.en = "How long have you worked here?"
"""

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
