"""Second factors of one's own: what an app or a passkey shows enters and is kept; an administrator can take all away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.crypto import one_time, passkeys
from app.crypto.passkeys import NotProven, Site
from app.mail import Mailer, letters
from app.services import proving
from app.services.signing_in import mark, standing
from app.storage.database import Store
from app.storage.office import accounts, audit, second_factors, sign_ins
from app.storage.office.accounts import Account
from app.storage.office.second_factors import MOST_NAME, CodeApp, Passkey, Standing
from app.storage.office.sign_ins import Session

APP, PASSKEY = "app", "passkey"
# Long enough to find an app, install it and type 32 letters.
APP_LASTS = timedelta(minutes=30)
MOST_PASSKEYS = 10


@dataclass(frozen=True)
class Factors:
    """What an account has set up. `must`: it is an adviser's, so at least one stays."""

    app: bool
    passkeys: tuple[Passkey, ...]
    spare: int
    must: bool

    @property
    def count(self) -> int:
        return len(self.passkeys) + self.app


@dataclass(frozen=True)
class Added:
    """The token that replaces the session's, and with the first factor spare codes, which nobody can be shown again."""

    token: str
    spare: tuple[str, ...]


def factors(store: Store, *, account: int) -> Factors:
    with store.reading() as session:
        return _factors(session, account)


def offer_app(store: Store, *, token: str, secret: bytes, now: datetime) -> str:
    """A new secret for an app, or the one that this session was offered in the last half hour.

    `secret` is the application's. Raises Refused: session-over, second-first.
    """
    found = _may_set_up(standing(store, token=token, now=now))
    account = found.account.id
    with store.reading() as session:
        wrapped = second_factors.asked(session, mark(token), APP, now)
    offered = one_time.unwrap(secret, account, wrapped) if wrapped is not None else None
    if offered is not None:
        return offered
    fresh = one_time.new_secret()
    with store.office() as session:
        body = one_time.wrap(secret, account, fresh)
        second_factors.ask(session, mark(token), APP, body, now + APP_LASTS)
    return fresh


def add_app(
    store: Store, *, token: str, code: str, secret: bytes, now: datetime, mailer: Mailer | None = None
) -> Added:
    """Keep the offered secret, once the app shows that it has it; replaces an earlier app.

    Raises Refused: session-over, second-first, asked-too-long-ago, wrong-code.
    """
    _may_set_up(standing(store, token=token, now=now))
    with store.office() as session:
        found = _still(session, token)
        account = found.account.id
        wrapped = second_factors.asked(session, mark(token), APP, now)
        offered = one_time.unwrap(secret, account, wrapped) if wrapped is not None else None
        if offered is None or wrapped is None:
            raise proving.asked_too_long_ago()
        step = one_time.step_of(offered, code, now=now, last=0)
        if step is None:
            raise proving.wrong_code()
        second_factors.take(session, mark(token), APP, now)
        session.merge(CodeApp(account_id=account, wrapped=wrapped, last_step=step))
        added = _added(session, found, now)
    _tell(mailer, found.account)
    return added


def offer_passkey(store: Store, *, token: str, site: Site, secret: bytes, now: datetime) -> dict[str, Any]:
    """What the browser is asked to make a passkey with, for JSON, answered within five minutes.

    Raises Refused: session-over, second-first, too-many-passkeys.
    """
    found = _may_set_up(standing(store, token=token, now=now))
    who, challenge = found.account, secrets.token_bytes(passkeys.CHALLENGE_BYTES)
    with store.office() as session:
        known = [row.credential for row in second_factors.passkeys(session, who.id)]
        if len(known) >= MOST_PASSKEYS:
            raise Refused("too-many-passkeys", f"at most {MOST_PASSKEYS} passkeys", most=MOST_PASSKEYS)
        second_factors.ask(session, mark(token), PASSKEY, challenge, now + proving.ASKED_LASTS)
    return passkeys.creation(
        site,
        account=who.id,
        secret=secret,
        email=who.email,
        name=who.name,
        challenge=challenge,
        known=known,
    )


def add_passkey(
    store: Store,
    *,
    token: str,
    name: str,
    answer: str,
    site: Site,
    now: datetime,
    mailer: Mailer | None = None,
) -> Added:
    """Keep the public half of the passkey that the browser made.

    Raises Refused: session-over, second-first, asked-too-long-ago, passkey-failed, passkey-name.
    """
    called = _called(name)
    _may_set_up(standing(store, token=token, now=now))
    with store.office() as session:
        challenge = second_factors.take(session, mark(token), PASSKEY, now)
    if challenge is None:
        raise proving.asked_too_long_ago()
    try:
        key = passkeys.made(site, challenge=challenge, answer=answer)
    except NotProven as error:
        raise proving.passkey_failed() from error
    with store.office() as session:
        found = _still(session, token)
        if second_factors.is_known(session, key.credential):
            raise proving.passkey_failed()
        session.add(
            Passkey(
                account_id=found.account.id,
                credential=key.credential,
                public=key.public,
                count=key.count,
                name=called,
            )
        )
        session.flush()
        added = _added(session, found, now)
    _tell(mailer, found.account)
    return added


