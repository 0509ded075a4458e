"""Unlocking: a passphrase enters, half a key for the cookie leaves; both halves together open a vault for one request.

The adviser's private key lies in the database under a random key that only the cookie holds. Neither half opens anything alone.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from app.core.access import Actor, Role, check
from app.core.refusal import Refused
from app.crypto import vault as sealing
from app.crypto.vault import Effort, NotOpened
from app.services.keeping import EARLIER_KEY, OpenVault, kept
from app.services.signing_in import mark
from app.services.throttling import count_try, forgive
from app.storage.database import Store
from app.storage.office import vaults
from app.storage.office.sign_ins import Session
from app.storage.office.vaults import AdviserKey, Unlocked

IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
TRY = "passphrase"
# Who leads, plans or runs the server must not read what advisers hear.
APART_FROM_VAULT = frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR})


def unlock(store: Store, *, token: str, passphrase: str, by: Actor, now: datetime) -> bytes:
    """The half for the cookie, 32 bytes; the other half is kept with this sign-in.

    Raises NotAllowed, or Refused: no-key, wrong-passphrase, throttled.
    """
    check("keep-signals", by)
    private = private_key(store, passphrase=passphrase, by=by, now=now)
    half = secrets.token_bytes(sealing.KEY_BYTES)
    wrapped = sealing.wrap(private, half, nonce=secrets.token_bytes(sealing.NONCE_BYTES))
    with store.office() as session:
        vaults.end_idle(session, now - IDLE)
        vaults.end_unlocked(session, mark(token))
        session.add(Unlocked(sign_in=mark(token), wrapped=wrapped, seen_at=now))
        forgive(session, TRY, str(by.account))
    return half


def has_key(session: Session, by: Actor) -> bool:
    """Whether this adviser has chosen a passphrase."""
    return by.account is not None and vaults.adviser_key(session, by.account) is not None


def private_key(store: Store, *, passphrase: str, by: Actor, now: datetime) -> bytes:
    """The adviser's own private key. Raises Refused: no-key, wrong-passphrase, throttled."""
    with store.reading() as session:
        key = _key(session, by)
    count_try(store, TRY, str(by.account), now)
    try:
        return sealing.unlock(
            key.locked, passphrase, salt=key.salt, effort=Effort(key.operations, key.memory)
        )
    except NotOpened:
        raise Refused("wrong-passphrase", "this is not the passphrase of your vaults") from None


def lock(store: Store, *, token: str) -> None:
    with store.office() as session:
        vaults.end_unlocked(session, mark(token))


def private_of(store: Store, *, token: str, half: bytes | None, now: datetime) -> bytes:
    """The private key of an unlocked adviser, from both halves. Raises Refused("locked"), also after 30 idle minutes."""
    key = mark(token)
    with store.reading() as session:
        row = vaults.unlocked(session, key)
    if row is None or half is None:
        raise _locked()
    if now - row.seen_at >= IDLE:
        lock(store, token=token)
        raise _locked()
    try:
        private = sealing.unwrap(row.wrapped, half)
    except NotOpened:
        raise _locked() from None
    if now - row.seen_at >= NOTED_EVERY:
        with store.office() as session:
            still = vaults.unlocked(session, key)
            if still is None:
                raise _locked()
            still.seen_at = now
    return private


def open_vault(store: Store, *, token: str, half: bytes | None, by: Actor, now: datetime) -> OpenVault:
    """The vault of this organisation, for one request.

    Raises NotAllowed, or Refused: no-vault, vault-unconfirmed, apart, not-admitted, locked, key-changed, not-compared.
    """
    check("keep-signals", by)
    private = private_of(store, token=token, half=half, now=now)
    with store.reading() as session:
        opened = opened_with(session, private, by)
        newer = not _is_known(session, opened, private)
    if newer:
        with store.office() as session:
            know(session, opened, private)
    return opened


