"""Blind signatures (RFC 9474, RSABSSA-SHA384): a message enters, and a signature whose signer can't know it again leaves.

The one who asks: prepare, blind, then finalize what the signer gave. The signer: blind_sign. Anybody: verify. All randomness
is passed in and fresh each time. The product uses PSS-Randomized (a salt of SALT_BYTES, a prefix of PREFIX_BYTES) only; the
other three variants are there for the official test vectors: salt or prefix of no bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.crypto.integers import BEST, Integers

KEY_BITS = 3072
KEY_BYTES = KEY_BITS // 8
EXPONENT = 65537
SALT_BYTES = 48
PREFIX_BYTES = 32
HASH_BYTES = 48


class BadBlinding(ValueError):
    """A value that can't be blinded, signed or finalized under this key."""


class SigningFailed(RuntimeError):
    """The signature was wrong and is not given: a fault in the arithmetic would give the key away."""


@dataclass(frozen=True)
class Public:
    modulus: int
    exponent: int = EXPONENT

    @property
    def size(self) -> int:
        """Bytes of a message or signature under this key."""
        return (self.modulus.bit_length() + 7) // 8

    @staticmethod
    def of(modulus: bytes) -> Public:
        return Public(int.from_bytes(modulus, "big"))

    @property
    def raw(self) -> bytes:
        return self.modulus.to_bytes(self.size, "big")


@dataclass(frozen=True)
class Private:
    """The two primes; all else follows from them."""

    p: int
    q: int
    exponent: int = EXPONENT

    @property
    def public(self) -> Public:
        return Public(self.p * self.q, self.exponent)

    @property
    def raw(self) -> bytes:
        half = (self.p.bit_length() + 7) // 8
        return self.p.to_bytes(half, "big") + self.q.to_bytes(half, "big")

    @staticmethod
    def of(raw: bytes) -> Private:
        half = len(raw) // 2
        return Private(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


@dataclass(frozen=True)
class Blinded:
    """`message` goes to the signer; `inverse` stays: whoever has it can tell which signature this became."""

    message: bytes
    inverse: int


def generate(bits: int = KEY_BITS) -> Private:
    """A new key pair, from the system's randomness."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    numbers = rsa.generate_private_key(EXPONENT, bits).private_numbers()
    return Private(numbers.p, numbers.q)


def prepare(message: bytes, prefix: bytes) -> bytes:
    """What is signed; `prefix` of PREFIX_BYTES, or of none for the deterministic variants."""
    return prefix + message


def blind(public: Public, prepared: bytes, *, salt: bytes, factor: int, by: Integers = BEST) -> Blinded:
    """`factor` is uniformly random from 1 to the modulus. Raises BadBlinding for one that has no inverse."""
    encoded = int.from_bytes(_encode(prepared, public.modulus.bit_length() - 1, salt), "big")
    try:
        by.inverse(encoded, public.modulus)
        inverse = by.inverse(factor, public.modulus)
    except ValueError:
        raise BadBlinding("this factor can't blind") from None
    hidden = encoded * by.power(factor, public.exponent, public.modulus) % public.modulus
    return Blinded(hidden.to_bytes(public.size, "big"), inverse)


def blind_sign(private: Private, message: bytes, *, mask: int, by: Integers = BEST) -> bytes:
    """Sign a blinded message. `mask` is uniformly random, so that the time this takes tells nothing of key or message.

    Raises BadBlinding for what is no number below the modulus, SigningFailed where the result does not verify.
    """
    public = private.public
    number = int.from_bytes(message, "big")
    if len(message) != public.size or number >= public.modulus:
        raise BadBlinding("this is no blinded message for this key")
    try:
        unmask = by.inverse(mask, public.modulus)
    except ValueError:
        raise BadBlinding("this mask can't be used") from None
    masked = number * by.power(mask, public.exponent, public.modulus) % public.modulus
    signature = _root(private, masked, by) * unmask % public.modulus
    if by.power(signature, public.exponent, public.modulus) != number:
        raise SigningFailed("a signature did not verify and was not given")
    return signature.to_bytes(public.size, "big")


def _root(private: Private, number: int, by: Integers) -> int:
    """By the Chinese remainder theorem: two powers of half the length."""
    p, q, e = private.p, private.q, private.exponent
    of_p = by.secret_power(number % p, by.inverse(e, p - 1), p)
    of_q = by.secret_power(number % q, by.inverse(e, q - 1), q)
    return of_q + q * ((of_p - of_q) * by.inverse(q, p) % p)


def finalize(
    public: Public,
    prepared: bytes,
    blind_signature: bytes,
    inverse: int,
    *,
    salt_bytes: int = SALT_BYTES,
    by: Integers = BEST,
) -> bytes:
    """Take the blinding off. Raises BadBlinding when what is left is no signature of the message."""
    if len(blind_signature) != public.size:
        raise BadBlinding("this is no signature of this key")
    number = int.from_bytes(blind_signature, "big") * inverse % public.modulus
    signature = number.to_bytes(public.size, "big")
    if not verify(public, prepared, signature, salt_bytes=salt_bytes):
        raise BadBlinding("the signer gave something else than a signature")
    return signature


def verify(public: Public, prepared: bytes, signature: bytes, *, salt_bytes: int = SALT_BYTES) -> bool:
    """Whether this is a signature of a prepared message: RSASSA-PSS with SHA-384, by `cryptography`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt_bytes)
    try:
        key = rsa.RSAPublicNumbers(public.exponent, public.modulus).public_key()
        key.verify(signature, prepared, scheme, hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS (RFC 8017, 9.1.1) with SHA-384 and MGF1. Raises BadBlinding for a key that is too short."""
    length = (bits + 7) // 8
    if length < HASH_BYTES + len(salt) + 2:
        raise BadBlinding("this key is too short")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_BYTES - 2) + b"\1" + salt
    mask = _stretched(digest, len(block))
    hidden = bytes(one ^ other for one, other in zip(block, mask, strict=True))
    first = hidden[0] & (0xFF >> (8 * length - bits))
    return bytes([first]) + hidden[1:] + digest + b"\xbc"


def _stretched(seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017, B.2.1)."""
    blocks = (
        hashlib.sha384(seed + number.to_bytes(4, "big")).digest()
        for number in range((length + HASH_BYTES - 1) // HASH_BYTES)
    )
    return b"".join(blocks)[:length]
