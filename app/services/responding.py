"""Filling in: a code opens a form, a form becomes a ballot, once; nothing about who or when is kept."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core import reach
from app.core.answers import BadAnswer, CommentTooLong, pack_comment
from app.core.plan import PERSONAL
from app.crypto import blind, codes, personal, vault
from app.services import certifying
from app.services.facing import Face, face
from app.services.settling import settler
from app.storage import ballots, issuing, mixing
from app.storage.ballots import IntakeState, Outcome, Submission
from app.storage.comments import Written
from app.storage.database import OperationalError, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """What a good code opens."""

    scan: str
    face: Face


@dataclass(frozen=True)
class FormKeys:
    """The hidden fields of one form. `nonce` becomes the ballot's key and receipt; `proof` shows the code was good."""

    nonce: str
    proof: str


@dataclass(frozen=True)
class Received:
    """The ballot is on disk. `receipt` is 64 hexadecimal digits, the same however often the form is sent."""

    receipt: str
    face: Face


@dataclass(frozen=True)
class UsedBefore:
    """The code was used after this form was opened; the first answers stand."""

    face: Face


@dataclass(frozen=True)
class CodeUnknown:
    """The code opens nothing here: unknown, voided, used, or of another organisation.

    `face` is there when the form's proof is genuine.
    """

    face: Face | None


@dataclass(frozen=True)
class ScanClosed:
    face: Face


@dataclass(frozen=True)
class Malformed:
    """Answers that can't be stored as they are: item ids to mend, and (comment, its length, the most allowed)."""

    face: Face
    items: tuple[str, ...] = ()
    too_long: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class TryLater:
    """The ballot was not stored, because the disk or the database refused; the same form can be sent again."""

    face: Face


Answer = Received | UsedBefore | CodeUnknown | ScanClosed | Malformed | TryLater


def open_intake(store: Store, scan: str) -> None:
    """From now on ballots of this scan are taken."""
    ballots.open_intake(store, scan)


def at_least(store: Store, scan: str, least: int) -> int:
    """So many people or more filled in this scan: `least` or a doubling of it, 0 below it. The count goes no further."""
    with store.reading_ballots() as connection:
        return reach.doubling(ballots.count(connection, scan), least)


def find_code(store: Store, *, slug: str, code: str, today: date) -> Opening | None:
    """The scan a code opens in this organisation.

    None for a code that is unknown, voided, used or of another organisation: a stranger can't tell which. A scan past
    its closing date is given with `face.open(today)` False.
    """
    normal = codes.normalise(code)
    found = issuing.find(store, codes.slip_mark(normal)) if normal else None
    if found is None or normal is None:
        return None
    shown = face(store, found.scan)
    if shown is None or shown.slug != slug:
        return None
    once_only = found.stratum is not None
    if (
        once_only
        and shown.open(today)
        and ballots.is_spent(store, found.scan, codes.spent_mark(found.scan, normal))
    ):
        return None
    return Opening(found.scan, shown)


def new_form(secret: bytes, opening: Opening, code: str) -> FormKeys:
    """Keys for one form, made of fresh randomness and kept nowhere."""
    nonce = codes.new_nonce()
    return FormKeys(nonce, codes.prove(secret, opening.scan, codes.normalise(code) or "", nonce))


def submit(
    store: Store,
    secret: bytes,
    *,
    slug: str,
    code: str,
    nonce: str,
    proof: str,
    values: Mapping[str, str],
    today: date,
) -> Answer:
    """Store what somebody filled in. `Received` is only given once it is on disk."""
    normal = codes.normalise(code) or ""
    key = codes.ballot_key(nonce)
    proven = codes.proven_scan(secret, proof, normal, nonce)
    found = issuing.find(store, codes.slip_mark(normal)) if normal and key else None
    shown = face(store, found.scan if found else proven or "")
    if key is None or shown is None or shown.slug != slug:
        return CodeUnknown(None)
    if found is None:
        return _without_code(store, shown, key)
    if not shown.open(today) and proven != shown.scan:
        return ScanClosed(shown)
    try:
        block, comments = _encode(shown, values, found.stratum or 0)
    except BadAnswer as error:
        return Malformed(shown, items=(error.item_id,))
    except CommentTooLong as error:
        return Malformed(shown, too_long=((error.item_id, error.length, error.most),))
    submission = Submission(
        scan=shown.scan,
        key=key,
        stratum=found.stratum or 0,
        answers=block,
        mark=codes.spent_mark(shown.scan, normal) if found.stratum is not None else None,
        comments=comments,
        most=_most(shown, found),
    )
    return _store(store, shown, submission, genuine=proven == shown.scan)


