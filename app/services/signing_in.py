"""Signing in and out, and new passwords: what somebody typed enters, a random token for the cookie leaves."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from app.core.access import Actor
from app.core.refusal import Refused
from app.crypto import passwords
from app.mail import Mailer, letters
from app.services.setting_up import check_password, clean_email
from app.services.throttling import FORGIVEN_AFTER, count_try, forgive, throttle_key
from app.storage.database import Store
from app.storage.office import accounts, audit, organisations, second_factors, sign_ins
from app.storage.office.accounts import Account, MailedLink, SignIn, Throttle
from app.storage.office.organisations import Organisation
from app.storage.office.second_factors import Standing
from app.storage.office.sign_ins import Session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
RESET_LASTS = timedelta(hours=1)
# Noting each page view would write to the database all day; once a minute is fine for an idle time of thirty.
NOTED_EVERY = timedelta(minutes=1)

MOST_RESETS = 3
RESET = "password"
TRY = "sign-in"


def sign_in(store: Store, *, email: str, password: str, now: datetime) -> str:
    """A new session's token. Raises Refused("sign-in-failed") or Refused("throttled", minutes=...).

    Unknown, deactivated and known addresses get the same answers after the same work.
    """
    address = email.strip().lower()[:254]
    count_try(store, TRY, address, now)
    with store.reading() as session:
        account = accounts.by_email(session, address)
    stored = account.password if account is not None and account.active else ""
    if not passwords.matches(stored, password) or account is None:
        raise Refused("sign-in-failed", "this e-mail address and password don't belong together")
    fresh = passwords.hashed(password) if passwords.is_outdated(stored) else stored
    with store.office() as session:
        row = session.get(Account, account.id)
        # Between the check and now another request may have changed the password or closed the account.
        if row is None or not row.active or row.password != stored:
            raise Refused("sign-in-failed", "this e-mail address and password don't belong together")
        row.password = fresh
        forgive(session, TRY, address)
        return fresh_session(session, account.id, now)


def standing(store: Store, *, token: str, now: datetime) -> Standing | None:
    """The session behind a cookie's token; None once idle for 30 minutes, 10 hours old, or signed out.

    A half one has yet to show a second factor. Only the pages for that may go on with it.
    """
    key = mark(token)
    with store.reading() as session:
        found = second_factors.standing(session, key)
    if found is None:
        return None
    kept = found.sign_in
    if not found.account.active or now >= kept.ends_at or now - kept.seen_at >= IDLE:
        return None
    if now - kept.seen_at >= NOTED_EVERY:
        with store.office() as session:
            row = session.get(SignIn, key)
            if row is not None:
                row.seen_at = now
    return found


def resume(store: Store, *, token: str, now: datetime) -> Account | None:
    """The account behind a cookie's token; None as above, and for a session that has yet to show a second factor."""
    found = standing(store, token=token, now=now)
    return found.account if found is not None and not found.half else None


def sign_out(store: Store, *, token: str) -> None:
    with store.office() as session:
        sign_ins.end(session, mark(token))


def actor(store: Store, *, account: Account, slug: str) -> tuple[Actor, Organisation] | None:
    """Who this account is in an organisation; None when it has no role there, or nothing is called so."""
    with store.reading() as session:
        organisation = organisations.by_slug(session, slug)
        held = (
            accounts.roles(session, account.id, organisation.id) if organisation is not None else frozenset()
        )
    if organisation is None or not held:
        return None
    return Actor(account.name or account.email, organisation.id, held, account.id), organisation


def organisations_of(store: Store, *, account: int) -> list[Organisation]:
    """Where this account has a role, by name."""
    with store.reading() as session:
        found = [organisations.get(session, each) for each in accounts.organisations_of(session, account)]
    return sorted((each for each in found if each is not None), key=lambda each: each.name.casefold())


def ask_reset(store: Store, *, email: str, now: datetime, mailer: Mailer, address: str) -> None:
    """Mail a link for a new password when the address has an account; from outside nobody can tell whether.

    At most three an hour per address. Pass a mailer that sends in the background, or the time taken tells.
    """
    try:
        receiver = clean_email(email)
    except Refused:
        return
    token = secrets.token_urlsafe(32)
    with store.office() as session:
        may = _may_reset(session, receiver, now)
        account = accounts.by_email(session, receiver)
        known = account is not None and account.active
        if known and may:
            session.add(
                MailedLink(token=mark(token), purpose=RESET, email=receiver, ends_at=now + RESET_LASTS)
            )
    if account is not None and known and may:
        mailer.send(letters.reset(account.language, to=receiver, link=f"{address}/account/reset/{token}"))


