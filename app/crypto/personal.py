"""Personal links: the key of a scan enters; tokens, hashes that can't be joined, sealed addresses and short words leave.

Everything hangs on the scan's key (see storage.scan_keys) and is gone with it. Keys for two uses are never the same.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from app.crypto import addresses
from app.crypto.vault import NotOpened

TOKEN_LENGTH = 22
ID_BYTES = 16
MARK_BYTES = 32
NONCE_BYTES = SecretBox.NONCE_SIZE
NOT_YET = bytes(MARK_BYTES)
"""Stands in the place of the blinded value until a signature was given."""
WORDS = 8
MAILING, SIGNING = "mailing", "signing"
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"


def derived(scan_key: bytes, use: str) -> bytes:
    """A key of 32 bytes for one use (MAILING, SIGNING)."""
    return hashlib.blake2b(f"weerklank scan 1 {use}".encode(), key=scan_key, digest_size=32).digest()


def token(mailing_key: bytes, scan: str, invited: bytes, generation: int) -> str:
    """The secret of one invitation, 22 characters; made anew for every mail, kept nowhere."""
    message = b"\0".join((b"weerklank token 1", scan.encode(), invited, str(generation).encode()))
    return _text(hmac.digest(mailing_key, message, "sha256")[:16])


def is_token(typed: str) -> bool:
    return len(typed) == TOKEN_LENGTH and all(sign.isalnum() or sign in "-_" for sign in typed)


def invitation_mark(made: str) -> bytes:
    """What the issuing database keeps of a token. 32 bytes."""
    return hashlib.sha256(b"weerklank invitation 1\0" + made.encode()).digest()


def blinded_mark(blinded: bytes) -> bytes:
    """What it keeps of the blinded value that was signed, so that only the same one is signed again. 32 bytes."""
    return hashlib.sha256(b"weerklank blinded 1\0" + blinded).digest()


def spent_mark(scan: str, prefix: bytes) -> bytes:
    """What the ballots database keeps of a used signature. 32 bytes.

    Of a signed message (random prefix, then the form's nonce) the ballot's key is a hash of the nonce and this one of the
    prefix: not even who guesses one of them gets the other. A signature holds for one pair, so it counts once.
    """
    return hashlib.sha256(b"weerklank spent personal 1\0" + scan.encode() + b"\0" + prefix).digest()


def seal_address(mailing_key: bytes, address: str, nonce: bytes) -> bytes:
    """`nonce` of NONCE_BYTES is fresh for each address. Raises ValueError for one that is too long."""
    return addresses.seal(mailing_key, address, nonce)


def unseal_address(mailing_key: bytes, sealed: bytes) -> str:
    """Raises NotOpened when it was sealed under another key, or altered."""
    return addresses.unseal(mailing_key, sealed)


def address_mark(mailing_key: bytes, scan: str, address: str) -> bytes:
    """A keyed hash by which an address is found again; `address` as it is compared, so in small letters. 32 bytes."""
    return addresses.mark(mailing_key, "invited", scan, address)


def seal_signing_key(signing_key: bytes, private: bytes, nonce: bytes) -> bytes:
    """The private half of a stratum's key pair under the scan's key; `nonce` of NONCE_BYTES is fresh for each."""
    return bytes(SecretBox(signing_key).encrypt(private, nonce))


def unseal_signing_key(signing_key: bytes, sealed: bytes) -> bytes:
    """Raises NotOpened when it was sealed under another key, or altered."""
    try:
        return bytes(SecretBox(signing_key).decrypt(sealed))
    except (CryptoError, ValueError):
        raise NotOpened from None


def fingerprint(manifest: bytes) -> str:
    """Of a scan's manifest, as it travels in every link: 22 characters, 128 bits."""
    return _text(hashlib.sha256(manifest).digest()[:16])


def words(made: str) -> str:
    """A fingerprint as eight short words that can be read aloud in any language: proquints of all its 128 bits.

    Fewer would do against who has to match a given list of keys, not against who makes both lists and looks for two alike.
    """
    raw = base64.b64decode(made + "==", altchars=b"-_", validate=True)
    pairs = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, 2 * WORDS, 2))
    return "-".join(_quint(pair) for pair in pairs)


def link(address: str, scan: str, made: str, stratum: int, manifest: str) -> str:
    """What stands in a mail: `address` scheme and host, `manifest` its fingerprint. All after # stays in the browser."""
    return f"{address}/u/{scan}/#{made}.{stratum}.{manifest}"


def _quint(pair: int) -> str:
    """Sixteen bits as consonant, vowel, consonant, vowel, consonant (arXiv:0901.4016)."""
    parts = ((_CONSONANTS, 12), (_VOWELS, 10), (_CONSONANTS, 6), (_VOWELS, 4), (_CONSONANTS, 0))
    return "".join(signs[pair >> shift & (len(signs) - 1)] for signs, shift in parts)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
