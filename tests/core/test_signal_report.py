"""Signal reports protect themselves: nothing of few reporters can be told from one report or from several together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.release import Release
from app.core.signal_report import attacking, kinds, making, protecting, risks
from app.core.signal_report.bands import Floors, shown
from app.core.signal_report.counting import CELLS, Counted, count
from app.core.signal_report.kinds import Kind, Window
from tests.core.released import group, num, scored
from tests.core.signal_cards import FIRST, cards, quarter, reports_in_order


def exactly(counts: list[int], **cells: int) -> dict[str, Any]:
    """Figures of one quarter with exact numbers, as a protector without bands would make them."""
    return {
        "quarters": counts,
        "reporters": {"value": cells.pop("all")},
        "tables": [
            {
                "axis": "category",
                "cells": list(CELLS["category"]),
                "rows": [{"id": id, "count": {"value": n}} for id, n in cells.items()],
                "rest": {"below": 5},
            }
        ],
    }


def whole(quarters: list[int], **said: int) -> dict[str, Any]:
    return {"quarters": quarters, "reporters": dict(said), "tables": []}


@given(n=st.integers(0, 4))
def test_nobody_and_four_people_give_the_same_text(n: int) -> None:
    assert shown(n) == shown(0) == {"how": "fewer", "below": 5}


@given(n=st.integers(5, 3000), floor=st.integers(5, 12))
def test_a_count_lies_in_its_band_of_five_numbers(n: int, floor: int) -> None:
    told = shown(n, Floors(count=floor))
    if n < floor:
        assert told == {"how": "fewer", "below": floor}
    else:
        assert told["low"] <= n <= told["high"] and told["high"] - told["low"] == 4 and told["value"] is None


def test_floors_can_be_raised_and_never_lowered() -> None:
    Floors(8, 4)
    with pytest.raises(ValueError):
        Floors(4, 3)
    with pytest.raises(ValueError):
        Floors(5, 2)


def test_an_empty_window_gives_the_same_figures_as_four_reporters() -> None:
    window = Window(quarter(0), quarter(0))
    four = cards(seed=3, reporters=4, quarters=1)
    assert len({card.nickname for card in four}) == 4
    for kind in (Kind.QUARTERLY, Kind.MONTHLY):
        assert making.make([], kind, window).figures == making.make(four, kind, window).figures


@settings(max_examples=12, deadline=None)
@example(seed=189, reporters=18, quarters=6)  # a search with an unlucky beginning didn't end
@example(seed=1572, reporters=40, quarters=6)  # one number was not decided, and three others were
@given(
    seed=st.integers(0, 10_000),
    reporters=st.sampled_from([0, 7, 18, 40, 90]),
    quarters=st.sampled_from([4, 6]),
)
def test_all_reports_of_an_organisation_together_give_nothing_away(
    seed: int, reporters: int, quarters: int
) -> None:
    signals = cards(seed=seed, reporters=reporters, quarters=quarters)
    told: list[protecting.Figures] = []
    for kind, window in reports_in_order(quarters):
        told.append(making.make(signals, kind, window, earlier=told).figures)
    assert attacking.attack(told, seed=2) == ()
    assert all(number is None for number in _exact(told))


def _exact(told: list[protecting.Figures]) -> list[Any]:
    return [
        row["count"].get("value") for one in told for table in one["tables"] for row in table["rows"] or ()
    ]


def test_an_exact_number_under_the_floor_is_found() -> None:
    """The mutant whose floor is four."""
    found = attacking.attack([exactly([FIRST], all=30, bullying=4)])
    assert any("bullying" in one.what and one.numbers == (4,) for one in found)


def test_an_exact_total_beside_hidden_parts_is_found() -> None:
    found = attacking.attack([exactly([FIRST], all=12, bullying=10)])
    assert any("left of the total" in one.what and one.numbers == (2,) for one in found)


def test_a_year_less_three_quarters_is_found() -> None:
    """The mutant that protects each report by itself: every number is over the floor, and the last quarter is not."""
    quarters = [whole([FIRST + at], value=9) for at in range(3)]
    last = whole([FIRST + 3], below=5)
    year = whole([FIRST + at for at in range(4)], value=30)
    assert attacking.attack([*quarters, last]) == ()
    assert any(one.numbers == (3,) for one in attacking.attack([*quarters, last, year]))


def test_a_late_card_elsewhere_does_not_blind_the_attacker() -> None:
    """One window told twice, of which a card that came late made two bands: both can't be true, and the rest still leaks."""
    quarters = [whole([FIRST + at], value=9) for at in range(3)]
    leak = [*quarters, whole([FIRST + 3], below=5), whole([FIRST + at for at in range(4)], value=30)]
    twice = [whole([FIRST - 4], low=5, high=9), whole([FIRST - 4], low=10, high=14)]
    for told in ([*twice, *leak], [*leak, *twice], [twice[0], *leak, twice[1]]):
        assert any(one.numbers == (3,) for one in attacking.attack(told))
    changed = [whole([FIRST], value=12), *leak]
    assert any(one.numbers == (3,) for one in attacking.attack(changed)), "the newest is believed"


