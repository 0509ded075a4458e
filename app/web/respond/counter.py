"""The counter before the application: a WSGI request of the two that every respondent makes enters, its answer leaves.

A good code gets its form, a filled-in form its closing page, both from documents the application made before. All
else (a fault, a page not made yet, any other address) goes on to the application, which has a page for everything;
a ballot that was stored on the way goes along as `environ[ANSWER]`. Why: docs/decisions/0007-a-counter.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.core.days import local_day
from app.crypto import codes
from app.services import responding
from app.storage.database import Store
from app.web.respond import page, wishes

ANSWER = "weerklank.answer"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 512 * 1024
OWN = "_"
log = logging.getLogger(__name__)


def today() -> date:
    return local_day(datetime.now(UTC).replace(tzinfo=None))


def answers_of(sent: Mapping[str, str]) -> dict[str, str]:
    """The fields that are answers: filled in, and not the form's own."""
    return {name: value for name, value in sent.items() if value and not name.startswith(OWN)}


class Counter:
    """Stands before a Flask application; `secret` signs the forms."""

    def __init__(self, application: WSGIApplication, store: Store, secret: bytes) -> None:
        self.application, self.store, self.secret = application, store, secret

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            ready = self._ready(environ)
        except Exception as error:
            # The kind only, as everywhere on this path; the application meets the same trouble and has a page for it.
            log.warning("the counter passes a request on: %s", type(error).__name__)
            ready = None
        if ready is None:
            return self.application(environ, start_response)
        body, headers = ready
        start_response("200 OK", headers)
        return (body,)

    def _ready(self, environ: WSGIEnvironment) -> page.Ready | None:
        parts = environ["PATH_INFO"].split("/")
        match environ["REQUEST_METHOD"], parts:
            case "GET", ["", "v", slug, code] if code:
                return self._form(environ, slug, code)
            case "POST", ["", "v", slug] if slug:
                return self._closing(environ, slug)
        return None

    def _form(self, environ: WSGIEnvironment, slug: str, code: str) -> page.Ready | None:
        day = today()
        opening = responding.find_code(self.store, slug=slug, code=code, today=day)
        if opening is None or not opening.face.open(day):
            return None
        made = page.made(page.FORM, opening.face, _language(environ))
        if made is None:
            return None
        keys = responding.new_form(self.secret, opening, code)
        return page.ready(made, page.fields(codes.normalise(code) or "", keys), packs=_packs(environ))

    def _closing(self, environ: WSGIEnvironment, slug: str) -> page.Ready | None:
        sent = _fields(environ)
        if not sent or not sent.get("_nonce"):
            return None
        answer = environ[ANSWER] = responding.submit(
            self.store,
            self.secret,
            slug=slug,
            code=sent.get("_code", ""),
            nonce=sent["_nonce"],
            proof=sent.get("_proof", ""),
            values=answers_of(sent),
            today=today(),
        )
        if not isinstance(answer, responding.Received):
            return None
        made = page.made(page.CLOSING, answer.face, _language(environ, sent.get("_language", "")))
        return page.ready(made, page.in_fours(answer.receipt), packs=_packs(environ)) if made else None


def _fields(environ: WSGIEnvironment) -> dict[str, str] | None:
    """The first value of each field, with the body put back for whoever reads on; None for what isn't a plain form."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM or not length.isascii() or not length.isdigit():
        return None
    if int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    if len(body) < int(length):
        return None
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    return dict(reversed(pairs))  # a later pair overwrites, so the first of a name stands


def _language(environ: WSGIEnvironment, chosen: str = "") -> str:
    return wishes.language(chosen, environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def _packs(environ: WSGIEnvironment) -> bool:
    return wishes.packs(environ.get("HTTP_ACCEPT_ENCODING", ""))
