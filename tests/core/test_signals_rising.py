"""Rising themes: worked by hand, silent where little is known, and honest about chance over many seeded organisations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.core.signals import rising as module
from app.core.signals.card import Card, Quarter
from app.core.signals.retention import counts_of
from app.core.signals.rising import LEVEL, Verdict, rising
from bench.signals import World, looks
from tests.core.handful import a_card, of_people, some_cards

LAST = Quarter(2026, 4)
SINCE = Quarter(2024, 3)


def spread(theme: str, counts: dict[str, int]) -> list[Card]:
    return [card for quarter, count in counts.items() for card in of_people(count, theme, quarter)]


def test_a_rise_by_hand():
    """Nine of twelve reporters in 2 of 10 quarters; chance 0.2 each."""
    cards = spread("gossip", {"2026-Q4": 5, "2026-Q3": 4, "2026-Q1": 1, "2025-Q2": 2})
    (found,) = rising(cards, last=LAST, since=SINCE).themes
    assert (found.recent, found.earlier, found.verdict) == (9, 3, Verdict.RISING)
    assert found.p == pytest.approx(stats.binom.sf(8, 12, 0.2))
    assert found.ratio == pytest.approx(9 / 2 / (3 / 8))
    low, high = stats.binomtest(9, 12).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((low / (1 - low) * 4, high / (1 - high) * 4))


def test_the_others_weigh_in():
    """p is .033 by itself, and with another theme in which nothing happens .066: no rise is claimed of two."""
    alone = spread("gossip", {"2026-Q4": 5, "2025-Q2": 4, "2025-Q1": 1})
    calm = spread("workload", {"2025-Q1": 10})
    one = rising(alone, last=LAST, since=SINCE).of("gossip")
    both = rising(alone + calm, last=LAST, since=SINCE).of("gossip")
    assert one is not None and both is not None
    assert one.p == both.p == one.q == pytest.approx(stats.binom.sf(4, 10, 0.2))
    assert (one.verdict, both.verdict) == (Verdict.RISING, Verdict.NO_CLEAR_CHANGE)
    assert both.q == pytest.approx(2 * (both.p or 0))


def test_who_comes_back_counts_when_a_theme_first_came_up():
    cards = [a_card("blauwe otter", quarter) for quarter in ("2025-Q1", "2026-Q3", "2026-Q4")]
    cards.append(a_card("Blauwe Otter", "2026-Q4", themes=("exclusion",)))
    found = rising(cards, last=LAST, since=SINCE)
    assert [(one.theme, one.recent, one.earlier) for one in found.themes] == [
        ("exclusion", 1, 0),
        ("gossip", 0, 1),
    ]


def test_nobody_before_has_no_ratio_but_a_lower_end():
    found = rising(spread("gossip", {"2026-Q4": 6}), last=LAST, since=SINCE).of("gossip")
    assert found is not None and found.verdict is Verdict.RISING
    assert found.ratio is None and found.high is None and found.low > 1


@pytest.mark.parametrize(
    ("cards", "since"),
    [
        (spread("gossip", {"2026-Q4": module.LEAST - 1}), SINCE),
        (spread("gossip", {"2026-Q4": 9, "2026-Q2": 1}), Quarter(2025, 4)),
        (spread("gossip", {"2026-Q4": 9}), None),
        ([], None),
    ],
    ids=["few reporters", "three earlier quarters", "first signals", "nothing"],
)
def test_nothing_can_be_said_yet(cards: list[Card], since: Quarter | None):
    found = rising(cards, last=LAST, since=since, themes=("workload",))
    assert found.says_nothing and not found.rising
    assert {one.verdict for one in found.themes} == {Verdict.TOO_FEW}
    assert all(one.p is None and one.q is None for one in found.themes)


def test_a_quarter_that_is_not_over_is_left_out():
    cards = spread("gossip", {"2027-Q1": 20, "2025-Q1": 5, "2026-Q4": 1})
    (found,) = rising(cards, last=LAST, since=SINCE).themes
    assert (found.recent, found.earlier) == (1, 5)


@given(some_cards(), st.integers(1, 4), st.integers(4, 8))
def test_what_always_holds(cards: list[Card], recent: int, earlier: int):
    found = rising(cards, last=LAST, recent=recent, earlier=earlier)
    for one in found.themes:
        assert one.recent + one.earlier <= len({card.nickname for card in cards if one.theme in card.themes})
        if one.verdict is Verdict.TOO_FEW:
            continue
        assert one.p is not None and one.q is not None and one.p <= one.q
        assert (one.verdict is Verdict.RISING) == (one.q <= LEVEL)
        assert one.high is None or one.low <= (one.ratio or 0) <= one.high
        if one.verdict is Verdict.RISING:
            assert one.ratio is None or one.ratio > 1


def test_cards_that_are_counts_by_now_still_weigh_in():
    """Reduced or not: the same reporters in the same quarters give the same rise."""
    old = spread("gossip", {"2024-Q3": 2, "2024-Q4": 1})
    new = spread("gossip", {"2026-Q4": 5, "2025-Q2": 4})
    reduced = counts_of(2024, old).firsts
    assert rising(new, last=LAST, before=reduced) == rising(old + new, last=LAST)
    assert rising(new, last=LAST) != rising(old + new, last=LAST)


BUSY = World(60, 23, uneven=False)


@pytest.mark.parametrize("world", [World(7, 23), World(60, 11), BUSY], ids=str)
def test_random_signals_raise_a_notice_no_more_often_than_stated(world: World):
    """A smaller one of bench/signals.py, with the same seeds each time."""
    runs = 200
    notices = sum(bool(one.rising) for one in looks(world, runs))
    assert stats.binomtest(notices, runs, LEVEL, alternative="greater").pvalue > 0.05


def test_without_correction_it_would_be_more_often():
    """The test above can fail: at 60 reporters a year and 23 themes, p alone points at something in far more looks."""
    runs = 200
    notices = sum(any((theme.p or 1) <= LEVEL for theme in one.themes) for one in looks(BUSY, runs))
    assert stats.binomtest(notices, runs, LEVEL, alternative="greater").pvalue < 0.001


def test_a_tripled_theme_is_found_where_there_is_enough():
    found = looks(World(300, 23), 40, times=3.0)
    assert sum("theme-0" in {theme.theme for theme in one.rising} for one in found) >= 36
