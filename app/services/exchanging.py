"""Exchanging: the weaker way, for a browser without JavaScript, only where the organisation chose it before the scan opened.

The server itself does what the browser should: it makes nonce, prefix and blinding, has them stamped, and gives the stamp along
in a form. It keeps none of it, but for a moment it knows which link this form is of. The first page says so.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

from app.core import manifest
from app.crypto import blind
from app.services import certifying, stamping
from app.services.facing import Face, face
from app.services.responding import Signed
from app.storage.database import Store

_LINK = re.compile(r"([A-Za-z0-9_-]{22})\.(\d{1,6})\.([A-Za-z0-9_-]{22})\s*$")


@dataclass(frozen=True)
class Exchanged:
    """What the form carries, and what it is a form of."""

    signed: Signed
    face: Face


def exchange(store: Store, *, scan: str, link: str, today: date) -> Exchanged | stamping.Answer:
    """`link` is what stands behind the # of a link, or the whole of it.

    LinkUnknown also where this scan makes no exchange. It can't be asked for twice: nothing is kept to give the same stamp again.
    """
    shown, served, found = face(store, scan), certifying.served(store, scan), _LINK.search(link[-400:])
    if shown is None or served is None or not shown.prepared.plan.exchange or found is None:
        return stamping.LinkUnknown()
    stratum = int(found[2])
    public = served.keys.get(stratum)
    if public is None or found[3] != served.fingerprint:
        return stamping.LinkUnknown()
    nonce, prefix = secrets.token_bytes(32), secrets.token_bytes(blind.PREFIX_BYTES)
    message = blind.prepare(nonce, prefix)
    made = blind.blind(
        public,
        message,
        salt=secrets.token_bytes(blind.SALT_BYTES),
        factor=secrets.randbelow(public.modulus - 2) + 1,
    )
    answer = stamping.stamp(
        store, scan=scan, token=found[1], stratum=stratum, blinded=made.message, today=today
    )
    if not isinstance(answer, stamping.Stamped):
        return answer
    signature = blind.finalize(public, message, answer.signature, made.inverse)
    return Exchanged(Signed(manifest.text(nonce), prefix, signature, stratum), shown)
