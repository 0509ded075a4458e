"""The weaker way of a personal link, without JavaScript: a typed link is exchanged by the server, and the form sent as any."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.core import manifest
from app.crypto.blind import KEY_BYTES, PREFIX_BYTES
from app.services import exchanging, facing, responding, stamping
from app.services.facing import Face
from app.services.responding import Signed
from app.web.respond import blueprint, page
from app.web.respond.counter import MOST_BYTES, answers_of, today
from app.web.respond.personal import SAYINGS
from app.web.respond.texts import N_, speech
from app.web.respond.views import faults_of, language, nowhere, show
from app.web.ui import store

STATUS = {"used": 409, "unknown": 404, "closed": 410, "spent": 409, "forged": 403, "later": 503}
_FIELD = Markup('<input type="hidden" name="{}" value="{}">')


@blueprint.post("/u/<scan>/exchange")
def exchange(scan: str) -> AnyResponse:
    """A typed link opens a form; a form that carries a stamp is sent."""
    request.max_content_length = MOST_BYTES
    face = facing.face(store(), scan)
    if face is None or not face.prepared.plan.exchange:
        return nowhere("")
    sent = request.form.to_dict()
    if "_signature" in sent:
        return _send(face, sent)
    answer = exchanging.exchange(store(), scan=scan, link=sent.get("_link", ""), today=today())
    match answer:
        case exchanging.Exchanged(signed):
            return _form(face, signed, {})
        case stamping.LinkUsed():
            return _trouble(face, "used")
        case stamping.Closed():
            return _trouble(face, "closed")
        case stamping.Later():
            return _trouble(face, "later")
        case _:
            return _trouble(face, "unknown")


def _send(face: Face, sent: Mapping[str, str]) -> AnyResponse:
    prefix = manifest.unpacked(sent.get("_prefix"), PREFIX_BYTES)
    signature = manifest.unpacked(sent.get("_signature"), KEY_BYTES)
    stratum = sent.get("_stratum", "")
    if prefix is None or signature is None or not stratum.isdecimal() or len(stratum) > 6:
        return _trouble(face, "forged")
    signed, values = Signed(sent.get("_nonce", ""), prefix, signature, int(stratum)), answers_of(sent)
    answer = responding.submit_signed(store(), scan=face.scan, signed=signed, values=values)
    match answer:
        case responding.Received(receipt):
            marker = Markup(page.in_fours(receipt).decode())
            return show("received", face, face=face, by_link=True, marker=marker)
        case responding.Malformed():
            faults = faults_of(speech(face.instrument.languages, language()), answer)
            return _form(face, signed, values, 422, faults=faults)
        case responding.TryLater():
            trouble = N_(
                "We can't store your answers now. Wait a minute and send again; they are still here."
            )
            return _form(face, signed, values, 503, trouble=trouble)
        case responding.ScanClosed():
            return _trouble(face, "closed")
        case responding.UsedBefore():
            return _trouble(face, "spent")
        case _:
            return _trouble(face, "forged")


def _form(
    face: Face,
    signed: Signed,
    values: Mapping[str, str],
    status: int = 200,
    *,
    faults: Mapping[str, Markup] | None = None,
    trouble: str = "",
) -> AnyResponse:
    """The questionnaire as with a slip; the stamp is in it, and nowhere else."""
    s = speech(face.instrument.languages, language())
    hidden = {
        "_nonce": signed.nonce,
        "_prefix": manifest.text(signed.prefix),
        "_signature": manifest.text(signed.signature),
        "_stratum": str(signed.stratum),
    }
    text = page.document(
        face,
        s,
        marker=Markup("").join(_FIELD.format(name, value) for name, value in hidden.items()),
        values=values,
        faults=faults,
        trouble=s.say(trouble) if trouble else None,
        action=f"/u/{face.scan}/exchange",
    )
    return page.plain(text, status)


def _trouble(face: Face, name: str) -> AnyResponse:
    saying = next(one for one in SAYINGS if one.id == name)
    return show("exchange_trouble", face, STATUS[name], face=face, saying=saying)