def opened_with(session: Session, private: bytes, by: Actor) -> OpenVault:
    """What an adviser's private key opens here.

    Raises Refused: no-vault, vault-unconfirmed, apart, not-admitted, key-changed; not-compared when this adviser has yet to
    compare the vault's fingerprint.
    """
    opened = admitted_with(session, private, by)
    row = vaults.key_of(session, opened.organisation, opened.account)
    if row is None or row.known is None:
        raise Refused("not-compared", "compare the fingerprint of this vault with a colleague first")
    if not _is_known(session, opened, private) and not _knew(session, opened, private, row.known):
        raise Refused("key-changed", "the key of this vault was changed outside the program; stop using it")
    return opened


def admitted_with(session: Session, private: bytes, by: Actor) -> OpenVault:
    """The same without asking whether this adviser knows the vault's key: for comparing it only."""
    found = vaults.vault(session, by.organisation)
    if found is None:
        raise Refused("no-vault", "this organisation has no vault yet; an adviser makes it first")
    if not found.confirmed:
        raise Refused("vault-unconfirmed", "the works council has not confirmed this vault yet")
    check_apart(by)
    return OpenVault(by.organisation, _account(by), _pair(session, private, by, found.public).private)


def know(session: Session, opened: OpenVault, private: bytes) -> None:
    """Note that this adviser knows the key that the vault has now."""
    row = vaults.key_of(session, opened.organisation, opened.account)
    if row is not None:
        public = sealing.Pair.of(opened.private).public
        row.known = sealing.mark_of_known(private, organisation=opened.organisation, public=public)


def fingerprint_with(session: Session, private: bytes, by: Actor) -> str:
    """Of the vault, also before it is confirmed, as this adviser's own key shows it; "" when it isn't the one they know."""
    found = vaults.vault(session, by.organisation)
    if found is None:
        return ""
    try:
        pair = _pair(session, private, by, found.public)
    except Refused:
        return ""
    opened = OpenVault(by.organisation, _account(by), pair.private)
    return sealing.fingerprint(pair.public) if _is_known(session, opened, private) else ""


def _is_known(session: Session, opened: OpenVault, private: bytes) -> bool:
    row = vaults.key_of(session, opened.organisation, opened.account)
    public = sealing.Pair.of(opened.private).public
    return row is not None and sealing.is_known(
        row.known, private, organisation=opened.organisation, public=public
    )


def _knew(session: Session, opened: OpenVault, private: bytes, mark: bytes) -> bool:
    """Whether an earlier key of this vault is the one they knew: only who had that can have put it inside."""
    return any(
        sealing.is_known(
            mark, private, organisation=opened.organisation, public=sealing.Pair.of(earlier).public
        )
        for earlier in kept(session, opened, EARLIER_KEY).values()
    )


def _pair(session: Session, private: bytes, by: Actor, public: bytes) -> sealing.Pair:
    """The vault's pair as it is sealed to this adviser. Raises Refused: not-admitted, key-changed."""
    sealed = vaults.key_of(session, by.organisation, _account(by))
    if sealed is None:
        raise Refused("not-admitted", "another adviser must let you into this vault first")
    try:
        pair = sealing.Pair.of(sealing.unseal(private, sealed.sealed))
    except NotOpened:
        raise Refused("not-admitted", "another adviser must let you into this vault first") from None
    if pair.public != public:
        raise Refused("key-changed", "the key of this vault was changed outside the program; stop using it")
    return pair


def check_apart(by: Actor) -> None:
    """Raise Refused("apart") for somebody who is also coordinator, manager or administrator here."""
    if by.roles & APART_FROM_VAULT:
        raise Refused(
            "apart",
            "who is coordinator, manager or administrator as well can't open the vault of this organisation",
        )


def _account(by: Actor) -> int:
    assert by.account is not None
    return by.account


def _key(session: Session, by: Actor) -> AdviserKey:
    found = vaults.adviser_key(session, by.account) if by.account is not None else None
    if found is None:
        raise Refused("no-key", "choose a passphrase first")
    return found


def _locked() -> Refused:
    return Refused("locked", "your vaults are locked; fill in your passphrase")
