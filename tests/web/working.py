"""A released scan of a small real organisation with crossings, and a worker that works at once; for tests of pages."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from app.jobs import performing
from app.services import importing, planning, releasing, sealing
from app.web.ui.asking import now
from tests.factories import promise
from tests.services.planned import INSTRUMENT, UNITS, Office

GROUPINGS = ("unit", "tenure", "unit*tenure")
CORRECTED = INSTRUMENT.replace("version = 1", "version = 2").replace(
    'options = "agree"\nreversed = false\ntext.en = "Others speak up"',
    'options = "agree"\nreversed = true\ntext.en = "Others speak up"',
)


@dataclass(frozen=True)
class AtOnce:
    """A queue whose worker has done the work before the page is back."""

    office: Office
    folder: Path

    def put(self, act: str, task: int) -> None:
        performing.perform(self.office.store, task, files=self.folder / "files", now=now())


class Never:
    """A queue whose worker doesn't come."""

    def put(self, act: str, task: int) -> None:
        pass


def plan_scan(office: Office, groupings: tuple[str, ...] = GROUPINGS) -> str:
    return planning.create_scan(
        office.store, name="First scan", kind="baseline", instrument=INSTRUMENT, units=UNITS, groupings=groupings,
        min_group=5, by=office.coordinator, now=now(),
    )  # fmt: skip


def release_scan(office: Office, folder: Path, groupings: tuple[str, ...] = GROUPINGS) -> str:
    """Nearly everybody answers. Half of each unit is there longer, but of South only two people."""
    scan = plan_scan(office, groupings)
    by = office.coordinator
    planning.open_scan(office.store, scan=scan, checklist_confirmed=True, by=by, now=now())
    file = folder / "answers.csv"
    file.write_text(_answers(), "utf-8")
    importing.import_answers(office.store, scan=scan, path=file, by=by, now=now())
    sealing.seal(office.store, scan=scan, by=by, now=now())
    releasing.release(office.store, scan=scan, by=by, now=now())
    promise(office.store, scan, now().date())
    return scan


def _answers() -> str:
    chance = random.Random(7)
    rows = [
        f"{unit},{chance.randint(1, 5)},{chance.randint(1, 5)},{2 if number < longer else 1}"
        for unit, people, longer in (("north", 20, 10), ("south", 15, 2), ("house", 22, 11))
        for number in range(people)
    ]
    return "\n".join(["unit,speak1,speak2,tenure", *rows]) + "\n"
