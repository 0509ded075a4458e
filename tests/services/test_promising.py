"""The timeline, the measures and the reminders of a board, and a reason for a scan that starts while promises are late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from app.core.access import NotAllowed, Role
from app.core.cadence import Status, Step
from app.core.feedback import State
from app.core.measures import Share
from app.core.refusal import Refused
from app.mail import Message
from app.services import launching, measuring, planning, promising, reminding_owners
from app.storage.office import accounts
from app.storage.office.accounts import Account
from tests.core.plans import INSTRUMENT
from tests.services.board import BEGUN, DECIDED, a_board, post, publish
from tests.services.planned import UNITS, Office

FIRST = {"opened": date(2026, 1, 5), "promised": date(2026, 2, 20), "released": date(2026, 2, 10)}
IN_TIME, TOO_LATE = date(2026, 3, 20), date(2026, 6, 1)
NOW = datetime(2026, 11, 23, 12, 0)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_board(tmp_path) as made:
        publish(made, "before", **FIRST, score=55)  # type: ignore[arg-type]
        yield made


def decisions(office: Office, today: date) -> Status:
    (line,) = promising.timeline(office.store, organisation=office.organisation, today=today)
    moment = line.moment(Step.DECISIONS)
    assert moment is not None
    return moment.status(today)


def test_a_decision_on_a_theme_of_the_scan_keeps_the_promise(office: Office) -> None:
    assert decisions(office, NOW.date()) is Status.LATE
    post(office, (TOO_LATE, replace(DECIDED, theme="sexism")))
    assert decisions(office, NOW.date()) is Status.LATE
    post(office, (TOO_LATE, DECIDED))
    assert decisions(office, NOW.date()) is Status.KEPT_LATE
    post(office, (IN_TIME, DECIDED))
    assert decisions(office, NOW.date()) is Status.KEPT


def test_measures_count_themes_and_dates(office: Office) -> None:
    by = office.actor(Role.WORKS_COUNCIL)
    post(office, (IN_TIME, DECIDED), (TOO_LATE, replace(BEGUN, state=State.DONE)))
    post(office, (TOO_LATE, replace(DECIDED, theme="bullying", due_on=date(2026, 7, 1))))
    found = measuring.measure(office.store, by=by, language="en", today=NOW.date())
    assert found.decided == Share(1, 3)
    assert found.days == ((IN_TIME - FIRST["promised"]).days + (TOO_LATE - FIRST["promised"]).days) / 2
    assert found.on_time == Share(1, 2)
    with pytest.raises(NotAllowed):
        measuring.measure(office.store, by=office.actor(Role.ADMINISTRATOR), language="en", today=NOW.date())


def new_scan(office: Office) -> str:
    return planning.create_scan(
        office.store, name="Again", kind="follow-up", instrument=INSTRUMENT, units=UNITS, groupings=("unit",),
        min_group=5, by=office.coordinator, now=NOW,
    )  # fmt: skip


def open_scan(office: Office, scan: str, reason: str = "") -> None:
    planning.open_scan(
        office.store,
        scan=scan,
        checklist_confirmed=True,
        overdue_reason=reason,
        by=office.coordinator,
        now=NOW,
    )


def test_a_scan_starts_while_promises_are_late_only_with_a_reason_that_the_timeline_shows(
    office: Office,
) -> None:
    scan = new_scan(office)
    late = launching.late_promises(office.store, scan=scan, by=office.coordinator, today=NOW.date())
    assert [(one.what, one.due_on) for one in late] == [("decisions", date(2026, 4, 17))]
    with pytest.raises(Refused) as refused:
        open_scan(office, scan, "  ")
    assert refused.value.reason == "promises-overdue" and "\n" not in str(refused.value)
    with pytest.raises(Refused) as refused:
        open_scan(office, scan, "x" * 301)
    assert refused.value.reason == "too-long"
    assert office.scan(scan).opened_on is None and not office.scan(scan).overdue_reason
    open_scan(office, scan, "The director\n was away")
    newest = promising.timeline(office.store, organisation=office.organisation, today=NOW.date())[0]
    assert (newest.run.scan, newest.run.overdue_reason) == (scan, "The director was away")


def test_no_reason_is_kept_where_nothing_is_late(office: Office) -> None:
    post(office, (IN_TIME, DECIDED))
    scan = new_scan(office)
    open_scan(office, scan, "because")
    assert office.scan(scan).overdue_reason == ""


def test_an_update_that_is_late_asks_for_a_reason_too(office: Office) -> None:
    post(office, (IN_TIME, replace(DECIDED, due_on=date(2026, 11, 22))))
    with pytest.raises(Refused) as refused:
        open_scan(office, new_scan(office))
    assert [one.what for one in refused.value.facts["late"]] == ["update"]  # type: ignore[attr-defined]


class Caught:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Message] = []

    def send(self, message: Message) -> str:
        self.letters.append(message)
        return ""


def colleague(office: Office, email: str, role: Role, language: str) -> None:
    with office.store.office() as session:
        row = Account(email=email, name=email, language=language, active=True)
        session.add(row)
        session.flush()
        accounts.set_roles(session, row.id, office.organisation, frozenset({role}))


def remind(office: Office, day: int) -> list[Message]:
    caught, moment = Caught(), datetime(2026, 11, day, 5, 10)
    reminding_owners.remind(office.store, mailer=caught, address="https://x.example", now=moment)
    return caught.letters


def test_the_owner_is_reminded_once_of_each_date_before_it_passes(office: Office) -> None:
    colleague(office, "m@linde.example", Role.MANAGER, "en")
    colleague(office, "c@linde.example", Role.COORDINATOR, "nl")
    post(office, (IN_TIME, BEGUN))
    post(office, (IN_TIME, replace(BEGUN, state=State.DONE)))
    assert remind(office, 19) == []
    (letter,) = remind(office, 20)
    assert letter.to == "m@linde.example"
    assert "“Somebody to turn to” on 27 November 2026" in letter.text and "Scary" not in letter.text
    assert "https://x.example/changes/linde/" in letter.text
    assert remind(office, 20) == remind(office, 23) == []
    (letter,) = remind(office, 24)
    assert "done by 1 December 2026" in letter.text and "27 November 2026" not in letter.text


def test_what_nobody_here_owns_goes_to_the_coordinator_in_their_language(office: Office) -> None:
    colleague(office, "c@linde.example", Role.COORDINATOR, "nl")
    post(office, (IN_TIME, replace(BEGUN, owner="other")))
    (letter,) = remind(office, 25)
    assert letter.to == "c@linde.example" and "“Een vast aanspreekpunt”" in letter.text
