"""Routes of a personal link: files that are the same for everybody, one stamp, one ballot; no cookie, no session, no log.

Asking for a stamp and sending answers share nothing: either can be served by a process that has only its own database.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.core import manifest
from app.crypto.blind import KEY_BYTES, PREFIX_BYTES, BadBlinding
from app.services import certifying, facing, responding, stamping, welcoming
from app.services.certifying import Served
from app.web.respond import blueprint, checking
from app.web.respond.counter import MOST_BYTES, answers_of, today
from app.web.respond.views import nowhere, packs, show
from app.web.ui import store

HTML = "text/html; charset=utf-8"
FOR_A_YEAR = "public, max-age=31536000, immutable"
UNAVAILABLE = 503
EXAMPLE = "example"
"""In the place of a scan's id in trial mails."""
STAMP_STATUS = {
    stamping.LinkUsed: ("used", 409),
    stamping.LinkUnknown: ("unknown", 404),
    stamping.Closed: ("closed", 410),
}


@blueprint.get("/u/<scan>/")
def personal_page(scan: str) -> AnyResponse:
    served = certifying.served(store(), scan)
    if served is not None:
        return _file(served.pages.page, HTML)
    if scan == EXAMPLE:
        return show("personal_example", welcoming.nobody(store()))
    face = facing.face(store(), scan)
    if face is None or not face.is_personal:
        return nowhere("")
    answer = show("personal_soon", face, UNAVAILABLE, face=face)
    answer.headers["Retry-After"] = "60"
    return answer


def certified_page(scan: str) -> AnyResponse:
    """The same where there are no other pages."""
    served = certifying.served(store(), scan)
    if served is None:
        raise NotFound
    return _file(served.pages.page, HTML)


@blueprint.get("/u/<scan>/<name>")
def personal_file(scan: str, name: str) -> AnyResponse:
    """The manifest, or the script or style under the very name that the page gives it."""
    served = certifying.served(store(), scan)
    if served is None:
        raise NotFound
    if name == "manifest.json":
        return _file(served.document, "application/json")
    for body, suffix, kind in (
        (served.pages.script, "js", "text/javascript; charset=utf-8"),
        (served.pages.style, "css", "text/css; charset=utf-8"),
    ):
        if name == manifest.file_name(body, suffix):
            answer = _file(body, kind)
            answer.headers["Cache-Control"] = FOR_A_YEAR
            return answer
    raise NotFound


@blueprint.get("/u/<scan>/check")
def check_page(scan: str) -> AnyResponse:
    """How to check what this very page serves; to be followed with the text from the published source."""
    served, face = certifying.served(store(), scan), facing.face(store(), scan)
    if served is None or face is None:
        return nowhere("")
    return show("check", face, face=face, code=checking.CODE, script=_digest(served))


def _digest(served: Served) -> str:
    return manifest.digest(served.pages.script)


def _file(body: bytes, kind: str) -> Response:
    answer = Response(_packed(body) if packs() else body, content_type=kind)
    answer.headers["Vary"] = "Accept-Encoding"
    if packs():
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@lru_cache(maxsize=256)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@blueprint.post("/u/<scan>/issue")
def issue(scan: str) -> AnyResponse:
    """{token, stratum, blinded} -> {signature}."""
    sent = _sent()
    token, stratum = sent.get("token"), _number(sent.get("stratum"))
    blinded = manifest.unpacked(sent.get("blinded"), KEY_BYTES)
    if not isinstance(token, str) or stratum is None or blinded is None:
        return _trouble("malformed", 400)
    try:
        answer = stamping.stamp(
            store(), scan=scan, token=token, stratum=stratum, blinded=blinded, today=today()
        )
    except BadBlinding:
        return _trouble("malformed", 400)
    if isinstance(answer, stamping.Stamped):
        return _said({"signature": manifest.text(answer.signature)})
    if isinstance(answer, stamping.Later):
        return _later()
    return _trouble(*STAMP_STATUS[type(answer)])


@blueprint.post("/u/<scan>/receive")
def receive(scan: str) -> AnyResponse:
    """{nonce, prefix, signature, stratum, answers} -> {receipt}; given only once the ballot is on disk."""
    sent = _sent()
    nonce, stratum, answers = sent.get("nonce"), _number(sent.get("stratum")), sent.get("answers")
    prefix = manifest.unpacked(sent.get("prefix"), PREFIX_BYTES)
    signature = manifest.unpacked(sent.get("signature"), KEY_BYTES)
    if not isinstance(nonce, str) or stratum is None or prefix is None or signature is None:
        return _trouble("forged", 403)
    if not isinstance(answers, dict) or not all(isinstance(value, str) for value in answers.values()):
        return _trouble("malformed", 422)
    answer = responding.submit_signed(
        store(),
        scan=scan,
        signed=responding.Signed(nonce, prefix, signature, stratum),
        values=answers_of(answers),
    )
    match answer:
        case responding.Received(receipt):
            return _said({"receipt": receipt})
        case responding.TryLater():
            return _later()
        case responding.ScanClosed():
            return _trouble("closed", 410)
        case responding.UsedBefore():
            return _trouble("spent", 409)
        case responding.Malformed(_, items, too_long):
            if too_long:
                return _trouble("too-long", 422, item=too_long[0][0])
            return _trouble("malformed", 422, item=items[0])
        case responding.CodeUnknown():
            return _trouble("forged", 403)


def _sent() -> dict[str, Any]:
    """The body as a JSON object; nothing of it is kept or logged, not even when it is none."""
    request.max_content_length = MOST_BYTES
    try:
        found = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(given: object) -> int | None:
    right = isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 1 << 31
    return given if right and isinstance(given, int) else None


def _said(content: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")


def _trouble(name: str, status: int, **more: object) -> Response:
    """What the script says; its texts are in the page."""
    return _said({"trouble": name, **more}, status)


def _later() -> Response:
    answer = _trouble("later", UNAVAILABLE)
    answer.headers["Retry-After"] = "5"
    return answer
