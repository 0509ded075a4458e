"""Kinds of report and the quarters they cover: a kind and a day enter, windows and the day the next one is due leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.signals.card import Quarter

SMALL = 500
"""Organisations with fewer employees start with the half-yearly report, led by observations and advice."""
ROLLING = 3
"""Months of a monthly update."""
CULTURE_QUARTERS = 8
OFFERED = 4
DUE_AFTER = 31
"""Days after the end of the next window in which its report may be written."""


class Kind(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    CULTURE = "culture"


QUARTERS = {Kind.QUARTERLY: 1, Kind.HALF_YEARLY: 2, Kind.YEARLY: 4}
MONTHS = {Kind.MONTHLY: 1, Kind.QUARTERLY: 3, Kind.HALF_YEARLY: 6, Kind.YEARLY: 12, Kind.CULTURE: 24}


@dataclass(frozen=True)
class Window:
    """The quarters from `first` to `last`, both included; `month` ("2026-11") for a monthly update only."""

    first: Quarter
    last: Quarter
    month: str = ""

    @property
    def quarters(self) -> frozenset[int]:
        """Indexes of its quarters."""
        return frozenset(range(self.first.index, self.last.index + 1))

    @property
    def id(self) -> str:
        """Such as "2026-Q3", "2026-Q1--2026-Q4" or "2026-11"; `read` takes it back."""
        if self.month:
            return self.month
        return str(self.first) if self.first == self.last else f"{self.first}--{self.last}"

    def __contains__(self, quarter: Quarter) -> bool:
        return self.first <= quarter <= self.last


def read(kind: Kind, id: str) -> Window:
    """From its id. Raises ValueError (BadCard is one) when it is no window of this kind."""
    if kind is Kind.MONTHLY:
        year, _, month = id.partition("-")
        if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
            raise ValueError(f"“{id}” is no month")
        return of_month(int(year), int(month))
    first, _, last = id.partition("--")
    found = Window(Quarter.read(first), Quarter.read(last or first))
    length = len(found.quarters)
    if not length or (kind is Kind.CULTURE and length > CULTURE_QUARTERS):
        raise ValueError(f"“{id}” is no window of a culture picture")
    if kind in QUARTERS and (length != QUARTERS[kind] or (found.first.number - 1) % length):
        raise ValueError(f"“{id}” is no window of a {kind} report")
    return found


def of_month(year: int, month: int) -> Window:
    """The quarters in which the three months up to this one lie: a card knows no finer time."""
    back = year * 12 + month - 1 - (ROLLING - 1)
    return Window(_quarter(*divmod(back, 12)), _quarter(year, month - 1), f"{year}-{month:02}")


def _quarter(year: int, month: int) -> Quarter:
    """`month` from 0."""
    return Quarter(year, month // 3 + 1)


def offered(kind: Kind, today: date) -> tuple[Window, ...]:
    """Windows that may be reported on, the latest first: whole ones that are over, and for a month the one that runs."""
    if kind is Kind.MONTHLY:
        at = today.year * 12 + today.month - 1
        return tuple(of_month(one // 12, one % 12 + 1) for one in (at, at - 1))
    running = Quarter(today.year, (today.month - 1) // 3 + 1).index
    if kind is Kind.CULTURE:
        return tuple(_back(running, length) for length in (CULTURE_QUARTERS, QUARTERS[Kind.YEARLY]))
    length = QUARTERS[kind]
    last = running // length * length
    return tuple(_back(last - place * length, length) for place in range(OFFERED))


def _back(end: int, length: int) -> Window:
    return Window(Quarter.at(end - length), Quarter.at(end - 1))


def touches(window: Window, year: int) -> bool:
    """Whether a quarter of this year is in the window."""
    return window.first.year <= year <= window.last.year


def ended(window: Window, today: date) -> bool:
    """Whether no card can fall in the window any more; for a month, whether the month has begun."""
    if window.month:
        return window.month <= f"{today.year}-{today.month:02}"
    return window.last.index < Quarter(today.year, (today.month - 1) // 3 + 1).index


def next_due(kind: Kind, window: Window, today: date | None = None) -> date:
    """When the report of the next window is promised: a month after it ends; a monthly update at the end of the next month.

    Of a window of long ago the first such day that isn't before today: nobody promises a day that is over.
    """
    # A culture picture looks back over one year or two: the next one as far.
    months = 3 * len(window.quarters) if kind is Kind.CULTURE else MONTHS[kind]
    if window.month:
        year, month = (int(part) for part in window.month.split("-"))
        due = year * 12 + month - 1 + 2
    else:
        due = (window.last.index + 1) * 3 - 1 + months + 2
    while today is not None and _last_before(due) < today:
        due += months
    return _last_before(due)


def _last_before(months: int) -> date:
    return date.fromordinal(_first_of(months).toordinal() - 1)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def first_kind(employees: int | None) -> Kind:
    return Kind.HALF_YEARLY if is_small(employees) else Kind.QUARTERLY


def is_small(employees: int | None) -> bool:
    """Unknown counts as small: that promises less."""
    return employees is None or employees < SMALL


def kinds() -> Iterator[Kind]:
    yield from Kind
