"""What was promised after a scan, and what of it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.cadence import Run, Status, Step, months_after, out_on, overdue, timeline

RUN = Run("a", "Scan", "baseline", date(2026, 1, 5), date(2026, 1, 26), date(2026, 2, 23))
DAYS = st.dates(date(2025, 1, 1), date(2030, 1, 1))


def status(run: Run, step: Step, today: date, *more: Run) -> Status:
    line = next(line for line in timeline([run, *more], today) if line.run == run)
    moment = line.moment(step)
    assert moment is not None
    return moment.status(today)


def test_the_board_thanks_by_itself_once_a_scan_closes():
    assert status(RUN, Step.THANKS, RUN.closes_on) is Status.AHEAD
    assert status(RUN, Step.THANKS, RUN.closes_on + timedelta(days=1)) is Status.KEPT


def test_results_are_late_the_day_after_they_were_promised():
    day = timedelta(days=1)
    assert status(RUN, Step.RESULTS, RUN.promise_on) is Status.AHEAD
    assert status(RUN, Step.RESULTS, RUN.promise_on + day) is Status.LATE
    assert status(replace(RUN, out_on=RUN.promise_on), Step.RESULTS, RUN.promise_on + day) is Status.KEPT
    late = replace(RUN, out_on=RUN.promise_on + day)
    assert status(late, Step.RESULTS, RUN.promise_on + day) is Status.KEPT_LATE


def test_decisions_are_due_eight_weeks_after_the_results():
    out = replace(RUN, out_on=date(2026, 2, 23))
    due = date(2026, 2, 23) + timedelta(weeks=8)
    assert status(out, Step.DECISIONS, due) is Status.AHEAD
    assert status(out, Step.DECISIONS, due + timedelta(days=1)) is Status.LATE
    assert status(replace(out, decided_on=due), Step.DECISIONS, due + timedelta(days=9)) is Status.KEPT


def test_a_later_scan_keeps_the_promise_of_a_pulse_and_of_the_next_scan():
    pulse = Run("b", "Pulse", "pulse", date(2026, 8, 1), date(2026, 8, 10), date(2026, 9, 1))
    full = Run("c", "Again", "follow-up", date(2028, 1, 4), date(2028, 1, 20), date(2028, 2, 20))
    feedback = Run("d", "Feedback", "feedback", date(2026, 3, 1), date(2026, 3, 9), date(2026, 4, 1))
    today = date(2028, 1, 6)
    assert status(RUN, Step.PULSE, today) is Status.LATE
    assert status(RUN, Step.PULSE, today, feedback, pulse) is Status.KEPT
    assert status(RUN, Step.NEXT, today, pulse) is Status.LATE
    assert status(RUN, Step.NEXT, today, pulse, full) is Status.KEPT
    assert [line.run.scan for line in timeline([RUN, full, pulse], today)] == ["c", "b", "a"]
    assert timeline([pulse], today)[0].moment(Step.NEXT) is None


def test_only_results_and_decisions_keep_a_new_scan_from_starting():
    far = date(2029, 1, 1)
    assert [one.step for one in overdue(timeline([RUN], far)[0], far)] == [Step.RESULTS, Step.DECISIONS]
    kept = replace(RUN, out_on=RUN.promise_on, decided_on=RUN.promise_on)
    assert overdue(timeline([kept], far)[0], far) == ()


@given(DAYS, DAYS)
def test_results_are_nobodys_before_the_promised_day(released, promised):
    assert out_on(released, promised) >= promised and out_on(released, promised) >= released
    assert out_on(released, None) == released


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200), DAYS)
def test_what_is_late_stays_late_until_it_is_done(closes, promise, later, opened):
    run = Run(
        "a", "Scan", "baseline", opened, opened + timedelta(closes), opened + timedelta(closes + promise)
    )
    today = opened + timedelta(later)
    for moment in timeline([run], today)[0].moments:
        if moment.status(today) is Status.LATE:
            assert moment.status(today + timedelta(days=1)) is Status.LATE
        assert (moment.status(today) is Status.LATE) == (moment.done_on is None and today > moment.due_on)


def test_months_end_where_the_month_ends():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 1), 24) == date(2028, 12, 1)
