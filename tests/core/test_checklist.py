from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import ACTS
from app.core.checklist import (
    STEPS,
    BadDate,
    Dates,
    Facts,
    check_dates,
    check_extension,
    default_dates,
    is_done,
    missing,
)

EVERYTHING = Facts(settings=True, dates=True, own_help=True, report_elsewhere=True, confirmed=False)
ANSWERS = {"dpia": "M. de Wit, 2026-10-01", "notice": "by letter"}
TODAY = date(2026, 11, 23)


def test_nothing_done_misses_every_needed_step() -> None:
    assert missing({}, Facts()) == tuple(step.id for step in STEPS if step.needed)


def test_a_scan_is_ready_without_a_rehearsal_and_the_works_council() -> None:
    assert missing(ANSWERS, EVERYTHING) == ()
    assert [step.id for step in STEPS if not is_done(step, ANSWERS, EVERYTHING)] == [
        "rehearsal",
        "vault",
        "council",
    ]


@pytest.mark.parametrize("step", ["dpia", "notice"])
def test_an_answer_taken_back_is_missing_again(step: str) -> None:
    assert missing({**ANSWERS, step: ""}, EVERYTHING) == (step,)


def test_no_answer_stands_in_for_settings_dates_or_the_works_council() -> None:
    said = dict.fromkeys((step.id for step in STEPS), "confirmed at the command line")
    assert missing(said, Facts()) == ("settings", "dates")
    assert not is_done(STEPS[-1], said, Facts())


def test_every_step_is_completed_by_an_act_that_exists() -> None:
    assert all(step.act in ACTS for step in STEPS)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_the_default_dates_can_always_be_used(today: date) -> None:
    dates = default_dates(today)
    check_dates(dates, today)
    assert dates.closes_on - today == timedelta(days=21)
    assert dates.promise_on - dates.closes_on == timedelta(days=28)
    assert 365 <= (dates.destroy_on - dates.promise_on).days <= 366


@pytest.mark.parametrize(
    ("closes", "promise", "destroy", "field"),
    [(0, 30, 400, "closes_on"), (20, 20, 400, "promise_on"), (20, 30, 30, "destroy_on")],
)
def test_dates_in_the_wrong_order_are_refused_by_name(
    closes: int, promise: int, destroy: int, field: str
) -> None:
    dates = Dates(*(TODAY + timedelta(days=days) for days in (closes, promise, destroy)))
    with pytest.raises(BadDate) as caught:
        check_dates(dates, TODAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, "not-later"), (-1, "not-later"), (28, "after-promise"), (40, "after-promise")],
)
def test_an_extension_is_later_and_before_the_promise(days: int, reason: str) -> None:
    dates = default_dates(TODAY)
    with pytest.raises(BadDate) as caught:
        check_extension(dates, dates.closes_on + timedelta(days=days), TODAY)
    assert caught.value.reason == reason


def test_an_extension_after_closing_must_not_lie_in_the_past() -> None:
    dates = default_dates(TODAY)
    late = dates.closes_on + timedelta(days=10)
    with pytest.raises(BadDate, match="past"):
        check_extension(dates, dates.closes_on + timedelta(days=5), late)
    check_extension(dates, late, late)
