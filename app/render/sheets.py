"""Slip sheets: codes enter, an A4 PDF to cut into slips leaves; their order is kept, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.render import numbers
from app.render.qr import qr
from app.render.texts import speak
from app.render.typesetting import typeset

ON_A_PAGE = 8
TEMPLATE = "sheets.typ"
SLIP_LANGUAGES = ("nl", "en")
MOST_HELP_LINES = 4
# The PDF says nothing of when it was made: a date on it would say when somebody drew a slip.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def slips_pdf(payload: dict[str, Any]) -> bytes:
    """The sheets of one run, as a PDF.

    `payload` is JSON: organisation, slug, address (scheme and host), closes_on (ISO date or None), minutes, min_group,
    help_lines [{"name", "contact"}], sheets [{"name", "codes", "reserve_codes"}], and optionally words (of a scan with
    personal links) and language ("nl" or "en": that of the margin, which is cut off). A slip is in both languages and
    doesn't name its stratum.
    """
    return typeset(TEMPLATE, document(payload), dated=UNDATED)


def document(payload: dict[str, Any]) -> dict[str, Any]:
    """What the template gets: texts, and pages of up to eight slips of one stratum, reserves on pages of
    their own.
    """
    language = payload.get("language") or SLIP_LANGUAGES[0]
    _ = speak(language)
    address = str(payload["address"]).rstrip("/")
    door = f"{address}/v/{payload['slug']}"
    pages = [page for sheet in payload["sheets"] for page in _pages(sheet, door, language)]
    return {
        "title": _("Slips for {organisation}", organisation=payload["organisation"]),
        "language": language,
        "organisation": payload["organisation"],
        "address": door.partition("://")[2] or door,
        "slip": [_slip_texts(payload, name) for name in SLIP_LANGUAGES],
        "help": _help(payload.get("help_lines", ())),
        "words": payload.get("words", ""),
        "qr_alt": _("QR code with the address and the code of this slip"),
        "pages": pages,
    }


def _slip_texts(payload: dict[str, Any], language: str) -> dict[str, str]:
    _ = speak(language)
    return {
        "language": language,
        "title": _("A few questions about your work"),
        "code": _("Your code"),
        "go": _("Scan or type:"),
        "when": _when(payload, language),
        "protects": _(
            "You drew this slip yourself, so nobody knows that you have this code, and it is not kept "
            "with your "
            "answers. Results are shown only for groups of {least} answers or more.",
            least=payload["min_group"],
        ),
        "help": _("Someone to talk to:"),
    }


def _when(payload: dict[str, Any], language: str) -> str:
    _ = speak(language)
    if not payload.get("closes_on"):
        return _("Takes about {minutes} minutes", minutes=payload["minutes"])
    last = numbers.day(date.fromisoformat(payload["closes_on"]), language)
    return _("Open until {day}, takes about {minutes} minutes", day=last, minutes=payload["minutes"])


def _help(lines: Sequence[dict[str, Any]]) -> str:
    shown = lines[:MOST_HELP_LINES]
    return " · ".join(
        line["name"] if line["contact"] in line["name"] else f"{line['name']} {line['contact']}"
        for line in shown
    )


def _pages(sheet: dict[str, Any], door: str, language: str) -> Iterator[dict[str, Any]]:
    _ = speak(language)
    drawn = _("Cut this edge off. Fold the slips, mix them in a box, and let everyone draw one.")
    kept = _("Reserve: for the adviser only, to replace a lost slip. Keep these apart from the others.")
    yield from _cut(sheet["codes"], sheet["name"], drawn, door, language)
    yield from _cut(
        sheet.get("reserve_codes", ()), _("{name}: reserve", name=sheet["name"]), kept, door, language
    )


def _cut(
    codes: Sequence[str], name: str, what_to_do: str, door: str, language: str
) -> Iterator[dict[str, Any]]:
    _ = speak(language)
    total = -(-len(codes) // ON_A_PAGE)
    for place in range(total):
        slips = codes[place * ON_A_PAGE : (place + 1) * ON_A_PAGE]
        yield {
            "name": name,
            "count": _(
                "sheet {place} of {total}, {count} slips in all",
                place=place + 1,
                total=total,
                count=len(codes),
            ),
            "what_to_do": what_to_do,
            "slips": [{"code": in_fours(code), "qr": qr(f"{door}/{code}")} for code in slips],
        }


def in_fours(code: str) -> str:
    """In groups of four, as it is read aloud."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
