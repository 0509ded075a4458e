"""Naming themes: cards, a window and what earlier reports named enter; themes that may be named in words leave.

A theme that one report doesn't name and a later one does tells that somebody came in between, and a theme that falls away
tells of the quarters that fell out. So three reporters must stand behind whatever two reports together tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.signal_report.bands import LEAST, Floors
from app.core.signal_report.counting import who
from app.core.signal_report.kinds import Window
from app.core.signals.card import Card

Speaking = Mapping[str, Mapping[str, frozenset[int]]]
"""Theme -> reporter -> quarters in which they spoke of it."""


@dataclass(frozen=True)
class Earlier:
    """A released report: its quarters and the themes it named.

    `came`: marks (with `salt`) of who had spoken of each theme in its window when it left; None when that isn't known.
    """

    quarters: frozenset[int]
    named: frozenset[str]
    salt: str = ""
    came: Mapping[str, frozenset[str]] | None = None

    def since(self, theme: str, people: Mapping[str, frozenset[int]], window: Window) -> int:
        """How many of these reporters, who speak of the theme in this window, were not behind this report."""
        if self.came is None:
            return sum(not quarters & self.quarters for quarters in people.values())
        known = self.came.get(theme, frozenset())
        fresh = sum(mark(person, self.salt) not in known for person in people)
        # A nickname that was mended since is no new reporter.
        return min(fresh, len(people) - len(known)) if self.quarters <= window.quarters else fresh


def mark(person: str, salt: str) -> str:
    """Stands for a reporter beside one report: it can be compared, and doesn't show a nickname to who looks in the vault."""
    return hashlib.blake2b(person.encode(), key=salt.encode()[:64], digest_size=8).hexdigest()


def named(
    cards: Iterable[Card], window: Window, earlier: Sequence[Earlier] = (), floors: Floors = LEAST
) -> list[str]:
    """Themes that may be named, in the order of their ids. A document doesn't say by which rule."""
    inside = [card for card in cards if card.quarter in window]
    agreed = {theme for card in inside if card.agrees for theme in card.themes}
    spoken = speaking(inside)
    return sorted(
        theme
        for theme, people in spoken.items()
        if theme in agreed or _may_be_named(theme, people, window, earlier, floors.words)
    )


def fragile(
    cards: Iterable[Card], window: Window, earlier: Sequence[Earlier], floors: Floors = LEAST
) -> list[str]:
    """Themes that tell of one or two people when this report doesn't name them, in the order of their ids.

    An earlier report, about more than this window or about another part, named them; what falls away lies in its other quarters.
    Nothing done here can mend that, so the adviser hears of it.
    """
    spoken = speaking(cards)
    return sorted(
        {
            theme
            for one in earlier
            if one.quarters & window.quarters and not one.quarters <= window.quarters
            for theme in one.named & spoken.keys()
            if 0 < _only_in(one.quarters, window, spoken[theme]) < floors.words
        }
    )


def _only_in(quarters: frozenset[int], window: Window, people: Mapping[str, frozenset[int]]) -> int:
    return sum(bool(own & quarters) and not own & window.quarters for own in people.values())


def speaking(cards: Iterable[Card]) -> Speaking:
    found: dict[str, dict[str, set[int]]] = {}
    for card in cards:
        for theme in card.themes:
            found.setdefault(theme, {}).setdefault(who(card), set()).add(card.quarter.index)
    return {
        theme: {person: frozenset(quarters) for person, quarters in people.items()}
        for theme, people in found.items()
    }


def came(cards: Iterable[Card], window: Window, salt: str) -> dict[str, list[str]]:
    """What to remember of a report that leaves now, as `Earlier.came` holds it."""
    spoken = speaking(card for card in cards if card.quarter in window)
    return {theme: sorted(mark(person, salt) for person in people) for theme, people in spoken.items()}


def _may_be_named(
    theme: str,
    people: Mapping[str, frozenset[int]],
    window: Window,
    earlier: Sequence[Earlier],
    least: int,
) -> bool:
    if len(people) < least:
        return False
    if any(theme in one.named and one.quarters <= window.quarters for one in earlier):
        return True  # that these people came was told already
    if window.month and not _in_one_quarter(people, window, least):
        return False  # the next update has one of these quarters without the other
    without = (one for one in earlier if one.quarters & window.quarters and theme not in one.named)
    return all(one.since(theme, people, window) >= least for one in without)


def _in_one_quarter(people: Mapping[str, frozenset[int]], window: Window, least: int) -> bool:
    return any(sum(at in quarters for quarters in people.values()) >= least for at in window.quarters)