@dataclass(frozen=True)
class Signed:
    """What a browser sends of itself: the form's nonce (43 characters), the random prefix, and the signature on both."""

    nonce: str
    prefix: bytes
    signature: bytes
    stratum: int


def submit_signed(store: Store, *, scan: str, signed: Signed, values: Mapping[str, str]) -> Answer:
    """Store what came in by a personal link: a good signature stands in for a code, and says nothing of whose it is.

    Whoever has one was let in while the scan was open, so it is taken until sealing. CodeUnknown: no good signature.
    """
    key = codes.ballot_key(signed.nonce)
    shown = face(store, scan)
    served = certifying.served(store, scan) if shown is not None and shown.way == PERSONAL else None
    public = served.keys.get(signed.stratum) if served is not None else None
    if key is None or shown is None or public is None:
        return CodeUnknown(None)
    message = blind.prepare(codes.nonce_bytes(signed.nonce), signed.prefix)
    if len(signed.prefix) != blind.PREFIX_BYTES or not blind.verify(public, message, signed.signature):
        return CodeUnknown(shown)
    try:
        block, comments = _encode(shown, values, signed.stratum)
    except BadAnswer as error:
        return Malformed(shown, items=(error.item_id,))
    except CommentTooLong as error:
        return Malformed(shown, too_long=((error.item_id, error.length, error.most),))
    submission = Submission(
        scan=shown.scan,
        key=key,
        stratum=signed.stratum,
        answers=block,
        mark=personal.spent_mark(shown.scan, signed.prefix),
        comments=comments,
    )
    return _store(store, shown, submission, genuine=True)


def _store(store: Store, shown: Face, submission: Submission, *, genuine: bool) -> Answer:
    try:
        outcome = ballots.receive(store, submission)
    except (mixing.NotMixed, OperationalError) as error:
        # The driver's message names files and statements, never parameters of this form.
        log.error("a ballot was turned away: %s", type(error).__name__)
        return TryLater(shown)
    if outcome is Outcome.RECEIVED:
        settler.stir(store)
        return Received(submission.key.hex(), shown)
    if outcome is Outcome.CLOSED:
        return ScanClosed(shown)
    return (
        UsedBefore(shown) if genuine and outcome is Outcome.SPENT else CodeUnknown(shown if genuine else None)
    )


def _without_code(store: Store, shown: Face, key: bytes) -> Answer:
    """A genuine form whose code is gone: sent before, sealed since, or voided by a new print run."""
    if ballots.is_known(store, shown.scan, key):
        return Received(key.hex(), shown)
    if ballots.intake(store, shown.scan) is not IntakeState.OPEN:
        return ScanClosed(shown)
    return CodeUnknown(shown)


def _most(shown: Face, found: issuing.Found) -> int | None:
    """After a second print run used slips of the first still count, so the ballots themselves are capped."""
    if found.stratum is None or not found.reprinted:
        return None
    return shown.prepared.plan.strata[found.stratum].invited + found.spare


def _encode(shown: Face, values: Mapping[str, str], stratum: int) -> tuple[bytes, tuple[Written, ...]]:
    """The block of closed answers, and each comment sealed to the advisers' vault; without one no comment is taken."""
    prepared, key = shown.prepared, shown.vault_key
    block = prepared.encoder.encode(values)
    written = prepared.encoder.comments(values) if key and prepared.instrument.comments else {}
    if not written or key is None:
        return block, ()
    part = prepared.comment_parts[stratum]
    return block, tuple(
        Written(secrets.token_bytes(16), item, part, vault.seal(key, pack_comment(text)))
        for item, text in sorted(written.items())
    )


def receipts(store: Store, scan: str) -> list[str]:
    """The public list of a sealed scan, sorted, in hexadecimal; empty before sealing and under the least group."""
    return [key.hex() for key in ballots.receipts(store, scan)]
