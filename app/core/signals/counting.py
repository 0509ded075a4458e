"""Counting cards: cards and filters enter, tables of reporters and contacts leave. All in the request of an unlocked vault.

A cell says how many *reporters* it is about and how many *contacts* (cards) there were. A reporter counts once in a cell,
once in a total and once in the whole, so totals are smaller than the sum of their cells where one reporter is in several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.signals.card import Card, Quarter
from app.core.signals.nicknames import normalise
from app.core.units import Tree

WHOLE = ""
"""The row of cards that name no unit."""
BY_THEME, BY_CATEGORY, BY_UNIT, BY_ROUTE = "theme", "category", "unit", "route"
BY_QUARTER, BY_CONTACT, BY_SOURCE, BY_REPORTER = "quarter", "contact", "source", "reporter"
Keys = Callable[[Card], Sequence[str]]


@dataclass(frozen=True)
class Filters:
    """What a page was asked for; None is everything. `first` and `last` are both included; `unit` holds the units below it."""

    first: Quarter | None = None
    last: Quarter | None = None
    category: str | None = None
    theme: str | None = None
    unit: str | None = None
    route: str | None = None
    contact: str | None = None
    source: str | None = None
    reporter: str | None = None

    def but(self, **changes: Any) -> Filters:
        """The same with one thing changed, for a link to a smaller or larger choice."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Cell:
    """Of how many reporters, in how many contacts."""

    reporters: int = 0
    contacts: int = 0


NONE = Cell()


@dataclass(frozen=True)
class Table:
    """Cells by (row, column); a pair that isn't there is NONE. Rows and columns in the order to show."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    row_totals: Mapping[str, Cell]
    column_totals: Mapping[str, Cell]
    total: Cell

    def cell(self, row: str, column: str) -> Cell:
        return self.cells.get((row, column), NONE)


@dataclass(frozen=True)
class Overview:
    """Everything that the page of patterns shows of one choice of cards."""

    total: Cell
    quarters: tuple[str, ...]
    themes: Table
    categories: Table
    units: Table
    routes: Table


def select(cards: Iterable[Card], filters: Filters, tree: Tree | None = None) -> tuple[Card, ...]:
    """The cards that pass all filters."""
    units = within(tree, filters.unit) if filters.unit is not None else None
    return tuple(card for card in cards if _passes(card, filters, units))


def _passes(card: Card, filters: Filters, units: frozenset[str] | None) -> bool:
    chosen = ((filters.category, card.categories), (filters.theme, card.themes))
    same = (
        (filters.route, card.route),
        (filters.contact, card.contact),
        (filters.source, card.source),
        (filters.reporter, card.reporter),
    )
    return (
        (filters.first is None or filters.first <= card.quarter)
        and (filters.last is None or card.quarter <= filters.last)
        and all(one is None or one in these for one, these in chosen)
        and all(one is None or one == its for one, its in same)
        and (units is None or (card.unit or WHOLE) in units)
    )


def within(tree: Tree | None, unit: str) -> frozenset[str]:
    """The unit with all below it; itself alone where the tree doesn't know it. WHOLE is cards without a unit."""
    if tree is None or unit not in tree.by_code:
        return frozenset({unit})
    return frozenset(one.code for one in tree.below(unit))


def count(cards: Iterable[Card]) -> Cell:
    """Reporters and contacts of these cards."""
    return _cell(_people(cards))


def table(
    cards: Sequence[Card],
    rows: Keys,
    columns: Keys,
    *,
    row_order: Sequence[str] | None = None,
    column_order: Sequence[str] | None = None,
) -> Table:
    """Cards by two keys; a card with several keys stands in each of their rows. Without an order: the most reporters first."""
    people = _people(cards)
    return _table(
        people, [rows(card) for card in cards], [columns(card) for card in cards], row_order, column_order
    )


Orders = Sequence[str] | None


def _table(
    people: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Sequence[Sequence[str]],
    row_order: Orders = None,
    column_order: Orders = None,
) -> Table:
    """Of each card in turn: its reporter, its rows and its columns."""
    cells: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    by_row: defaultdict[str, list[str]] = defaultdict(list)
    by_column: defaultdict[str, list[str]] = defaultdict(list)
    for who, own, other in zip(people, rows, columns, strict=True):
        for column in other:
            by_column[column].append(who)
        for row in own:
            by_row[row].append(who)
            cells_of_row = cells[row]
            for column in other:
                cells_of_row[column].append(who)
    row_totals, column_totals = _cells(by_row), _cells(by_column)
    return Table(
        _ordered(row_totals, row_order),
        _ordered(column_totals, column_order),
        {(row, column): _cell(these) for row, own in cells.items() for column, these in own.items()},
        row_totals,
        column_totals,
        _cell(people),
    )


def _people(cards: Iterable[Card]) -> list[str]:
    return [normalise(card.nickname) for card in cards]


def _cell(people: Sequence[str]) -> Cell:
    return Cell(len(set(people)), len(people))


def _cells(found: Mapping[str, list[str]]) -> dict[str, Cell]:
    return {key: _cell(people) for key, people in found.items()}


def overview(cards: Sequence[Card], tree: Tree | None = None) -> Overview:
    """Themes, categories, broad units and routes by quarter."""
    quarters = quarters_of(cards)
    people = _people(cards)
    names = {card.quarter: (str(card.quarter),) for card in cards}
    columns = [names[card.quarter] for card in cards]
    by_unit = _unit_keys(tree)
    tables = (
        _table(people, rows, columns, None, quarters)
        for rows in (
            [card.themes for card in cards],
            [card.categories for card in cards],
            [by_unit(card) for card in cards],
            [(card.route,) for card in cards],
        )
    )
    return Overview(_cell(people), quarters, *tables)


def quarters_of(cards: Iterable[Card]) -> tuple[str, ...]:
    """Every quarter from the first card to the last, also those without a card."""
    found = {card.quarter.index for card in cards}
    if not found:
        return ()
    return tuple(str(Quarter.at(index)) for index in range(min(found), max(found) + 1))


def keys(which: str, tree: Tree | None = None) -> Keys:
    """How a card is placed: by one of the BY_ names. By unit it stands in its unit and in every unit above it but the root."""
    if which == BY_UNIT:
        return _unit_keys(tree)
    simple: dict[str, Keys] = {
        BY_THEME: lambda card: card.themes,
        BY_CATEGORY: lambda card: card.categories,
        BY_ROUTE: lambda card: (card.route,),
        BY_QUARTER: lambda card: (str(card.quarter),),
        BY_CONTACT: lambda card: (card.contact,),
        BY_SOURCE: lambda card: (card.source,),
        BY_REPORTER: lambda card: (card.reporter,),
    }
    return simple[which]


def _unit_keys(tree: Tree | None) -> Keys:
    """A card at the root names no part, as one without a unit; one whose unit the tree doesn't know has a row of its own."""
    above: dict[str, tuple[str, ...]] = {WHOLE: (WHOLE,)}
    if tree is not None:
        for unit in tree.units:
            above[unit.code] = tuple(code for code in tree.ancestors(unit.code) if code != tree.root.code)
        above[tree.root.code] = (WHOLE,)
    return lambda card: above.get(card.unit or WHOLE, (card.unit or WHOLE,))


def _ordered(totals: Mapping[str, Cell], order: Sequence[str] | None) -> tuple[str, ...]:
    if order is None:
        return tuple(sorted(totals, key=lambda key: (-totals[key].reporters, -totals[key].contacts, key)))
    return (*order, *sorted(key for key in totals if key not in set(order)))
