"""Passkeys (WebAuthn): a site and a challenge enter, what the browser is asked leaves; its answer enters, a proven key leaves.

The library is loaded at first use: most visits never need it.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from fido2.server import Fido2Server

CHALLENGE_BYTES = 32
MOST_ANSWER = 20_000
MOST_CREDENTIAL = 1023


class NotProven(Exception):
    """This answer proves nothing: another challenge, site or key, a copied key, or no answer at all."""


@dataclass(frozen=True)
class Site:
    """Where passkeys are made and used: the host name they belong to, and the only origin they are taken from."""

    host: str
    origin: str


@dataclass(frozen=True)
class Key:
    """The public half of a passkey, and how often it says it was used (0: it doesn't count)."""

    credential: bytes
    public: bytes
    count: int


def site(address: str) -> Site | None:
    """The site of an address such as https://scan.example; None for none or a bare IP address, which have no passkeys."""
    parts = urlsplit(address)
    if not parts.hostname or _is_ip(parts.hostname):
        return None
    return Site(parts.hostname, f"{parts.scheme}://{parts.netloc}")


def creation(
    at: Site, *, account: int, secret: bytes, email: str, name: str, challenge: bytes, known: Iterable[bytes]
) -> dict[str, Any]:
    """What the browser is asked to make a passkey with, ready for JSON. `known`: credentials the account has already."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    # Says nothing of the account to whoever finds the authenticator, and is the same for each of its passkeys.
    handle = hmac.digest(secret, b"weerklank passkey user 1\0" + str(account).encode(), "sha256")[:16]
    options, _state = _server(at).register_begin(
        PublicKeyCredentialUserEntity(name=email, id=handle, display_name=name or email),
        credentials=_descriptors(known),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge,
    )
    return dict(options)


def made(at: Site, *, challenge: bytes, answer: str) -> Key:
    """The new passkey. Raises NotProven."""
    from fido2 import cbor

    try:
        data = _server(at).register_complete(_state(challenge), _read(answer))
    except NotProven:
        raise
    except Exception as error:  # the library raises what its parsers happen to raise on what a stranger sends
        raise NotProven from error
    found = data.credential_data
    if found is None or not 0 < len(found.credential_id) <= MOST_CREDENTIAL:
        raise NotProven
    return Key(bytes(found.credential_id), cbor.encode(dict(found.public_key)), data.counter)


def request(at: Site, *, challenge: bytes, known: Iterable[bytes]) -> dict[str, Any]:
    """What the browser is asked to prove one of these passkeys with, ready for JSON."""
    from fido2.webauthn import UserVerificationRequirement

    options, _state = _server(at).authenticate_begin(
        _descriptors(known),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge,
    )
    return dict(options)


def proven(at: Site, *, challenge: bytes, known: Iterable[Key], answer: str) -> Key:
    """The passkey that answered, with its new count. Raises NotProven, also for a count that went back: a copied key."""
    from fido2.webauthn import AuthenticationResponse

    keys = {key.credential: key for key in known}
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        found = _server(at).authenticate_complete(
            _state(challenge), [_attested(key) for key in keys.values()], response
        )
        count = int(response.response.authenticator_data.counter)
    except NotProven:
        raise
    except Exception as error:  # as above
        raise NotProven from error
    key = keys[bytes(found.credential_id)]
    if (count or key.count) and count <= key.count:
        raise NotProven
    return Key(key.credential, key.public, count)


def _server(at: Site) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    party = PublicKeyCredentialRpEntity(name="Weerklank", id=at.host)
    return Fido2Server(party, verify_origin=lambda origin: origin == at.origin)


def _descriptors(known: Iterable[bytes]) -> list[Any]:
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each) for each in known]


def _attested(key: Key) -> Any:
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.webauthn import Aaguid, AttestedCredentialData

    public: Any = cbor.decode(key.public)
    return AttestedCredentialData.create(Aaguid.NONE, key.credential, CoseKey.parse(public))


def _state(challenge: bytes) -> dict[str, Any]:
    from fido2.utils import websafe_encode

    return {"challenge": websafe_encode(challenge), "user_verification": None}


def _read(answer: str) -> dict[str, Any]:
    if not 0 < len(answer) <= MOST_ANSWER:
        raise NotProven
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise NotProven from error
    if not isinstance(found, dict):
        raise NotProven
    return found


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
