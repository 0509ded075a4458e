"""Who opens a scan with personal links reads what the health check found; who sealed one, what to destroy by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core import checklist
from app.core.access import Role
from app.services import launching, planning, sealing
from app.storage.backups import KEYS, Note
from app.storage.office import scans
from app.web.ui.asking import now
from tests.services.planned import INSTRUMENT, UNITS, Office, an_office
from tests.web.managing import Somebody, sign_in


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        yield found


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def a_scan(office: Office, way: str) -> str:
    """Ready to be opened."""
    by, today = office.coordinator, now().date()
    given = {"name": "First scan", "kind": "baseline", "instrument": INSTRUMENT, "units": UNITS, "way": way}
    made = planning.create_scan(office.store, **given, by=by, now=now())  # type: ignore[arg-type]
    days = (today + timedelta(days=number) for number in (21, 49, 400))
    names = ("closes_on", "promise_on", "destroy_on")
    planning.set_dates(office.store, scan=made, **dict(zip(names, days, strict=True)), by=by, now=now())
    with office.store.office() as session:
        row = scans.get(session, made)
        assert row is not None
        row.checklist = json.dumps({step.id: "done" for step in checklist.STEPS})
        launching.settle(session, row)
    return made


def test_before_opening_it_says_what_copies_the_databases(
    office: Office, ina: Somebody, tmp_path: Path
) -> None:
    linked, slips = a_scan(office, "personal-links"), a_scan(office, "slips")
    pages = [f"{linked}/{page}" for page in ("", "open")]
    for page in pages:
        assert "found nothing that copies answers" in ina.reads(page)
    (tmp_path / ".ballots.db-litestream").mkdir()
    (tmp_path / "secret.key").chmod(0o644)
    for page in pages:
        told = ina.reads(page)
        assert "Something copies these databases as they change: ballots." in told
        assert "found something else" in told
    assert "as they change" not in ina.reads(f"{slips}/open")


def test_a_key_that_sealing_could_not_reach_is_told_until_it_is_gone(
    office: Office, ina: Somebody, tmp_path: Path
) -> None:
    scan, by = a_scan(office, "personal-links"), office.coordinator
    planning.open_scan(office.store, scan=scan, by=by, now=now())
    folder = str(tmp_path / "unplugged")
    Note(folders=(folder,)).write(office.store.backup_note)
    sealing.seal(office.store, scan=scan, by=by, now=now())
    page = f"{scan}/"
    told = ina.reads(page)
    assert folder in told and KEYS in told
    Note.read(office.store.backup_note).forgotten(folder).write(office.store.backup_note)
    assert folder not in ina.reads(page)
