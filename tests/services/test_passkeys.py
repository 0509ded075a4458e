"""Passkeys: a key made for this site answers a question of this site, once; nothing else does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from app.crypto import passkeys
from app.crypto.passkeys import Key, NotProven, Site

SITE = Site("scan.example", "https://scan.example")
FLAGS = AuthenticatorData.FLAG


@dataclass
class Authenticator:
    """A key in software; `count` is what it says of how often it was used."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0

    def makes(self, challenge: bytes, at: Site = SITE) -> str:
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AuthenticatorData.create(
            sha256(at.host.encode()),
            FLAGS.UP | FLAGS.UV | FLAGS.AT,
            self.count,
            AttestedCredentialData.create(Aaguid.NONE, self.credential, public),
        )
        said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, challenge, at.origin)
        made = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=said, attestationObject=made)

    def answers(self, challenge: bytes, at: Site = SITE, flags: int = FLAGS.UP) -> str:
        self.count += 1 if self.count else 0
        data = AuthenticatorData.create(sha256(at.host.encode()), flags, self.count)
        said = CollectedClientData.create(CollectedClientData.TYPE.GET, challenge, at.origin)
        signature = self.private.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _answer(self, **parts: bytes) -> str:
        name = websafe_encode(self.credential)
        response = {key: websafe_encode(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def kept(one: Authenticator) -> Key:
    challenge = secrets.token_bytes(32)
    return passkeys.made(SITE, challenge=challenge, answer=one.makes(challenge))


def takes(key: Key, answer: str, challenge: bytes) -> Key | None:
    try:
        return passkeys.proven(SITE, challenge=challenge, known=[key], answer=answer)
    except NotProven:
        return None


def test_a_key_answers_the_question_it_was_asked_and_no_other() -> None:
    one, first, second = Authenticator(), secrets.token_bytes(32), secrets.token_bytes(32)
    key = kept(one)
    answer = one.answers(first)
    assert takes(key, answer, first) == key
    assert takes(key, answer, second) is None
    assert takes(key, Authenticator(credential=one.credential).answers(first), first) is None, "another key"
    assert takes(key, Authenticator().answers(first), first) is None, "a stranger's"


@pytest.mark.parametrize(
    "elsewhere",
    [
        Site("scan.example", "http://scan.example"),
        Site("scan.example", "https://evil.scan.example"),
        Site("scan.example", "https://scan.example:8443"),
        Site("evil.example", "https://scan.example"),
        Site("evil.example", "https://evil.example"),
    ],
)
def test_what_another_page_got_out_of_somebody_is_worth_nothing(elsewhere: Site) -> None:
    one, challenge = Authenticator(), secrets.token_bytes(32)
    key = kept(one)
    assert takes(key, one.answers(challenge, elsewhere), challenge) is None
    with pytest.raises(NotProven):
        passkeys.made(SITE, challenge=challenge, answer=one.makes(challenge, elsewhere))


def test_somebody_must_have_been_there() -> None:
    one, challenge = Authenticator(), secrets.token_bytes(32)
    assert takes(kept(one), one.answers(challenge, flags=FLAGS.UV), challenge) is None


def test_a_count_that_goes_back_is_a_copied_key() -> None:
    one, challenge = Authenticator(count=5), secrets.token_bytes(32)
    key = kept(one)
    assert key.count == 5
    used = takes(key, one.answers(challenge), challenge)
    assert used is not None and used.count == 6
    copy = Authenticator(one.private, one.credential, count=5)
    assert takes(used, copy.answers(challenge), challenge) is None
    assert takes(used, one.answers(challenge), challenge) is not None


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://scan.example", SITE),
        ("http://localhost:8000", Site("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
        ("", None),
    ],
)
def test_passkeys_need_a_host_name(address: str, site: Site | None) -> None:
    assert passkeys.site(address) == site
