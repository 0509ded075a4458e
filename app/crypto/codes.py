"""Slip codes and form keys: random bytes enter, codes people can read aloud and hashes that can't be joined leave."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

CODE_BITS = 80
NONCE_BYTES = 32
RECEIPT_BYTES = 32
# Crockford's alphabet: no I, L, O or U, so that a code survives being read aloud and typed by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = CODE_BITS // 5
_CHARACTERS = frozenset(ALPHABET)
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_FILLER = str.maketrans("", "", " -–—._\t\r\n")


def new_code(bits: int = CODE_BITS) -> str:
    """16 characters of 80 random bits, or of another number of bits."""
    return in_characters(secrets.randbits(bits), bits)


def in_characters(number: int, bits: int) -> str:
    """Five bits a character; `bits` is a multiple of five."""
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(bits - 5, -1, -5))


def normalise(typed: str, length: int = CODE_LENGTH) -> str | None:
    """The code as made, from what somebody typed; None when it can't be one of this length.

    Spaces, dashes, lower case and look-alikes are forgiven.
    """
    code = typed[:80].translate(_FILLER).upper().translate(_CONFUSED)
    return code if len(code) == length and _CHARACTERS.issuperset(code) else None


def grouped(code: str) -> str:
    """In fours, as printed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def slip_mark(code: str) -> bytes:
    """What the issuing database keeps of a code. 32 bytes."""
    return hashlib.sha256(b"weerklank slip 1\0" + code.encode()).digest()


def spent_mark(scan: str, code: str) -> bytes:
    """What the ballots database keeps of a used code: another hash, so that the two databases share no value. 32 bytes."""
    return hashlib.sha256(b"weerklank spent 1\0" + scan.encode() + b"\0" + code.encode()).digest()


def new_nonce() -> str:
    """256 random bits for one form, as 43 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(NONCE_BYTES)).decode().rstrip("=")


def ballot_key(nonce: str) -> bytes | None:
    """The ballot's key and receipt, 32 bytes; None when this is no nonce."""
    raw = nonce_bytes(nonce)
    return hashlib.sha256(b"weerklank ballot 1\0" + raw).digest() if raw else None


def nonce_bytes(nonce: str) -> bytes:
    """The 32 bytes of a nonce; none when this is no nonce."""
    if len(nonce) != 43:
        return b""
    try:
        return base64.b64decode(nonce + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def prove(secret: bytes, scan: str, code: str, nonce: str) -> str:
    """A proof, carried by the form, that it was opened while the code was good; it names the scan and nothing of the person."""
    return scan + "." + _mac(secret, scan, code, nonce)


def proven_scan(secret: bytes, proof: str, code: str, nonce: str) -> str | None:
    """The scan of a genuine proof, else None."""
    scan, _, mac = proof[:120].partition(".")
    return scan if hmac.compare_digest(mac.encode(), _mac(secret, scan, code, nonce).encode()) else None


def _mac(secret: bytes, scan: str, code: str, nonce: str) -> str:
    message = f"weerklank form 1\0{scan}\0{code}\0{nonce}".encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, message, "sha256")[:16]).decode().rstrip("=")
