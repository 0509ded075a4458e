"""The page of a scan with personal links: a face enters; page, script and style leave, made once and then served as they are.

What differs from person to person stands behind the # of their link, which no browser sends: the server gives everybody
the same bytes, whatever language or browser they have.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask

from app.core import manifest
from app.core.answers import MOST_COMMENT
from app.core.instrument import Instrument, Section
from app.core.manifest import Pages
from app.services.facing import Face
from app.web.respond import page
from app.web.respond.texts import N_, speech
from app.web.ui import LANGUAGES, assets

SCRIPT = "personal.js"
STYLES = ("weerklank.css", "respond.css")
BLOCK = 4096
"""Messages are as long as a whole number of these, the same number for everybody."""
# Nonce, prefix, signature and the names around them; what asks for a signature is shorter.
ENVELOPE = 1024
MOST_BYTES_A_SIGN = 4


class File(NamedTuple):
    """How a page names a file, so that the browser refuses another one."""

    name: str
    integrity: str


class Saying(NamedTuple):
    """Something the script may have to say: its id, the look, what is so and what to do."""

    id: str
    kind: str
    title: str
    advice: str = ""


SAYINGS = (
    Saying("wait", "", N_("One moment…")),
    Saying(
        "offline",
        "warn",
        N_("There is no connection now."),
        N_(
            "We keep trying by ourselves. Leave this page open; what you filled in is still here, and counts once."
        ),
    ),
    Saying(
        "later",
        "warn",
        N_("The server can't store anything now."),
        N_(
            "We keep trying by ourselves. Leave this page open; what you filled in is still here, and counts once."
        ),
    ),
    Saying(
        "mismatch",
        "error",
        N_("We stopped: this server gave another key than the one in your link."),
        N_(
            "Then your answers could be traced. Nothing of them was sent. Don't go on, and tell the works council or a "
            "confidential adviser, with the eight words from your mail. Is your link cut off? Open it from the mail again."
        ),
    ),
    Saying(
        "incomplete",
        "error",
        N_("A part of your link is missing."),
        N_("Open it from the mail again, or copy the whole address. Nothing was sent."),
    ),
    Saying(
        "old",
        "error",
        N_("Your browser can't use this link."),
        N_(
            "Open it in a newer browser, with an address that begins with https. Or ask a confidential adviser for a paper slip."
        ),
    ),
    Saying(
        "used",
        "error",
        N_("This link was used already."),
        N_(
            "Did you send your answers? Then they are in, and you are done. Did you start on another device or in another "
            "browser? Go on there. Is that not possible any more? A confidential adviser can have a new link sent to you."
        ),
    ),
    Saying(
        "unknown",
        "error",
        N_("This link doesn't work here."),
        N_(
            "Open it from the newest mail: a link that was replaced stops working. Does it still not work? "
            "Ask a confidential adviser."
        ),
    ),
    Saying(
        "closed",
        "error",
        N_("This questionnaire is closed."),
        N_(
            "Nothing was stored. Do you still want to tell something? Choose “Do you need help?” at the top of this page."
        ),
    ),
    Saying(
        "spent",
        "error",
        N_("Answers were sent with this link before."),
        N_("Those stand; what you filled in now was not kept."),
    ),
    Saying(
        "forged",
        "error",
        N_("The server doesn't accept the stamp of this browser."),
        N_("Nothing was stored. Ask a confidential adviser for a new link."),
    ),
    Saying(
        "malformed",
        "error",
        N_("One answer can't be stored as it is."),
        N_("Choose one of the answers, and send again."),
    ),
    Saying("too-long", "error", N_("One of your texts is too long."), N_("Make it shorter, and send again.")),
)


def page_maker(app: Flask) -> Callable[[Face], Pages]:
    """What draws these pages outside of any request, such as in the worker."""

    def make(face: Face) -> Pages:
        with app.test_request_context("/"):
            return pages(face)

    return make


def pages(face: Face) -> Pages:
    """Needs an application context, and nothing of a request."""
    files = assets.everything()
    script, style = files[SCRIPT].plain, b"".join(files[name].plain for name in STYLES)
    s = speech(face.instrument.languages, LANGUAGES[0])
    text = page.shown(
        "personal",
        s,
        face,
        face=face,
        instrument=face.instrument,
        sections=asked(face),
        label=page.labels(face, s),
        values={},
        faults={},
        by_link=True,
        marker="",
        length=length_of(face.instrument),
        sayings=SAYINGS,
        script=File(manifest.file_name(script, "js"), manifest.integrity(script)),
        style=File(manifest.file_name(style, "css"), manifest.integrity(style)),
    )
    return Pages(text.encode(), script, style)


def asked(face: Face) -> list[Section]:
    """The parts with a question in them; questions for own words are left out while nothing can be sealed."""
    return [
        section
        for section in face.instrument.sections
        if face.asks_comments or any(item.kind != "comment" for item in section.items)
    ]


def length_of(instrument: Instrument) -> int:
    """Bytes that every message is filled up to: enough for whoever answers all and writes as much as is kept."""
    longest = {
        item.id: str(max(instrument.options_of(item).codes, key=lambda code: len(str(code))))
        for item in instrument.coded
    }
    most = ENVELOPE + len(json.dumps(longest))
    most += sum(len(item.id) + 8 + MOST_BYTES_A_SIGN * MOST_COMMENT for item in instrument.comments)
    return -(-most // BLOCK) * BLOCK
