"""Protected numbers in words: a NUM of the release enters, what people read leaves, in Dutch or English."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date


def day(when: date, language: str) -> str:
    """A date in full, such as “18 december 2026”."""
    return str(format_date(when, "d MMMM y", locale=language))
