"""Signalling: cards enter the vault sealed, locked or not; with the vault open they come out, are changed and removed.

No card leaves a row in the audit log: when an adviser keeps one is nobody's business, and would order them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.core.signals import choices as choosing
from app.core.signals.broad import broad_tree
from app.core.signals.card import Card, encode
from app.core.signals.choices import Choices
from app.core.units import Tree
from app.crypto.vault import fingerprint
from app.services import keeping
from app.services.keeping import OpenVault
from app.storage.database import Session, Store
from app.storage.office import scans, vaults

ACT = "keep-signals"
OPENED = (State.OPEN, State.SEALED, State.RELEASED, State.ARCHIVED)


@dataclass(frozen=True)
class Entry:
    """A card with the random key it is kept under until it is next changed."""

    key: bytes
    card: Card

    @property
    def id(self) -> str:
        return self.key.hex()


@dataclass(frozen=True)
class Places:
    """Where a card may be about: `tree` has the organisation and its broad units, None before a scan was opened; `names`
    those that cards ever could name."""

    tree: Tree | None
    names: Mapping[str, str]

    @property
    def people(self) -> int | None:
        """In the organisation, as the newest opened scan has it."""
        return self.tree.root.headcount if self.tree else None


def add(store: Store, *, card: Card, by: Actor) -> None:
    """Needs no open vault. Raises BadCard when it doesn't fit, Refused("no-vault", "not-admitted"), NotAllowed."""
    check(ACT, by)
    body = encode(card)
    with store.office() as session:
        _check_inside(session, by)
        keeping.keep(session, organisation=by.organisation, kind=keeping.CARD, bodies=[body])


def cards(store: Store, *, opened: OpenVault, by: Actor) -> tuple[Entry, ...]:
    """All of one organisation: the newest quarter first, then by nickname, as nothing tells which was kept first."""
    _check(opened, by)
    with store.reading() as session:
        entries = [Entry(key, card) for key, card in keeping.cards(session, opened).items()]
    return tuple(
        sorted(
            entries, key=lambda one: (-one.card.quarter.index, one.card.nickname, one.card.continues, one.key)
        )
    )


def find(entries: Iterable[Entry], id: str) -> Entry:
    """Raises Refused("no-card"): it was changed or removed meanwhile."""
    found = next((one for one in entries if one.id == id), None)
    if found is None:
        raise Refused("no-card", "this card was changed or removed meanwhile; open the list anew")
    return found


def change(store: Store, *, key: bytes, card: Card, opened: OpenVault, by: Actor) -> None:
    """Put another card in the place of one, under a new key. Raises BadCard, Refused("no-card")."""
    change_all(store, changed={key: card}, opened=opened, by=by)


def change_all(store: Store, *, changed: dict[bytes, Card], opened: OpenVault, by: Actor) -> None:
    """The same for several at once."""
    _check(opened, by)
    bodies = {key: encode(card) for key, card in changed.items()}
    with store.office() as session:
        _present(session, opened, bodies)
        keeping.change(session, opened, kind=keeping.CARD, bodies=bodies)


def remove(store: Store, *, key: bytes, opened: OpenVault, by: Actor) -> None:
    """Raises Refused("no-card")."""
    _check(opened, by)
    with store.office() as session:
        _present(session, opened, [key])
        keeping.forget(session, opened, kind=keeping.CARD, keys=[key])


def choices(
    store: Store, *, themes: Mapping[str, Mapping[str, str]], opened: OpenVault, by: Actor
) -> Choices:
    """What this organisation chooses from; `themes` are the standard ones, as surveys/themes.toml has them."""
    _check(opened, by)
    with store.reading() as session:
        kept = keeping.read(session, opened, keeping.CHOICES, lambda body: choosing.decode(body, themes))
    # Two advisers who save in the same moment leave two; the fuller one then stands.
    return max(
        kept.values(),
        key=lambda one: (len(one.themes) + len(one.categories), repr(one)),
        default=choosing.standard(themes),
    )


def choose(store: Store, *, choices: Choices, opened: OpenVault, by: Actor) -> None:
    """Put other choices in the place of what was kept; cards keep their ids."""
    _check(opened, by)
    with store.office() as session:
        keys = [key for key, _ in vaults.every(session, opened.organisation, keeping.CHOICES)]
        keeping.forget(session, opened, kind=keeping.CHOICES, keys=keys)
        keeping.keep(
            session, organisation=opened.organisation, kind=keeping.CHOICES, bodies=[choosing.encode(choices)]
        )


def places(store: Store, *, by: Actor) -> Places:
    """From the plans of scans that were opened; none of this is in the vault."""
    check(ACT, by)
    with store.reading() as session:
        rows = [row for row in scans.of_organisation(session, by.organisation) if State(row.state) in OPENED]
    trees = [broad_tree(plan) for row in rows if (plan := row.settings) is not None]
    names = {unit.code: unit.name for tree in reversed(trees) for unit in tree.units}
    return Places(trees[0] if trees else None, names)


def _present(session: Session, opened: OpenVault, keys: Iterable[bytes]) -> None:
    kept = {key for key, _ in vaults.every(session, opened.organisation, keeping.CARD)}
    if not set(keys) <= kept:
        raise Refused("no-card", "this card was changed or removed meanwhile; open the list anew")


def sealed_to(store: Store, *, by: Actor) -> str:
    """The fingerprint of what a card would be sealed to now. Raises Refused: no-vault, vault-unconfirmed, not-admitted."""
    check(ACT, by)
    with store.reading() as session:
        return fingerprint(_check_inside(session, by).public)


def _check_inside(session: Session, by: Actor) -> vaults.Vault:
    """Nobody adds to a vault of others: it may be another one than the adviser thinks, made in their absence."""
    found = vaults.vault(session, by.organisation)
    if found is None:
        raise Refused("no-vault", "this organisation has no vault yet; an adviser makes it first")
    if not found.confirmed:
        raise Refused("vault-unconfirmed", "the works council has not confirmed this vault yet")
    if by.account is None or vaults.key_of(session, by.organisation, by.account) is None:
        raise Refused("not-admitted", "another adviser must let you into this vault first")
    return found


def _check(opened: OpenVault, by: Actor) -> None:
    check(ACT, by)
    if opened.organisation != by.organisation:
        raise Refused("other-vault", "this vault is of another organisation")
