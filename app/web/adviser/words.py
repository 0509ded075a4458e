"""Words for the fixed choices of a signal card: an id enters, its name in the language of the page leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flask_babel import LazyString, get_locale, lazy_gettext

from app.core.instrument import load_themes
from app.core.signal_report.counting import CELLS, CONTACT, REPORTER, ROUTE, SOURCE
from app.core.signals.card import Quarter
from app.render import signal_words
from app.settings import ROOT


def _names(axis: str) -> Mapping[str, LazyString]:
    """As reports name them, in the language of the page."""
    return {id: LazyString(lambda id=id: signal_words.row(axis, id, language(), {})) for id in CELLS[axis]}


CONTACTS, REPORTERS, SOURCES, ROUTES = map(_names, (CONTACT, REPORTER, SOURCE, ROUTE))
FOUND: Mapping[str, LazyString] = {
    "email": lazy_gettext("an e-mail address"),
    "link": lazy_gettext("a web address"),
    "iban": lazy_gettext("a bank account"),
    "bsn": lazy_gettext("a citizen number"),
    "telephone": lazy_gettext("a telephone number"),
    "date": lazy_gettext("a date"),
    "address": lazy_gettext("an address"),
    "name": lazy_gettext("a name?"),
}
NUMBERS: tuple[LazyString, ...] = (
    lazy_gettext("first quarter of %(year)s"),
    lazy_gettext("second quarter of %(year)s"),
    lazy_gettext("third quarter of %(year)s"),
    lazy_gettext("fourth quarter of %(year)s"),
)


def quarter_says(quarter: Quarter) -> str:
    """In full, such as “third quarter of 2026”."""
    return str(NUMBERS[quarter.number - 1]) % {"year": quarter.year}


def quarter_brief(quarter: Quarter) -> str:
    """For heads of tables, such as “2026 Q3”; in Dutch "2026 K3" would be a word nobody uses."""
    return f"{quarter.year} Q{quarter.number}"


def language() -> str:
    """The language of the page."""
    return str(get_locale())


@cache
def standard_themes() -> Mapping[str, Mapping[str, str]]:
    """The themes that come with the product, in every language."""
    return load_themes((ROOT / "surveys" / "themes.toml").read_text("utf-8"))
