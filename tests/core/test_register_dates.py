"""Dates and quarters as advisers write them: the quarter is read, and what can't be told is not guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.signals.card import Quarter
from app.core.signals.register import month_comes_first, read_quarter

DUTCH = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LONG = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
WRITINGS = (
    lambda d: f"{d.day} {DUTCH[d.month - 1]}. {d.year}",
    lambda d: f"{d.day} {LONG[d.month - 1].title()} {d.year}",
    lambda d: f"{d.day}-{DUTCH[d.month - 1]}-{d:%y}",
    lambda d: f"{d:%d-%m-%Y}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d:%d.%m.%y}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%Y-%m-%d} 00:00:00",
    lambda d: f"{d:%Y-%m-%dT%H:%M:%S}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%B} {d.day}, {d.year}",
    lambda d: f"{d:%A} {d.day} {d:%B} {d.year}",
    lambda d: str((d - date(1899, 12, 30)).days),
    lambda d: f"{LONG[d.month - 1]} {d.year}",
    lambda d: f"{DUTCH[d.month - 1]}-{d:%y}",
    lambda d: f"{d:%Y-%m}",
    lambda d: f"{d:%m-%Y}",
)


@given(DAYS, st.sampled_from(WRITINGS))
@settings(deadline=None)
def test_every_way_to_write_a_day_gives_its_quarter(day: date, writing: object) -> None:
    assert read_quarter(writing(day)) == Quarter(day.year, (day.month - 1) // 3 + 1)  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    ["Q1 2025", "q1-2025", "2025-Q1", "2025 Q1", "eerste kwartaal 2025", "1e kwartaal 2025", "Kwartaal 1 2025", "kw1 2025",
     "K1 '25", "Q1 '25", "1st quarter 2025", "First quarter of 2025", "1ste kwartaal van 2025",
     "I kwartaal 2025", "2025 eerste kwartaal"],
)  # fmt: skip
def test_every_way_to_write_a_quarter(text: str) -> None:
    assert read_quarter(text) == Quarter(2025, 1)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Q3", "quarter", 3),
        ("3", "quarter", 3),
        ("derde", "quarter", 3),
        ("3", "month", 1),
        ("maart", "month", 1),
        ("okt.", "month", 4),
        ("3 maart", "date", 1),
        ("31-12", "date", 4),
    ],
)
def test_the_year_may_stand_elsewhere(text: str, kind: str, expected: int) -> None:
    assert read_quarter(text, year=2025, kind=kind) == Quarter(2025, expected)
    assert read_quarter(text, kind=kind) is None


@pytest.mark.parametrize(
    "text",
    ["", "onbekend", "31-02-2025", "32-1-2025", "13-13-2025", "Q5 2025", "5e kwartaal 2025", "voorjaar 2025", "2025", "3",
     "vorige week", "1-2-1987", "00-00-2025", "12345678", "Jan de Vries"],
)  # fmt: skip
def test_what_is_no_quarter_is_not_guessed(text: str) -> None:
    assert read_quarter(text) is None


@given(st.text(max_size=40))
@settings(deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    found = read_quarter(text)
    assert found is None or 2000 <= found.year <= 2099


@given(DAYS)
@settings(deadline=None)
def test_a_column_of_months_first_is_known_by_days_over_twelve(day: date) -> None:
    cells = [f"{day.month}/{day.day}/{day.year}"]
    if day.day > 12:
        assert month_comes_first(cells)
        assert not month_comes_first([*cells, "25/3/2025"])
        assert read_quarter(cells[0], month_first=True) == Quarter(day.year, (day.month - 1) // 3 + 1)
    else:
        assert not month_comes_first(cells)


def test_a_serial_of_excel_with_a_time_is_its_day() -> None:
    day = date(2025, 3, 31)
    serial = (day - date(1899, 12, 30)).days
    assert read_quarter(f"{serial}.75") == Quarter(2025, 1)
    assert read_quarter(str(serial + 1)) == Quarter(2025, 2)
    assert day + timedelta(days=1) == date(2025, 4, 1)
