"""Words of signal reports: ids, windows and protected counts enter; what people read leaves, in Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from app.core.signal_report.kinds import Kind, Window, read
from app.render import numbers
from app.render.texts import speak


def kind(id: str, language: str) -> str:
    _ = speak(language)
    return {
        Kind.MONTHLY: _("Signal update of the month"),
        Kind.QUARTERLY: _("Signal report of the quarter"),
        Kind.HALF_YEARLY: _("Signal report of the half-year"),
        Kind.YEARLY: _("Yearly signal report"),
        Kind.CULTURE: _("Culture picture"),
    }[Kind(id)]


def period(kind_id: str, window: str, language: str) -> str:
    """Such as “third quarter of 2026”, “November 2026”, “first half of 2026”, “first quarter of 2025 to ...”."""
    _ = speak(language)
    found = read(Kind(kind_id), window)
    if found.month:
        return str(format_date(date.fromisoformat(f"{found.month}-01"), "MMMM y", locale=language))
    if Kind(kind_id) is Kind.YEARLY:
        return str(found.first.year)
    if Kind(kind_id) is Kind.HALF_YEARLY:
        return (
            _("first half of {year}", year=found.first.year)
            if found.first.number == 1
            else _("second half of {year}", year=found.first.year)
        )
    if found.first == found.last:
        return _quarter(found, language, last=True)
    return _("{first} to {last}", first=_quarter(found, language), last=_quarter(found, language, last=True))


def _quarter(window: Window, language: str, *, last: bool = False) -> str:
    _ = speak(language)
    one = window.last if last else window.first
    which = (_("first quarter"), _("second quarter"), _("third quarter"), _("fourth quarter"))[one.number - 1]
    return _("{quarter} of {year}", quarter=which, year=one.year)


def named(kind_id: str, window: str, language: str) -> str:
    """Kind and period together."""
    return f"{kind(kind_id, language)}: {period(kind_id, window, language)}"


def title(document: Mapping[str, Any]) -> str:
    return named(document["kind"], document["window"], document["language"])


def people(count: Mapping[str, Any], language: str) -> str:
    """A protected number of reporters: “5 to 9”, “fewer than 5”, “not shown”."""
    _ = speak(language)
    if "below" in count:
        return _("fewer than {n}", n=count["below"])
    if "low" in count:
        return numbers.words(count, language, numbers.PEOPLE)
    return _("not shown")


def axis(id: str, language: str) -> tuple[str, str]:
    """The title of a table, and the head of its first column."""
    _ = speak(language)
    return {
        "category": (_("What it was about"), _("Category")),
        "contact": (_("Kind of contact"), _("Contact")),
        "reporter": (_("Who came"), _("Role")),
        "source": (_("Where the behaviour came from"), _("Source")),
        "route": (_("What people chose to do"), _("Route")),
    }[id]


def row(axis_id: str, id: str, language: str, names: Mapping[str, str]) -> str:
    """The name of a cell; `names` holds those of the adviser's own making."""
    return names.get(f"{axis_id}:{id}") or _rows(language).get((axis_id, id), id)


def _rows(language: str) -> dict[tuple[str, str], str]:
    _ = speak(language)
    category = {
        "aggression": _("aggression and violence"),
        "threats": _("threats"),
        "discrimination": _("discrimination"),
        "intimidation": _("intimidation"),
        "bullying": _("bullying"),
        "sexual-harassment": _("sexual harassment"),
        "stalking": _("stalking"),
        "integrity": _("integrity (abuse of power, theft, corruption, fraud)"),
        "workload": _("workload"),
        "labour-conflict": _("labour conflict"),
        "other": _("something else"),
    }
    contact = {
        "first-contact": _("first contact"),
        "follow-up-talk": _("follow-up talk"),
        "sparring": _("sparring about integrity"),
        "report": _("report of an integrity matter"),
        "formal-complaint": _("formal complaint"),
        "manager-question": _("question from a manager"),
        "bystander": _("bystander"),
        "anonymous-contact": _("anonymous contact"),
    }
    reporter = {
        "employee": _("employee"),
        "manager": _("manager"),
        "temp": _("temporary or hired worker"),
        "trainee": _("trainee"),
        "volunteer": _("volunteer"),
        "former-employee": _("former employee"),
        "other": _("someone else"),
        "unknown": _("unknown"),
    }
    source = {
        "colleague": _("a colleague"),
        "manager": _("a manager"),
        "group": _("a group"),
        "client": _("a client, patient or family"),
        "third-party": _("someone from outside"),
        "organisation": _("the organisation itself"),
        "unknown": _("unknown"),
    }
    route = {
        "listening": _("a listening ear only"),
        "helped-to-act": _("helped to act themselves"),
        "talk-with-manager": _("a talk with the manager"),
        "mediation": _("mediation by someone else"),
        "referral": _("referred to other help"),
        "formal-complaint": _("formal complaint"),
        "integrity-report": _("report of an integrity matter"),
        "withdrawn": _("went no further"),
        "unknown": _("unknown"),
    }
    tables = {
        "category": category,
        "contact": contact,
        "reporter": reporter,
        "source": source,
        "route": route,
    }
    return {(name, id): text for name, table in tables.items() for id, text in table.items()}
