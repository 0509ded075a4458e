"""Themes of reports: three reporters stand behind whatever a reader can tell from one report or from two together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.signal_report import attacking_themes, kinds, naming
from app.core.signal_report.attacking_themes import Told
from app.core.signal_report.bands import THEME_MIN, Floors
from app.core.signal_report.kinds import Window
from app.core.signal_report.naming import Earlier
from app.core.signals.card import Card
from tests.core.signal_cards import FIRST, cards, quarter, reports_in_order

SALT = "zout"


def speak(theme: str, *quarters: int, agrees: bool = False) -> list[Card]:
    """A card of a new reporter in each of these quarters, counted from the first."""
    card = cards(seed=1, reporters=1, quarters=1)[0]
    return [
        replace(card, quarter=quarter(at), themes=(theme,), agrees=agrees, nickname=f"{theme} {at} {number}")
        for number, at in enumerate(quarters)
    ]


def window(first: int, last: int, month: str = "") -> Window:
    return Window(quarter(first), quarter(last), month)


def released(signals: Iterable[Card], where: Window, named: Iterable[str], *, known: bool = True) -> Earlier:
    """As it is remembered of a report that left with these signals."""
    came = naming.came(signals, where, SALT)
    return Earlier(
        where.quarters,
        frozenset(named),
        SALT,
        {theme: frozenset(marks) for theme, marks in came.items()} if known else None,
    )


def test_a_theme_is_named_from_three_reporters_or_when_one_agrees() -> None:
    signals = [
        *speak("bullying", 0, 0, 0), *speak("sexism", 0, 0), *speak("exclusion", 0, agrees=True), *speak("gossip", 1)
    ]  # fmt: skip
    assert naming.named(signals, window(0, 0)) == ["bullying", "exclusion"]
    assert naming.named(signals, window(0, 0), floors=Floors(words=4)) == ["exclusion"]


def test_a_new_theme_in_a_monthly_update_does_not_tell_that_one_came_this_month() -> None:
    october, november = window(3, 4, "2026-01"), window(3, 4, "2026-02")
    two = speak("sexism", 4, 4)
    before = released(two, october, naming.named(two, october))
    assert before.named == frozenset()
    three = [*two, *speak("sexism", 4, 4, 4)[2:]]
    assert naming.named(three, november, [before]) == [], "one came since"
    five = [*two, *speak("sexism", 4, 4, 4, 4, 4)[2:]]
    assert naming.named(five, november, [before]) == ["sexism"], "three came since"
    assert naming.named([*three, *speak("sexism", 4, agrees=True)], november, [before]) == ["sexism"]


def test_a_theme_that_was_named_already_is_named_again() -> None:
    signals = speak("sexism", 4, 4, 4)
    told = [released([], window(3, 4), []), released(signals, window(4, 4), ["sexism"])]
    assert naming.named(signals, window(4, 5), told) == ["sexism"]


def test_a_nickname_that_was_mended_since_is_no_new_reporter() -> None:
    two = speak("sexism", 0, 0)
    first = released(two, window(0, 0), [])
    mended = [replace(card, nickname=f"ander {card.nickname}") for card in two]
    assert naming.named([*mended, *speak("sexism", 0, 0, 0)[2:]], window(0, 0), [first]) == []


def test_without_a_memory_of_who_came_only_other_quarters_count_as_since() -> None:
    signals = speak("sexism", 0, 0, 0, 1, 1)
    unknown = released([], window(0, 0), [], known=False)
    assert naming.named(signals, window(0, 1), [unknown]) == []
    assert naming.named([*signals, *speak("sexism", *([1] * 6))[5:]], window(0, 1), [unknown]) == ["sexism"]
    assert naming.named(signals, window(0, 1), [released([], window(0, 0), [])]) == ["sexism"]


@pytest.mark.parametrize(
    ("first", "second", "allowed"), [(1, 2, False), (2, 2, False), (1, 3, True), (3, 1, True)]
)
def test_an_update_over_two_quarters_names_what_does_not_hang_on_both(
    first: int, second: int, allowed: bool
) -> None:
    """Next month's update may have the second quarter alone; what falls away would tell of the first."""
    signals = speak("sexism", *([3] * first), *([4] * second))
    assert (naming.named(signals, window(3, 4, "2026-02")) == ["sexism"]) is allowed


