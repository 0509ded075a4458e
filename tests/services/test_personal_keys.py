"""What hangs on the key of a scan: tokens, hashes, sealed addresses and signing keys, and the words of a fingerprint."""

from __future__ import annotations

import base64

import pytest

from app.crypto import personal
from app.crypto.vault import NotOpened

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_the_words_are_the_published_ones() -> None:
    # The examples of arXiv:0901.4016.
    raw = bytes([127, 0, 0, 1, 63, 84, 220, 193, 63, 118, 7, 35, 140, 98, 193, 141])
    made = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert personal.words(made) == "lusab-babad-gutih-tugad-gutuk-bisog-mudof-sakat"


def test_a_token_is_of_one_address_scan_generation_and_key() -> None:
    key = personal.derived(KEY, personal.MAILING)
    made = {
        personal.token(key, "a", bytes(16), 0),
        personal.token(key, "b", bytes(16), 0),
        personal.token(key, "a", bytes(15) + b"1", 0),
        personal.token(key, "a", bytes(16), 1),
        personal.token(personal.derived(KEY, personal.SIGNING), "a", bytes(16), 0),
    }
    assert len(made) == 5 and all(personal.is_token(one) for one in made)
    assert personal.token(key, "a", bytes(16), 0) in made


def test_addresses_and_signing_keys_are_nothing_without_the_key() -> None:
    mailing, signing = (personal.derived(KEY, use) for use in (personal.MAILING, personal.SIGNING))
    sealed = personal.seal_address(mailing, "ans@example.org", bytes(personal.NONCE_BYTES))
    assert personal.unseal_address(mailing, sealed) == "ans@example.org"
    with pytest.raises(NotOpened):
        personal.unseal_address(personal.derived(OTHER, personal.MAILING), sealed)
    private = personal.seal_signing_key(signing, b"primes", bytes(personal.NONCE_BYTES))
    assert personal.unseal_signing_key(signing, private) == b"primes"
    with pytest.raises(NotOpened):
        personal.unseal_signing_key(mailing, private)


def test_no_two_hashes_of_a_link_are_alike() -> None:
    token = personal.token(KEY, "a", bytes(16), 0)
    made = {personal.invitation_mark(token), personal.blinded_mark(token.encode())}
    made |= {personal.spent_mark("a", token.encode()), personal.spent_mark("b", token.encode())}
    assert len(made) == 4


def test_everything_secret_of_a_link_stands_behind_the_hash() -> None:
    link = personal.link("https://x.example", "abc", "token", 3, "finger")
    assert link == "https://x.example/u/abc/#token.3.finger"
