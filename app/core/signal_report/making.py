"""Making figures that may leave: cards and all earlier figures enter, figures the attacker finds nothing new in leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.signal_report import attacking, naming, protecting
from app.core.signal_report.bands import LEAST, Floors
from app.core.signal_report.counting import count
from app.core.signal_report.kinds import Kind, Window
from app.core.signals.card import Card


@dataclass(frozen=True)
class Made:
    """`themes`: what may be named in words. For the adviser only: `given_up`, axes left out because of what was found, and
    `fragile`, themes that tell of one or two people when they are not named."""

    figures: protecting.Figures
    themes: list[str]
    given_up: tuple[str, ...]
    fragile: tuple[str, ...] = ()


def make(
    cards: Iterable[Card],
    kind: Kind,
    window: Window,
    *,
    earlier: Sequence[Mapping[str, Any]] = (),
    named: Sequence[naming.Earlier] = (),
    floors: Floors = LEAST,
) -> Made:
    """Protect, attack together with all earlier figures, leave out the most identifying table that is found, and again.

    `named`: what earlier reports said of themes.
    """
    cards = list(cards)
    counted = count(cards, window)
    known: set[tuple[str, str]] | None = None
    without: list[str] = []
    while True:
        figures = protecting.figures(counted, kind, window, floors=floors, without=without)
        found = {(one.axis, one.what) for one in attacking.attack([*earlier, figures])}
        if found and known is None:
            known = {(one.axis, one.what) for one in attacking.attack(earlier)}
        axis = _first_to_go(
            {axis for axis, _ in found - (known or set())}, [*protecting.TABLES[kind], attacking.ALL], without
        )
        if axis is None:
            return Made(
                figures,
                naming.named(cards, window, named, floors),
                tuple(without),
                tuple(naming.fragile(cards, window, named, floors)),
            )
        without.append(axis)


def tells(figures: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these figures together with the earlier ones give away what the earlier ones alone don't."""
    found = {(one.axis, one.what) for one in attacking.attack([*earlier, figures])}
    return bool(found and found - {(one.axis, one.what) for one in attacking.attack(earlier)})


def _first_to_go(found: set[str], there: Sequence[str], without: Sequence[str]) -> str | None:
    """Of what was found and is still told the most identifying; what was found elsewhere takes any that is left with it."""
    if not found:
        return None
    left = [
        axis
        for axis in (*protecting.MOST_IDENTIFYING, attacking.ALL)
        if axis in there and axis not in without
    ]
    return next((axis for axis in left if axis in found), left[0] if left else None)
