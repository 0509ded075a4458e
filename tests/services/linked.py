"""A scan with personal links on real databases, and people who take part by one, as a browser does it; for tests."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field

from flask import Flask

from app.core import manifest
from app.crypto import blind, personal
from app.crypto.blind import Blinded, Public
from app.services import certifying, responding, stamping
from app.services.certifying import Served
from app.storage import invitations
from tests.services.journeys import NOW, TODAY, UNITS, Place, an_open_scan


def a_linked_scan(app: Flask, *, units: str = UNITS, **more: object) -> Place:
    """Open, with its keys and manifest made."""
    place = an_open_scan(app, units=units, way="personal-links", **more)  # type: ignore[arg-type]
    certify(app, place)
    return place


def certify(app: Flask, place: Place) -> None:
    pages = app.extensions["personal_pages"]
    certifying.certify(place.store, scan=place.scan, pages=pages, by=place.command_line, now=NOW)


def served(place: Place) -> Served:
    found = certifying.served(place.store, place.scan)
    assert found is not None
    return found


def invite(place: Place, number: int, stratum: int = 0) -> list[str]:
    """So many new tokens, without an address behind them."""
    tokens = [manifest.text(secrets.token_bytes(16)) for _ in range(number)]
    with place.store.issuing() as connection:
        marks = (personal.invitation_mark(token) for token in tokens)
        invitations.put_invitations(connection, place.scan, stratum, marks)
    return tokens


@dataclass
class Visitor:
    """Somebody's browser: makes a nonce and a prefix, blinds them under the manifest's key, and sends answers with the stamp."""

    place: Place
    token: str
    stratum: int = 0
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    prefix: bytes = field(default_factory=lambda: secrets.token_bytes(blind.PREFIX_BYTES))
    signature: bytes = b""

    def __post_init__(self) -> None:
        modulus = self.public.modulus
        self.blinded: Blinded = blind.blind(
            self.public, self.message, salt=secrets.token_bytes(blind.SALT_BYTES), factor=secrets.randbelow(modulus - 2) + 1
        )  # fmt: skip

    @property
    def public(self) -> Public:
        return served(self.place).keys[self.stratum]

    @property
    def message(self) -> bytes:
        return blind.prepare(self.nonce, self.prefix)

    def ask(self, today: object = TODAY) -> stamping.Answer:
        return stamping.stamp(
            self.place.store, scan=self.place.scan, token=self.token, stratum=self.stratum,
            blinded=self.blinded.message, today=today,  # type: ignore[arg-type]
        )  # fmt: skip

    def start(self) -> Visitor:
        answer = self.ask()
        assert isinstance(answer, stamping.Stamped), answer
        self.signature = blind.finalize(self.public, self.message, answer.signature, self.blinded.inverse)
        return self

    def send(self, values: dict[str, str]) -> responding.Answer:
        signed = responding.Signed(manifest.text(self.nonce), self.prefix, self.signature, self.stratum)
        return responding.submit_signed(self.place.store, scan=self.place.scan, signed=signed, values=values)

    def take_part(self, chance: random.Random | None = None) -> responding.Answer:
        return self.start().send(self.place.answers((chance or random.Random(1)).randrange(1 << 30)))