def test_two_windows_that_differ_by_a_quarter_are_found() -> None:
    found = attacking.attack([whole([FIRST, FIRST + 1], value=14), whole([FIRST], value=13)])
    assert any(one.numbers == (1,) for one in found)


def test_reporters_of_several_quarters_are_no_contradiction() -> None:
    """Twenty people in each of four quarters and twenty in the year: the same people came back."""
    quarters = [whole([FIRST + at], low=20, high=24) for at in range(4)]
    assert attacking.attack([*quarters, whole([FIRST + at for at in range(4)], low=20, high=24)]) == ()


def test_the_total_is_left_out_when_bands_together_tell_of_the_last_quarter() -> None:
    """Nine, nine, nine and three: 30 to 34 less three times 5 to 9 leaves three or four for the quarter that was not told."""
    signals = [
        card
        for at, people in enumerate((9, 9, 9, 3))
        for card in cards(seed=at, reporters=people, quarters=1, start=at, once=True)
    ]
    told: list[protecting.Figures] = []
    for at in range(4):
        window = Window(quarter(at), quarter(at))
        told.append(making.make(signals, Kind.QUARTERLY, window, earlier=told).figures)
    year = Window(quarter(0), quarter(3))
    apart = making.make(signals, Kind.YEARLY, year)
    assert apart.figures["reporters"] == shown(30)
    assert attacking.attack([*told, apart.figures]), "made apart, the year gives the last quarter away"
    together = making.make(signals, Kind.YEARLY, year, earlier=told)
    assert attacking.attack([*told, together.figures]) == ()
    assert "reporters" in together.given_up and together.figures["reporters"] == {"how": "not-shown"}


def test_routes_are_counted_only_for_many() -> None:
    window = Window(quarter(0), quarter(3))
    counted = Counted(29, {"route": {"mediation": 20}})
    routes = protecting.figures(counted, Kind.YEARLY, window)["tables"][-1]
    assert routes["axis"] == "route" and routes["rows"] is None
    many = protecting.figures(replace(counted, reporters=30), Kind.YEARLY, window)["tables"][-1]
    assert [row["id"] for row in many["rows"]] == ["mediation"]


def test_the_order_of_rows_tells_no_more_than_their_bands() -> None:
    cells = {"bullying": 6, "aggression": 5, "threats": 9, "other": 10}
    figures = protecting.figures(
        Counted(20, {"category": cells}), Kind.QUARTERLY, Window(quarter(0), quarter(0))
    )
    assert [row["id"] for row in figures["tables"][0]["rows"]] == [
        "other",
        "aggression",
        "bullying",
        "threats",
    ]


def test_several_cards_of_one_reporter_are_one_reporter() -> None:
    card = cards(seed=1, reporters=1, quarters=1)[0]
    counted = count(
        [replace(card, nickname="Blauwe Ekster"), replace(card, nickname="blauwe ekster ")],
        Window(quarter(0), quarter(0)),
    )
    assert counted.reporters == 1


