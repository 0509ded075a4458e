"""Stamping: somebody's token and a blinded value enter; a signature leaves, on one value per token, and nothing else is kept.

It touches no ballot and no answer: who holds this half of the server learns that a link was opened, and nothing of what
becomes of the signature.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date

from app.core.plan import PERSONAL
from app.crypto import blind, personal
from app.crypto.blind import KEY_BYTES, BadBlinding, Private
from app.crypto.vault import NotOpened
from app.services.facing import Face, face
from app.services.settling import settler
from app.storage import invitations, mixing, scan_keys
from app.storage.database import OperationalError, Store
from app.storage.invitations import Granting

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stamped:
    """The blind signature; the same however often it is asked for."""

    signature: bytes


@dataclass(frozen=True)
class LinkUsed:
    """Another value was signed for this token, so on another device, or before this browser forgot its own."""


@dataclass(frozen=True)
class LinkUnknown:
    """No such token in this scan and stratum: mistyped, replaced by a new one, or never made."""


@dataclass(frozen=True)
class Closed:
    """The scan doesn't take new people."""


@dataclass(frozen=True)
class Later:
    """The disk or the database refused; asking again with the same value is safe."""


Answer = Stamped | LinkUsed | LinkUnknown | Closed | Later


def stamp(store: Store, *, scan: str, token: str, stratum: int, blinded: bytes, today: date) -> Answer:
    """Sign this blinded value for this token. Raises BadBlinding for what no browser would send; the token stays good then."""
    shown = face(store, scan)
    if shown is None or shown.way != PERSONAL or not personal.is_token(token):
        return LinkUnknown()
    if not shown.open(today):
        return Closed()
    try:
        return _granted(store, shown, token, stratum, blinded)
    except (mixing.NotMixed, OperationalError) as error:
        # The driver's message names files and statements, never what this browser sent.
        log.error("a signature was not given: %s", type(error).__name__)
        return Later()


def _granted(store: Store, shown: Face, token: str, stratum: int, blinded: bytes) -> Answer:
    key = invitations.signing_key(store, shown.scan, stratum)
    secret = scan_keys.read(store.scan_keys, shown.scan)
    if key is None:
        return LinkUnknown()  # not made yet, or gone at sealing
    if secret is None:
        # Being sealed this moment, or restored without the file of keys: who heard “closed” would give up a good link.
        log.error("a signature was not given: the key of its scan is not there")
        return Later()
    if len(blinded) != KEY_BYTES or blinded >= bytes(key.modulus):
        raise BadBlinding("this is no blinded value for this key")
    granting = invitations.grant(
        store,
        scan=shown.scan,
        mark=personal.invitation_mark(token),
        stratum=stratum,
        blinded=personal.blinded_mark(blinded),
    )
    if granting is not Granting.GRANTED:
        return LinkUsed() if granting is Granting.OTHER else LinkUnknown()
    settler.stir(store)
    try:
        private = Private.of(
            personal.unseal_signing_key(personal.derived(secret, personal.SIGNING), key.sealed)
        )
    except NotOpened:
        log.error("the signing key of a scan can't be opened with the key of the scan")
        return Later()
    mask = secrets.randbelow(private.public.modulus - 1) + 1
    return Stamped(blind.blind_sign(private, blinded, mask=mask))
