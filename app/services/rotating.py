"""Renewing a vault's key: an open vault enters, the same with another key leaves, which nobody has who was taken out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from app.core.access import Actor, Role, check
from app.core.refusal import Refused
from app.crypto import vault as sealing
from app.crypto.vault import Pair, fingerprint
from app.services import keeping
from app.services.keeping import OpenVault
from app.services.unlocking import APART_FROM_VAULT
from app.storage.database import Store
from app.storage.office import accounts, audit, vaults
from app.storage.office.accounts import Account
from app.storage.office.sign_ins import Session
from app.storage.office.vaults import AdviserKey, Vault, VaultKey

Held = tuple[VaultKey, Account, AdviserKey | None, frozenset[Role]]
Resealer = Callable[[Store, int, list[bytes], bytes], None]

RESEALERS: list[Resealer] = []
"""What is sealed to a vault outside the table `sealed` is sealed anew by these, after the new key was stored. Each gets the
store, the organisation, the private keys that may open it (the newest first), and the new public key. One that fails or comes
too late loses nothing: `keeping.keys` gives the earlier private keys with the new one."""


def may_hold(who: Account, roles: frozenset[Role]) -> bool:
    """Whether somebody may be in a vault: an active adviser without a role that leads, plans or runs here."""
    return who.active and Role.ADVISER in roles and not roles & APART_FROM_VAULT


def is_due(row: Vault, held: Iterable[Held]) -> bool:
    """Whether somebody who held the key no longer may."""
    return row.confirmed and (row.stale or any(not may_hold(who, roles) for _, who, _, roles in held))


def rotate_if_due(store: Store, opened: OpenVault, *, by: Actor, now: datetime) -> bool:
    """Renew the key when somebody who held it no longer may. Whether it did; raises as `rotate`."""
    with store.reading() as session:
        row = vaults.vault(session, opened.organisation)
        due = row is not None and is_due(row, vaults.holders(session, opened.organisation))
    if due:
        rotate(store, opened, by=by, now=now)
    return due


def rotate(store: Store, opened: OpenVault, *, by: Actor, now: datetime) -> OpenVault:
    """A new key pair for the vault, everything in it sealed anew, and the key sealed to who may be in it.

    Only to keys whose admission can be proven: a public key that was put in the database by other means gets nothing.
    Raises NotAllowed, or Refused("key-changed") when it was renewed meanwhile, with nothing changed.
    """
    check("keep-signals", by)
    pair, before = Pair.of(secrets.token_bytes(sealing.KEY_BYTES)), Pair.of(opened.private)
    renewed = OpenVault(opened.organisation, opened.account, pair.private)
    with store.office() as session:
        row = vaults.vault(session, opened.organisation)
        if row is None or row.public != before.public:
            raise Refused("key-changed", "the key of this vault was renewed meanwhile; open it again")
        _seal_anew(session, opened, pair.public)
        keeping_body = [before.private]
        row.public, row.generation, row.stale = pair.public, row.generation + 1, False
        session.flush()
        keeping.keep(session, organisation=opened.organisation, kind=keeping.EARLIER_KEY, bodies=keeping_body)
        _hand_out(session, opened, pair.private)
        earlier = keeping.keys(session, renewed)
        audit.record(session, by=by, now=now, act="renew-vault-key", detail=fingerprint(pair.public))
    for reseal in RESEALERS:
        reseal(store, opened.organisation, earlier, pair.public)
    return renewed


def unread(store: Store, opened: OpenVault, *, by: Actor) -> int:
    """How many things in this vault don't open: put there by other means than the program, or damaged. Raises NotAllowed."""
    check("keep-signals", by)
    with store.reading() as session:
        return keeping.unread(session, opened)


def key_for(private: bytes, organisation: int, account: int, public: bytes) -> VaultKey:
    """The vault's private key sealed to this adviser, with the proof that somebody who has it did so."""
    proof = sealing.proof_of_admission(private, organisation=organisation, account=account, public=public)
    return VaultKey(
        organisation_id=organisation, account_id=account, sealed=sealing.seal(public, private), proof=proof
    )


def take_key(session: Session, organisation: int, account: int) -> None:
    """Take somebody out of a vault whose own key is gone; who stays renews the vault's key at the next unlocking."""
    vaults.drop_key(session, organisation, account)
    vaults.ask_no_more(session, organisation, account)
    row = vaults.vault(session, organisation)
    if row is not None:
        row.stale = True


def roles_changed(session: Session, organisation: int, account: int) -> None:
    """After a change of roles: take somebody out who may not be in the vault any more.

    The last key is kept: it opens nothing without the role, and without it every card would be lost by one click.
    """
    held = vaults.holders(session, organisation)
    if not any(
        may_hold(who, roles) for who, roles in accounts.members(session, organisation) if who.id == account
    ):
        vaults.ask_no_more(session, organisation, account)
    stays = any(may_hold(who, roles) for _, who, _, roles in held if who.id != account)
    gone = any(not may_hold(who, roles) for _, who, _, roles in held if who.id == account)
    if gone and stays:
        take_key(session, organisation, account)


def _seal_anew(session: Session, opened: OpenVault, public: bytes) -> None:
    """Everything, under its own random key. What doesn't open with the key of now stays as it is."""
    keeping.check_key(session, opened)
    rows = vaults.everything(session, opened.organisation)
    by_kind: dict[str, dict[bytes, bytes]] = {}
    for row in rows:
        body = keeping.opens(opened.private, row.body)
        by_kind.setdefault(row.kind, {})[row.key] = row.body if body is None else sealing.seal(public, body)
    until = {row.key: row.until for row in rows if row.until is not None}
    vaults.empty(session, opened.organisation)
    for kind, sealed in by_kind.items():
        vaults.put(session, opened.organisation, kind, sealed, until)


def _hand_out(session: Session, opened: OpenVault, private: bytes) -> None:
    for held, who, key, roles in vaults.holders(session, opened.organisation):
        session.delete(held)
        session.flush()
        proven = key is not None and sealing.is_admitted(
            held.proof,
            opened.private,
            organisation=opened.organisation,
            account=who.id,
            public=key.public,
        )
        if key is not None and proven and may_hold(who, roles):
            fresh = key_for(private, opened.organisation, who.id, key.public)
            # Which key each adviser knew; the earlier keys inside show that this one came after it.
            fresh.known = held.known
            session.add(fresh)
    session.flush()
