"""Words for the fixed choices of a signal card: an id enters, its name in the language of the page leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flask_babel import LazyString, get_locale, lazy_gettext

from app.core.instrument import load_themes
from app.core.signals.card import Quarter
from app.settings import ROOT

CONTACTS: Mapping[str, LazyString] = {
    "first-contact": lazy_gettext("first contact"),
    "follow-up-talk": lazy_gettext("follow-up talk"),
    "sparring": lazy_gettext("sparring about integrity"),
    "report": lazy_gettext("report of integrity"),
    "formal-complaint": lazy_gettext("formal complaint"),
    "manager-question": lazy_gettext("question from a manager"),
    "bystander": lazy_gettext("bystander"),
    "anonymous-contact": lazy_gettext("anonymous contact"),
}
REPORTERS: Mapping[str, LazyString] = {
    "employee": lazy_gettext("employee"),
    "manager": lazy_gettext("manager"),
    "temp": lazy_gettext("temporary worker"),
    "trainee": lazy_gettext("trainee"),
    "volunteer": lazy_gettext("volunteer"),
    "former-employee": lazy_gettext("former employee"),
    "other": lazy_gettext("somebody else"),
    "unknown": lazy_gettext("not known"),
}
SOURCES: Mapping[str, LazyString] = {
    "colleague": lazy_gettext("a colleague"),
    "manager": lazy_gettext("a manager"),
    "group": lazy_gettext("a group"),
    "client": lazy_gettext("a client or family"),
    "third-party": lazy_gettext("somebody from outside"),
    "organisation": lazy_gettext("the organisation itself"),
    "unknown": lazy_gettext("not known"),
}
ROUTES: Mapping[str, LazyString] = {
    "listening": lazy_gettext("listening only"),
    "helped-to-act": lazy_gettext("helped to act oneself"),
    "talk-with-manager": lazy_gettext("talk with the manager"),
    "mediation": lazy_gettext("mediation by somebody else"),
    "referral": lazy_gettext("referred on"),
    "formal-complaint": lazy_gettext("formal complaint"),
    "integrity-report": lazy_gettext("integrity report"),
    "withdrawn": lazy_gettext("withdrawn"),
    "unknown": lazy_gettext("not known yet"),
}
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
