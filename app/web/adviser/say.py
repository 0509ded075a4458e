"""Texts of these pages in the reader's language: the English text and its facts enter, a string leaves."""

from __future__ import annotations

import flask_babel


def _(text: str, **facts: object) -> str:
    """The text in the language of the page, with its facts filled in."""
    return str(flask_babel.gettext(text, **facts))


def ngettext(one: str, many: str, num: int) -> str:
    """The same for a number of things; `num` is a fact too."""
    return str(flask_babel.ngettext(one, many, num))
