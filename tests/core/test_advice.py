"""Advice and what happens with it: the state of a history, and what may come next; for every history that can be made."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.advice import (
    BEFORE,
    OPEN,
    Answer,
    Event,
    Kind,
    State,
    answer_by,
    calls_for_reminder,
    check_next,
    standing,
)
from app.core.refusal import Refused

START = date(2026, 3, 2)
WEEKS = 6


def given_on(day: date = START) -> Event:
    return Event(Kind.GIVEN, day, "Vera", due=answer_by(day, WEEKS))


def repeated(day: date) -> Event:
    return Event(Kind.REPEATED, day, "Vera", due=answer_by(day, WEEKS))


def answered(day: date, answer: Answer, until: date | None = None) -> Event:
    return Event(Kind.ANSWERED, day, "Marjan", "because", answer, until)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Every history that check_next lets through, with days that only go forward."""
    events = [given_on()]
    day = START
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(days=draw(st.integers(0, 60)))
        kind = draw(st.sampled_from([Kind.REPEATED, Kind.ANSWERED, Kind.WITHDRAWN]))
        if kind is Kind.REPEATED:
            event = repeated(day)
        elif kind is Kind.WITHDRAWN:
            event = Event(kind, day, "Vera", draw(st.sampled_from(["", "settled"])))
        else:
            until = draw(st.one_of(st.none(), st.integers(-5, 90).map(lambda n, day=day: day + timedelta(n))))
            answer = draw(st.sampled_from(Answer))
            event = Event(kind, day, "Marjan", draw(st.sampled_from(["", "because"])), answer, until)
        try:
            check_next(events, event)
        except Refused:
            continue
        events.append(event)
    return events


@given(histories(), st.integers(0, 600))
def test_a_state_says_what_its_history_says(events: list[Event], later: int) -> None:
    today = events[-1].on + timedelta(days=later)
    now = standing(events, today)
    answers = [event.answer for event in events if event.answer]
    if events[-1].kind is Kind.WITHDRAWN:
        assert now.state is State.WITHDRAWN
    elif events[-1].kind is Kind.ANSWERED and events[-1].answer is not Answer.LATER:
        assert now.state.value == answers[-1].value
    else:
        assert now.state in OPEN
    assert now.open == (now.due is not None) == (now.since is not None)
    assert (now.state is State.OVERDUE) == (now.due is not None and today > now.due)
    assert now.asked == sum(event.kind in (Kind.GIVEN, Kind.REPEATED) for event in events)


@given(histories(), st.integers(0, 600))
def test_repeating_never_gives_management_more_time(events: list[Event], later: int) -> None:
    if events[-1].kind is Kind.WITHDRAWN:
        return
    today = events[-1].on + timedelta(days=later)
    before = standing(events, today)
    after = standing([*events, repeated(today)], today)
    assert after.open
    assert before.due is None or (after.due is not None and after.due <= before.due)
    assert before.since is None or after.since == before.since
    if before.state is State.OVERDUE:
        assert after.state is State.OVERDUE


@given(histories())
def test_nothing_follows_withdrawing(events: list[Event]) -> None:
    assert all(event.kind is not Kind.WITHDRAWN for event in events[:-1])
    withdrawn = [*events, Event(Kind.WITHDRAWN, events[-1].on, "Vera", "settled")]
    if events[-1].kind is Kind.WITHDRAWN:
        withdrawn = events
    for event in (repeated(START + timedelta(days=900)), answered(START, Answer.DO)):
        with pytest.raises(Refused, match="withdrawn"):
            check_next(withdrawn, event)


@given(histories(), st.integers(0, 200))
def test_reminders_come_at_most_weekly_and_none_is_forgotten(events: list[Event], days: int) -> None:
    sent: list[date] = []
    first = events[-1].on
    for number in range(days):
        today = first + timedelta(days=number)
        if calls_for_reminder(standing(events, today), sent, today):
            sent.append(today)
    assert all((later - earlier).days >= 7 for earlier, later in pairwise(sent))
    due = standing(events, first).due
    if due is None:
        assert sent == []
        return
    assert all(day >= due - BEFORE for day in sent)
    assert sum(day <= due for day in sent) <= 1
    if first + timedelta(days=days) > max(first, due) + timedelta(days=8):
        assert any(day > due for day in sent)


def test_how_it_stands_in_a_story() -> None:
    events = [given_on(), repeated(date(2026, 5, 4)), repeated(date(2026, 6, 1))]
    now = standing(events, date(2026, 6, 2))
    assert (now.state, now.asked, now.first_on, now.since) == (State.OVERDUE, 3, START, START)
    assert now.due == date(2026, 4, 13)
    assert now.days_late(date(2026, 6, 2)) == 50
    later = [*events, answered(date(2026, 6, 3), Answer.LATER, date(2026, 9, 1))]
    assert standing(later, date(2026, 9, 1)).state is State.LATER
    assert standing(later, date(2026, 9, 2)).state is State.OVERDUE
    refused = [*later, answered(date(2026, 9, 3), Answer.WONT)]
    assert standing(refused, date(2027, 9, 3)).state is State.WONT
    again = standing([*refused, repeated(date(2026, 10, 1))], date(2026, 10, 1))
    assert (again.state, again.since, again.due) == (State.WAITING, date(2026, 10, 1), date(2026, 11, 12))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Event(Kind.ANSWERED, START, "M", " ", Answer.WONT), "no-reason"),
        (Event(Kind.ANSWERED, START, "M", "", Answer.PARTLY), "no-reason"),
        (Event(Kind.ANSWERED, START, "M", "", Answer.LATER), "no-date"),
        (Event(Kind.ANSWERED, START, "M", "", Answer.LATER, START), "no-date"),
        (Event(Kind.WITHDRAWN, START, "V", " \n"), "no-reason"),
        (Event(Kind.REPEATED, START, "V", due=START), "repeated-today"),
        (Event(Kind.ANSWERED, START, "M", "x" * 4001, Answer.WONT), "too-long"),
    ],
)
def test_what_can_not_happen_is_refused(event: Event, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_next([given_on()], event)
    assert refused.value.reason == reason


def test_will_do_needs_no_reason() -> None:
    check_next([given_on()], Event(Kind.ANSWERED, START, "M", "", Answer.DO))
