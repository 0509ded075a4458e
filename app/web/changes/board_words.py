"""Words of the public board: sections, themes, units and sources enter, what people read leaves."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.feedback import Content, SourceKind, State
from app.core.shelf import Section
from app.render import markdown, roles
from app.web.changes import texts
from app.web.changes.texts import day, known_themes, theme_name
from app.web.ui.saying import N_

__all__ = ["day", "known_themes", "theme_name"]

MOST_BRIEF = 150
SECTIONS = {
    Section.LATE: N_("Late"),
    Section.UNDER_WAY: N_("Under way"),
    Section.DECIDED: N_("Decided"),
    Section.HEARD: N_("What we heard"),
    Section.DONE: N_("Done"),
    Section.WONT: N_("What we won't do, and why"),
}
"""In the order of the board."""
EMPTY = {
    Section.LATE: N_("Nothing is late now."),
    Section.UNDER_WAY: N_("Nothing is under way now."),
    Section.DECIDED: N_("No decision waits to be carried out."),
    Section.HEARD: N_("Nothing waits for a decision."),
    Section.DONE: N_("Nothing is done yet."),
    Section.WONT: N_("Nothing was turned down."),
}


def section_name(section: str) -> str:
    return str(_(SECTIONS[Section(section)]))


def section_empty(section: str) -> str:
    return str(_(EMPTY[Section(section)]))


def brief(content: Content) -> str:
    """What matters most of an update beside its title: why not, else what changes, else what was heard."""
    _language, words = content.in_language(str(get_locale()))
    decided = "" if content.state is State.HEARD else words.why or words.changes
    said = markdown.plain(decided or words.heard)
    return said if len(said) <= MOST_BRIEF else said[:MOST_BRIEF].rsplit(" ", 1)[0] + " …"


def source(content: Content) -> str:
    """Where it was heard and when, as a sentence without a full stop."""
    one = content.source
    kinds: dict[SourceKind, str] = {
        SourceKind.SCAN: _("in the scan"),
        SourceKind.REPORT: _("in a signal report"),
        SourceKind.ADVICE: _("from an advice of the confidential adviser"),
        SourceKind.COMMENTS: _("in what people wrote in a scan"),
        SourceKind.OTHER: _("otherwise"),
    }
    name = (
        f" “{one.name}”"
        if one.name and one.kind is not SourceKind.OTHER
        else (f": {one.name}" if one.name else "")
    )
    return f"{kinds[one.kind]}{name}{f', {texts.period_name(one.period)}' if one.period else ''}"


def role_name(role: str) -> str:
    """Who sees to it or wrote it, where that stands by itself."""
    return roles.capital(texts.role_name(role))
