"""What follows a scan and when: dates of scans enter; the timeline everybody sees leaves, with what was kept and what is late.

Cadence as seen in practice: thanks within a week, results in 3 to 4 weeks, decisions in 6 to 8 after the results, a pulse after
half a year, the next scan after two years.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

THANKS_WITHIN = timedelta(weeks=1)
DECISIONS_FROM, DECISIONS_WITHIN = timedelta(weeks=6), timedelta(weeks=8)
PULSE_AFTER_MONTHS, NEXT_AFTER_MONTHS = 6, 24
FULL = ("baseline", "follow-up")


class Step(StrEnum):
    THANKS = "thanks"
    RESULTS = "results"
    DECISIONS = "decisions"
    PULSE = "pulse"
    NEXT = "next"


class Status(StrEnum):
    """`LATE` can't be hidden: it follows from the dates. `KEPT_LATE` is done, but after its date."""

    KEPT = "kept"
    KEPT_LATE = "kept-late"
    LATE = "late"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Run:
    """A scan that was opened. `promise_on` is the day promised first, `moved_to` where that promise was moved since.

    `out_on`: the day everybody could read its results; `decided_on`: of the first decision on them.
    """

    scan: str
    name: str
    kind: str
    opened_on: date
    closes_on: date
    promise_on: date
    sealed: bool = False
    out_on: date | None = None
    decided_on: date | None = None
    moved_to: date | None = None
    overdue_reason: str = ""
    """Why it was opened while promises of the scan before it were late."""


@dataclass(frozen=True)
class Moment:
    """One step of a timeline: promised for `due_on` (`from_on` where it is a period), done on `done_on` or not yet."""

    step: Step
    due_on: date
    done_on: date | None = None
    from_on: date | None = None

    def status(self, today: date) -> Status:
        if self.done_on is not None:
            return Status.KEPT if self.done_on <= self.due_on else Status.KEPT_LATE
        return Status.LATE if today > self.due_on else Status.AHEAD


@dataclass(frozen=True)
class Line:
    """The timeline of one scan, its steps in the order in which they are due."""

    run: Run
    moments: tuple[Moment, ...]

    def moment(self, step: Step) -> Moment | None:
        return next((one for one in self.moments if one.step is step), None)

    def next(self) -> Moment | None:
        """What comes first of what is still to be done."""
        return next((one for one in self.moments if one.done_on is None), None)


def out_on(released_on: date, promise_on: date | None) -> date:
    """The day results are everybody's: the promised one, or that of the release when it came later."""
    return max(released_on, promise_on or released_on)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def timeline(runs: Iterable[Run], today: date) -> tuple[Line, ...]:
    """Of each scan, the newest first."""
    ordered = sorted(runs, key=lambda run: (run.opened_on, run.scan))
    lines = [_line(run, ordered[place + 1 :], today) for place, run in enumerate(ordered)]
    return tuple(reversed(lines))


def _line(run: Run, later: Sequence[Run], today: date) -> Line:
    closed = run.sealed or today > run.closes_on
    results = run.out_on or run.moved_to or run.promise_on
    moments = [
        # The board thanks by itself on the day a scan closes.
        Moment(Step.THANKS, run.closes_on + THANKS_WITHIN, run.closes_on if closed else None),
        Moment(Step.RESULTS, run.promise_on, run.out_on),
        Moment(Step.DECISIONS, results + DECISIONS_WITHIN, run.decided_on, results + DECISIONS_FROM),
    ]
    if run.kind in FULL:
        pulse = next((one.opened_on for one in later if one.kind != "feedback"), None)
        scan = next((one.opened_on for one in later if one.kind in FULL), None)
        moments.append(Moment(Step.PULSE, months_after(results, PULSE_AFTER_MONTHS), pulse))
        moments.append(Moment(Step.NEXT, months_after(run.opened_on, NEXT_AFTER_MONTHS), scan))
    return Line(run, tuple(moments))


def overdue(line: Line, today: date) -> tuple[Moment, ...]:
    """What was promised of a scan and is late; a pulse or a next scan that is late is no reason not to launch one."""
    promised = (Step.RESULTS, Step.DECISIONS)
    return tuple(one for one in line.moments if one.step in promised and one.status(today) is Status.LATE)
