"""Advice to management: what happened with it, event by event, enters; how it stands on a day leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.refusal import Refused

MOST_TEXT = 4_000
MOST_THEME = 80
TO = ("manager", "coordinator")
"""Roles that advice is given to; both may answer."""
SOURCES = ("", "report", "comments", "scan")
"""What advice grew out of: nothing in particular, a signal report, a theme of the comments, or the results of a scan."""
MANAGEMENT, COUNCIL_TOO = "management", "council"
AUDIENCES = (COUNCIL_TOO, MANAGEMENT)
"""Who reads it: management and the works council, or management only. The adviser always does."""


class Kind(StrEnum):
    """What can happen with advice."""

    GIVEN = "given"
    REPEATED = "repeated"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What management says to it."""

    DO = "do"
    PARTLY = "partly"
    WONT = "wont"
    LATER = "later"


class State(StrEnum):
    """How advice stands on a day; what asks for something to be done comes first."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    LATER = "later"
    DO = "do"
    PARTLY = "partly"
    WONT = "wont"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.WAITING, State.OVERDUE, State.LATER})
DECIDES = frozenset({Answer.DO, Answer.PARTLY})
"""Answers that make a decision."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. `due`: by when an answer is asked, of giving and repeating; or promised, of "later"."""

    kind: Kind
    on: date
    who: str
    text: str = ""
    answer: Answer | None = None
    due: date | None = None


@dataclass(frozen=True)
class Standing:
    """How advice stands: `since` and `due` are of what is unanswered, None when nothing is. `asked`: how many times."""

    state: State
    asked: int
    first_on: date
    since: date | None
    due: date | None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due).days) if self.due else 0


def answer_by(today: date, weeks: int) -> date:
    """By when an answer is asked of what is given or repeated today."""
    return today + timedelta(weeks=weeks)


def standing(events: Sequence[Event], today: date) -> Standing:
    """Fold the history, oldest first, to how it stands. A repeat never moves an answer's date back; "later" sets its own."""
    since, due, last = None, None, None
    for event in events:
        if event.kind is Kind.WITHDRAWN:
            since, due, last = None, None, State.WITHDRAWN
        elif event.kind is Kind.ANSWERED:
            assert event.answer is not None
            if event.answer is Answer.LATER:
                since, due, last = since or event.on, event.due, State.LATER
            else:
                since, due, last = None, None, State(event.answer.value)
        else:
            assert event.due is not None
            since, due, last = since or event.on, min(due or event.due, event.due), State.WAITING
    assert last is not None, "a history begins with giving"
    if due is not None and today > due:
        last = State.OVERDUE
    asked = sum(event.kind in (Kind.GIVEN, Kind.REPEATED) for event in events)
    return Standing(last, asked, events[0].on, since, due)


def check_next(events: Sequence[Event], event: Event) -> None:
    """Raise Refused where this can't happen after that: withdrawn, repeated-today, no-reason, no-date, too-long."""
    if events and events[-1].kind is Kind.WITHDRAWN:
        raise Refused("withdrawn", "this advice was withdrawn; nothing more can happen with it")
    if len(event.text) > MOST_TEXT:
        raise Refused("too-long", f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
    if event.kind is Kind.REPEATED and any(
        one.kind in (Kind.GIVEN, Kind.REPEATED) and one.on == event.on for one in events
    ):
        raise Refused("repeated-today", "this advice was given or repeated today already")
    if event.kind is Kind.WITHDRAWN and not event.text.strip():
        raise Refused("no-reason", "say why you withdraw it")
    if event.kind is Kind.ANSWERED:
        _check_answer(event)


def _check_answer(event: Event) -> None:
    if event.answer in (Answer.PARTLY, Answer.WONT) and not event.text.strip():
        raise Refused("no-reason", "say why; the adviser and the works council read it")
    if event.answer is Answer.LATER and (event.due is None or event.due <= event.on):
        raise Refused("no-date", "say on which day you will answer; a day that is still to come")


BEFORE = timedelta(days=10)
"""A reminder goes out once, at most so long before the date."""
BETWEEN = timedelta(days=7)


def calls_for_reminder(now: Standing, reminded: Sequence[date], today: date) -> bool:
    """Whether this advice calls for a reminder today, given the days on which it was reminded of before.

    Once shortly before its date, and from the date on at most weekly.
    """
    if now.due is None or today < now.due - BEFORE:
        return False
    since_window = [day for day in reminded if day >= now.due - BEFORE]
    if today <= now.due:
        return not since_window
    return not since_window or today - max(since_window) >= BETWEEN
