"""The second step of signing in: a code or a passkey's answer enters, the token of a whole session leaves.

Codes are throttled like passwords. Passkeys are not: their answers can't be guessed, and so their owner still gets in while
somebody else tries codes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from app.core.refusal import Refused
from app.crypto import one_time, passkeys
from app.crypto.passkeys import NotProven, Site
from app.services.signing_in import fresh_session, mark, standing
from app.services.throttling import count_try, forgive
from app.storage.database import Store
from app.storage.office import second_factors, sign_ins
from app.storage.office.second_factors import Passkey, Standing
from app.storage.office.sign_ins import Session

PROVE = "prove"
ASKED_LASTS = timedelta(minutes=5)
THROTTLE = "second-step"


def show_code(store: Store, *, token: str, code: str, secret: bytes, now: datetime) -> str:
    """Take a code of the app, or a spare code, which is used up by it. Returns the token that replaces this one.

    `secret` is the application's. Raises Refused: session-over, too-many-codes, wrong-code.
    """
    found = half_session(store, token=token, now=now)
    account = found.account.id
    try:
        count_try(store, THROTTLE, str(account), now)
    except Refused as error:
        raise Refused("too-many-codes", "too many codes were tried; wait", **error.facts) from error
    with store.office() as session:
        if not (_is_spare(session, account, code) or _is_of_app(session, account, code, secret, now)):
            raise wrong_code()
        return whole_session(session, found, now)


def ask_passkey(store: Store, *, token: str, site: Site, now: datetime) -> dict[str, Any] | None:
    """What the browser is asked, for JSON, answered within five minutes; None when the account has no passkey."""
    found = half_session(store, token=token, now=now)
    challenge = secrets.token_bytes(passkeys.CHALLENGE_BYTES)
    with store.office() as session:
        known = [row.credential for row in second_factors.passkeys(session, found.account.id)]
        if not known:
            return None
        second_factors.ask(session, mark(token), PROVE, challenge, now + ASKED_LASTS)
    return passkeys.request(site, challenge=challenge, known=known)


def show_passkey(store: Store, *, token: str, answer: str, site: Site, now: datetime) -> str:
    """Take a passkey's answer. Returns the token that replaces this one.

    Raises Refused: session-over, asked-too-long-ago, passkey-failed.
    """
    found = half_session(store, token=token, now=now)
    with store.office() as session:
        # Committed even when the answer is wrong: a challenge is answered once.
        challenge = second_factors.take(session, mark(token), PROVE, now)
    if challenge is None:
        raise asked_too_long_ago()
    with store.office() as session:
        rows = {row.credential: row for row in second_factors.passkeys(session, found.account.id)}
        try:
            key = passkeys.proven(site, challenge=challenge, known=map(key_of, rows.values()), answer=answer)
        except NotProven as error:
            raise passkey_failed() from error
        rows[key.credential].count = key.count
        return whole_session(session, found, now)


def half_session(store: Store, *, token: str, now: datetime) -> Standing:
    """The session that is at its second step. Raises Refused("session-over")."""
    found = standing(store, token=token, now=now)
    if found is None or not found.half:
        raise session_over()
    return found


def whole_session(session: Session, found: Standing, now: datetime) -> str:
    """A session with a token of its own: whoever saw the token of the half one has nothing. Raises Refused("session-over")."""
    if not sign_ins.end(session, found.sign_in.token):
        raise session_over()  # signed out everywhere meanwhile: a new password, an account closed
    forgive(session, THROTTLE, str(found.account.id))
    return fresh_session(session, found.account.id, now, second=True)


def key_of(row: Passkey) -> passkeys.Key:
    return passkeys.Key(row.credential, row.public, row.count)


def wrong_code() -> Refused:
    return Refused("wrong-code", "this code is wrong, or was used already; wait for the next one in the app")


def session_over() -> Refused:
    return Refused("session-over", "this session is over; sign in again")


def asked_too_long_ago() -> Refused:
    return Refused("asked-too-long-ago", "that took longer than five minutes; try again")


def passkey_failed() -> Refused:
    return Refused("passkey-failed", "this passkey was not accepted")


def _is_spare(session: Session, account: int, code: str) -> bool:
    spare = one_time.spare_mark(code)
    return spare is not None and second_factors.use_spare_code(session, account, spare)


def _is_of_app(session: Session, account: int, code: str, secret: bytes, now: datetime) -> bool:
    row = second_factors.code_app(session, account)
    app = one_time.unwrap(secret, account, row.wrapped) if row is not None else None
    if row is None or app is None:
        return False
    step = one_time.step_of(app, code, now=now, last=row.last_step)
    return step is not None and second_factors.use_step(session, account, step)
