"""Routes for respondents: a code opens a form, a form is sent once; nothing about the visitor is kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Response, redirect, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.core import stored
from app.core.strata import DEFAULT_GROUP
from app.crypto import codes
from app.services import facing, reissuing, responding, welcoming
from app.services.facing import Face
from app.services.welcoming import House
from app.web.respond import blueprint, counter, page, wishes
from app.web.respond.counter import MOST_BYTES, today
from app.web.respond.dutch import DUTCH
from app.web.respond.texts import N_, Speech, speech
from app.web.ui import LANGUAGES, explaining, settings, store

log = logging.getLogger(__name__)


def language() -> str:
    """What was chosen on the page, else what the browser asks for."""
    chosen = request.form.get("_language", "") if request.method == "POST" else ""
    return wishes.language(chosen, request.headers.get("Accept-Language", ""))


def _preferred_here() -> str:
    return wishes.language("", request.headers.get("Accept-Language", ""))


def packs() -> bool:
    return wishes.packs(request.headers.get("Accept-Encoding", ""))


def show(
    template: str, house: House | Face, status: int = 200, *, chosen: str | None = None, **facts: object
) -> Response:
    """A page of this package in every language, `house` being whose help lines and way out it carries."""
    languages = house.instrument.languages if isinstance(house, Face) else LANGUAGES
    s = speech(languages, chosen or language())
    text = page.shown(template, s, house, **facts)
    return Response(text, status, content_type="text/html; charset=utf-8")


@blueprint.get("/")
def home() -> AnyResponse:
    found = welcoming.slugs(store())
    return redirect(f"/v/{found[0]}") if len(found) == 1 else show("code", welcoming.nobody(store()))


@blueprint.post("/")
def find_house() -> AnyResponse:
    """A code typed where several organisations share an installation: each is asked in turn."""
    for slug in welcoming.slugs(store()):
        if responding.find_code(store(), slug=slug, code=request.form.get("_code", ""), today=today()):
            return open_form(slug, request.form["_code"])
    return unknown(welcoming.nobody(store()), request.form.get("_code", ""))


@blueprint.get("/v/<slug>")
def ask_code(slug: str) -> AnyResponse:
    house = welcoming.house(store(), slug)
    return show("code", house) if house else nowhere(slug)


@blueprint.get("/v/<slug>/<code>")
def open_form(slug: str, code: str) -> AnyResponse:
    opening = responding.find_code(store(), slug=slug, code=code, today=today())
    if opening is None:
        house = welcoming.house(store(), slug)
        return unknown(house, code) if house else nowhere(slug)
    face = opening.face
    if not face.open(today()):
        return show("closed", face, 410, face=face)
    keys = responding.new_form(settings().secret, opening, code)
    return page.answer(face, language(), code=codes.normalise(code) or "", keys=keys, packs=packs())


@blueprint.post("/v/<slug>")
def send(slug: str) -> AnyResponse:
    """Take a filled-in form. A form without a nonce is the page that asks for a code."""
    request.max_content_length = MOST_BYTES
    sent = request.form.to_dict()
    if not sent.get("_nonce"):
        return open_form(slug, sent.get("_code", ""))
    values = counter.answers_of(sent)
    answer: responding.Answer = request.environ.get(counter.ANSWER) or responding.submit(
        store(),
        settings().secret,
        slug=slug,
        code=sent.get("_code", ""),
        nonce=sent["_nonce"],
        proof=sent.get("_proof", ""),
        values=values,
        today=today(),
    )
    match answer:
        case responding.Received(receipt, face):
            return page.received(face, language(), receipt=receipt, packs=packs())
        case responding.UsedBefore(face):
            return show("used", face, 409, face=face)
        case responding.ScanClosed(face):
            return show("closed", face, 410, face=face)
        case responding.Malformed(face):
            return again(
                face, values, 422, faults=faults_of(speech(face.instrument.languages, language()), answer)
            )
        case responding.TryLater(face):
            return again(
                face,
                values,
                503,
                trouble=N_(
                    "We can't store your answers now. Wait a minute and send again; they are still here."
                ),
            )
        case responding.CodeUnknown(face):
            return _code_trouble(slug, face, values)


def _code_trouble(slug: str, face: Face | None, values: Mapping[str, str]) -> AnyResponse:
    """A genuine form keeps what was typed and asks for another code; others get the page for unknown ones."""
    face = face or _face_of_earlier_code(slug)
    if face is None:
        house = welcoming.house(store(), slug)
        return unknown(house, request.form.get("_code", "")) if house else nowhere(slug)
    return again(face, values, 404, trouble=N_("This code does not work any more"), ask_code=True)


def _face_of_earlier_code(slug: str) -> Face | None:
    """The scan of a form whose first code failed and second was mistyped: its proof holds for the first."""
    sent = request.form
    earlier = codes.normalise(sent.get("_earlier", "")) or ""
    scan = codes.proven_scan(settings().secret, sent.get("_proof", ""), earlier, sent.get("_nonce", ""))
    face = facing.face(store(), scan) if scan else None
    return face if face and face.slug == slug else None


def faults_of(s: Speech, answer: responding.Malformed) -> dict[str, Markup]:
    choose = N_("Choose one of the answers.")
    shorten = N_("Your text has %(length)d characters; at most %(most)d fit. Make it shorter.")
    faults = {item: s.say(choose) for item in answer.items}
    return faults | {item: s.say(shorten, length=length, most=most) for item, length, most in answer.too_long}


def again(
    face: Face,
    values: Mapping[str, str],
    status: int,
    *,
    faults: Mapping[str, Markup] | None = None,
    trouble: str = "",
    ask_code: bool = False,
) -> Response:
    """The same form with everything that was typed, and what to do at its top."""
    s, sent = speech(face.instrument.languages, language()), request.form
    earlier = sent.get("_earlier") or sent.get("_code", "")
    hidden = {"_nonce": sent["_nonce"], "_proof": sent.get("_proof", ""), "_earlier": earlier}
    if not ask_code:
        hidden["_code"] = sent.get("_code", "")
    field = Markup('<input type="hidden" name="{}" value="{}">')
    text = page.document(
        face,
        s,
        marker=Markup("").join(field.format(name, value[:120]) for name, value in hidden.items()),
        values=values,
        faults=faults,
        trouble=s.say(trouble) if trouble else None,
        ask_code=ask_code,
        code="" if sent.get("_code", "") == earlier else sent.get("_code", ""),
    )
    return page.plain(text, status)


def unknown(house: House, code: str) -> Response:
    return show("unknown", house, 404, code=code[:40])


def nowhere(slug: str) -> Response:
    house = welcoming.house(store(), slug) or welcoming.nobody(store())
    return show("nowhere", house, 404)


@blueprint.route("/v/<slug>/r/<scan>", methods=["GET", "POST"])
def receipts(slug: str, scan: str) -> AnyResponse:
    """The public list; a sought receipt comes in the body, so that it stays out of addresses and history."""
    face = facing.face(store(), scan)
    if face is None or face.slug != slug:
        return nowhere(slug)
    listed = responding.receipts(store(), scan)
    typed = request.form.get("receipt", "")[:400] if request.method == "POST" else ""
    sought = "".join(typed.split()).lower()
    whole = len(sought) == 64 and set(sought) <= set("0123456789abcdef")
    return show(
        "receipts",
        face,
        face=face,
        receipts=listed,
        bounds=reissuing.bounds(store(), scan=scan),
        typed=typed,
        sought=whole if request.method == "POST" else None,
        found=whole and sought in set(listed),
    )


@blueprint.get("/v/<slug>/r/<scan>.txt")
def receipts_as_text(slug: str, scan: str) -> AnyResponse:
    face = facing.face(store(), scan)
    if face is None or face.slug != slug:
        return nowhere(slug)
    return Response(
        "".join(f"{receipt}\n" for receipt in responding.receipts(store(), scan)),
        content_type="text/plain; charset=utf-8",
    )


@blueprint.get("/v/<slug>/stored")
def what_is_stored(slug: str) -> AnyResponse:
    house = welcoming.house(store(), slug)
    if house is None:
        return nowhere(slug)
    s = speech(LANGUAGES, language())

    def told(text: str) -> Markup:
        return s.of({"en": text, "nl": DUTCH.get(text, text)})

    return show("stored", house, kept=stored.KEPT, never=stored.NEVER, told=told, weaker=house.weaker)


@blueprint.get("/v/<slug>/how")
def how_it_is_protected(slug: str) -> AnyResponse:
    house = welcoming.house(store(), slug)
    if house is None:
        return nowhere(slug)
    return show("explained", house, rules=explaining.rules(DEFAULT_GROUP))


@blueprint.errorhandler(413)
def too_large(_error: HTTPException) -> AnyResponse:
    return show("trouble", _house_of_address(), 413, large=True, chosen=_preferred_here())


@blueprint.errorhandler(Exception)
def broken(error: Exception) -> AnyResponse:
    """The log gets the kind of error only: its text could hold what somebody typed."""
    if isinstance(error, HTTPException) and error.code != 500:
        return error.get_response()
    log.error("a page for respondents failed: %s", type(error).__name__)
    return show("trouble", welcoming.nobody(store()), 500, large=False, chosen=_preferred_here())


def _house_of_address() -> House:
    """Whose pages these are, as far as the address says."""
    slug = (request.view_args or {}).get("slug", "")
    return welcoming.house(store(), slug) or welcoming.nobody(store())


@blueprint.get("/v/<path:rest>")
def elsewhere(rest: str) -> AnyResponse:
    return nowhere(rest.partition("/")[0])
