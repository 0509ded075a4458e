"""When results open: at 00:00 in the Netherlands on the promised day, for everybody, and never before they are released."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import Actor, Role, at_command_line
from app.core.days import local_day
from app.core.opening import check_postponement, is_open, is_overdue, is_released_by_itself, may_read
from app.core.refusal import Refused

PROMISED = date(2027, 1, 11)
# By hours and days: drawing whole moments is slow.
moments = st.integers(0, 20 * 365 * 24).map(lambda hours: datetime(2020, 1, 1) + timedelta(hours=hours))
days = st.integers(0, 20 * 365).map(lambda number: date(2020, 1, 1) + timedelta(days=number))
OTHERS = frozenset(Role) - {Role.COORDINATOR}


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        (datetime(2027, 1, 10, 22, 59, 59), False),  # 23:59:59 in the Netherlands, in winter
        (datetime(2027, 1, 10, 23, 0), True),
        (datetime(2026, 7, 1), False),
    ],
)
def test_results_open_at_midnight_in_the_netherlands(now: datetime, opened: bool) -> None:
    assert is_open(released=True, promise_on=PROMISED, now=now) is opened


def test_in_summer_midnight_is_two_hours_ahead() -> None:
    assert local_day(datetime(2027, 6, 30, 21, 59)) == date(2027, 6, 30)
    assert local_day(datetime(2027, 6, 30, 22, 0)) == date(2027, 7, 1)


@given(
    now=moments,
    promised=st.none() | days,
    released=st.booleans(),
    roles=st.frozensets(st.sampled_from(sorted(OTHERS))),
)
def test_whoever_does_not_release_reads_results_when_everybody_does(
    now: datetime, promised: date | None, released: bool, roles: frozenset[Role]
) -> None:
    by = Actor("somebody", 1, roles)
    facts = {"released": released, "promise_on": promised, "now": now}
    assert may_read(**facts, by=by) is may_read(**facts, by=None) is is_open(**facts)
    assert not (is_open(**facts) and is_overdue(**facts))
    for releasing in (at_command_line(1), Actor("Ina", 1, frozenset({Role.COORDINATOR}))):
        assert may_read(**facts, by=releasing) is released


@given(promised=days, ahead=st.integers(-40, 40), today=days, reason=st.sampled_from(["", "  ", "illness"]))
def test_a_promise_only_moves_to_a_later_day_that_is_still_to_come_and_with_a_reason(
    promised: date, ahead: int, today: date, reason: str
) -> None:
    to_on, destroy_on = promised + timedelta(days=ahead), promised + timedelta(days=30)
    fine = bool(reason.strip()) and 0 < ahead < 30 and to_on > today
    try:
        check_postponement(promised=promised, to_on=to_on, destroy_on=destroy_on, reason=reason, today=today)
    except Refused:
        assert not fine
    else:
        assert fine


@pytest.mark.parametrize(
    ("today", "tried", "due"),
    [
        (date(2026, 11, 29), None, False),
        (date(2026, 11, 30), None, True),
        (date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 12, 1), date(2026, 11, 30), True),
        (date(2026, 12, 3), date(2026, 11, 30), True),
        (date(2026, 12, 3), date(2026, 12, 1), False),
        (date(2026, 12, 8), date(2026, 12, 1), True),
        (date(2026, 11, 30), date(2026, 11, 1), True),
    ],
)
def test_a_release_is_made_by_itself_on_the_eve_the_day_and_then_weekly(
    today: date, tried: date | None, due: bool
) -> None:
    found = is_released_by_itself(
        closes_on=date(2026, 11, 20), promise_on=date(2026, 12, 1), tried_on=tried, today=today
    )
    assert found is due


def test_nothing_is_sealed_by_itself_on_its_closing_day_or_without_a_promise() -> None:
    eve = date(2026, 11, 30)
    assert not is_released_by_itself(closes_on=eve, promise_on=date(2026, 12, 1), tried_on=None, today=eve)
    assert is_released_by_itself(
        closes_on=eve, promise_on=date(2026, 12, 1), tried_on=None, today=date(2026, 12, 1)
    )
    assert not is_released_by_itself(closes_on=eve, promise_on=None, tried_on=None, today=date(2027, 1, 1))
