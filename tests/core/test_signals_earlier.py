"""Years that are counts by now: what they add is never less than it was, nor more than people can have come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.signals import counting
from app.core.signals.card import Card, Quarter
from app.core.signals.counting import BY_QUARTER, BY_ROUTE, BY_THEME, Cell, count
from app.core.signals.earlier import NO_YEARS, Between, Earlier
from app.core.signals.retention import counts_of
from app.core.signals.rising import Verdict, rising
from tests.core.handful import THEMES, a_card, of_people, some_cards


def reduced(cards: list[Card], before: int) -> tuple[list[Card], Earlier]:
    """Cards of years before this one become counts."""
    years = {card.quarter.year for card in cards if card.quarter.year < before}
    counts = {year: counts_of(year, [card for card in cards if card.quarter.year == year]) for year in years}
    return [card for card in cards if card.quarter.year >= before], Earlier(counts)


def quarters(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(Quarter.at(index)) for index in range(first, last + 1))


@given(
    some_cards(),
    st.integers(2023, 2027),
    st.integers(2023 * 4, 2026 * 4),
    st.integers(0, 12),
    st.sampled_from(THEMES),
)
def test_the_truth_lies_between(cards: list[Card], before: int, first: int, length: int, theme: str) -> None:
    left, earlier = reduced(cards, before)
    asked = quarters(first, first + length)
    of_theme = [card for card in cards if theme in card.themes and str(card.quarter) in asked]
    now = count([card for card in left if theme in card.themes and str(card.quarter) in asked])
    then, contacts = earlier.theme(theme, asked)
    people = Between(now.reporters, now.reporters).and_also(then)
    true = count(of_theme)
    assert people.least <= true.reporters <= people.most
    assert now.contacts + contacts == true.contacts
    assert earlier.total(asked).contacts + count(
        [one for one in left if str(one.quarter) in asked]
    ).contacts == len([card for card in cards if str(card.quarter) in asked])


@given(some_cards(), st.integers(2023, 2027))
def test_a_table_has_the_same_cells_whether_cards_are_there_or_counts(cards: list[Card], before: int) -> None:
    left, earlier = reduced(cards, before)
    asked = quarters(2023 * 4, 2026 * 4 + 3)
    for which in (BY_THEME, BY_ROUTE):
        rows, columns = counting.keys(which), counting.keys(BY_QUARTER)
        whole = counting.table(cards, rows, columns, column_order=asked)
        added = earlier.added(counting.table(left, rows, columns, column_order=asked), which, asked)
        assert set(added.rows) == set(whole.rows)
        for row in whole.rows:
            assert [added.cell(row, one) for one in asked] == [whole.cell(row, one) for one in asked]
        assert added.column_totals == whole.column_totals
        assert added.total.reporters >= whole.total.reporters


def test_by_hand() -> None:
    cards = [
        a_card("blauwe otter", "2024-Q1", themes=("gossip",), unit="south"),
        a_card("blauwe otter", "2024-Q3", themes=("gossip",), unit="south"),
        *of_people(4, "gossip", "2024-Q3", unit="south"),
    ]
    earlier = Earlier({2024: counts_of(2024, cards)})
    year = quarters(2024 * 4, 2024 * 4 + 3)
    assert earlier.theme("gossip", year) == (Between(5, 5), 6)
    assert earlier.theme("gossip", year[2:]) == (Between(5, 5), 5)
    assert earlier.theme("gossip", year[:2]) == (Between(1, 1), 1)
    assert earlier.total(year) == Cell(5, 6)
    assert earlier.units(year) == {2024: {"south": Cell(5, 6)}}
    assert earlier.units(year[:3]) == {2024: {"south": Cell(5, 6)}}  # nobody came in the fourth
    assert earlier.units(year[1:]) == {}
    assert earlier.first == Quarter(2024, 1)
    assert earlier.among([Quarter(2023, 4), Quarter(2024, 1), Quarter(2025, 1)]) == (Quarter(2024, 1),)
    assert NO_YEARS.theme("gossip", year) == (Between(0, 0), 0)


def test_who_came_in_two_years_may_be_one_or_two() -> None:
    assert Between(3, 3).and_also(Between(2, 4)) == Between(3, 7)
    assert Between(3, 3).and_also(Between()) == Between(3, 3)


def test_old_counts_weigh_in_when_a_theme_rises() -> None:
    """Eleven people on gossip, of whom nine in the years before: with their cards gone it must not look new."""
    old = [card for quarter in ("2024-Q2", "2024-Q3", "2024-Q4") for card in of_people(3, "gossip", quarter)]
    new = of_people(6, "gossip", "2026-Q1")
    early = of_people(1, "workload", "2024-Q1")
    last = Quarter(2026, 1)
    left, earlier = reduced([*early, *old, *new], 2025)
    forgetful = rising(left, last=last, since=Quarter(2024, 1)).of("gossip")
    assert forgetful is not None
    assert forgetful.verdict is Verdict.RISING
    assert rising(left, last=last, before=earlier.firsts()) == rising([*early, *old, *new], last=last)
