"""How long cards are kept: a quarter, a term and today enter, dates leave; cards whose time has come enter, plain counts leave.

A card is kept during the year of its quarter and so many whole years after it, and is then reduced to counts when the vault
is next opened. Thirty days after that date its ciphertext goes, opened or not. Only the year stands beside a sealed card: a
quarter or a date would tell who reads the database how many reporters came when.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from app.core.signals.card import Card, Quarter
from app.core.signals.counting import (
    BY_CATEGORY,
    BY_QUARTER,
    BY_ROUTE,
    BY_THEME,
    NONE,
    Cell,
    count,
    keys,
    table,
)
from app.core.signals.nicknames import normalise
from app.core.signals.rising import first_times

K = TypeVar("K")
YEARS = 2
"""Whole years after the year of a card, unless the advisers choose otherwise."""
LEAST_YEARS, MOST_YEARS = 1, 7
UNOPENED = timedelta(days=30)
FLOOR = 5
"""A unit keeps its counts of a year from this many reporters up; smaller ones are in the whole only."""
BYTES = 16_384


def until(quarter: Quarter, years: int = YEARS) -> int:
    """The last year in which a card of this quarter is kept."""
    return quarter.year + years


def goes_on(last_year: int) -> date:
    """From this day a card is reduced to counts when the vault is opened."""
    return date(last_year + 1, 1, 1)


def gone_on(last_year: int) -> date:
    """From this day its ciphertext goes without being opened."""
    return goes_on(last_year) + UNOPENED


def reducible(today: date) -> int:
    """Cards kept until this year or an earlier one are to be reduced."""
    return today.year - 1


def unopened(today: date) -> int:
    """What was kept until this year or an earlier one goes unopened."""
    return (today - UNOPENED).year - 1


@dataclass(frozen=True)
class Counts:
    """What stays of the cards of one year. `firsts`: with how many reporters a theme came up first, by quarter and theme."""

    year: int
    total: Cell
    quarters: Mapping[str, Cell]
    themes: Mapping[tuple[str, str], Cell]
    categories: Mapping[tuple[str, str], Cell]
    routes: Mapping[tuple[str, str], Cell]
    units: Mapping[str, Cell]
    firsts: Mapping[tuple[str, str], int]

    def and_late(self, late: Counts) -> Counts:
        """With cards of the same year that came in after it was reduced. Who came back among them is not known any more, so these
        reporters are counted as others."""
        return Counts(
            self.year,
            _sum(self.total, late.total),
            _sums(self.quarters, late.quarters),
            _sums(self.themes, late.themes),
            _sums(self.categories, late.categories),
            _sums(self.routes, late.routes),
            _sums(self.units, late.units),
            {
                key: self.firsts.get(key, 0) + late.firsts.get(key, 0)
                for key in dict.fromkeys((*self.firsts, *late.firsts))
            },
        )


@dataclass(frozen=True)
class Reduced:
    """`counts` by year; `gone` are keys of cards to forget; `changed` cards that are the first of their reporter from now on."""

    counts: Mapping[int, Counts]
    gone: tuple[bytes, ...]
    changed: Mapping[bytes, Card]


def reduce(cards: Mapping[bytes, Card], *, today: date, years: int = YEARS) -> Reduced:
    """Cards as `keeping.kept` gives them, by key: what is due becomes counts, the rest stays."""
    limit = reducible(today)
    due = {key: card for key, card in cards.items() if until(card.quarter, years) <= limit}
    by_year: dict[int, list[Card]] = {}
    for card in due.values():
        by_year.setdefault(card.quarter.year, []).append(card)
    rest = {key: card for key, card in cards.items() if key not in due}
    counts = {year: counts_of(year, these) for year, these in sorted(by_year.items())}
    return Reduced(counts, tuple(sorted(due)), _orphans(due.values(), rest))


def _orphans(due: Iterable[Card], rest: Mapping[bytes, Card]) -> dict[bytes, Card]:
    """The earliest card that stays of a reporter whose first card goes: nothing is left for it to continue."""
    lost = {normalise(card.nickname) for card in due if not card.continues}
    lost -= {normalise(card.nickname) for card in rest.values() if not card.continues}
    earliest: dict[str, tuple[Quarter, bytes]] = {}
    for key, card in rest.items():
        who = normalise(card.nickname)
        if who in lost:
            earliest[who] = min(earliest.get(who, (card.quarter, key)), (card.quarter, key))
    return {key: replace(rest[key], continues=False) for _, key in earliest.values()}


def counts_of(year: int, cards: Iterable[Card]) -> Counts:
    """Themes, categories and routes by quarter, never crossed with each other; units by year, from FLOOR up."""
    cards = tuple(cards)
    units = {unit: count([card for card in cards if card.unit == unit]) for unit in _units(cards)}
    firsts: dict[tuple[str, str], int] = {}
    for (_, theme), index in first_times(cards).items():
        key = (str(Quarter.at(index)), theme)
        firsts[key] = firsts.get(key, 0) + 1
    by_theme = table(cards, keys(BY_QUARTER), keys(BY_THEME))
    return Counts(
        year,
        count(cards),
        table(cards, keys(BY_QUARTER), keys(BY_ROUTE)).row_totals,
        by_theme.cells,
        table(cards, keys(BY_QUARTER), keys(BY_CATEGORY)).cells,
        table(cards, keys(BY_QUARTER), keys(BY_ROUTE)).cells,
        {unit: cell for unit, cell in units.items() if cell.reporters >= FLOOR},
        firsts,
    )


def _units(cards: Iterable[Card]) -> tuple[str, ...]:
    return tuple(sorted({card.unit for card in cards if card.unit is not None}))


def _sum(one: Cell, other: Cell) -> Cell:
    return Cell(one.reporters + other.reporters, one.contacts + other.contacts)


def _sums(one: Mapping[K, Cell], other: Mapping[K, Cell]) -> dict[K, Cell]:
    return {key: _sum(one.get(key, NONE), other.get(key, NONE)) for key in dict.fromkeys((*one, *other))}


def encode(counts: Counts) -> bytes:
    """A multiple of BYTES: canonical JSON filled up with zeros."""
    values = {
        "year": counts.year,
        "total": _pair(counts.total),
        "quarters": {key: _pair(cell) for key, cell in counts.quarters.items()},
        "units": {key: _pair(cell) for key, cell in counts.units.items()},
        "firsts": [[*key, number] for key, number in sorted(counts.firsts.items())],
    }
    for name in _CROSSED:
        values[name] = [[*key, *_pair(cell)] for key, cell in sorted(getattr(counts, name).items())]
    raw = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return raw + bytes(-len(raw) % BYTES)


def decode(raw: bytes) -> Counts:
    values = json.loads(raw.rstrip(b"\0"))
    crossed = {name: {(row, column): Cell(*pair) for row, column, *pair in values[name]} for name in _CROSSED}
    return Counts(
        values["year"],
        Cell(*values["total"]),
        {key: Cell(*pair) for key, pair in values["quarters"].items()},
        units={key: Cell(*pair) for key, pair in values["units"].items()},
        firsts={(quarter, theme): number for quarter, theme, number in values["firsts"]},
        **crossed,
    )


_CROSSED = ("themes", "categories", "routes")


def _pair(cell: Cell) -> list[int]:
    return [cell.reporters, cell.contacts]
