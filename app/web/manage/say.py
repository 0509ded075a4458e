"""Texts of these pages in the reader's language: the English text and its facts enter, a string leaves."""

from __future__ import annotations

from datetime import date

import babel
import flask_babel


def _(text: str, **facts: object) -> str:
    """The text in the language of the page, with its facts filled in."""
    return str(flask_babel.gettext(text, **facts))


def ngettext(one: str, many: str, num: int) -> str:
    """The same for a number of things; `num` is a fact too."""
    return str(flask_babel.ngettext(one, many, num))


def language() -> str:
    """The language of the page."""
    return str(flask_babel.get_locale())


def language_name(code: str) -> str:
    """What a language is called in the language of the page; the code itself where nobody knows."""
    try:
        return str(babel.Locale.parse(code).get_display_name(language()) or code)
    except (babel.UnknownLocaleError, ValueError):
        return code


def day(value: date | None) -> str:
    """A date in words; "" for none."""
    return str(flask_babel.format_date(value, "d MMMM y")) if value else ""