def rename_passkey(store: Store, *, account: int, passkey: int, name: str) -> None:
    """Raises Refused: passkey-name, no-passkey."""
    called = _called(name)
    with store.office() as session:
        _own(session, account, passkey).name = called


def remove_passkey(
    store: Store, *, account: int, passkey: int, now: datetime, mailer: Mailer | None = None
) -> None:
    """Raises Refused: no-passkey, last-factor."""
    with store.office() as session:
        row = _own(session, account, passkey)
        who = _leave_one(session, account)
        session.delete(row)
        _removed(session, who, now)
    _tell(mailer, who)


def remove_app(store: Store, *, account: int, now: datetime, mailer: Mailer | None = None) -> None:
    """Raises Refused: no-app, last-factor."""
    with store.office() as session:
        row = second_factors.code_app(session, account)
        if row is None:
            raise Refused("no-app", "there is no app to remove")
        who = _leave_one(session, account)
        session.delete(row)
        _removed(session, who, now)
    _tell(mailer, who)


def renew_spare_codes(store: Store, *, account: int, now: datetime) -> tuple[str, ...]:
    """New spare codes; earlier ones work no more. Raises Refused("no-factor")."""
    with store.office() as session:
        if not _factors(session, account).count:
            raise Refused("no-factor", "set up an app or a passkey first")
        who = session.get(Account, account)
        assert who is not None
        _note(session, who, now, "renew-spare-codes")
        return _new_spare_codes(session, account)


def reset(store: Store, *, account: int, by: Actor, now: datetime, mailer: Mailer | None = None) -> None:
    """Take away every second factor of a colleague who lost it, and sign them out; opens no vault.

    Stands in the log of each organisation where the account has a role: it weakens the account there too.
    Raises NotAllowed, or Refused: no-colleague, no-factor.
    """
    check("reset-second-factor", by)
    with store.office() as session:
        who, held = session.get(Account, account), accounts.roles(session, account, by.organisation)
        if who is None or not held:
            raise Refused("no-colleague", "this person has no role in this organisation")
        if not _factors(session, account).count:
            raise Refused("no-factor", "this account has no second factor")
        second_factors.forget(session, account)
        accounts.sign_out_everywhere(session, account)
        for organisation in accounts.organisations_of(session, account):
            here = Actor(by.name, organisation, by.roles, by.account, by.command_line)
            audit.record(session, by=here, now=now, act="reset-second-factor", detail=who.email)
    if mailer is not None:
        by_name = "" if by.command_line else by.name
        mailer.send(letters.second_reset(who.language, to=who.email, by=by_name))


def _may_set_up(found: Standing | None) -> Standing:
    """Who knows no more than a password may add no factor where one is set up: first show it."""
    if found is None:
        raise proving.session_over()
    if found.half and found.has_factor:
        raise Refused("second-first", "finish signing in first")
    return found


def _still(session: Session, token: str) -> Standing:
    """The same within the transaction that adds one, so that nothing can come between."""
    return _may_set_up(second_factors.standing(session, mark(token)))


def _factors(session: Session, account: int) -> Factors:
    return Factors(
        second_factors.code_app(session, account) is not None,
        tuple(second_factors.passkeys(session, account)),
        second_factors.count_spare_codes(session, account),
        second_factors.is_adviser(session, account),
    )


def _added(session: Session, found: Standing, now: datetime) -> Added:
    account = found.account.id
    has_spare = second_factors.count_spare_codes(session, account) > 0
    spare = () if has_spare else _new_spare_codes(session, account)
    _note(session, found.account, now, "add-second-factor")
    return Added(proving.whole_session(session, found, now), spare)


def _leave_one(session: Session, account: int) -> Account:
    had = _factors(session, account)
    if had.must and had.count == 1:
        raise Refused("last-factor", "an adviser needs a second factor; set up another one first")
    who = session.get(Account, account)
    assert who is not None
    return who


def _removed(session: Session, who: Account, now: datetime) -> None:
    session.flush()
    if not _factors(session, who.id).count:
        second_factors.forget(session, who.id)
        # What was shown is gone: who becomes an adviser while signed in is asked to set up another.
        sign_ins.forget_second(session, who.id)
    _note(session, who, now, "remove-second-factor")


def _new_spare_codes(session: Session, account: int) -> tuple[str, ...]:
    fresh = one_time.new_spare_codes()
    marks = [found for each in fresh if (found := one_time.spare_mark(each)) is not None]
    second_factors.set_spare_codes(session, account, marks)
    return fresh


def _own(session: Session, account: int, number: int) -> Passkey:
    row = second_factors.passkey(session, account, number)
    if row is None:
        raise Refused("no-passkey", "this passkey was removed already")
    return row


def _called(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > MOST_NAME:
        raise Refused("passkey-name", f"give the passkey a name of at most {MOST_NAME} characters")
    return called


def _note(session: Session, who: Account, now: datetime, act: str) -> None:
    for organisation in accounts.organisations_of(session, who.id):
        by = Actor(who.name or who.email, organisation, frozenset(), who.id)
        audit.record(session, by=by, now=now, act=act)


def _tell(mailer: Mailer | None, who: Account) -> None:
    if mailer is not None:
        mailer.send(letters.second_changed(who.language, to=who.email))
