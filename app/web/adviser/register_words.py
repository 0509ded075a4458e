"""Words about a register: fields, faults and refusals by id enter, texts in the language of the page leave."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from app.core.refusal import Refused
from app.core.signals.register import Fault
from app.web.adviser.refusals import sentence
from app.web.adviser.say import _

FIELDS: Mapping[str, LazyString] = {
    "date": lazy_gettext("Date (only the quarter is kept)"),
    "quarter": lazy_gettext("Quarter"),
    "month": lazy_gettext("Month"),
    "year": lazy_gettext("Year"),
    "categories": lazy_gettext("Category"),
    "themes": lazy_gettext("Theme"),
    "unit": lazy_gettext("Department or location"),
    "contact": lazy_gettext("Kind of contact"),
    "reporter": lazy_gettext("Role of the reporter"),
    "source": lazy_gettext("Source of the behaviour, as a class"),
    "route": lazy_gettext("Route: what was done"),
    "note": lazy_gettext("Private note"),
    "number": lazy_gettext("Number of the reporter or case (joins rows, then dropped)"),
    "nickname": lazy_gettext("Nickname of the reporter"),
    "continues": lazy_gettext("Goes on from an earlier card"),
    "agrees": lazy_gettext("Reporter agrees that a theme is named"),
}
SHORT: Mapping[str, LazyString] = {
    "date": lazy_gettext("Date"),
    "source": lazy_gettext("Source"),
    "route": lazy_gettext("Route"),
    "agrees": lazy_gettext("Reporter agrees"),
}
"""Where the whole name of a field is too long."""


def field_name(field: str) -> str:
    return str(SHORT.get(field) or FIELDS[field])


def fault_says(fault: Fault) -> str:
    """What is wrong with one cell and what to do."""
    value, facts = shown(fault.value), fault.facts
    words = {
        "no-quarter": _("There is no date or quarter. Fill it in."),
        "bad-quarter": _("“%(value)s” isn't understood as a date. Write 3-3-2025 or 2025-Q1.", value=value),
        "future": _("%(quarter)s is still to come. Correct the date.", quarter=facts.get("quarter", "")),
        "unknown": _("“%(value)s” isn't one of the choices. Choose what it means.", value=value),
        "empty": _("There is no category and no theme. Choose one."),
        "too-many": _(
            "There are %(count)s of these; a card holds %(most)s. Leave some out.",
            count=facts.get("count", ""),
            most=facts.get("most", ""),
        ),
        "long-note": _(
            "This note has %(count)s characters; a card holds %(most)s. Shorten it, or have it cut off.",
            count=facts.get("count", ""),
            most=facts.get("most", ""),
        ),
        "nickname": _(
            "“%(value)s” isn't a nickname of this program. Leave it empty for a new one.", value=value
        ),
        "yes-no": _("“%(value)s” must be yes or no.", value=value),
        "does-not-fit": _("This row holds more than fits on a card. Shorten its note."),
    }
    return f"{field_name(fault.field)}: {words[fault.reason]}"


def shown(value: str) -> str:
    """A cell as a page shows it: the start of a long one."""
    line = " ".join(value.split())
    return line if len(line) <= 80 else line[:79] + "…"


def refusal_says(error: Refused) -> str:
    """Why something about a register was not done, and what to do."""
    field = str(error.facts.get("field", ""))
    words = {
        "empty-file": _("Choose the file of your register. This one is empty."),
        "file-too-large": _("This file holds more than a register can. Leave out what isn't about signals."),
        "password": _("This file is locked with a password. Save it without one and try again."),
        "unreadable": _("This file can't be read. Save it as XLSX or CSV and try again."),
        "no-rows": _("There are no rows in this file. Choose the file of your register."),
        "bad-columns": _("The columns changed meanwhile. Look them over again."),
        "no-time": _("Choose the column with the date, the quarter or the month."),
        "twice": _(
            "Two columns are chosen for “%(field)s”. Choose one.", field=field_name(field) if field else ""
        ),
        "no-import": _("There is no import under way. Choose the file of your register first."),
        "nothing-to-import": _("No row can be imported yet. Mend the values named here first."),
        "nothing-to-undo": _("There is no import to take back any more. Cards can be removed one by one."),
        "no-cards": _("There are no cards to export yet."),
        "passphrase-short": _(
            "Use at least 12 characters, for instance five words that have nothing in common."
        ),
        "passphrase-long": _("Use at most 256 characters."),
        "passphrase-common": _("This is easily guessed. Use five words that have nothing in common."),
    }
    return words.get(error.reason) or sentence(error)
