"""Texts with figures in them: an English text and its values enter, the text in the language of the moment leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import format_date, format_decimal, gettext

from app.web.ui import blueprint


@blueprint.app_template_global("N_")
def N_(message: str) -> str:  # noqa: N802  gettext's own name for this
    """Marks a text for translation where it is not shown yet."""
    return message


def translated(message: str, values: Mapping[str, object]) -> str:
    """Dates among the values are written out, figures with the decimal sign of the language."""
    return str(gettext(message, **{name: _written(value) for name, value in values.items()}))


def say(message: str, **values: object) -> str:
    return translated(message, values)


def _written(value: object) -> object:
    if isinstance(value, date):
        return format_date(value, "d MMMM y")
    if isinstance(value, float):
        return format_decimal(value)
    return value
