"""How well an organisation keeps its word, and which dates call for a reminder."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.access import Role
from app.core.measures import Heard, Promised, Share, days_to_decide, decided_in_time, done_on_time
from app.core.reminders import Due, calling, role_of

DAY = date(2026, 3, 2)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def test_themes_are_judged_once_decided_or_once_eight_weeks_are_over():
    heard = [Heard("a", DAY, after(56)), Heard("b", DAY, after(57)), Heard("c", DAY), Heard("d", after(30))]
    assert decided_in_time(heard, after(57)) == Share(1, 3)
    assert decided_in_time(heard, after(56)) == Share(1, 2)
    assert days_to_decide(heard) == 56.5


def test_of_nothing_there_is_nothing_to_say():
    assert decided_in_time([], DAY).percent is None
    assert done_on_time([], DAY).percent is None
    assert days_to_decide([Heard("a", DAY)]) is None


def test_done_counts_by_the_date_that_was_promised_first():
    promised = [Promised(DAY, DAY), Promised(DAY, after(1)), Promised(DAY), Promised(after(9))]
    assert done_on_time(promised, after(2)) == Share(1, 3)
    assert done_on_time(promised, after(2)).percent == 33


@given(st.integers(-30, 30), st.booleans())
def test_a_reminder_comes_before_the_date_and_once(days, told):
    due = Due("update:1:due", "due", after(days), "manager", {"en": "Title"})
    found = calling([due], {(due.of, due.day)} if told else set(), DAY)
    assert bool(found) == (0 <= days <= 7 and not told)


def test_a_date_that_moved_is_told_anew():
    due = Due("update:1:due", "due", after(3), "manager", {"en": "Title"})
    assert calling([due], {(due.of, after(1))}, DAY) == (due,)


def test_a_role_that_nobody_holds_is_the_coordinators():
    held = frozenset({Role.COORDINATOR, Role.ADVISER})
    assert [role_of(owner, held) for owner in ("adviser", "manager", "other", "")] == [
        Role.ADVISER, Role.COORDINATOR, Role.COORDINATOR, Role.COORDINATOR,
    ]  # fmt: skip
