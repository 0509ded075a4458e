"""The first adviser of an organisation makes its vault; the works council compares its fingerprint before it takes anything."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.crypto import vault as sealing
from app.crypto.vault import Pair, fingerprint, typed_fingerprint
from app.services import resealing, rotating, safeguarding, unlocking
from app.services.keeping import OpenVault
from app.services.unlocking import check_apart
from app.storage.database import Store
from app.storage.office import audit, vaults
from app.storage.office.accounts import Account
from app.storage.office.sign_ins import Session
from app.storage.office.vaults import Vault


@dataclass(frozen=True)
class Founded:
    """A vault as the works council sees it: who made it, whether it was confirmed, and who can open it."""

    maker: str
    confirmed: bool
    fingerprint: str
    holders: tuple[str, ...]
    own: bool
    """Made by who looks, so that somebody else has to confirm it."""


def found(store: Store, *, private: bytes, by: Actor, now: datetime) -> str:
    """Make the vault of this organisation, closed to everybody until it is confirmed. Returns its fingerprint.

    `private` is the adviser's own key: what the database says of it could have been put there by others.
    Where an earlier one has no holder left it takes its place, and what was in that is destroyed: nobody could open it.
    Raises NotAllowed, or Refused: apart, no-key, code-unconfirmed, own-key-changed, has-vault.
    """
    check("keep-signals", by)
    check_apart(by)
    pair = Pair.of(secrets.token_bytes(sealing.KEY_BYTES))
    with store.office() as session:
        safeguarding.check_own(session, private, by)
        row = vaults.vault(session, by.organisation)
        if row is not None and vaults.holders(session, by.organisation):
            raise Refused("has-vault", "this organisation has a vault already; ask to be let in")
        if row is None:
            row = Vault(organisation_id=by.organisation, generation=0, public=pair.public)
            session.add(row)
        vaults.empty(session, by.organisation)
        row.generation += 1
        row.public, row.made_by, row.confirmed, row.stale = pair.public, by.account, False, False
        session.flush()
        assert by.account is not None
        own = Pair.of(private).public
        session.add(rotating.key_for(pair.private, by.organisation, by.account, own))
        unlocking.know(session, OpenVault(by.organisation, by.account, pair.private), private)
        vaults.ask_no_more(session, by.organisation, by.account)
        audit.record(session, by=by, now=now, act="make-vault", detail=fingerprint(pair.public))
    return fingerprint(pair.public)


def founded(store: Store, *, by: Actor) -> Founded | None:
    """What the works council has before it. Raises NotAllowed."""
    check("admit-first-adviser", by)
    with store.reading() as session:
        row = vaults.vault(session, by.organisation)
        if row is None:
            return None
        maker = session.get(Account, row.made_by) if row.made_by is not None else None
        held = vaults.holders(session, by.organisation)
    return Founded(
        maker=(maker.name or maker.email) if maker is not None else "",
        confirmed=row.confirmed,
        fingerprint=fingerprint(row.public),
        holders=tuple(who.name or who.email for _, who, _, roles in held if rotating.may_hold(who, roles)),
        own=row.made_by == by.account,
    )


def confirm(store: Store, *, typed: str, by: Actor, now: datetime) -> None:
    """The works council types the fingerprint that the adviser reads out, from an account of its own.

    Raises NotAllowed, or Refused: no-vault, vault-confirmed, own-vault, other-fingerprint.
    """
    check("admit-first-adviser", by)
    with store.office() as session:
        row = _unconfirmed(session, by)
        if typed_fingerprint(typed) != fingerprint(row.public):
            raise Refused("other-fingerprint", "these are not the characters of this vault's key")
        row.confirmed = True
        audit.record(session, by=by, now=now, act="confirm-vault", detail=fingerprint(row.public))
    resealing.seal_plain(store, by.organisation)


def refuse(store: Store, *, by: Actor, now: datetime) -> None:
    """Throw an unconfirmed vault away: whoever made it is not the adviser the works council knows. Raises as `confirm`."""
    check("admit-first-adviser", by)
    with store.office() as session:
        row = _unconfirmed(session, by)
        for held, *_ in vaults.holders(session, by.organisation):
            session.delete(held)
        audit.record(session, by=by, now=now, act="refuse-vault", detail=fingerprint(row.public))
        session.flush()
        session.delete(row)


def give_up(store: Store, *, by: Actor, now: datetime) -> None:
    """Let a vault go that no adviser here can open any more, so that a new one can be made.

    Raises NotAllowed, or Refused: no-vault, still-held.
    """
    check("admit-first-adviser", by)
    with store.office() as session:
        if vaults.vault(session, by.organisation) is None:
            raise Refused("no-vault", "this organisation has no vault")
        held = vaults.holders(session, by.organisation)
        if any(rotating.may_hold(who, roles) for _, who, _, roles in held):
            raise Refused("still-held", "an adviser of this organisation can still open this vault")
        for key, *_ in held:
            session.delete(key)
        audit.record(session, by=by, now=now, act="give-up-vault")


def _unconfirmed(session: Session, by: Actor) -> Vault:
    row = vaults.vault(session, by.organisation)
    if row is None:
        raise Refused("no-vault", "this organisation has no vault yet")
    if row.confirmed:
        raise Refused("vault-confirmed", "this vault was confirmed already")
    if row.made_by == by.account:
        raise Refused(
            "own-vault", "who made the vault can't confirm it; another member of the works council can"
        )
    return row
