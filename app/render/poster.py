"""The poster of a board, for people without a desk: the newest updates enter, one page in big letters with a QR code leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.core.feedback import Content
from app.render import markdown, news
from app.render.texts import speak

TEMPLATE = "poster.typ"
PAPERS = ("a4", "a3")
MOST = 3
MOST_TITLE, MOST_WORDS = 80, 170


def told(
    contents: Sequence[Content], *, organisation: str, link: str, language: str, paper: str, today: date
) -> dict[str, Any]:
    """What the poster says, as JSON; of more than MOST updates the first ones."""
    _, heads = speak(language), news.heads(language)
    return {
        "title": _("What changes at {organisation}", organisation=organisation),
        "organisation": organisation,
        "language": language,
        "paper": paper,
        "dated": today.isoformat(),
        "link": link,
        "address": link.partition("://")[2].partition("?")[0].rstrip("/"),
        "heads": [heads["heard"], heads["decided"], _("How far it is")],
        "scan": _("Read it all on your phone"),
        "type": _("Scan the code, or type:"),
        "free": _("Without an account and without cookies."),
        "qr_alt": _("QR code with the address of the board"),
        "printed": _("Printed on {day}", day=news.day(today, language)),
        "none": _("Nothing is decided yet. What was heard, decided and done will be on the board first."),
        "items": [_item(content, language, today) for content in contents[:MOST]],
    }


def _item(content: Content, language: str, today: date) -> dict[str, str]:
    one = news.tell(content, language, today)
    return {
        "language": one.language,
        "title": short(one.title, MOST_TITLE),
        "heard": short(markdown.plain(one.heard), MOST_WORDS),
        "decision": one.decision,
        "why": short(markdown.plain(one.why or one.changes), MOST_WORDS),
        "mark": one.mark,
        "when": " ".join(one.when[:1]),
        "late": one.late,
    }


def short(text: str, most: int) -> str:
    """Whole sentences where that keeps at least half of what fits, else whole words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    ends = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    if ends >= most // 2:
        return cut[: ends + 1]
    return cut.rpartition(" ")[0].rstrip(",;:–-") + "…" if " " in cut else cut + "…"


def pdf(payload: dict[str, Any]) -> bytes:
    """One page; the same payload gives the same bytes."""
    from app.render.qr import qr
    from app.render.typesetting import typeset

    dated = datetime.fromisoformat(payload["dated"]).replace(tzinfo=UTC)
    return typeset(TEMPLATE, {**payload, "qr": qr(payload["link"])}, dated=dated)
