"""Invented signal cards by seed, and the reports an organisation writes of them in the order of the years; for tests."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.core.signal_report.kinds import QUARTERS, Kind, Window
from app.core.signals import kinds as choices
from app.core.signals.card import Card, Quarter

FIRST = Quarter(2025, 1).index
THEMES = ("bullying", "exclusion", "fear-to-report", "no-follow-up", "sexism", "workload")


def quarter(place: int) -> Quarter:
    return Quarter.at(FIRST + place)


def cards(*, seed: int, reporters: int, quarters: int, start: int = 0, once: bool = False) -> list[Card]:
    """Of so many reporters; a third comes back in a later quarter unless `once`."""
    chance = random.Random(seed)
    found = []
    for number in range(reporters):
        at = start + chance.randrange(quarters)
        nickname = f"ekster{seed} woord{number}"
        for again in range(1 if once or chance.random() < 0.66 else 2):
            place = min(at + again, start + quarters - 1)
            found.append(_card(chance, quarter(place), nickname, again > 0))
    return found


def _card(chance: random.Random, at: Quarter, nickname: str, continues: bool) -> Card:
    return Card(
        quarter=at,
        categories=tuple(chance.sample(choices.CATEGORIES[:6], 1 if chance.random() < 0.8 else 2)),
        themes=tuple(chance.sample(THEMES, 1)),
        unit=None,
        contact=chance.choice(choices.CONTACTS),
        reporter=chance.choice(choices.REPORTERS[:3]),
        source=chance.choice(choices.SOURCES),
        route=chance.choice(choices.ROUTES),
        nickname=nickname,
        continues=continues,
    )


def reports_in_order(quarters: int) -> Iterator[tuple[Kind, Window]]:
    """Every quarterly, half-yearly and yearly report as its window ends, and a culture picture of all of it at the end."""
    for place in range(quarters):
        for kind, length in QUARTERS.items():
            if (place + 1) % length == 0:
                yield kind, Window(quarter(place - length + 1), quarter(place))
    yield Kind.CULTURE, Window(quarter(0), quarter(quarters - 1))