def is_reset(store: Store, *, token: str, now: datetime) -> bool:
    """Whether this link still works; looking changes nothing."""
    with store.reading() as session:
        return sign_ins.link(session, mark(token), RESET, now) is not None


def reset_password(
    store: Store, *, token: str, password: str, now: datetime, mailer: Mailer | None = None, address: str = ""
) -> None:
    """Use the link: set the password, sign out everywhere, make every other link for a new password useless.

    Raises Refused: link-over, password-short, password-long, password-address, password-common.
    """
    with store.reading() as session:
        link = sign_ins.link(session, mark(token), RESET, now)
    if link is None:
        raise link_over()
    check_password(password, link.email)
    stored = passwords.hashed(password)
    with store.office() as session:
        link = sign_ins.link(session, mark(token), RESET, now)
        account = accounts.by_email(session, link.email) if link is not None else None
        if link is None or account is None or not account.active:
            raise link_over()
        sign_ins.drop_links(session, purpose=RESET, email=account.email)
        _set_password(session, account, stored, now)
        forgive(session, TRY, account.email)
    if mailer is not None:
        mailer.send(letters.changed(account.language, to=account.email, link=f"{address}/account/reset"))


def change_password(store: Store, *, account: int, old: str, new: str, now: datetime, token: str = "") -> str:
    """Set a new password after checking the old one; signs out everywhere, returns a fresh session's token.

    A second factor that was shown in the session of `token` counts in the fresh one too.

    Raises Refused: wrong-password, throttled, password-...
    """
    with store.reading() as session:
        known = session.get(Account, account)
    assert known is not None
    count_try(store, TRY, known.email, now)
    if not passwords.matches(known.password, old):
        raise Refused("wrong-password", "this is not your present password")
    check_password(new, known.email)
    stored = passwords.hashed(new)
    with store.office() as session:
        row, before = session.get(Account, account), session.get(SignIn, mark(token))
        assert row is not None
        second = before is not None and before.account_id == account and before.second
        _set_password(session, row, stored, now)
        forgive(session, TRY, row.email)
        return fresh_session(session, row.id, now, second=second)


def sign_out_everywhere(store: Store, *, account: int) -> None:
    with store.office() as session:
        accounts.sign_out_everywhere(session, account)


def introduce(store: Store, *, account: int, name: str, language: str) -> None:
    """Change one's own name and language. Raises Refused("own-name")."""
    known_as = " ".join(name.split())
    if not known_as or len(known_as) > 200:
        raise Refused("own-name", "fill in your name, in at most 200 characters")
    with store.office() as session:
        row = session.get(Account, account)
        assert row is not None
        row.name, row.language = known_as, language


def begin(store: Store, *, account: int, now: datetime) -> str:
    """A new session for somebody who has just proven who they are in another way (an invitation)."""
    with store.office() as session:
        return fresh_session(session, account, now)


def link_over() -> Refused:
    return Refused("link-over", "this link was used already or is too old; ask for a new one")


def mark(token: str) -> bytes:
    """What the database keeps of a token. 32 bytes."""
    return hashlib.sha256(b"weerklank staff 1\0" + token.encode("utf-8", "replace")).digest()


def fresh_session(session: Session, account: int, now: datetime, *, second: bool = False) -> str:
    """The token of a new session, within the caller's transaction. `second`: a second factor was just shown."""
    sign_ins.tidy(session, now)
    second_factors.tidy(session, now)
    token = secrets.token_urlsafe(32)
    ends = now + LONGEST
    session.add(SignIn(token=mark(token), account_id=account, seen_at=now, ends_at=ends, second=second))
    return token


def _set_password(session: Session, account: Account, stored: str, now: datetime) -> None:
    account.password = stored
    accounts.sign_out_everywhere(session, account.id)
    for organisation in accounts.organisations_of(session, account.id):
        by = Actor(account.name or account.email, organisation, frozenset(), account.id)
        audit.record(session, by=by, now=now, act="new-password")


def _may_reset(session: Session, address: str, now: datetime) -> bool:
    """At most three links an hour for one address; known and unknown addresses are counted alike."""
    sign_ins.forget_throttles(session, now - FORGIVEN_AFTER)
    key = throttle_key("reset", address)
    row = session.get(Throttle, key)
    if row is None or row.until <= now:
        if row is None:
            row = Throttle(key=key, failures=0, until=now)
            session.add(row)
        row.failures, row.until = 0, now + RESET_LASTS
    row.failures += 1
    return row.failures <= MOST_RESETS
