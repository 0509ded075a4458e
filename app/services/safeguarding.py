"""The adviser's own key pair: a passphrase enters, a recovery code to print leaves, and with that a new passphrase.

One pair for all organisations. The private half lies under the passphrase and under the recovery code, neither of which is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.crypto import codes, passwords
from app.crypto import vault as sealing
from app.crypto.vault import EFFORT, Effort, NotOpened, Pair
from app.services import rotating, unlocking
from app.services.setting_up import check_password
from app.services.throttling import count_try, forgive
from app.storage.database import Store
from app.storage.office import accounts, audit, vaults
from app.storage.office.accounts import Account
from app.storage.office.sign_ins import Session
from app.storage.office.vaults import AdviserKey

CODE_BITS = 120
CHECKED = 4
CODE_LENGTH = CODE_BITS // 5 + CHECKED
RECOVER = "recovery"


def make_key(store: Store, *, passphrase: str, by: Actor, now: datetime, effort: Effort = EFFORT) -> str:
    """Make the key pair, once. Returns the recovery code as it is to be printed: nobody can show it again.

    Raises NotAllowed, or Refused: has-key, passphrase-short, -long, -address, -common, -same.
    """
    check("keep-signals", by)
    _check_passphrase(store, passphrase, by)
    pair = Pair.of(secrets.token_bytes(sealing.KEY_BYTES))
    code, recovery_salt, recovery_locked = _under_new_code(pair.private)
    salt, locked = _under(pair.private, passphrase, effort)
    with store.office() as session:
        if vaults.adviser_key(session, _account(by)) is not None:
            raise Refused("has-key", "you have a key already; change its passphrase instead")
        session.add(
            AdviserKey(
                account_id=_account(by),
                public=pair.public,
                operations=effort.operations,
                memory=effort.memory,
                salt=salt,
                locked=locked,
                recovery_salt=recovery_salt,
                recovery_locked=recovery_locked,
                confirmed=False,
            )
        )
        audit.record(session, by=by, now=now, act="make-adviser-key")
    return code


def confirm_code(store: Store, *, typed: str, by: Actor) -> None:
    """The last four characters show that the code was printed or written down. Raises Refused: no-key, code-part."""
    check("keep-signals", by)
    with store.office() as session:
        key = own_key(session, by)
        if codes.normalise(typed, CHECKED) != _check_part(key.recovery_salt):
            raise Refused("code-part", "these are not the last four characters of your recovery code")
        key.confirmed = True


def change_passphrase(
    store: Store, *, old: str, new: str, by: Actor, now: datetime, effort: Effort = EFFORT
) -> None:
    """Put the private key under another passphrase; what was unlocked in any browser is locked.

    Raises Refused: no-key, wrong-passphrase, throttled, passphrase-....
    """
    check("keep-signals", by)
    private = unlocking.private_key(store, passphrase=old, by=by, now=now)
    _check_passphrase(store, new, by)
    with store.office() as session:
        _set_passphrase(session, by, private, new, effort)
        forgive(session, unlocking.TRY, str(by.account))
        _record(session, by, now, "change-passphrase")


def new_code(store: Store, *, passphrase: str, by: Actor, now: datetime) -> str:
    """Another recovery code in the place of the old one. Raises Refused: no-key, wrong-passphrase, throttled."""
    check("keep-signals", by)
    private = unlocking.private_key(store, passphrase=passphrase, by=by, now=now)
    code, salt, locked = _under_new_code(private)
    with store.office() as session:
        key = own_key(session, by)
        key.recovery_salt, key.recovery_locked, key.confirmed = salt, locked, False
        forgive(session, unlocking.TRY, str(by.account))
        _record(session, by, now, "new-recovery-code")
    return code


def recover(
    store: Store, *, code: str, passphrase: str, by: Actor, now: datetime, effort: Effort = EFFORT
) -> None:
    """A new passphrase with the recovery code, which stays as it is.

    Raises Refused: no-key, wrong-code, throttled, passphrase-....
    """
    check("keep-signals", by)
    with store.reading() as session:
        key = own_key(session, by)
    _check_passphrase(store, passphrase, by)
    count_try(store, RECOVER, str(by.account), now)
    typed = codes.normalise(code, CODE_LENGTH) or ""
    try:
        private = sealing.unwrap_under_code(key.recovery_locked, typed[:-CHECKED], salt=key.recovery_salt)
    except NotOpened:
        raise Refused(
            "wrong-code", "this is not your recovery code; check it character by character"
        ) from None
    with store.office() as session:
        _set_passphrase(session, by, private, passphrase, effort)
        forgive(session, RECOVER, str(by.account))
        forgive(session, unlocking.TRY, str(by.account))
        _record(session, by, now, "recover-key")


def start_over(store: Store, *, by: Actor, now: datetime) -> None:
    """Throw the key pair away, for who lost both passphrase and code: every vault has to let this adviser in anew."""
    check("keep-signals", by)
    account = _account(by)
    with store.office() as session:
        key = own_key(session, by)
        for organisation in vaults.vaults_of(session, account):
            rotating.take_key(session, organisation, account)
        vaults.end_unlocked_of(session, account)
        _record(session, by, now, "drop-adviser-key")
        session.delete(key)


def own_key(session: Session, by: Actor) -> AdviserKey:
    """Raises Refused("no-key")."""
    found = vaults.adviser_key(session, _account(by))
    if found is None:
        raise Refused("no-key", "choose a passphrase first")
    return found


def confirmed_key(session: Session, by: Actor) -> AdviserKey:
    """The same for what needs the recovery code to be in safe hands. Raises Refused: no-key, code-unconfirmed."""
    key = own_key(session, by)
    if not key.confirmed:
        raise Refused("code-unconfirmed", "confirm first that you have your recovery code")
    return key


def check_own(session: Session, private: bytes, by: Actor) -> None:
    """The key that was unlocked is the one the database has. Raises Refused: no-key, code-unconfirmed, own-key-changed."""
    if confirmed_key(session, by).public != Pair.of(private).public:
        raise Refused("own-key-changed", "your key was changed outside the program; stop using it")


def _check_passphrase(store: Store, passphrase: str, by: Actor) -> None:
    with store.reading() as session:
        account = session.get(Account, _account(by))
    assert account is not None
    try:
        check_password(passphrase, account.email)
    except Refused as error:
        reason = error.reason.replace("password", "passphrase")
        raise Refused(reason, error.message.replace("password", "passphrase"), **error.facts) from None
    if passwords.matches(account.password, passphrase):
        raise Refused("passphrase-same", "the passphrase must differ from the password you sign in with")


def _set_passphrase(session: Session, by: Actor, private: bytes, passphrase: str, effort: Effort) -> None:
    key = own_key(session, by)
    key.salt, key.locked = _under(private, passphrase, effort)
    key.operations, key.memory = effort.operations, effort.memory
    vaults.end_unlocked_of(session, _account(by))


def _under(private: bytes, passphrase: str, effort: Effort) -> tuple[bytes, bytes]:
    salt, nonce = secrets.token_bytes(sealing.SALT_BYTES), secrets.token_bytes(sealing.NONCE_BYTES)
    return salt, sealing.lock(private, passphrase, salt=salt, nonce=nonce, effort=effort)


def _under_new_code(private: bytes) -> tuple[str, bytes, bytes]:
    """The code to print, its salt, and the private key under it."""
    salt, nonce = secrets.token_bytes(sealing.SALT_BYTES), secrets.token_bytes(sealing.NONCE_BYTES)
    secret = codes.new_code(CODE_BITS)
    locked = sealing.wrap_under_code(private, secret, salt=salt, nonce=nonce)
    return codes.grouped(secret + _check_part(salt)), salt, locked


def _check_part(salt: bytes) -> str:
    """The last four characters of a code: they show which code it is and give nothing of the other 24 away."""
    digest = hashlib.sha256(b"weerklank recovery check 1\0" + salt).digest()
    return codes.in_characters(int.from_bytes(digest[:3]) >> 4, CHECKED * 5)


def _record(session: Session, by: Actor, now: datetime, act: str) -> None:
    """In the log of every organisation this adviser works for."""
    for organisation in accounts.organisations_of(session, _account(by)):
        there = Actor(by.name, organisation, by.roles, by.account)
        audit.record(session, by=there, now=now, act=act)


def _account(by: Actor) -> int:
    assert by.account is not None
    return by.account
