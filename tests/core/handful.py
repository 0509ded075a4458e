"""Cards by the handful, for tests of signals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from app.core.signals.card import Card, Quarter
from app.core.signals.kinds import CATEGORIES, CONTACTS, REPORTERS, ROUTES, SOURCES

THEMES = ("gossip", "exclusion", "fear-to-report", "workload", "trust-in-adviser")


def a_card(nickname: str = "blauwe otter", quarter: str = "2026-Q1", **changes: Any) -> Card:
    values: dict[str, Any] = {
        "categories": ("bullying",), "themes": ("gossip",), "unit": None, "contact": "first-contact", "reporter": "employee",
        "source": "colleague", "route": "listening", **changes,
    }  # fmt: skip
    return Card(quarter=Quarter.read(quarter), nickname=nickname, **values)


def keyed(cards: Iterable[Card]) -> dict[bytes, Card]:
    """As a vault gives them."""
    return {bytes([number]) * 16: card for number, card in enumerate(cards)}


def of_people(count: int, theme: str, quarter: str = "2026-Q1", mark: str = "", **changes: Any) -> list[Card]:
    """One card each of so many different reporters."""
    return [
        a_card(f"{theme} {mark or quarter} {number}", quarter, themes=(theme,), **changes)
        for number in range(count)
    ]


def some_cards(most: int = 40) -> st.SearchStrategy[list[Card]]:
    """Any cards of few reporters, so that they come back."""
    names = [
        f"{first} {second}" for first in ("blauwe", "ronde", "zoute") for second in ("otter", "emmer", "eik")
    ]
    chosen = st.builds(
        Card,
        quarter=st.integers(2023 * 4, 2026 * 4 + 3).map(Quarter.at),
        categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3, unique=True).map(tuple),
        themes=st.lists(st.sampled_from(THEMES), max_size=3, unique=True).map(tuple),
        unit=st.sampled_from([None, "org", "north", "south", "gone"]),
        contact=st.sampled_from(CONTACTS),
        reporter=st.sampled_from(REPORTERS),
        source=st.sampled_from(SOURCES),
        route=st.sampled_from(ROUTES),
        nickname=st.sampled_from(names),
        continues=st.booleans(),
    )
    return st.lists(chosen, max_size=most)
