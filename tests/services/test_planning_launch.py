from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.access import NotAllowed, at_command_line
from app.core.checklist import BadDate
from app.core.lifecycle import State, WrongState
from app.core.refusal import Refused
from app.services import planning
from app.storage import ballots
from app.storage.ballots import IntakeState
from app.storage.office import scans
from app.storage.office.frozen import Frozen
from tests.services.planned import HELPFUL, INSTRUMENT, NOW, UNITS, Office, an_office

TODAY = NOW.date()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        yield found


@pytest.fixture
def scan(office: Office) -> str:
    given = {"name": "First scan", "kind": "baseline", "instrument": INSTRUMENT, "units": UNITS}
    return planning.create_scan(office.store, **given, by=office.coordinator, now=NOW)  # type: ignore[arg-type]


def set_dates(office: Office, scan: str) -> None:
    days = {"closes_on": 14, "promise_on": 40, "destroy_on": 400}
    dates = {name: TODAY + timedelta(days=after) for name, after in days.items()}
    planning.set_dates(office.store, scan=scan, **dates, by=office.coordinator, now=NOW)


def fill_in(office: Office, scan: str, step: str, answer: str = "done") -> None:
    planning.complete_step(office.store, scan=scan, step=step, answer=answer, by=office.coordinator, now=NOW)


def get_ready(office: Office, scan: str) -> None:
    set_dates(office, scan)
    fill_in(office, scan, "dpia")
    fill_in(office, scan, "notice")


def confirm(office: Office, scan: str) -> None:
    planning.confirm_by_council(
        office.store, scan=scan, digest=office.scan(scan).plan_digest, by=office.council, now=NOW
    )


def open_it(office: Office, scan: str) -> None:
    planning.open_scan(office.store, scan=scan, checklist_confirmed=True, by=office.coordinator, now=NOW)


def test_a_scan_is_ready_once_the_last_step_is_done(office: Office, scan: str) -> None:
    set_dates(office, scan)
    fill_in(office, scan, "dpia")
    assert office.scan(scan).state == State.DRAFT
    fill_in(office, scan, "notice", "by letter")
    assert office.scan(scan).state == State.READY
    fill_in(office, scan, "notice", "")
    assert office.scan(scan).state == State.DRAFT


def test_a_complete_checklist_opens(office: Office, scan: str) -> None:
    get_ready(office, scan)
    planning.open_scan(office.store, scan=scan, by=office.coordinator, now=NOW)
    row = office.scan(scan)
    assert (row.state, row.opened_on) == (State.OPEN, TODAY)
    assert ballots.intake(office.store, scan) is IntakeState.OPEN
    assert office.acts()[-1] == "open-scan"


def test_an_incomplete_checklist_names_what_is_missing_and_opens_nothing(office: Office, scan: str) -> None:
    fill_in(office, scan, "dpia")
    with pytest.raises(Refused) as caught:
        planning.open_scan(office.store, scan=scan, by=office.coordinator, now=NOW)
    assert caught.value.facts["steps"] == ("dates", "notice")
    assert office.scan(scan).state == State.DRAFT
    assert ballots.intake(office.store, scan) is None


def test_an_organisation_without_own_advisers_or_a_channel_is_not_ready(office: Office, scan: str) -> None:
    office.set(replace(HELPFUL, help_lines=(), report_elsewhere=" "))
    get_ready(office, scan)
    with pytest.raises(Refused) as caught:
        planning.open_scan(office.store, scan=scan, by=office.coordinator, now=NOW)
    assert caught.value.facts["steps"] == ("help", "report-elsewhere")


def test_one_word_at_the_command_line_stands_for_every_step(office: Office, scan: str) -> None:
    office.set(replace(HELPFUL, help_lines=(), report_elsewhere=""))
    by = at_command_line(office.organisation)
    planning.open_scan(office.store, scan=scan, checklist_confirmed=True, by=by, now=NOW)
    row = office.scan(scan)
    assert row.state == State.OPEN
    assert row.closes_on == TODAY + timedelta(days=21)
    assert row.promise_on == TODAY + timedelta(days=49)
    assert row.destroy_on is not None
    assert row.destroy_on.year == row.promise_on.year + 1
    assert row.steps["dpia"] == "confirmed at the command line"
    assert not row.confirmed


def test_dates_that_were_set_are_kept_by_that_word(office: Office, scan: str) -> None:
    set_dates(office, scan)
    open_it(office, scan)
    assert office.scan(scan).closes_on == TODAY + timedelta(days=14)


def test_a_scan_without_units_is_not_opened_by_that_word(office: Office) -> None:
    empty = planning.start(office.store, name="N", kind="baseline", by=office.coordinator, now=NOW)
    with pytest.raises(Refused) as caught:
        open_it(office, empty)
    assert caught.value.reason == "plan-incomplete"


def test_a_closing_date_that_passed_while_preparing_is_refused(office: Office, scan: str) -> None:
    get_ready(office, scan)
    with pytest.raises(BadDate):
        planning.open_scan(office.store, scan=scan, by=office.coordinator, now=NOW + timedelta(days=14))


def test_opening_twice_is_refused(office: Office, scan: str) -> None:
    open_it(office, scan)
    with pytest.raises(WrongState):
        open_it(office, scan)


