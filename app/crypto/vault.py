"""Keys of advisers and their vaults (libsodium): bodies enter, sealed bodies leave; only the private half opens them.

Keys are X25519, bodies sealed with crypto_box_seal, private keys locked under a passphrase with Argon2id and XSalsa20-Poly1305.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

KEY_BYTES = 32
SALT_BYTES = pwhash.argon2id.SALTBYTES
SEAL_BYTES = SealedBox(PrivateKey(bytes(KEY_BYTES))).encrypt(b"").__len__()
"""What sealing adds to a body."""
NONCE_BYTES = SecretBox.NONCE_SIZE


@dataclass(frozen=True)
class Effort:
    """What Argon2id costs whoever tries a passphrase: passes, and memory in bytes."""

    operations: int
    memory: int


# 0.2 s on one core of 2026: with 5,000 cards opened after it still under a second.
EFFORT = Effort(3, 96 * 1024 * 1024)


class NotOpened(Exception):
    """This key or passphrase doesn't open it, or it was altered. Says nothing of what is inside."""


@dataclass(frozen=True)
class Pair:
    """A private key and its public half, 32 bytes each."""

    private: bytes = field(repr=False)
    public: bytes

    @classmethod
    def of(cls, private: bytes) -> Pair:
        return cls(private, bytes(PrivateKey(private).public_key))


def seal(public: bytes, body: bytes) -> bytes:
    """SEAL_BYTES longer than the body; sealing the same body twice gives two texts that nothing joins."""
    sealed: bytes = SealedBox(PublicKey(public)).encrypt(body)
    return sealed


def unseal(private: bytes, sealed: bytes) -> bytes:
    """Raises NotOpened."""
    try:
        body: bytes = SealedBox(PrivateKey(private)).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        raise NotOpened from None
    return body


def unseal_all(private: bytes, sealed: list[bytes]) -> list[bytes]:
    """The same for many, in order, with the key made ready once."""
    box = SealedBox(PrivateKey(private))
    try:
        return [box.decrypt(each) for each in sealed]
    except (CryptoError, ValueError, TypeError):
        raise NotOpened from None


def lock(body: bytes, passphrase: str, *, salt: bytes, nonce: bytes, effort: Effort = EFFORT) -> bytes:
    """The body under a passphrase; `salt` of SALT_BYTES and `nonce` of NONCE_BYTES are fresh for each."""
    return wrap(body, _stretched(passphrase, salt, effort), nonce=nonce)


def unlock(locked: bytes, passphrase: str, *, salt: bytes, effort: Effort = EFFORT) -> bytes:
    """Raises NotOpened."""
    return unwrap(locked, _stretched(passphrase, salt, effort))


def wrap_under_code(body: bytes, code: str, *, salt: bytes, nonce: bytes) -> bytes:
    """The body under a recovery code, which is random and long enough to need no stretching."""
    return wrap(body, _from_code(code, salt), nonce=nonce)


def unwrap_under_code(wrapped: bytes, code: str, *, salt: bytes) -> bytes:
    """Raises NotOpened."""
    return unwrap(wrapped, _from_code(code, salt))


def wrap(body: bytes, key: bytes, *, nonce: bytes) -> bytes:
    """The body under a random key of 32 bytes; `nonce` of 24 bytes is fresh for each."""
    return bytes(SecretBox(key).encrypt(body, nonce))


def unwrap(wrapped: bytes, key: bytes) -> bytes:
    """Raises NotOpened."""
    try:
        body: bytes = SecretBox(key).decrypt(wrapped)
    except (CryptoError, ValueError, TypeError):
        raise NotOpened from None
    return body


def fingerprint(public: bytes) -> str:
    """What two people read to each other to know it is the same key: 80 bits as five groups of four hexadecimal digits."""
    digits = hashlib.sha256(b"weerklank adviser key 1\0" + public).hexdigest()[:20]
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


def proof_of_admission(private: bytes, *, organisation: int, account: int, public: bytes) -> bytes:
    """What only who has the vault's private key can make: that this adviser's public key was admitted. 32 bytes.

    So that a public key put in its place in the database gets nothing when the vault's key is renewed.
    """
    text = b"%d %d " % (organisation, account) + public
    return hashlib.blake2b(text, digest_size=32, key=private, person=b"weerklank adm 1").digest()


def is_admitted(
    proof: bytes | None, private: bytes, *, organisation: int, account: int, public: bytes
) -> bool:
    made = proof_of_admission(private, organisation=organisation, account=account, public=public)
    return proof is not None and hmac.compare_digest(proof, made)


def mark_of_known(own: bytes, *, organisation: int, public: bytes) -> bytes:
    """What only this adviser can make: that this is the key of the vault that they know. 32 bytes.

    Anybody can seal a key to an adviser; so that a pair put in the place of the vault's, in the database, is seen as another one.
    """
    text = b"%d " % organisation + public
    return hashlib.blake2b(text, digest_size=32, key=own, person=b"weerklank knw 1").digest()


def is_known(mark: bytes | None, own: bytes, *, organisation: int, public: bytes) -> bool:
    made = mark_of_known(own, organisation=organisation, public=public)
    return mark is not None and hmac.compare_digest(mark, made)


def typed_fingerprint(typed: str) -> str:
    """What somebody typed as `fingerprint` writes it, whatever the spaces, dashes and capitals."""
    digits = "".join(each for each in typed.lower() if each in "0123456789abcdef")[:80]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _stretched(passphrase: str, salt: bytes, effort: Effort) -> bytes:
    # The same words typed on another system are the same text.
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "replace")
    stretched: bytes = pwhash.argon2id.kdf(
        KEY_BYTES, text, salt, opslimit=effort.operations, memlimit=effort.memory
    )
    return stretched


def _from_code(code: str, salt: bytes) -> bytes:
    return hashlib.blake2b(
        code.encode(), digest_size=KEY_BYTES, salt=salt, person=b"weerklank rec 1"
    ).digest()
