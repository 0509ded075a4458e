"""Blind signatures: the official test vectors, with both kinds of integers, and what they promise."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from app.crypto import blind, integers
from app.crypto.blind import BadBlinding, Private, Public, SigningFailed
from app.crypto.integers import Integers

RFC: dict[str, Any] = json.loads((Path(__file__).parent.parent / "vectors" / "rfc9474.json").read_text())
KEY = Private(int(RFC["p"], 16), int(RFC["q"], 16), int(RFC["e"], 16))
FAST = integers.fast()
KINDS = [integers.PLAIN, *([FAST] if FAST else [])]
# 768 bits is the least that the salted encoding fits in; the arithmetic is the same and quick to make keys for.
SHORT = 1024


def test_gmpy2_is_installed_where_the_tests_run() -> None:
    assert FAST is not None, "the extra “fast” belongs to the lock"


@pytest.mark.parametrize("by", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("vector", RFC["vectors"], ids=lambda vector: vector["name"])
def test_the_official_vectors(vector: dict[str, Any], by: Integers) -> None:
    public = KEY.public
    salt = bytes.fromhex(RFC["salt"]) if vector["salted"] else b""
    inverse = int(RFC["inv"], 16)
    prepared = blind.prepare(bytes.fromhex(RFC["msg"]), bytes.fromhex(vector["prefix"]))
    made = blind.blind(public, prepared, salt=salt, factor=pow(inverse, -1, public.modulus), by=by)
    assert made.message.hex() == vector["blinded_msg"] and made.inverse == inverse
    signed = blind.blind_sign(KEY, made.message, mask=0xABCDEF0123456789, by=by)
    assert signed.hex() == vector["blind_sig"]
    signature = blind.finalize(public, prepared, signed, inverse, salt_bytes=len(salt), by=by)
    assert signature.hex() == vector["sig"]
    assert blind.verify(public, prepared, signature, salt_bytes=len(salt))
    other = bytes([signature[0] ^ 1]) + signature[1:]
    assert not blind.verify(public, prepared, other, salt_bytes=len(salt))
    assert not blind.verify(public, prepared + b"!", signature, salt_bytes=len(salt))


@pytest.fixture(scope="module")
def key() -> Private:
    return blind.generate(SHORT)


def _issue(key: Private, message: bytes, chance: random.Random) -> tuple[bytes, bytes, int, bytes, bytes]:
    """Blinded message and its signature, the salt-encoded number, the prepared message and its signature."""
    prepared = blind.prepare(message, chance.randbytes(blind.PREFIX_BYTES))
    salt, factor = chance.randbytes(blind.SALT_BYTES), chance.randrange(1, key.public.modulus)
    made = blind.blind(key.public, prepared, salt=salt, factor=factor)
    signed = blind.blind_sign(key, made.message, mask=chance.randrange(1, key.public.modulus))
    signature = blind.finalize(key.public, prepared, signed, made.inverse)
    encoded = pow(int.from_bytes(signature, "big"), key.exponent, key.public.modulus)
    return made.message, signed, encoded, prepared, signature


def test_every_ballot_can_be_of_every_issuance(key: Private) -> None:
    """For each of 64 pairs there is a factor with which this very issuance gives this very ballot: the signer can't tell."""
    chance, modulus = random.Random(6), key.public.modulus
    issued = [_issue(key, bytes([number]) * 32, chance) for number in range(8)]
    explained = 0
    for blinded, signed, *_ in issued:
        for *_, encoded, prepared, signature in issued:
            # The factor that turns this blind signature into this signature, …
            factor = (
                int.from_bytes(signed, "big") * pow(int.from_bytes(signature, "big"), -1, modulus) % modulus
            )
            # … is the one that turns this ballot's message into this blinded message, and the signer's view is whole.
            assert encoded * pow(factor, key.exponent, modulus) % modulus == int.from_bytes(blinded, "big")
            inverse = pow(factor, -1, modulus)
            assert blind.finalize(key.public, prepared, signed, inverse) == signature
            explained += 1
    assert explained == 64


def test_a_signature_of_another_key_is_none(key: Private) -> None:
    *_, prepared, signature = _issue(key, b"x" * 32, random.Random(1))
    assert not blind.verify(blind.generate(SHORT).public, prepared, signature)
    assert not blind.verify(key.public, prepared, signature[:-1])
    assert not blind.verify(key.public, prepared, bytes(key.public.size))


def test_both_kinds_of_integers_sign_alike(key: Private) -> None:
    chance = random.Random(2)
    for _ in range(5):
        message = chance.randrange(key.public.modulus).to_bytes(key.public.size, "big")
        made = {
            blind.blind_sign(key, message, mask=chance.randrange(1, 1 << 1000), by=kind) for kind in KINDS
        }
        assert len(made) == 1


def test_what_is_no_number_below_the_modulus_is_not_signed(key: Private) -> None:
    for wrong in (b"", key.public.raw, b"\xff" * key.public.size, bytes(key.public.size + 1)):
        with pytest.raises(BadBlinding):
            blind.blind_sign(key, wrong, mask=5)


def test_a_fault_in_the_arithmetic_gives_no_signature(key: Private) -> None:
    def slips(base: int, exponent: int, modulus: int) -> int:
        return pow(base, exponent, modulus) ^ (1 if modulus == key.p else 0)

    plain = integers.PLAIN
    faulty = Integers("faulty", plain.power, slips, plain.inverse)
    with pytest.raises(SigningFailed):
        blind.blind_sign(key, bytes(key.public.size - 1) + b"\7", mask=5, by=faulty)


def test_the_one_who_asks_finds_out_a_signer_that_cheats(key: Private) -> None:
    prepared = blind.prepare(b"y" * 32, bytes(32))
    made = blind.blind(key.public, prepared, salt=bytes(48), factor=12345)
    other = blind.blind_sign(key, (5).to_bytes(key.public.size, "big"), mask=9)
    with pytest.raises(BadBlinding):
        blind.finalize(key.public, prepared, other, made.inverse)
    with pytest.raises(BadBlinding):
        blind.blind(key.public, prepared, salt=bytes(48), factor=key.p)


def test_a_key_comes_back_from_its_bytes(key: Private) -> None:
    assert Private.of(key.raw) == key and Public.of(key.public.raw) == key.public
