"""States, answers, roles and points of an agenda in words: ids and values enter, sentences in the reader's language leave."""

from __future__ import annotations

from datetime import date
from functools import cache

from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from app.core.advice import Answer, Event, Kind, State
from app.core.consultation import Point
from app.core.decision import State as DecisionState
from app.core.instrument import load_themes
from app.render import signal_words
from app.settings import ROOT
from app.storage.office.advice import Told
from app.storage.office.decisions import Decision


def day(value: date | None) -> str:
    return str(format_date(value, "d MMMM y")) if value else ""


def dashed(line: str) -> bool:
    """Whether a typed line is one of a list."""
    return line.startswith("- ")


@cache
def known_themes() -> dict[str, dict[str, str]]:
    """Theme id -> its name in each language."""
    path = ROOT / "surveys" / "themes.toml"
    return load_themes(path.read_text("utf-8")) if path.exists() else {}


def theme_name(theme: str) -> str:
    """A known theme by its name, one of an adviser's own as it was written."""
    names = known_themes().get(theme)
    name = names.get(str(get_locale()), names["nl"]) if names else theme
    return name[:1].upper() + name[1:]


def theme_id(name: str) -> str:
    """The id of a known theme by its id or its name in any language; other words are an adviser's own and stay as they are."""
    wanted = name.strip().casefold()
    for id, names in known_themes().items():
        if wanted in (id, *(one.casefold() for one in names.values())):
            return id
    return name


def role_name(role: str) -> str:
    names: dict[str, str] = {
        "manager": _("management"),
        "coordinator": _("HR (coordinator)"),
        "works-council": _("works council"),
        "adviser": _("adviser"),
        "other": _("somebody else"),
    }
    return names.get(role, role)


def source_name(source: str) -> str:
    names: dict[str, str] = {
        "": _("nothing in particular"),
        "report": _("a signal report"),
        "comments": _("a theme of the comments"),
        "scan": _("results of a scan"),
    }
    return names.get(source, source)


def audience_name(audience: str) -> str:
    names: dict[str, str] = {
        "council": _("management and the works council"),
        "management": _("management only"),
    }
    return names.get(audience, audience)


def state_name(state: State | str) -> str:
    """In two or three words, for a label or a filter."""
    names: dict[str, str] = {
        State.WAITING: _("waits for an answer"),
        State.OVERDUE: _("answer is late"),
        State.LATER: _("answer comes later"),
        State.DO: _("will be done"),
        State.PARTLY: _("partly"),
        State.WONT: _("will not be done"),
        State.WITHDRAWN: _("withdrawn"),
        "open": _("without an answer"),
    }
    return names[state]


def state_says(told: Told, today: date) -> str:
    """How it stands, in a sentence."""
    due = day(told.now.due)
    if told.now.state is State.OVERDUE:
        late = told.now.days_late(today)
        said: str = ngettext(
            "No answer yet. It was due on %(due)s, %(num)s day ago.",
            "No answer yet. It was due on %(due)s, %(num)s days ago.",
            late,
            due=due,
        )
        return said
    says: dict[State, str] = {
        State.WAITING: _("An answer is asked by %(due)s.", due=due),
        State.LATER: _("Management will answer by %(due)s.", due=due),
        State.DO: _("Management does this."),
        State.PARTLY: _("Management does part of this."),
        State.WONT: _("Management does not do this."),
        State.WITHDRAWN: _("The adviser withdrew it."),
    }
    return says[told.now.state]


def asked_says(told: Told) -> str:
    """How often it was asked, and since when."""
    if told.now.asked == 1:
        said: str = _("Asked once, on %(day)s.", day=day(told.now.first_on))
        return said
    since = format_date(told.now.first_on, "MMMM y")
    return str(_("Asked %(number)s times since %(month)s.", number=told.now.asked, month=since))


def event_says(event: Event) -> str:
    """What happened, as the head of its entry in the history."""
    if event.kind is Kind.ANSWERED and event.answer is not None:
        says: dict[Answer, str] = {
            Answer.DO: _("Answer: we do this"),
            Answer.PARTLY: _("Answer: we do part of this"),
            Answer.WONT: _("Answer: we don't do this"),
            Answer.LATER: _("Answer: later, by %(due)s", due=day(event.due)),
        }
        return says[event.answer]
    others: dict[Kind, str] = {
        Kind.GIVEN: _("Given; an answer is asked by %(due)s", due=day(event.due)),
        Kind.REPEATED: _("Repeated; an answer is asked by %(due)s", due=day(event.due)),
        Kind.WITHDRAWN: _("Withdrawn"),
    }
    return others[event.kind]


def decision_state(row: Decision, today: date) -> str:
    names: dict[DecisionState, str] = {
        DecisionState.DECIDED: _("decided"),
        DecisionState.UNDER_WAY: _("under way"),
        DecisionState.DONE: _("done"),
        DecisionState.STOPPED: _("stopped"),
    }
    name = names[DecisionState(row.state)]
    return str(_("%(state)s, late", state=name)) if row.late(today) else name


def rhythm_name(rhythm: str) -> str:
    names: dict[str, str] = {
        "monthly": _("every month"),
        "quarterly": _("every quarter"),
        "half-yearly": _("twice a year"),
        "yearly": _("once a year"),
    }
    return names[rhythm]


def report_name(name: str) -> str:
    """A report of an agenda, "quarterly 2026-Q3" or "quarterly", called as it is called where it is read."""
    kind, _space, window = name.partition(" ")
    language = str(get_locale())
    try:
        return signal_words.named(kind, window, language) if window else signal_words.kind(kind, language)
    except ValueError:
        return name


def point_says(point: Point) -> str:
    """What a point of an agenda is about, in the reader's language."""
    if point.about_theme:
        return theme_name(point.name)
    return report_name(point.name) if point.kind in ("report", "report-due") else point.name


def point_name(kind: str) -> str:
    """The head of the points of one kind on an agenda."""
    names: dict[str, str] = {
        "overdue-advice": _("Advice whose answer is late"),
        "open-advice": _("Advice that waits for an answer"),
        "late-decision": _("Decisions that are late"),
        "agreed": _("Agreed before, not done yet"),
        "report": _("New signal reports"),
        "scan": _("New results of scans"),
        "answered": _("Advice answered since the last time"),
        "decision": _("Decisions under way"),
        "report-due": _("Next signal report"),
        "date": _("Dates to come"),
    }
    return names[kind]


def side_name(side: str) -> str:
    return str({"adviser": _("for the adviser"), "management": _("for management")}[side])
