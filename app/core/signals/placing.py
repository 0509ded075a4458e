"""Which cards are of a group of a release: cards and a group enter; those inside it, and those that may be, leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.release import STRATUM, UNIT, Group, Release
from app.core.signals.broad import joined_code
from app.core.signals.card import Card


def placed(
    release: Release, cards: Iterable[Card], group: Group
) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Cards that are of this group, and cards that may be: those that name a unit above it, or none."""
    cards = tuple(cards)
    if group is release.organisation:
        return cards, ()
    inside = frozenset(_units_in(release, group))
    above = frozenset(_units_above(release, group))
    return (
        tuple(card for card in cards if card.unit in inside),
        tuple(card for card in cards if card.unit is None or card.unit in above),
    )


def _units_in(release: Release, group: Group) -> Iterator[str]:
    """Codes a card may name that are all of this group: units, and joined units as `broad.joined_code` writes them."""
    if group.grouping == STRATUM:
        units = tuple(group.data.get("units", ()))
        yield from (*units, joined_code(units))
        return
    waiting = [group.code]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [one.code for one in release.of(UNIT) if one.parent == code]
        for joined in release.of(STRATUM):
            if joined.parent == code:
                yield joined_code(tuple(joined.data.get("units", ())))


def _units_above(release: Release, group: Group) -> Iterator[str]:
    parent = group.parent
    while parent is not None:
        yield parent
        found = release.group(UNIT, parent)
        parent = found.parent if found else None


def headcount_of(release: Release, group: Group) -> int:
    """How many people were invited there; 0 where nobody knows."""
    known = group.data.get("headcount")
    if not known and group is release.organisation:
        known = release.document.get("about", {}).get("headcount")
    return int(known or 0)
