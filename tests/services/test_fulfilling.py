"""A promise keeps itself: a scan that nobody released is there on its day by a moved clock, or the board says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.core.access import Role
from app.core.opening import NotYet
from app.jobs import hourly, performing
from app.mail import Message
from app.services import boarding, fulfilling, importing, opening, planning, postponing, releasing
from app.storage.office import audit, scans, tasks
from tests.factories import an_account
from tests.services.planned import INSTRUMENT, Office, an_office
from tests.web.boards import UNITS

OPENED = datetime(2026, 11, 2, 9)
CLOSES, PROMISED = date(2026, 11, 20), date(2026, 12, 1)
BEFORE_MIDNIGHT, MIDNIGHT = datetime(2026, 11, 29, 22, 59), datetime(2026, 11, 29, 23, 0)
"""Around 00:00 in the Netherlands on the eve of the promised day, in UTC."""


@dataclass
class Queue:
    asked: list[tuple[str, int]] = field(default_factory=list)

    def put(self, act: str, task: int) -> None:
        self.asked.append((act, task))


@dataclass
class Box:
    letters: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.letters.append(message)


@dataclass
class Waiting:
    """A scan that is open, with answers, and whose coordinators do nothing."""

    office: Office
    scan: str
    files: Path
    queue: Queue = field(default_factory=Queue)
    box: Box = field(default_factory=Box)

    def clock(self, now: datetime) -> list[str]:
        """What the worker does at this hour; gives what it was asked."""
        self.queue.asked.clear()
        fulfilling.tell(self.office.store, mailer=self.box, address="https://w.example", now=now)
        fulfilling.ask_due(self.office.store, self.queue, now=now)
        for _, task in self.queue.asked:
            performing.perform(self.office.store, task, files=self.files, now=now)
        return [act for act, _ in self.queue.asked]

    @property
    def state(self) -> str:
        with self.office.store.reading() as session:
            row = scans.get(session, self.scan)
        assert row is not None
        return row.state

    def standing(self, now: datetime) -> boarding.Standing:
        return boarding.standings(self.office.store, organisation=self.office.organisation, now=now)[0]


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    with an_office(tmp_path) as office:
        by, store = office.coordinator, office.store
        scan = planning.create_scan(
            store, name="Scan", kind="baseline", instrument=INSTRUMENT, units=UNITS, groupings=("unit",),
            min_group=5, by=by, now=OPENED,
        )  # fmt: skip
        planning.set_dates(
            store, scan=scan, closes_on=CLOSES, promise_on=PROMISED, destroy_on=date(2027, 12, 1), by=by, now=OPENED
        )  # fmt: skip
        planning.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=OPENED)
        file = tmp_path / "answers.csv"
        rows = [f"{unit},4,3,1" for unit in ("north", "south", "house") for _ in range(18)]
        file.write_text("\n".join(["unit,speak1,speak2,tenure", *rows]) + "\n", "utf-8")
        importing.import_answers(store, scan=scan, path=file, by=by, now=OPENED)
        an_account(store, office.organisation, Role.COORDINATOR, name="Hanna")
        an_account(store, office.organisation, Role.MANAGER, name="Joris")
        yield Waiting(office, scan, tmp_path / "files")


def test_a_scan_that_nobody_seals_or_releases_is_there_at_midnight_of_its_day(waiting: Waiting) -> None:
    assert waiting.clock(BEFORE_MIDNIGHT) == [] and waiting.state == "open"
    assert waiting.clock(MIDNIGHT) == ["fulfil"] and waiting.state == "released"
    store, day_before = waiting.office.store, datetime(2026, 11, 30, 22, 59)
    with pytest.raises(NotYet):
        opening.check_readable(store, scan=waiting.scan, by=None, now=day_before)
    opening.check_readable(store, scan=waiting.scan, by=None, now=day_before + timedelta(minutes=1))
    assert not waiting.standing(day_before).results
    assert waiting.standing(day_before + timedelta(minutes=1)).results
    with store.reading() as session:
        who = {row.act: row.who for row in audit.rows(session, waiting.office.organisation)}
    assert who["seal"] == who["release"] == "by itself"
    assert waiting.clock(MIDNIGHT + timedelta(days=3)) == [] and waiting.box.letters == []


def fail(monkeypatch: pytest.MonkeyPatch, document: bool) -> None:
    """Spoil the attack: nothing is left to show, or it breaks."""
    from app.core import ladder

    def spoilt(*_: object, **__: object) -> dict[str, object]:
        if not document:
            raise RuntimeError("out of order")
        return {"digest": "0" * 64, "attack": {"given_up": [{"step": "units"}, {"step": "everything"}]}}

    monkeypatch.setattr(ladder, "publish", spoilt)


@pytest.mark.parametrize(
    ("document", "why", "says"), [(True, "unsafe", "safe to show"), (False, "broken", "log")]
)
def test_what_does_not_pass_stays_and_coordinators_and_the_board_say_so(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch, document: bool, why: str, says: str
) -> None:
    fail(monkeypatch, document)
    assert waiting.clock(MIDNIGHT) == ["fulfil"] and waiting.state == "sealed"
    with waiting.office.store.reading() as session:
        last = tasks.latest(session, waiting.scan, "fulfil")
    assert last is not None and last.state == "failed"
    number = boarding.number(waiting.office.store)
    assert waiting.clock(MIDNIGHT + timedelta(hours=1)) == []
    assert boarding.number(waiting.office.store) > number, "pages made before don't say it yet"
    (letter,) = waiting.box.letters
    assert letter.to.startswith("hanna") and says in letter.text and "1 December 2026" in letter.text
    assert f"/{waiting.scan}/" in letter.text
    assert waiting.standing(MIDNIGHT).not_out == why and not waiting.standing(MIDNIGHT).late
    # Once more on the day itself, then every week; each failure is told once.
    assert waiting.clock(MIDNIGHT + timedelta(hours=20)) == []
    day = MIDNIGHT + timedelta(days=1)
    assert waiting.clock(day) == ["fulfil"] and waiting.clock(day + timedelta(hours=1)) == []
    assert waiting.standing(day).late and len(waiting.box.letters) == 2
    assert waiting.clock(day + timedelta(days=6)) == []
    monkeypatch.undo()
    assert waiting.clock(day + timedelta(days=7)) == ["fulfil"] and waiting.state == "released"
    found = waiting.standing(day + timedelta(days=7))
    assert found.results and not found.late and not found.not_out


def test_a_promise_that_is_moved_moves_the_release(waiting: Waiting) -> None:
    postponing.postpone(
        waiting.office.store, scan=waiting.scan, to_on=date(2026, 12, 15), reason="Ziekte",
        by=waiting.office.coordinator, now=OPENED,
    )  # fmt: skip
    assert waiting.clock(MIDNIGHT + timedelta(days=2)) == []
    assert waiting.clock(MIDNIGHT + timedelta(days=14)) == ["fulfil"]


def test_who_releases_it_earlier_is_not_in_the_way(waiting: Waiting) -> None:
    from app.services import sealing

    sealing.seal(waiting.office.store, scan=waiting.scan, by=waiting.office.coordinator, now=OPENED)
    digest = releasing.release(
        waiting.office.store, scan=waiting.scan, by=waiting.office.coordinator, now=OPENED
    )
    assert waiting.clock(MIDNIGHT) == []
    assert releasing.latest_digest(waiting.office.store, scan=waiting.scan) == digest


def test_the_hour_has_it_first() -> None:
    assert list(hourly.ACTS)[:2] == ["fulfil", "publish-due-updates"]
