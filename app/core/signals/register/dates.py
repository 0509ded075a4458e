"""When a signal came in: a cell as people write dates enters, its quarter leaves; the day is dropped here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from app.core.signals.card import Quarter
from app.core.signals.register.columns import plain

_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "febr", "februari", "february"),
    ("mrt", "maart", "mar", "march", "mr"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "augustus", "august"),
    ("sep", "sept", "september"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_ORDINALS = {
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
}
_ORDINAL = r"[1-4]|" + "|".join(sorted(_ORDINALS, key=len, reverse=True))
_YEAR = r"(?:20)?\d\d"
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
# A time behind the day; Excel writes midnight behind every date.
_TIME = r"(?: t?\d{1,2} \d{2}(?: \d{2}(?: \d+)?)?(?: ?[ap]m)?)?"
_DAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo|[a-z]+day|mon|tue|wed|thu|fri|sat|sun)"
_TH = "(?:e|ste|de|st|nd|rd|th)?"
_KW = "(?:kwartaal|quarter|kwart|kw|k|q)"
_AFTER = rf"(?P<a>{_ORDINAL}){_TH} ?{_KW}"
_BEFORE = rf"{_KW} ?(?P<b>{_ORDINAL})"
_QUARTER = re.compile(rf"(?:{_AFTER}|{_BEFORE})(?: ?(?:van|of|in)?(?P<year> ?{_YEAR}))?")
_YEAR_FIRST = re.compile(rf"(?P<year>20\d\d) ?(?:{_AFTER}|{_BEFORE})")
_ISO = re.compile(rf"(20\d\d) (\d{{1,2}}) (\d{{1,2}}){_TIME}")
_PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_NUMBERS = re.compile(rf"(\d{{1,2}}) (\d{{1,2}}) ({_YEAR}){_TIME}")
_WORDED = re.compile(rf"(?:{_DAY} )?(\d{{1,2}}){_TH} ?({_NAME}) ?({_YEAR}){_TIME}")
_ENGLISH = re.compile(rf"(?:{_DAY} )?({_NAME}) (\d{{1,2}}){_TH} (20\d\d){_TIME}")
_MONTH_YEAR = re.compile(rf"({_NAME}) ?({_YEAR})")
_YEAR_MONTH = re.compile(rf"(20\d\d) (\d{{1,2}}|{_NAME})")
_NUMBER_YEAR = re.compile(r"(\d{1,2}) (20\d\d)")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel's dates, for every day after its false 29 February 1900."""


def read_quarter(
    text: str,
    *,
    year: int | None = None,
    month_first: bool = False,
    kind: str = "date",
) -> Quarter | None:
    """The quarter a cell names; None when it can't be told, also for a day that doesn't exist.

    `year` is for a cell without one ("Q1", "maart"); `kind` says how to take a bare number: of a quarter, month or date.
    """
    words = re.sub(r"(?<=\d)t(?=\d)", " ", plain(text))
    if not words:
        return None
    if _SERIAL.fullmatch(text.strip()):
        found = _FIRST_DAY + timedelta(days=int(float(text.replace(",", "."))))
        return _of(found.year, found.month)
    found_quarter = _named_quarter(words, year) or _day(words, month_first) or _month(words, year, kind)
    if found_quarter is None and year is not None and kind == "date":
        return _day(f"{words} {year}", month_first)
    return found_quarter


def read_year(text: str) -> int | None:
    found = re.fullmatch(r"(20\d\d)(?:[.,]0)?|['’]?(\d\d)", text.strip())
    return int(found[1] or f"20{found[2]}") if found else None


def month_comes_first(cells: Iterable[str]) -> bool:
    """Whether a column writes 3/25/2025: some of its dates only make sense that way round, and none the other."""
    pairs = [(int(found[1]), int(found[2])) for cell in cells if (found := _NUMBERS.fullmatch(plain(cell)))]
    return any(second > 12 for _, second in pairs) and not any(first > 12 for first, _ in pairs)


def _of(year: int, month: int) -> Quarter | None:
    return Quarter(year, (month - 1) // 3 + 1) if 2000 <= year <= 2099 and 1 <= month <= 12 else None


def _full(year: str) -> int:
    return int(year) if len(year.strip()) == 4 else 2000 + int(year)


def _named_quarter(words: str, year: int | None) -> Quarter | None:
    found = _YEAR_FIRST.fullmatch(words) or _QUARTER.fullmatch(words)
    if not found:
        return None
    ordinal = found["a"] or found["b"]
    number = int(ordinal) if ordinal.isdigit() else _ORDINALS[ordinal]
    named = _full(found["year"].strip()) if found["year"] else year
    return Quarter(named, number) if named else None


def _day(words: str, month_first: bool) -> Quarter | None:
    for pattern, order in (
        (_ISO, (1, 2, 3)),
        (_PACKED, (1, 2, 3)),
        (_NUMBERS, (3, 1, 2) if month_first else (3, 2, 1)),
        (_WORDED, (3, 2, 1)),
        (_ENGLISH, (3, 1, 2)),
    ):
        if found := pattern.fullmatch(words):
            year, month, day = (found[each] for each in order)
            try:
                exists = date(_full(year), MONTHS[month] if month in MONTHS else int(month), int(day))
            except ValueError:
                return None
            return _of(exists.year, exists.month)
    return None


def _month(words: str, year: int | None, kind: str) -> Quarter | None:
    if found := _MONTH_YEAR.fullmatch(words):
        return _of(_full(found[2]), MONTHS[found[1]])
    found = _YEAR_MONTH.fullmatch(words)
    if found:
        return _numbered(found[2], int(found[1]), kind)
    if found := _NUMBER_YEAR.fullmatch(words):
        return _numbered(found[1], int(found[2]), kind)
    bare = words in MONTHS or (kind != "date" and (words in _ORDINALS or words.isdecimal()))
    if year is None or not bare:
        return None
    return _numbered(words, year, kind)


def _numbered(word: str, year: int, kind: str) -> Quarter | None:
    """A month's name, or a number that is of a quarter in a column of quarters, and else of a month."""
    if word in MONTHS:
        return _of(year, MONTHS[word])
    number = _ORDINALS.get(word) or int(word)
    if kind == "quarter":
        return Quarter(year, number) if 1 <= number <= 4 else None
    return _of(year, number)
