"""A scan whose results everybody may read, with a unit that is not shown in it; for tests of the board."""

from __future__ import annotations

import random
from pathlib import Path

from app.services import importing, planning, releasing, sealing
from app.storage.office import scans
from app.web.ui.asking import now
from tests.services.planned import INSTRUMENT, Office

UNITS = """code,parent,name,headcount
org,,De Linde,68
home,org,Home care,46
north,home,North,20
south,home,South,20
garden,home,Garden,6
house,org,House,22
"""
THEME = "fear-to-report"
HIDDEN = "garden"


def open_scan(office: Office, folder: Path) -> str:
    """Nearly everybody answered; Garden was joined with a unit beside it before anybody did."""
    scan = planning.create_scan(
        office.store,
        name="First scan",
        kind="baseline",
        instrument=INSTRUMENT,
        units=UNITS,
        groupings=("unit",),
        min_group=5,
        spread=2,
        by=office.coordinator,
        now=now(),
    )
    planning.open_scan(office.store, scan=scan, checklist_confirmed=True, by=office.coordinator, now=now())
    chance = random.Random(7)
    rows = [
        f"{unit},{chance.randint(1, 5)},{chance.randint(1, 5)},1"
        for unit, people in (("north", 20), ("south", 20), ("garden", 6), ("house", 22))
        for _ in range(people)
    ]
    file = folder / "answers.csv"
    file.write_text("\n".join(["unit,speak1,speak2,tenure", *rows]) + "\n", "utf-8")
    importing.import_answers(office.store, scan=scan, path=file, by=office.coordinator, now=now())
    sealing.seal(office.store, scan=scan, by=office.coordinator, now=now())
    releasing.release(office.store, scan=scan, by=office.coordinator, now=now())
    with office.store.office() as session:
        row = scans.get(session, scan)
        assert row is not None
        row.promise_on = now().date()
    return scan
