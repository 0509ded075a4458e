"""The poster of a scan with personal links: facts of the scan enter, one page with the words to compare leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.render import numbers
from app.render.qr import qr
from app.render.texts import speak

TEMPLATE = "scan_poster.typ"
LANGUAGES = ("nl", "en")
MOST_HELP_LINES = 4
# It says nothing of when it was made: the same scan gives the same bytes.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def told(
    *,
    organisation: str,
    closes_on: date | None,
    minutes: int,
    min_group: int,
    words: str,
    check: str,
    help_lines: Sequence[tuple[str, str]],
    language: str,
) -> dict[str, Any]:
    """What the poster says, as JSON. `check` is the address of the page that says how to check; `language` comes first."""
    order = sorted(LANGUAGES, key=lambda code: code != language)
    shown = [name if contact in name else f"{name} {contact}" for name, contact in help_lines if name]
    return {
        "organisation": organisation,
        "words": words,
        "check": check,
        "address": check.partition("://")[2],
        "help": " · ".join(shown[:MOST_HELP_LINES]),
        "texts": [_texts(code, organisation, closes_on, minutes, min_group) for code in order],
    }


def _texts(
    language: str, organisation: str, closes_on: date | None, minutes: int, min_group: int
) -> dict[str, str]:
    _ = speak(language)
    until = numbers.day(closes_on, language) if closes_on else ""
    return {
        "language": language,
        "title": _("What is it like to work at {organisation}?", organisation=organisation),
        "how": _(
            "You get a mail with a link of your own. It takes about {minutes} minutes, and can be done until {day}.",
            minutes=minutes,
            day=until,
        )
        if until
        else _("You get a mail with a link of your own. It takes about {minutes} minutes.", minutes=minutes),
        "safe": _(
            "Everybody counts once, and nobody can see who answered what. Results are shown from {least} answers.",
            least=min_group,
        ),
        "compare": _("Compare these words with those in your mail and on the first page:"),
        "else": _("Other words? Then fill in nothing and call a confidential adviser."),
        "slip": _("No mail, or rather paper? A confidential adviser has slips."),
        "check": _("How anybody can check the page:"),
        "help": _("Someone to talk to:"),
        "qr_alt": _("QR code with the address of how to check the page"),
    }


def pdf(payload: dict[str, Any]) -> bytes:
    """One page; the same payload gives the same bytes."""
    from app.render.typesetting import typeset

    return typeset(TEMPLATE, document(payload), dated=UNDATED)


def document(payload: dict[str, Any]) -> dict[str, Any]:
    """What the template gets: what is told, with the QR code."""
    return {**payload, "qr": qr(payload["check"])}