def test_the_works_council_confirms_exactly_these_settings(office: Office, scan: str) -> None:
    confirm(office, scan)
    row = office.scan(scan)
    assert row.confirmed
    assert (row.confirmed_digest, row.confirmed_by) == (row.plan_digest, "Olaf")


def test_confirmation_falls_away_when_settings_change(office: Office, scan: str) -> None:
    before = office.scan(scan).settings
    assert before is not None
    confirm(office, scan)
    planning.choose(
        office.store, scan=scan, groupings=["unit"], min_group=9, way="slips", by=office.coordinator, now=NOW
    )
    assert not office.scan(scan).confirmed
    planning.choose(
        office.store, scan=scan, groupings=["unit"], min_group=8, way="slips", by=office.coordinator, now=NOW
    )
    row = office.scan(scan)
    assert row.plan_digest == before.digest
    assert (row.confirmed_digest, row.confirmed_by) == ("", "")


def test_confirmation_stays_when_the_same_settings_are_saved_again(office: Office, scan: str) -> None:
    confirm(office, scan)
    planning.choose(
        office.store, scan=scan, groupings=["unit"], min_group=8, way="slips", by=office.coordinator, now=NOW
    )
    assert office.scan(scan).confirmed


def test_settings_that_were_not_shown_can_not_be_confirmed(office: Office, scan: str) -> None:
    shown = office.scan(scan).plan_digest
    planning.choose(
        office.store, scan=scan, groupings=["unit"], min_group=9, way="slips", by=office.coordinator, now=NOW
    )
    with pytest.raises(Refused) as caught:
        planning.confirm_by_council(office.store, scan=scan, digest=shown, by=office.council, now=NOW)
    assert caught.value.reason == "settings-changed"


def test_nobody_but_the_works_council_confirms(office: Office, scan: str) -> None:
    digest = office.scan(scan).plan_digest
    for by in (office.coordinator, at_command_line(office.organisation)):
        with pytest.raises(NotAllowed):
            planning.confirm_by_council(office.store, scan=scan, digest=digest, by=by, now=NOW)


def test_unknown_steps_and_steps_that_are_not_filled_in_are_refused(office: Office, scan: str) -> None:
    for step in ("dates", "council", "settings", "nonsense"):
        with pytest.raises(Refused):
            fill_in(office, scan, step)


def test_an_answer_has_a_length(office: Office, scan: str) -> None:
    with pytest.raises(Refused, match="300 characters"):
        fill_in(office, scan, "dpia", "x" * 301)


def test_closing_is_only_ever_moved_later(office: Office, scan: str) -> None:
    open_it(office, scan)
    closes = office.scan(scan).closes_on
    assert closes is not None
    later = closes + timedelta(days=7)
    planning.extend(office.store, scan=scan, closes_on=later, by=office.coordinator, now=NOW)
    assert office.scan(scan).closes_on == later
    with pytest.raises(BadDate):
        planning.extend(office.store, scan=scan, closes_on=closes, by=office.coordinator, now=NOW)
    assert office.acts()[-1] == "extend-scan"


def test_only_an_open_scan_is_extended(office: Office, scan: str) -> None:
    with pytest.raises(WrongState):
        planning.extend(office.store, scan=scan, closes_on=TODAY, by=office.coordinator, now=NOW)


def test_no_service_changes_what_was_frozen(office: Office, scan: str) -> None:
    open_it(office, scan)
    before = office.scan(scan).plan
    by = office.coordinator
    acts = [
        lambda: planning.choose(
            office.store, scan=scan, groupings=[], min_group=5, way="slips", by=by, now=NOW
        ),
        lambda: planning.set_units(office.store, scan=scan, text=UNITS, by=by, now=NOW),
        lambda: planning.set_instrument(office.store, scan=scan, text=INSTRUMENT, by=by, now=NOW),
        lambda: planning.join(office.store, scan=scan, strata=[0, 1], by=by, now=NOW),
        lambda: planning.reset_strata(office.store, scan=scan, by=by, now=NOW),
        lambda: planning.rename(office.store, scan=scan, name="N", kind="pulse", by=by, now=NOW),
        lambda: set_dates(office, scan),
        lambda: fill_in(office, scan, "dpia"),
        lambda: confirm(office, scan),
    ]
    for act in acts:
        with pytest.raises(Frozen):
            act()
    assert office.scan(scan).plan == before


@pytest.mark.parametrize("column", ["plan", "plan_digest", "confirmed_digest", "kind", "state"])
def test_no_change_of_the_row_changes_what_was_frozen(office: Office, scan: str, column: str) -> None:
    open_it(office, scan)
    with pytest.raises(Frozen):
        _through_the_model(office, scan, column)
    with pytest.raises(DatabaseError):
        _through_the_database(office, scan, column)
    assert office.scan(scan).state == State.OPEN


def _through_the_model(office: Office, scan: str, column: str) -> None:
    with office.store.office() as session:
        setattr(scans.get(session, scan), column, "draft")


def _through_the_database(office: Office, scan: str, column: str) -> None:
    with office.store.office() as session:
        session.execute(text(f"UPDATE scan SET {column} = 'draft' WHERE id = '{scan}'"))
