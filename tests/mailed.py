"""An open scan with personal links, and addresses in it; for tests of what goes out by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.access import Actor, at_command_line
from app.core.plan import PERSONAL
from app.services import addressing, planning
from app.services.addressing import Given
from app.services.inviting_by_mail import Site
from app.storage import scan_keys
from app.storage.database import Store
from app.storage.office import manifests
from tests.factories import NOW, SURVEYS, an_organisation

SITE = Site("https://scan.example", "zorg.example", can_mail=True, is_local=False)
UNITS = "code,parent,name,headcount\norg,,De Linde,{all}\nnoord,org,Team Noord,{each}\nzuid,org,Team Zuid,{each}\n"


@dataclass(frozen=True)
class LinkScan:
    """`by` is the command line of its organisation."""

    id: str
    organisation: int
    by: Actor


def a_link_scan(
    store: Store, *, each: int = 20, organisation: int | None = None, now: datetime = NOW
) -> LinkScan:
    """Two teams of so many people, Noord and Zuid, which are strata 0 and 1."""
    organisation = organisation or an_organisation(store)
    by = at_command_line(organisation)
    scan = planning.create_scan(
        store,
        name="Baseline",
        kind="baseline",
        instrument=(SURVEYS / "social-safety.toml").read_text("utf-8"),
        units=UNITS.format(all=2 * each, each=each),
        way=PERSONAL,
        by=by,
        now=now,
    )
    planning.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=now)
    scan_keys.make(store.scan_keys, scan)
    with store.office() as session:
        if manifests.of(session, scan) is None:
            manifests.put(session, scan, manifests.Frozen(b'{"strata":[]}', b"", b"", b""))
    return LinkScan(scan, organisation, by)


def listed(people: int, team: str = "noord", host: str = "prive.example") -> str:
    """A CSV list of so many people of a team."""
    rows = "".join(f"{team}{number}@{host},{team}\n" for number in range(people))
    return f"address,stratum\n{rows}"


def invite(store: Store, scan: LinkScan, text: str, *, now: datetime = NOW) -> int:
    """Load addresses; gives how many were stored."""
    return addressing.load(store, scan=scan.id, given=Given(text), by=scan.by, now=now).stored