def test_half_a_year_less_a_quarter_is_found_by_the_attacker_and_not_named() -> None:
    signals = speak("sexism", 0, 0, 1)
    half, first = window(0, 1), released(signals, window(0, 0), [])
    assert naming.named(signals, half) == ["sexism"]
    assert attacking_themes.attack([told(first), told(released(signals, half, ["sexism"]))]) == (
        Told("sexism", 1, 0, frozenset({FIRST + 1})),
    )
    assert naming.named(signals, half, [first]) == []


def test_a_theme_that_falls_away_after_a_longer_report_is_pointed_out_to_the_adviser() -> None:
    signals = speak("sexism", 0, 1, 1)
    half = released(signals, window(0, 1), ["sexism"])
    assert naming.named(signals, window(1, 1), [half]) == []
    assert naming.fragile(signals, window(1, 1), [half]) == ["sexism"]
    assert naming.fragile(signals, window(0, 3), [half]) == [], "all of it is inside"
    assert naming.fragile(signals, window(2, 2), [half]) == [], "no quarter is shared"
    assert naming.fragile([*signals, *speak("sexism", 0, 0, 0)[1:]], window(1, 1), [half]) == [], (
        "three are behind it"
    )


def told(one: Earlier) -> dict[str, Any]:
    return {"figures": {"quarters": sorted(one.quarters)}, "named": sorted(one.named)}


def behind(one: Told, moments: Sequence[Sequence[Card]], windows: Sequence[Window]) -> int:
    """How many it really were, of whom the attacker says that there was somebody."""

    def people(place: int) -> set[str]:
        spoken = naming.speaking(card for card in moments[place] if card.quarter in windows[place])
        return {*spoken.get(one.theme, ())}

    return len(people(one.names) - people(one.silent))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    reporters=st.sampled_from([6, 12, 25, 60]),
    monthly=st.booleans(),
    forgetful=st.booleans(),
)
def test_whatever_two_reports_tell_of_a_theme_three_stand_behind(
    seed: int, reporters: int, monthly: bool, forgetful: bool
) -> None:
    """Monthly, quarterly, half-yearly and yearly reports of two years, each made of the cards there are by then."""
    signals = cards(seed=seed, reporters=reporters, quarters=8)
    windows = [*(_monthly() if monthly else ()), *(where for _, where in reports_in_order(8))]
    windows.sort(key=lambda one: (one.last.index, one.month or "z", len(one.quarters)))
    moments: list[list[Card]] = []
    left: list[Earlier] = []
    for where in windows:
        by_then = _by_then(signals, where)
        named = naming.named(by_then, where, left)
        assert all(
            len(naming.speaking(c for c in by_then if c.quarter in where)[one]) >= THEME_MIN for one in named
        )
        moments.append(by_then)
        left.append(released(by_then, where, named, known=not forgetful))
    for one in attacking_themes.attack([told(one) for one in left]):
        assert behind(one, moments, windows) >= THEME_MIN, one


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), reporters=st.sampled_from([6, 12, 25]))
def test_in_whatever_order_reports_leave_nothing_is_told_of_few_without_the_adviser_knowing(
    seed: int, reporters: int
) -> None:
    """Longer reports before shorter ones: what then falls away is pointed out before it leaves."""
    signals = cards(seed=seed, reporters=reporters, quarters=8)
    windows = [where for _, where in reports_in_order(8)]
    random.Random(seed).shuffle(windows)
    left: list[Earlier] = []
    pointed_out: list[list[str]] = []
    for where in windows:
        pointed_out.append(naming.fragile(signals, where, left))
        left.append(released(signals, where, naming.named(signals, where, left)))
    for one in attacking_themes.attack([told(one) for one in left]):
        few = 0 < behind(one, [signals] * len(windows), windows) < THEME_MIN
        assert not few or one.theme in pointed_out[one.silent], one


def _monthly() -> list[Window]:
    return [kinds.of_month(2025 + at // 12, at % 12 + 1) for at in range(2, 24)]


def _by_then(signals: list[Card], where: Window) -> list[Card]:
    """A third of a quarter's cards are there at the end of each of its months."""
    if not where.month:
        return [card for card in signals if card.quarter.index <= where.last.index]
    months = (int(where.month[5:]) - 1) % 3 + 1
    return [
        card
        for place, card in enumerate(signals)
        if card.quarter.index < where.last.index or (card.quarter == where.last and place % 3 < months)
    ]
