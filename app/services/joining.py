"""Who is in a vault: an adviser's key and its fingerprint enter, the vault's key sealed to it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.access import Actor, Role, check
from app.core.refusal import Refused
from app.crypto.vault import Pair, fingerprint, typed_fingerprint
from app.services import rotating, safeguarding, unlocking
from app.services.keeping import OpenVault
from app.services.unlocking import APART_FROM_VAULT, check_apart
from app.storage.database import Store
from app.storage.office import accounts, audit, vaults
from app.storage.office.accounts import Account


@dataclass(frozen=True)
class Member:
    """Somebody in a vault, or asking to be let in."""

    account: int
    name: str
    own: bool


@dataclass(frozen=True)
class Standing:
    """What an adviser sees of a vault without opening it."""

    has_key: bool
    code_confirmed: bool
    own_fingerprint: str
    """Of the unlocked key, and "" while it is locked: what the database says could have been put there by others."""
    exists: bool
    made_by_me: bool
    confirmed: bool
    fingerprint: str
    """Of the vault, as the unlocked key shows it."""
    lost: bool
    """There was a vault, which nobody can open any more."""
    changed: bool
    """The unlocked key isn't the one that stands in the database."""
    council: bool
    """The works council has an account here, so that a new vault can be confirmed."""
    apart: bool
    asked: bool
    inside: tuple[Member, ...]
    waiting: tuple[Member, ...]
    due: bool
    """Its key has to be renewed, because somebody who held it no longer may."""


def standing(store: Store, *, by: Actor, private: bytes | None = None) -> Standing:
    """`private` is the adviser's own key, while it is unlocked. Raises NotAllowed."""
    check("keep-signals", by)
    assert by.account is not None
    with store.reading() as session:
        key = vaults.adviser_key(session, by.account)
        row = vaults.vault(session, by.organisation)
        held = vaults.holders(session, by.organisation)
        waiting = vaults.asking(session, by.organisation)
        members = accounts.members(session, by.organisation)
        of_vault = unlocking.fingerprint_with(session, private, by) if private is not None else ""
    own = Pair.of(private).public if private is not None else None
    return Standing(
        has_key=key is not None,
        code_confirmed=key is not None and key.confirmed,
        own_fingerprint=fingerprint(own) if own is not None else "",
        exists=row is not None and bool(held),
        made_by_me=row is not None and row.made_by == by.account,
        confirmed=row is not None and row.confirmed,
        fingerprint=of_vault,
        lost=row is not None and not held,
        changed=own is not None and key is not None and key.public != own,
        council=any(who.active and Role.WORKS_COUNCIL in roles for who, roles in members),
        apart=bool(by.roles & APART_FROM_VAULT),
        asked=any(who.id == by.account for who, _ in waiting),
        inside=tuple(_member(who, by) for _, who, _, roles in held if rotating.may_hold(who, roles)),
        waiting=tuple(_member(who, by) for who, _ in waiting),
        due=row is not None and rotating.is_due(row, held),
    )


def ask(store: Store, *, by: Actor, now: datetime) -> None:
    """Ask to be let into the vault. Raises NotAllowed, or Refused: apart, no-key, code-unconfirmed, no-vault, admitted."""
    check("keep-signals", by)
    check_apart(by)
    assert by.account is not None
    with store.office() as session:
        key = safeguarding.confirmed_key(session, by)
        if vaults.vault(session, by.organisation) is None:
            raise Refused("no-vault", "this organisation has no vault yet; make it")
        if vaults.key_of(session, by.organisation, by.account) is not None:
            raise Refused("admitted", "you are in this vault already")
        vaults.ask(session, by.organisation, by.account)
        audit.record(session, by=by, now=now, act="ask-admission", detail=fingerprint(key.public))


def admit(store: Store, opened: OpenVault, *, account: int, typed: str, by: Actor, now: datetime) -> None:
    """Let a colleague in whose fingerprint was read out and typed; needs the open vault of who does it.

    Raises NotAllowed, or Refused: no-request, other-fingerprint, colleague-apart.
    """
    check("keep-signals", by)
    assert opened.organisation == by.organisation
    with store.office() as session:
        asked = {who.id: (who, key) for who, key in vaults.asking(session, by.organisation)}
        if account not in asked:
            raise Refused("no-request", "this colleague doesn't ask to be let in any more")
        who, key = asked[account]
        if not rotating.may_hold(who, accounts.roles(session, account, by.organisation)):
            raise Refused(
                "colleague-apart", "who has another role than adviser here can't be let into the vault"
            )
        row = vaults.vault(session, by.organisation)
        if row is None or row.public != Pair.of(opened.private).public:
            raise Refused("key-changed", "the key of this vault was changed meanwhile; open it again")
        if typed_fingerprint(typed) != fingerprint(key.public):
            raise Refused("other-fingerprint", "these are not the characters of this colleague's key")
        vaults.drop_key(session, by.organisation, account)
        session.add(rotating.key_for(opened.private, by.organisation, account, key.public))
        vaults.ask_no_more(session, by.organisation, account)
        audit.record(
            session, by=by, now=now, act="admit-adviser", detail=f"{who.email}: {fingerprint(key.public)}"
        )


def compare(store: Store, *, private: bytes, typed: str, by: Actor, now: datetime) -> None:
    """Before an adviser first opens a vault that a colleague let them into: its fingerprint, as somebody inside reads it out.

    Raises NotAllowed, or Refused: no-vault, vault-unconfirmed, apart, not-admitted, key-changed, other-vault-key.
    """
    check("keep-signals", by)
    with store.office() as session:
        opened = unlocking.admitted_with(session, private, by)
        if typed_fingerprint(typed) != fingerprint(Pair.of(opened.private).public):
            raise Refused("other-vault-key", "these are not the characters of this vault's key")
        unlocking.know(session, opened, private)
        audit.record(session, by=by, now=now, act="compare-vault")


def remove(store: Store, opened: OpenVault, *, account: int, by: Actor, now: datetime) -> OpenVault:
    """Take a colleague out and renew the key, so that theirs opens nothing any more. The vault as it is from now on.

    Raises NotAllowed, or Refused: not-inside, remove-self.
    """
    check("keep-signals", by)
    if account == by.account:
        raise Refused("remove-self", "you can't take yourself out; another adviser can")
    with store.office() as session:
        if vaults.key_of(session, opened.organisation, account) is None:
            raise Refused("not-inside", "this colleague is not in the vault any more")
        who = session.get(Account, account)
        vaults.drop_key(session, opened.organisation, account)
        row = vaults.vault(session, opened.organisation)
        assert row is not None and who is not None
        row.stale = True
        audit.record(session, by=by, now=now, act="remove-adviser", detail=who.email)
    return rotating.rotate(store, opened, by=by, now=now)


def _member(who: Account, by: Actor) -> Member:
    return Member(who.id, who.name or who.email, who.id == by.account)
