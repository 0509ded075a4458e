"""Where a request stands: a slug and an act enter; who asks, where, and about which scan leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.access import Actor, can
from app.core.days import local_day
from app.core.draft import Draft
from app.core.lifecycle import State, is_frozen
from app.services import launching, planning
from app.storage.office.organisations import Organisation
from app.storage.office.scans import Scan
from app.web.ui import asking, store
from app.web.ui.asking import now


@dataclass(frozen=True)
class Here:
    """Who asks, and in which organisation."""

    actor: Actor
    organisation: Organisation

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return can(act, self.actor)

    @property
    def may_print(self) -> bool:
        chosen = self.organisation.settings.coordinator_prints_slips
        return self.may("print-slips-by-choice" if chosen else "print-slips")


@dataclass(frozen=True)
class HereScan(Here):
    """The same, with the scan the page is about and its checklist."""

    scan: Scan
    missing: tuple[str, ...]

    @property
    def state(self) -> State:
        return State(self.scan.state)

    @property
    def frozen(self) -> bool:
        return is_frozen(self.state)

    @property
    def draft(self) -> Draft:
        return planning.draft_of(self.scan)


def today() -> date:
    return local_day(now())


def enter(slug: str, act: str = "see-scans") -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)


def at_scan(slug: str, scan: str, act: str = "see-scans") -> HereScan:
    """The same at a scan of this organisation; 404 for any other."""
    here = enter(slug, act)
    with store().reading() as session:
        row = launching.own_scan(session, scan, here.actor)
        missing = launching.missing(session, row)
    return HereScan(here.actor, here.organisation, row, missing)


__all__ = ["Here", "HereScan", "at_scan", "enter", "now", "today"]
