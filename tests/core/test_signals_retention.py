"""How long cards are kept: dates, what stays as counts, and that nobody's first card is missed afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.signals import retention
from app.core.signals.card import Card, Quarter
from app.core.signals.counting import Cell
from app.core.signals.nicknames import DoubtKind, doubts
from app.core.signals.retention import counts_of, decode, encode, reduce
from tests.core.handful import a_card, keyed, of_people, some_cards


def test_the_dates_of_a_card():
    """Whichever quarter of 2026: kept through 2028, counts from 1 January 2029, gone unopened from the 31st."""
    for number in (1, 2, 3, 4):
        assert retention.until(Quarter(2026, number)) == 2028
    assert retention.goes_on(2028) == date(2029, 1, 1)
    assert retention.gone_on(2028) == date(2029, 1, 31)


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.integers(2020, 2040))
def test_a_card_goes_on_its_date_and_not_a_day_before(today: date, last_year: int):
    assert (last_year <= retention.reducible(today)) == (today >= retention.goes_on(last_year))
    assert (last_year <= retention.unopened(today)) == (today >= retention.gone_on(last_year))
    assert retention.gone_on(last_year) - retention.goes_on(last_year) == timedelta(days=30)


def test_what_stays_by_hand():
    cards = [
        a_card("blauwe otter", "2024-Q1", themes=("gossip", "exclusion"), unit="north", note="geheim"),
        a_card("blauwe otter", "2024-Q2", continues=True, unit="north"),
        *of_people(5, "workload", "2024-Q2", unit="south"),
    ]
    found = counts_of(2024, cards)
    assert found.total == Cell(6, 7)
    assert found.quarters == {"2024-Q1": Cell(1, 1), "2024-Q2": Cell(6, 6)}
    assert found.themes["2024-Q1", "exclusion"] == Cell(1, 1)
    assert found.routes["2024-Q2", "listening"] == Cell(6, 6)
    assert found.units == {"south": Cell(5, 5)}  # north has fewer than five
    assert found.firsts == {
        ("2024-Q1", "gossip"): 1, ("2024-Q1", "exclusion"): 1, ("2024-Q2", "workload"): 5,
    }  # fmt: skip
    kept = encode(found)
    assert decode(kept) == found
    assert len(kept) == retention.BYTES
    for word in (b"geheim", b"otter", b"north"):
        assert word not in kept


def test_a_reporter_whose_first_card_goes_starts_anew():
    cards = keyed(
        [
            a_card("blauwe otter", "2023-Q1"),
            a_card("blauwe otter", "2026-Q1", continues=True),
            a_card("blauwe otter", "2025-Q3", continues=True),
            a_card("ronde emmer", "2026-Q1", continues=True),
        ]
    )
    found = reduce(cards, today=date(2026, 6, 1))
    assert [cards[key].quarter.year for key in found.gone] == [2023]
    assert [(card.quarter.year, card.continues) for card in found.changed.values()] == [(2025, False)]
    left = {key: card for key, card in cards.items() if key not in found.gone} | found.changed
    assert [(one.kind, one.nickname) for one in doubts(left)] == [(DoubtKind.NO_FIRST, "ronde emmer")]


@given(some_cards(), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 7))
def test_what_is_due_goes_and_nothing_else(cards: list[Card], today: date, years: int):
    kept = keyed(cards)
    found = reduce(kept, today=today, years=years)
    for key, card in kept.items():
        assert (key in found.gone) == (today >= date(card.quarter.year + years + 1, 1, 1))
    assert sum(one.total.contacts for one in found.counts.values()) == len(found.gone)
    assert not set(found.changed) & set(found.gone)
    for one in found.counts.values():
        assert decode(encode(one)) == one
        assert all(cell.reporters >= retention.FLOOR for cell in one.units.values())
    assert not reduce(
        {key: kept[key] for key in kept if key not in found.gone}, today=today, years=years
    ).gone


def test_cards_that_come_late_are_added():
    early, late = (
        counts_of(2024, of_people(5, "gossip", "2024-Q1")),
        counts_of(2024, of_people(2, "gossip", "2024-Q3")),
    )
    both = early.and_late(late)
    assert both.total == Cell(7, 7)
    assert both.themes == {("2024-Q1", "gossip"): Cell(5, 5), ("2024-Q3", "gossip"): Cell(2, 2)}


@pytest.mark.parametrize("many", [60])
def test_a_year_of_every_theme_still_fits(many: int):
    cards = [
        a_card(f"otter {quarter} {number}", f"2024-Q{quarter}", themes=(f"een-lang-thema-nummer-{number}",))
        for quarter in (1, 2, 3, 4)
        for number in range(many)
    ]
    assert len(encode(counts_of(2024, cards))) % retention.BYTES == 0
