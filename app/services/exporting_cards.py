"""Exporting an adviser's own cards: an open vault enters; a file under a passphrase, or a plain one, leaves, made in memory."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.core.signals.register import Lexicon, as_csv, as_rows
from app.crypto import passwords
from app.crypto.sealed_file import seal_file
from app.crypto.vault import EFFORT, NONCE_BYTES, SALT_BYTES, Effort
from app.render.workbooks import xlsx
from app.services import keeping
from app.services.keeping import OpenVault
from app.storage.database import Store
from app.storage.office import audit

ACT = "keep-signals"
CSV, XLSX, SEALED = "csv", "xlsx", "weerklank"


def export(
    store: Store,
    *,
    kind: str,
    lexicon: Lexicon,
    language: str,
    opened: OpenVault,
    by: Actor,
    now: datetime,
    passphrase: str = "",
    effort: Effort = EFFORT,
) -> bytes:
    """All cards of one organisation with the names of their choices, as CSV, XLSX or SEALED (that CSV under a passphrase).

    The audit log gets that it was done, and whether plain; no numbers. Raises NotAllowed, Refused: other-vault, no-cards,
    passphrase-short, -long or -common.
    """
    check(ACT, by)
    if opened.organisation != by.organisation:
        raise Refused("other-vault", "this vault is of another organisation")
    if kind == SEALED:
        check_passphrase(passphrase)
    with store.office() as session:
        cards = keeping.cards(session, opened).values()
        if not cards:
            raise Refused("no-cards", "there are no cards to export yet")
        audit.record(session, by=by, now=now, act="export-cards", detail="" if kind == SEALED else "plain")
    rows = as_rows(cards, lexicon, language=language)
    if kind == XLSX:
        return xlsx(rows, sheet="Signalen" if language == "nl" else "Signals")
    raw = as_csv(rows)
    if kind == CSV:
        return raw
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    return seal_file(raw, passphrase, salt=salt, nonce=nonce, effort=effort)


def check_passphrase(passphrase: str) -> None:
    """Raise Refused("passphrase-short"), -long or -common for one that is easily guessed: who has the file may go on trying."""
    why = passwords.weakness(passphrase)
    if why is not None:
        raise Refused(
            f"passphrase-{why}",
            "choose a longer passphrase, for instance five words that have nothing in common",
        )
