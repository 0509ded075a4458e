"""Protected numbers in words: a NUM of the release enters, what people read leaves, in Dutch or English.

A NUM is {"value", "low", "high"}: the true value lies within low and high; a band has no value, an exact
figure has all
three equal. Numbers are never shown without their band, and nothing here rounds further than the release did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from app.core.release import in_ten as in_ten_of
from app.core.release import middle as middle
from app.render.texts import speak

Num = Mapping[str, Any]
SHARE = "share"
SCORE = "score"
PEOPLE = "people"
TOP = 100
_HUNDREDTH = Decimal("0.01")


def day(when: date, language: str) -> str:
    """A date in full, such as “18 december 2026”."""
    return str(format_date(when, "d MMMM y", locale=language))


@lru_cache(maxsize=16384)
def figure(value: float, language: str) -> str:
    """A plain figure, at most two decimals (half to even), with the signs of the language.

    As Babel's format_decimal with "#,##0.##", at a tenth of its price: a front page may hold ten thousand figures.
    """
    rounded = Decimal(str(value)).quantize(_HUNDREDTH, ROUND_HALF_EVEN) + 0  # never “-0”
    whole, _, rest = f"{rounded:,f}".partition(".")
    point, thousands = _signs(language)
    rest = rest.rstrip("0")
    return whole.replace(",", thousands) + (point + rest if rest else "")


@cache
def _signs(language: str) -> tuple[str, str]:
    """The decimal sign and the sign between thousands."""
    return get_decimal_symbol(language), get_group_symbol(language)


def exact(num: Num) -> bool:
    return num["value"] is not None and num["low"] == num["high"]


def short(num: Num, language: str, kind: str = SCORE) -> str:
    """As few characters as honesty allows, for in a picture: “62”, “62 %” (whole), “≤15 %”, “≥90”, “5–9”."""
    unit = "\u202f%" if kind == SHARE else ""
    low, high = figure(num["low"], language), figure(num["high"], language)
    if num["value"] is not None:
        value = round(num["value"]) if kind == SHARE else num["value"]
        return figure(value, language) + unit
    if num["low"] <= 0:
        return f"≤{high}{unit}"
    if kind != PEOPLE and num["high"] >= TOP:
        return f"≥{low}{unit}"
    return f"{low}–{high}{unit}"


def words(num: Num, language: str, kind: str = SCORE) -> str:
    """With its band: “62 (60 to 64)”, “15 % or less”, “90 or higher”, “5 to 9”."""
    _ = speak(language)
    unit = "\u00a0%" if kind == SHARE else ""
    low, high = figure(num["low"], language), figure(num["high"], language) + unit
    if exact(num):
        return figure(num["value"], language) + unit
    if num["value"] is not None:
        value = figure(num["value"], language) + unit
        # Of thousands of people the band is finer than a figure shows.
        return (
            value
            if low + unit == value == high
            else _("{value} ({low} to {high})", value=value, low=low, high=high)
        )
    if num["low"] <= 0:
        return _("{high} or less", high=high)
    if kind != PEOPLE and num["high"] >= TOP:
        return _("{low} or more", low=low + unit)
    return _("{low} to {high}", low=low, high=high)


def answers(num: Num, language: str) -> str:
    """How many people answered: “128 answers”, “about 25 answers (23 to 27)”, “5 to 9 answers”."""
    _ = speak(language)
    if exact(num):
        return _("{n} answers", n=figure(num["value"], language))
    if num["value"] is None:
        return _(
            "{low} to {high} answers", low=figure(num["low"], language), high=figure(num["high"], language)
        )
    return _(
        "about {n} answers ({low} to {high})",
        n=figure(num["value"], language),
        low=figure(num["low"], language),
        high=figure(num["high"], language),
    )


def about(num: Num, language: str) -> str:
    """A number of people in as few characters as honesty allows: “128”, “about 25”, “5–9”."""
    if exact(num) or num["value"] is None:
        return short(num, language, PEOPLE)
    _ = speak(language)
    return _("about {n}", n=figure(num["value"], language))


def in_ten(num: Num, language: str) -> str:
    """A share in words people use: “6 in 10”, “fewer than 1 in 10”; a band as a band: “2 to 4 in 10”."""
    _ = speak(language)
    low, high = round(num["low"] / 10), round(num["high"] / 10)
    nearest = in_ten_of(num)
    if nearest is not None:
        low = high = nearest
    if high == 0 or (num["value"] is None and num["low"] <= 0 and high <= 1):
        return _("fewer than 1 in 10")
    if low >= TOP // 10:
        return _("nearly everyone") if num["low"] < TOP else _("everyone")
    if num["low"] <= 0 and num["value"] is None:
        return _("at most {high} in 10", high=high)
    return _("{low} in 10", low=low) if low == high else _("{low} to {high} in 10", low=low, high=high)


def interval(ends: tuple[Num, Num] | list[Num], language: str) -> str:
    """How sure a score is: “between 55 and 69”; an end that is a band is named by its outer side."""
    _ = speak(language)
    low, high = span(ends)
    return _("between {low} and {high}", low=figure(low, language), high=figure(high, language))


def span(ends: tuple[Num, Num] | list[Num]) -> tuple[float, float]:
    """The interval as two figures, outer sides, never narrower than what was published."""
    low, high = ends
    return float(low["low"]), float(high["high"])
