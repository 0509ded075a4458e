"""Keeping: what advisers keep goes into their vault sealed, and comes out only with its private key, for one request."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from app.core.refusal import Refused
from app.core.signals import retention
from app.core.signals.card import Card, decode
from app.crypto import vault as sealing
from app.storage.office import vaults
from app.storage.office.sign_ins import Session

CARD = "card"
CHOICES = "choices"
COMMENT = "comment"
COUNTS = "counts"
DRAFT = vaults.DRAFT
IMPORT = vaults.IMPORT
EARLIER_KEY = "earlier-key"
KEY_BYTES = 16
NO_SENSE = (ValueError, KeyError, TypeError, AttributeError)
T = TypeVar("T")


@dataclass(frozen=True)
class OpenVault:
    """A vault with its private key. It lives in one request, and is never written, queued, cached or logged."""

    organisation: int
    account: int
    private: bytes = field(repr=False)


def has_vault(session: Session, organisation: int) -> bool:
    """Whether there is one that takes things: the works council has confirmed its key."""
    found = vaults.vault(session, organisation)
    return found is not None and found.confirmed


def keep(session: Session, *, organisation: int, kind: str, bodies: Iterable[bytes]) -> list[bytes]:
    """Seal bodies to the vault, each under a new random key; works while it is locked. Gives the keys.

    Beside a card stands the last year in which it is kept, because what nobody opens must go too. Raises Refused("no-vault"), or
    Refused("vault-unconfirmed") until the works council has confirmed its key.
    """
    found = _vault(session, organisation)
    fresh = {secrets.token_bytes(KEY_BYTES): body for body in bodies}
    years = {key: _until(body, found.years) for key, body in fresh.items()} if kind == CARD else {}
    until = {key: year for key, year in years.items() if year is not None}
    sealed = {key: sealing.seal(found.public, body) for key, body in fresh.items()}
    vaults.put(session, organisation, kind, sealed, until)
    return list(sealed)


def kept(session: Session, opened: OpenVault, kind: str) -> dict[bytes, bytes]:
    """Key -> body of everything of one kind, in the order of the random keys. Raises crypto.vault.NotOpened for another key.

    What doesn't open was put there by other means than the program: it is passed over, stays as it is, and `unread` tells of it.
    """
    rows = vaults.every(session, opened.organisation, kind)
    try:
        bodies: list[bytes | None] = [*sealing.unseal_all(opened.private, [body for _, body in rows])]
    except sealing.NotOpened:
        check_key(session, opened)
        bodies = [opens(opened.private, body) for _, body in rows]
    return {key: body for (key, _), body in zip(rows, bodies, strict=True) if body is not None}


def cards(session: Session, opened: OpenVault) -> dict[bytes, Card]:
    """Key -> card."""
    return read(session, opened, CARD, decode)


def read(session: Session, opened: OpenVault, kind: str, decoded: Callable[[bytes], T]) -> dict[bytes, T]:
    """Key -> what a body of this kind says. Anybody can seal to a public key: what says nothing is passed over as well."""
    found: dict[bytes, T] = {}
    for key, body in kept(session, opened, kind).items():
        with suppress(*NO_SENSE):
            found[key] = decoded(body)
    return found


def unread(session: Session, opened: OpenVault) -> int:
    """How many things in this vault don't open with its key, or are no card where cards lie."""
    rows = vaults.everything(session, opened.organisation)
    bodies = ((row.kind, opens(opened.private, row.body)) for row in rows)
    return sum(body is None or (kind == CARD and _card(body) is None) for kind, body in bodies)


def check_key(session: Session, opened: OpenVault) -> None:
    """Raises crypto.vault.NotOpened unless this is the vault's key: with another one everything would seem to be gone."""
    found = vaults.vault(session, opened.organisation)
    if found is None or sealing.Pair.of(opened.private).public != found.public:
        raise sealing.NotOpened


def opens(private: bytes, body: bytes) -> bytes | None:
    """None when this key doesn't open it."""
    try:
        return sealing.unseal(private, body)
    except sealing.NotOpened:
        return None


def _card(body: bytes) -> Card | None:
    try:
        return decode(body)
    except NO_SENSE:
        return None


def change(session: Session, opened: OpenVault, *, kind: str, bodies: Mapping[bytes, bytes]) -> None:
    """Put other bodies in the place of what is kept; under new keys, so that nothing tells which was changed."""
    vaults.drop(session, opened.organisation, kind, bodies)
    keep(session, organisation=opened.organisation, kind=kind, bodies=bodies.values())


def forget(session: Session, opened: OpenVault, *, kind: str, keys: Iterable[bytes]) -> None:
    vaults.drop(session, opened.organisation, kind, keys)


def keys(session: Session, opened: OpenVault) -> list[bytes]:
    """This vault's private key and those of its earlier generations, for what was sealed elsewhere before the key was renewed."""
    return [opened.private, *kept(session, opened, EARLIER_KEY).values()]


def forget_kind(session: Session, *, organisation: int, kind: str) -> None:
    """Drop everything of one kind, unopened."""
    vaults.drop_kind(session, organisation, kind)


def _until(body: bytes, years: int) -> int | None:
    """None for what can't be read as a card: it is kept, and looked at when the vault is next opened."""
    card = _card(body)
    return None if card is None else retention.until(card.quarter, years)


def _vault(session: Session, organisation: int) -> vaults.Vault:
    found = vaults.vault(session, organisation, steady=True)
    if found is None:
        raise Refused("no-vault", "this organisation has no vault yet; an adviser makes it first")
    if not found.confirmed:
        raise Refused("vault-unconfirmed", "the works council has not confirmed this vault yet")
    return found
