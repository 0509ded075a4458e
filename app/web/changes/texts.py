"""Words of the board: ids of themes, decisions, states and owners enter, their names in the reader's language leave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from babel.dates import format_date as in_locale
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import noticed
from app.core.days import local_day
from app.core.feedback import LANGUAGES, OWNERS, Content, Decision, Source, SourceKind, State, is_late
from app.core.instrument import load_themes
from app.render import markdown, numbers, roles
from app.settings import ROOT

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


def spoken() -> str:
    """The language of the page."""
    found = str(get_locale())
    return found if found in LANGUAGES else LANGUAGES[0]


def marked(text: str) -> Markup:
    """Markdown as HTML that can do no harm."""
    return Markup(markdown.html(text))


def day(when: date | None) -> str:
    """A day in full; of a moment in UTC the day that it was here."""
    if when is None:
        return ""
    return numbers.day(local_day(when) if isinstance(when, datetime) else when, spoken())


@cache
def known_themes() -> dict[str, dict[str, str]]:
    """Theme id -> its name in each language."""
    path = ROOT / "surveys" / "themes.toml"
    return load_themes(path.read_text("utf-8")) if path.exists() else {}


def theme_name(theme: str, language: str | None = None) -> str:
    return roles.capital(theme_in_sentence(theme, language))


def theme_in_sentence(theme: str, language: str | None = None) -> str:
    """A known theme by its name, any other as it was written."""
    if theme == noticed.THEME:
        return str(_("what people notice"))
    names = known_themes().get(theme)
    return names.get(language or spoken(), names["nl"]) if names else theme


def by_name(themes: Iterable[str]) -> list[str]:
    return sorted(set(themes), key=theme_name)


def language_name(language: str) -> str:
    return str({"nl": _("Dutch"), "en": _("English")}[language])


def role_name(role: str) -> str:
    """Who owns or says something, as in a sentence."""
    return roles.name(role, spoken())


def owners() -> list[tuple[str, str]]:
    return [(one, role_name(one)) for one in OWNERS]


def decision_name(decision: Decision | str | None) -> str:
    """As the organisation says it of itself."""
    names: dict[str, str] = {
        Decision.DO: _("We do this"),
        Decision.PARTLY: _("We do part of this"),
        Decision.DONT: _("We don't do this"),
        Decision.LOOK_INTO: _("We look into it"),
        "": _("Not decided yet"),
    }
    return names[decision or ""]


def state_name(state: State | str) -> str:
    names: dict[str, str] = {
        State.HEARD: _("heard"),
        State.DECIDED: _("decided"),
        State.UNDER_WAY: _("under way"),
        State.DONE: _("done"),
        State.STOPPED: _("stopped"),
    }
    return names[state]


def period_name(period: str) -> str:
    """A quarter in words; any other period as it was written."""
    found = _QUARTER.fullmatch(period)
    if not found:
        return period
    return str(in_locale(date(int(found[1]), int(found[2]) * 3, 1), "QQQQ y", locale=spoken()))


def source_says(source: Source) -> str:
    """Where an update comes from, for readers."""
    period = period_name(source.period)
    says: dict[SourceKind, str] = {
        SourceKind.SCAN: _("From the results of the scan “%(name)s”", name=source.name),
        SourceKind.REPORT: _("From a report of the advisers: %(name)s", name=source.name),
        SourceKind.ADVICE: _("From an advice of the confidential adviser"),
        SourceKind.COMMENTS: _("From what people wrote in the scan “%(name)s”", name=source.name),
        SourceKind.OTHER: "",
    }
    said = says[source.kind]
    if source.kind is SourceKind.REPORT or not period:
        return said
    return f"{said} ({period})" if said else period


def lateness(content: Content, today: date) -> str:
    """How late, in words; empty when it isn't. "We said we would tell more" is a promise too."""
    if not is_late(content, today):
        return ""
    promised = min(one for one in (content.due_on, content.next_on) if one is not None and one < today)
    late = (today - promised).days
    said: str = ngettext("%(num)s day late", "%(num)s days late", late)
    return said


def field_name(field: str) -> str:
    names: dict[str, str] = {
        "title": _("Title"),
        "heard": _("What we heard"),
        "why": _("Why"),
        "changes": _("What changes, and for whom"),
        "theme": _("Theme"),
        "state": _("How far it is"),
        "decision": _("What we decided"),
        "owner": _("Who sees to it"),
        "due_on": _("Done by"),
        "next_on": _("More about it on"),
        "unit": _("For which part"),
        "source": _("Where it comes from"),
    }
    return names[field]


def value_name(field: str, value: str) -> str:
    """The value of a field that is no text, as readers see it."""
    if not value:
        return "–"
    if field in ("due_on", "next_on"):
        return day(date.fromisoformat(value))
    if field == "decision":
        return decision_name(value)
    if field == "theme":
        return theme_name(value)
    if field == "state":
        return state_name(value)
    return role_name(value) if field == "owner" else value
