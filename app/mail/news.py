"""Letters to subscribers of a board, in both languages: names, links and told updates enter, messages leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from app.mail import Message
from app.render import news
from app.render.news import Told
from app.render.scan_news import Announced

_CONFIRM = {
    "nl": (
        "Wil je mail over wat er verandert bij {organisation}?",
        """Hallo,

Iemand vroeg om dit adres mail te sturen over wat er verandert bij {organisation}.
Was jij dat? Open dan deze link en druk op de knop:

{link}

De link werkt 7 dagen. Was jij het niet? Dan hoef je niets te doen; je krijgt dan geen mail.
""",
    ),
    "en": (
        "Do you want mail about what changes at {organisation}?",
        """Hello,

Somebody asked to send this address mail about what changes at {organisation}.
Was it you? Then open this link and press the button:

{link}

The link works for 7 days. Was it not you? Then you don't need to do anything; you get no mail.
""",
    ),
}
_ALREADY = {
    "nl": (
        "Je krijgt al mail over wat er verandert bij {organisation}",
        """Hallo,

Iemand vroeg om dit adres mail te sturen over wat er verandert bij {organisation}. Die mail krijg je al; er verandert niets.
Wil je hem niet meer? Meld je dan hier af:

{link}
""",
    ),
    "en": (
        "You already get mail about what changes at {organisation}",
        """Hello,

Somebody asked to send this address mail about what changes at {organisation}. You get that mail already; nothing changes.
Don't you want it any more? Then unsubscribe here:

{link}
""",
    ),
}
_NEWS = {
    "nl": {
        "subject": "Wat er verandert bij {organisation}",
        "intro": "Dit is er nieuw op het bord van {organisation}.",
        "read": "Lees alles",
        "board": "Alles op het bord: {link}",
        "why": "Je krijgt deze mail omdat je je ervoor aanmeldde op het bord van {organisation}.",
        "off": "Afmelden",
    },
    "en": {
        "subject": "What changes at {organisation}",
        "intro": "This is new on the board of {organisation}.",
        "read": "Read all of it",
        "board": "Everything on the board: {link}",
        "why": "You get this mail because you asked for it on the board of {organisation}.",
        "off": "Unsubscribe",
    },
}
# Mail programs drop style sheets, so these stand on the elements; no picture, nothing that tells that a mail was opened.
_BODY = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#16222b;max-width:36em;margin:0 auto;padding:16px"
_QUIET = "color:#4f5d68;font-size:14px"
_LINK = "color:#0b5a66"


@dataclass(frozen=True)
class Item:
    """One thing in the digest, with the address where all of it stands."""

    told: Told | Announced
    link: str

    def text(self, language: str) -> str:
        return self.told.text() if isinstance(self.told, Announced) else news.text(self.told, language)

    def html(self, language: str) -> str:
        return (
            self.told.html() if isinstance(self.told, Announced) else news.html(self.told, language, level=3)
        )


@dataclass(frozen=True)
class Edition:
    """One digest in one language; the same for everybody but for the link that unsubscribes."""

    organisation: str
    language: str
    board: str
    items: Sequence[Item] = field(default=())


def confirm(language: str, *, to: str, organisation: str, link: str, message_id: str) -> Message:
    return _letter(_CONFIRM, language, to, organisation, link, message_id)


def already(language: str, *, to: str, organisation: str, link: str, message_id: str) -> Message:
    return _letter(_ALREADY, language, to, organisation, link, message_id)


def digest(edition: Edition, *, to: str, unsubscribe: str, message_id: str) -> Message:
    """With text and HTML, and with the headers by which a mail program unsubscribes in one click (RFC 8058)."""
    words = _words(edition)
    return Message(
        to,
        words["subject"],
        _text(edition, words, unsubscribe),
        html=_html(edition, words, unsubscribe),
        message_id=message_id,
        headers=(
            ("List-Unsubscribe", f"<{unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )


def _words(edition: Edition) -> dict[str, str]:
    known = _NEWS.get(edition.language, _NEWS["en"])
    facts = {"organisation": " ".join(edition.organisation.split()), "link": edition.board}
    return {name: text.format(**facts) for name, text in known.items()}


def _text(edition: Edition, words: dict[str, str], unsubscribe: str) -> str:
    parts = [words["intro"]]
    for item in edition.items:
        title = f"{item.told.title} ({item.told.mark.lower()})"
        body = item.text(edition.language)
        parts.append(f"{title}\n{'=' * min(len(title), 60)}\n\n{body}\n\n{words['read']}: {item.link}")
    parts += [words["board"], f"-- \n{words['why']}\n{words['off']}: {unsubscribe}"]
    return "\n\n".join(parts) + "\n"


def _html(edition: Edition, words: dict[str, str], unsubscribe: str) -> str:
    parts = [f"<h1>{escape(words['subject'])}</h1>", f"<p>{escape(words['intro'])}</p>"]
    for item in edition.items:
        other = f' lang="{escape(item.told.language)}"' if item.told.language != edition.language else ""
        parts += [
            '<hr style="border:0;border-top:1px solid #c5ced4;margin:24px 0">',
            f'<h2 style="margin-bottom:0"{other}>{escape(item.told.title)}</h2>',
            f'<p style="{_QUIET};margin-top:4px">{escape(item.told.mark)}</p>',
            item.html(edition.language),
            f'<p><a style="{_LINK}" href="{escape(item.link)}">{escape(words["read"])}</a></p>',
        ]
    board = words["board"].replace(edition.board, "").rstrip(": ")
    parts += [
        '<hr style="border:0;border-top:1px solid #c5ced4;margin:24px 0">',
        f'<p><a style="{_LINK}" href="{escape(edition.board)}">{escape(board)}</a></p>',
        f'<p style="{_QUIET}">{escape(words["why"])} '
        f'<a style="{_LINK}" href="{escape(unsubscribe)}">{escape(words["off"])}</a></p>',
    ]
    return (
        f'<!doctype html>\n<html lang="{escape(edition.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(words['subject'])}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f'<body style="{_BODY}">\n{chr(10).join(parts)}\n</body></html>\n'
    )


def _letter(
    letter: dict[str, tuple[str, str]],
    language: str,
    to: str,
    organisation: str,
    link: str,
    message_id: str,
) -> Message:
    subject, text = letter.get(language, letter["en"])
    facts = {"organisation": " ".join(organisation.split()), "link": link}
    return Message(to, subject.format(**facts), text.format(**facts), message_id=message_id)
