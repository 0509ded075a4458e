"""Counting for a report: cards and a window enter, reporters by category, kind of contact and so on leave, unprotected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.core.signal_report.kinds import Window
from app.core.signals import kinds as choices
from app.core.signals.card import Card
from app.core.signals.nicknames import normalise

CATEGORY, CONTACT, REPORTER, SOURCE, ROUTE = "category", "contact", "reporter", "source", "route"

VALUES: Mapping[str, Callable[[Card], tuple[str, ...]]] = {
    CATEGORY: lambda card: card.categories,
    CONTACT: lambda card: (card.contact,),
    REPORTER: lambda card: (card.reporter,),
    SOURCE: lambda card: (card.source,),
    ROUTE: lambda card: (card.route,),
}
CELLS: Mapping[str, tuple[str, ...]] = {
    CATEGORY: choices.CATEGORIES,
    CONTACT: choices.CONTACTS,
    REPORTER: choices.REPORTERS,
    SOURCE: choices.SOURCES,
    ROUTE: choices.ROUTES,
}


@dataclass(frozen=True)
class Counted:
    """Reporters in a window. `cells` by axis and value."""

    reporters: int
    cells: Mapping[str, Mapping[str, int]]


def count(cards: Iterable[Card], window: Window) -> Counted:
    """Every reporter once in each cell, however many cards they have."""
    inside = [card for card in cards if card.quarter in window]
    return Counted(
        len({who(card) for card in inside}),
        {axis: _by(inside, values) for axis, values in VALUES.items()},
    )


def who(card: Card) -> str:
    """The reporter: two words that mean the same on every card."""
    return normalise(card.nickname)


def _by(cards: Iterable[Card], values: Callable[[Card], tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, set[str]] = {}
    for card in cards:
        for value in values(card):
            found.setdefault(value, set()).add(who(card))
    return {value: len(people) for value, people in found.items()}
