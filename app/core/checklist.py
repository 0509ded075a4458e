"""The launch checklist as data: what was filled in and found enters, the steps still missing leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_ANSWER = 300
DAYS_OPEN = 21
DAYS_TO_RESULTS = 28


class Asks(StrEnum):
    """What completes a step: what the settings hold, a sentence, three dates, a rehearsal, or the works council."""

    NOTHING = "nothing"
    TEXT = "text"
    DATES = "dates"
    REHEARSAL = "rehearsal"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Step:
    """`act` is the act of core.access that completes it; a scan opens without a step that isn't `needed`."""

    id: str
    asks: Asks
    act: str
    needed: bool = True


STEPS = (
    Step("settings", Asks.NOTHING, "plan-scan"),
    Step("dates", Asks.DATES, "plan-scan"),
    Step("dpia", Asks.TEXT, "plan-scan"),
    Step("notice", Asks.TEXT, "plan-scan"),
    Step("help", Asks.NOTHING, "edit-help"),
    Step("report-elsewhere", Asks.NOTHING, "edit-help"),
    Step("rehearsal", Asks.REHEARSAL, "rehearse-scan", needed=False),
    Step("vault", Asks.NOTHING, "keep-signals", needed=False),
    Step("council", Asks.CONFIRMATION, "confirm-scan", needed=False),
)
NOT_BY_WORD = frozenset({"settings", "dates", "rehearsal", "vault", "council"})
"""Steps that no answer can stand in for."""
BY_ID: Mapping[str, Step] = {step.id: step for step in STEPS}


@dataclass(frozen=True)
class Facts:
    """What the settings of scan and organisation hold: steps done without filling anything in.

    `own_words`: the questionnaire has no questions for own words, or the advisers have a vault that takes the answers.
    """

    settings: bool = False
    dates: bool = False
    own_help: bool = False
    report_elsewhere: bool = False
    rehearsed: bool = False
    own_words: bool = False
    confirmed: bool = False


def is_done(step: Step, answers: Mapping[str, str], facts: Facts) -> bool:
    """Some steps are done by what is found only; for the others an answer is enough."""
    found = {
        "settings": facts.settings,
        "dates": facts.dates,
        "help": facts.own_help,
        "report-elsewhere": facts.report_elsewhere,
        "rehearsal": facts.rehearsed,
        "vault": facts.own_words,
        "council": facts.confirmed,
    }
    if step.id in NOT_BY_WORD:
        return found[step.id]
    return bool(answers.get(step.id)) or found.get(step.id, False)


def missing(answers: Mapping[str, str], facts: Facts) -> tuple[str, ...]:
    """Ids of the needed steps that are not done, in order; a scan is ready when there are none."""
    return tuple(step.id for step in STEPS if step.needed and not is_done(step, answers, facts))


@dataclass(frozen=True)
class Dates:
    """The last day answers come in, the day results are promised, and the day the answers are destroyed."""

    closes_on: date
    promise_on: date
    destroy_on: date


class BadDate(ValueError):
    """A date in the wrong order. `field` names it, `reason` is a stable id for pages."""

    def __init__(self, field: str, reason: str, message: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(message)


def a_year_after(day: date) -> date:
    """The same day a year later; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def default_dates(today: date) -> Dates:
    """Open for three weeks, results four weeks after that, answers destroyed a year after the results."""
    closes = today + timedelta(days=DAYS_OPEN)
    promise = closes + timedelta(days=DAYS_TO_RESULTS)
    return Dates(closes, promise, a_year_after(promise))


def check_dates(dates: Dates, today: date) -> None:
    """Raise BadDate unless closing follows today, results follow closing, and destruction follows results."""
    if dates.closes_on <= today:
        raise BadDate("closes_on", "closes-in-the-past", "the closing date must be after today")
    if dates.promise_on <= dates.closes_on:
        raise BadDate(
            "promise_on", "promise-before-closing", "results can be promised for after the closing date"
        )
    if dates.destroy_on <= dates.promise_on:
        raise BadDate(
            "destroy_on", "destroyed-before-promise", "the answers are needed until the results are out"
        )


def check_extension(dates: Dates, closes_on: date, today: date) -> None:
    """Raise BadDate unless the new closing date is later, not past, and still before the promised results."""
    if closes_on <= dates.closes_on:
        raise BadDate("closes_on", "not-later", f"the new closing date must be after {dates.closes_on}")
    if closes_on < today:
        raise BadDate("closes_on", "closes-in-the-past", "the new closing date can't lie in the past")
    if closes_on >= dates.promise_on:
        raise BadDate(
            "closes_on",
            "after-promise",
            f"results were promised for {dates.promise_on}; the scan must close before that day",
        )
