"""A pulse asks about an update of the board; once its results are open, that update says what staff answered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.core.feedback import Decision
from app.core.refusal import Refused
from app.services import following_up, importing, planning, releasing, sealing, showing_effect
from app.storage.office import effects, scans
from app.storage.office.frozen import Frozen
from tests.services.board import ADDRESS, BEGUN, DECIDED, a_board, post
from tests.services.planned import INSTRUMENT, UNITS, Office
from tests.web.managing import sign_in

FIRST, SECOND = datetime(2026, 5, 4, 9), datetime(2026, 10, 5, 9)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_board(tmp_path) as made:
        yield made


def a_pulse(office: Office, now: datetime, *updates: int, kind: str = "pulse") -> str:
    scan = planning.create_scan(
        office.store, name=f"Pulse {now:%B}", kind=kind, instrument=INSTRUMENT, units=UNITS, min_group=5,
        by=office.coordinator, now=now,
    )  # fmt: skip
    if updates:
        following_up.ask_about(office.store, scan=scan, updates=updates, by=office.coordinator, now=now)
    return scan


def answered(office: Office, scan: str, update: int, yes: int, now: datetime, folder: Path) -> None:
    """Everybody answers, `yes` of them that they notice it (0: it isn't asked); released, and open to all since."""
    planning.open_scan(
        office.store, scan=scan, checklist_confirmed=True, overdue_reason="x", by=office.coordinator, now=now
    )
    chance, column = random.Random(3), f",noticed-{update}" if update else ""
    rows = [
        f"{unit},{chance.randint(2, 5)},{chance.randint(2, 5)},1"
        + (f",{3 if place < yes else 1}" if update else "")
        for place, unit in enumerate(("north", "south", "house") * 18)
    ]
    file = folder / f"{scan}.csv"
    file.write_text("\n".join([f"unit,speak1,speak2,tenure{column}", *rows[:45]]) + "\n", "utf-8")
    importing.import_answers(office.store, scan=scan, path=file, by=office.coordinator, now=now)
    sealing.seal(office.store, scan=scan, by=office.coordinator, now=now)
    releasing.release(office.store, scan=scan, by=office.coordinator, now=now)
    with office.store.office() as session:
        row = scans.get(session, scan)
        assert row is not None
        row.promise_on, row.opened_on = now.date() + timedelta(days=7), now.date()


def effect(office: Office, update: int, today: date) -> effects.Effect:
    showing_effect.refresh(office.store, organisation=office.organisation, today=today)
    with office.store.reading() as session:
        return effects.rows(session, office.organisation)[update].effect


def test_what_staff_notice_stands_on_the_update_with_interval_and_then_before_and_after(
    office: Office, tmp_path: Path
) -> None:
    update = post(office, (date(2026, 4, 1), DECIDED), (date(2026, 4, 20), BEGUN))
    first = a_pulse(office, FIRST, update)
    answered(office, first, update, 9, FIRST, tmp_path)
    assert effect(office, update, FIRST.date()).noticed is None, "not before the promised day"
    found = effect(office, update, FIRST.date() + timedelta(days=7)).noticed
    assert found and found.scan == "Pulse May" and found.change is None and not found.reason
    assert found.score and found.n and found.interval and found.score["low"] <= 20 <= found.score["high"]
    assert found.interval[0] < 20 < found.interval[1]

    second = a_pulse(office, SECOND, update)
    answered(office, second, update, 40, SECOND, tmp_path)
    found = effect(office, update, SECOND.date() + timedelta(days=7)).noticed
    assert found and found.scan == "Pulse October" and found.earlier == "Pulse May"
    assert found.change and found.change.verdict == "clearly better" and found.change.interval
    page = office.app.test_client().get(f"/b/{ADDRESS}/{update}/?language=en").text
    assert "Do people notice it? Asked in “Pulse October”" in page and "Clearly better" in page
    # It judges no subject: neither the front page nor the themes of the board speak of it.
    front = office.app.test_client().get(f"/b/{ADDRESS}/?language=en").text
    assert "noticed" not in front and "Noticed" not in front


def test_a_unit_that_is_not_shown_is_not_shown_here_either(office: Office, tmp_path: Path) -> None:
    update = post(office, (date(2026, 4, 1), replace(BEGUN, unit="gone")))
    scan = a_pulse(office, FIRST, update)
    answered(office, scan, update, 9, FIRST, tmp_path)
    found = effect(office, update, SECOND.date()).noticed
    assert found and found.reason == "only-old" and found.score is None


def test_the_next_scan_need_not_ask_it_again(office: Office, tmp_path: Path) -> None:
    """Read with the earlier release, as if nobody had changed, there is a question to which no answers are known."""
    update = post(office, (date(2026, 4, 1), BEGUN))
    answered(office, a_pulse(office, FIRST, update), update, 9, FIRST, tmp_path)
    answered(office, a_pulse(office, SECOND), 0, 9, SECOND, tmp_path)
    found = effect(office, update, SECOND.date() + timedelta(days=7)).noticed
    assert found and found.scan == "Pulse May" and found.score


def test_what_can_not_be_asked_is_refused(office: Office) -> None:
    update = post(office, (date(2026, 4, 1), BEGUN))
    nothing = post(office, (date(2026, 4, 1), replace(BEGUN, decision=Decision.DONT)))
    pulse, baseline = a_pulse(office, FIRST), a_pulse(office, FIRST, kind="baseline")

    def refused(scan: str, *updates: int) -> str:
        with pytest.raises(Refused) as caught:
            following_up.ask_about(office.store, scan=scan, updates=updates, by=office.coordinator, now=FIRST)
        return caught.value.reason

    assert refused(baseline, update) == "other-kind"
    assert refused(pulse, nothing) == refused(pulse, 999) == "no-update"
    assert refused(pulse, *range(1, 8)) == "too-many"
    planning.open_scan(
        office.store,
        scan=pulse,
        checklist_confirmed=True,
        overdue_reason="x",
        by=office.coordinator,
        now=FIRST,
    )
    with pytest.raises(Frozen):
        following_up.ask_about(office.store, scan=pulse, updates=[update], by=office.coordinator, now=FIRST)


def test_a_coordinator_ticks_what_to_ask_about_and_another_kind_takes_it_out(office: Office) -> None:
    update = post(office, (date(2026, 4, 1), BEGUN))
    scan = a_pulse(office, FIRST)
    planning.set_instrument(office.store, scan=scan, text=INSTRUMENT, by=office.coordinator, now=FIRST)
    before = office.scan(scan).plan_digest
    from app.core.access import Role

    with office.store.office() as session:
        from app.storage.office import organisations

        row = organisations.get(session, office.organisation)
        assert row is not None
        slug = row.slug
    somebody = sign_in(office, Role.COORDINATOR)
    page = somebody.client.get(f"/manage/{slug}/{scan}/ask-about").text
    assert "Somebody to turn to" in page
    answer = somebody.client.post(f"/manage/{slug}/{scan}/ask-about", data={"updates": [str(update)]})
    assert answer.status_code == 302
    assert "1 update of the board is asked about" in somebody.client.get(f"/manage/{slug}/{scan}/").text
    frozen = office.scan(scan)
    assert frozen.plan_digest != before and frozen.settings is not None
    assert (
        frozen.settings.questionnaire.item(f"noticed-{update}").text["en"].endswith("“Somebody to turn to”?")
    )
    planning.rename(office.store, scan=scan, name="Other", kind="feedback", by=office.coordinator, now=FIRST)
    assert office.scan(scan).plan_digest == before