@pytest.mark.parametrize(
    ("kind", "id", "first", "last", "due"),
    [
        (Kind.QUARTERLY, "2026-Q3", "2026-Q3", "2026-Q3", date(2027, 1, 31)),
        (Kind.HALF_YEARLY, "2026-Q1--2026-Q2", "2026-Q1", "2026-Q2", date(2027, 1, 31)),
        (Kind.YEARLY, "2025-Q1--2025-Q4", "2025-Q1", "2025-Q4", date(2027, 1, 31)),
        (Kind.CULTURE, "2025-Q4--2026-Q3", "2025-Q4", "2026-Q3", date(2027, 10, 31)),
        (Kind.CULTURE, "2024-Q4--2026-Q3", "2024-Q4", "2026-Q3", date(2028, 10, 31)),
        (Kind.MONTHLY, "2026-11", "2026-Q3", "2026-Q4", date(2026, 12, 31)),
        (Kind.MONTHLY, "2026-12", "2026-Q4", "2026-Q4", date(2027, 1, 31)),
        (Kind.MONTHLY, "2026-01", "2025-Q4", "2026-Q1", date(2026, 2, 28)),
    ],
)
def test_windows_and_when_the_next_is_due(kind: Kind, id: str, first: str, last: str, due: date) -> None:
    window = kinds.read(kind, id)
    assert (str(window.first), str(window.last), window.id) == (first, last, id)
    assert kinds.next_due(kind, window) == due


def test_a_report_of_long_ago_promises_no_day_that_is_over() -> None:
    half = kinds.read(Kind.HALF_YEARLY, "2025-Q3--2025-Q4")
    assert kinds.next_due(Kind.HALF_YEARLY, half, date(2026, 7, 31)) == date(2026, 7, 31)
    assert kinds.next_due(Kind.HALF_YEARLY, half, date(2026, 11, 29)) == date(2027, 1, 31)
    month = kinds.read(Kind.MONTHLY, "2026-09")
    assert kinds.next_due(Kind.MONTHLY, month, date(2026, 11, 29)) == date(2026, 11, 30)


@given(day=st.dates(date(2025, 1, 1), date(2030, 12, 31)), kind=st.sampled_from(list(Kind)))
def test_offered_windows_are_over_and_can_be_read_back(day: date, kind: Kind) -> None:
    for window in kinds.offered(kind, day):
        assert kinds.ended(window, day)
        assert kinds.read(kind, window.id) == window
        assert kinds.next_due(kind, window) > date(window.last.year, 3 * window.last.number - 2, 1)


@pytest.mark.parametrize("id", ["2026-Q2--2026-Q3", "2026-Q1", "2026-Q4--2026-Q3", "soon", "2026-13"])
def test_what_is_no_half_year_is_refused(id: str) -> None:
    with pytest.raises(ValueError):
        kinds.read(Kind.HALF_YEARLY, id)


def test_small_organisations_start_with_half_a_year() -> None:
    assert kinds.first_kind(220) is kinds.first_kind(None) is Kind.HALF_YEARLY
    assert kinds.first_kind(500) is Kind.QUARTERLY


def test_the_order_of_risks_is_the_scans_halved_where_the_theme_is_not_named() -> None:
    scores = {"speak": 30, "trust": 45, "calm": 80, "clear": 85}
    scales = [
        {"id": id, "kind": "mean", "theme": f"theme-{id}", "title": {"nl": id, "en": id}} for id in scores
    ]
    whole = group("org", None, 100, {id: scored(num(score), num(100)) for id, score in scores.items()})
    release = Release({"instrument": {"scales": scales}, "groups": [whole]})
    told = {tuple(heard): risks.risks(release, heard, "nl") for heard in ([], ["theme-trust"])}
    assert [(one["id"], one["weight"], one["heard"]) for one in told[()]] == [
        ("speak", 35, False),
        ("trust", 28, False),
    ]
    assert [(one["id"], one["weight"], one["heard"]) for one in told["theme-trust",]] == [
        ("trust", 55, True),
        ("speak", 35, False),
    ]
