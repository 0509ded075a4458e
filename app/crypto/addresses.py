"""Mail addresses of subscribers under one key of the installation: an address enters, a sealed text and a keyed hash leave.

The key lies beside the databases, not in them: this protects against a stolen database, not against a taken-over server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from app.crypto.vault import NotOpened

KEY_BYTES = 32
MARK_BYTES = 32
HANDLE_BYTES = 16
NONCE_BYTES = SecretBox.NONCE_SIZE
PROOF_BYTES = 16
MOST_ADDRESS = 254
BLOCK = 256
"""Every address is filled up to this, so that the length of a sealed one tells nothing."""


def seal(key: bytes, address: str, nonce: bytes) -> bytes:
    """`nonce` of NONCE_BYTES is fresh for each address. Raises ValueError for one that is too long."""
    plain = address.encode()
    if len(plain) > MOST_ADDRESS:
        raise ValueError("too long for a mail address")
    padded = bytes([len(plain)]) + plain + bytes(BLOCK - 1 - len(plain))
    return bytes(SecretBox(_derived(key, "seal")).encrypt(padded, nonce))


def unseal(key: bytes, sealed: bytes) -> str:
    """Raises NotOpened when it was sealed under another key, or altered."""
    try:
        padded = SecretBox(_derived(key, "seal")).decrypt(sealed)
    except (CryptoError, ValueError):
        raise NotOpened from None
    return padded[1 : 1 + padded[0]].decode()


def mark(key: bytes, what: str, *parts: object) -> bytes:
    """A hash of MARK_BYTES that only who has the key can make or try out; `what` keeps uses apart."""
    text = "\0".join(str(part) for part in parts)
    return hmac.digest(_derived(key, f"mark {what}"), text.encode("utf-8", "replace"), "sha256")


def token(key: bytes, act: str, handle: bytes) -> str:
    """What stands in a link that does this act for this row; nothing of it is stored."""
    return base64.urlsafe_b64encode(handle + _proof(key, act, handle)).decode().rstrip("=")


def handle_of(key: bytes, act: str, text: str) -> bytes | None:
    """The handle in such a link; None for one that was not made here for this act."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    handle, proof = raw[:HANDLE_BYTES], raw[HANDLE_BYTES:]
    return handle if hmac.compare_digest(proof, _proof(key, act, handle)) else None


def _proof(key: bytes, act: str, handle: bytes) -> bytes:
    return hmac.digest(_derived(key, f"link {act}"), handle, "sha256")[:PROOF_BYTES]


def _derived(key: bytes, use: str) -> bytes:
    return hashlib.blake2b(f"weerklank subscribers 1 {use}".encode(), key=key, digest_size=32).digest()
