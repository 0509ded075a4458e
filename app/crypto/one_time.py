"""Codes of an authenticator app and spare codes: a secret, a code and a time enter; a time step or a hash leaves.

The secret of an app is kept readable by the server, or it could check no code: it lies wrapped under a key that is derived
from the application's secret, so that a copy of the database alone makes no codes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from app.crypto import codes, vault

STEP_SECONDS = 30
DIGITS = 6
# The clock of a phone may be a step before or behind; more would only give whoever guesses more to hit.
WINDOW = 1
SPARE_CODES = 8
ISSUER = "Weerklank"


def new_secret() -> str:
    """160 random bits in base 32, as apps take them."""
    import pyotp

    return pyotp.random_base32(32)


def step_at(now: datetime) -> int:
    """The time step of a moment in naive UTC."""
    return int(now.replace(tzinfo=UTC).timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The six digits of this time step."""
    import pyotp

    return pyotp.TOTP(secret).generate_otp(step)


def step_of(secret: str, typed: str, *, now: datetime, last: int) -> int | None:
    """The time step that this code belongs to; None when it is wrong, too old, or not later than the `last` one used.

    Once a code was used, it and all before it are over: a code that somebody read along is worth nothing.
    """
    digits = "".join(typed[:20].split())
    here = step_at(now)
    found = None
    for step in range(here - WINDOW, here + WINDOW + 1):
        # Every step is looked at, so that the time taken doesn't tell which one it was.
        same = hmac.compare_digest(code_at(secret, step).encode(), digits.encode("utf-8", "replace"))
        if same and step > last:
            found = step
    return found


def address(secret: str, email: str) -> str:
    """What the QR code holds: the otpauth:// address that apps know."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def wrap(application: bytes, account: int, secret: str) -> bytes:
    """The app's secret as the database keeps it; a row copied to another account opens nothing."""
    return vault.wrap(secret.encode(), _key(application, account), nonce=secrets.token_bytes(24))


def unwrap(application: bytes, account: int, wrapped: bytes) -> str | None:
    """None when the application's secret is another one now: then only a reset helps."""
    try:
        return vault.unwrap(wrapped, _key(application, account)).decode()
    except vault.NotOpened:
        return None


def new_spare_codes() -> tuple[str, ...]:
    return tuple(codes.new_code() for _each in range(SPARE_CODES))


def spare_mark(typed: str) -> bytes | None:
    """What the database keeps of a spare code, 32 bytes; None for what can't be one. 80 random bits need no salt."""
    code = codes.normalise(typed)
    return hashlib.sha256(b"weerklank spare code 1\0" + code.encode()).digest() if code else None


def _key(application: bytes, account: int) -> bytes:
    return hmac.digest(application, b"weerklank app codes 1\0" + str(account).encode(), "sha256")
