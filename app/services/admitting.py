"""Colleagues: an e-mail address and roles enter, an invitation leaves; accepting it makes the account."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.access import Actor, Role, check, roles_from
from app.core.refusal import Refused
from app.crypto import passwords
from app.mail import Mailer, NotSent, letters
from app.services import rotating
from app.services.setting_up import check_password, clean_email
from app.services.signing_in import begin, link_over, mark, sign_in
from app.storage.database import Store
from app.storage.office import accounts, audit, organisations, sign_ins
from app.storage.office.accounts import Account, MailedLink
from app.storage.office.sign_ins import Session

INVITATION = "invitation"
GUARDED = frozenset({Role.ADMINISTRATOR, Role.WORKS_COUNCIL, Role.ADVISER})
INVITATION_LASTS = timedelta(days=7)
# The works council confirms what these three set up, so it must be somebody else.
APART_FROM_WORKS_COUNCIL = frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Invitation:
    """What the page of an invitation shows. `known`: the address has an account, whose password is asked."""

    email: str
    organisation: str
    slug: str
    roles: frozenset[Role]
    known: bool
    ends_at: datetime


def check_roles(held: frozenset[Role]) -> None:
    """Raise Refused for no role at all, or for works council together with a role whose work it confirms."""
    if not held:
        raise Refused("no-roles", "choose at least one role")
    if Role.WORKS_COUNCIL in held and held & APART_FROM_WORKS_COUNCIL:
        raise Refused(
            "works-council-apart",
            "works council can't be combined with coordinator, manager or administrator: "
            "it confirms their settings from an account of its own",
        )


def invite(
    store: Store,
    *,
    email: str,
    roles: Iterable[Role],
    by: Actor,
    now: datetime,
    mailer: Mailer,
    address: str,
    language: str = "nl",
) -> str:
    """Mail an invitation that works once, for seven days; an earlier one to this address stops working.

    Returns where the mailer put it. Raises NotAllowed, or Refused: email, no-roles, works-council-apart,
    only-administrator, already-colleague, not-sent.
    """
    check("invite-colleague", by)
    held, receiver = frozenset(roles), clean_email(email)
    check_roles(held)
    _check_grant(held, by)
    token = secrets.token_urlsafe(32)
    with store.office() as session:
        owner = organisations.get(session, by.organisation)
        assert owner is not None
        account = accounts.by_email(session, receiver)
        if account is not None and accounts.roles(session, account.id, by.organisation):
            raise Refused(
                "already-colleague",
                f"{receiver} works here already; change the roles instead",
                email=receiver,
            )
        sign_ins.drop_links(session, purpose=INVITATION, email=receiver, organisation=by.organisation)
        session.add(
            MailedLink(
                token=mark(token),
                purpose=INVITATION,
                email=receiver,
                organisation_id=by.organisation,
                roles=_written(held),
                ends_at=now + INVITATION_LASTS,
            )
        )
        audit.record(session, by=by, now=now, act="invite", detail=f"{receiver}: {_written(held)}")
    letter = letters.invitation(
        account.language if account is not None else language,
        to=receiver,
        organisation=owner.name,
        inviter=by.name,
        link=f"{address}/account/invitation/{token}",
    )
    try:
        return mailer.send(letter)
    except NotSent as error:
        raise Refused("not-sent", f"the invitation was not sent: {error}", why=str(error)) from error


def withdraw(store: Store, *, email: str, by: Actor, now: datetime) -> None:
    """Make an invitation useless. Raises NotAllowed, or Refused("no-invitation")."""
    check("invite-colleague", by)
    receiver = email.strip().lower()
    with store.office() as session:
        if not sign_ins.drop_links(session, purpose=INVITATION, email=receiver, organisation=by.organisation):
            raise Refused("no-invitation", "this invitation was accepted, withdrawn or has ended already")
        audit.record(session, by=by, now=now, act="withdraw-invitation", detail=receiver)


def invitation(store: Store, *, token: str, now: datetime) -> Invitation | None:
    """What a link invites to, or None when it is over; looking changes nothing: mail scanners look too."""
    with store.reading() as session:
        link = sign_ins.link(session, mark(token), INVITATION, now)
        if link is None or link.organisation_id is None:
            return None
        owner = organisations.get(session, link.organisation_id)
        account = accounts.by_email(session, link.email)
    assert owner is not None
    known = account is not None and account.active
    return Invitation(link.email, owner.name, owner.slug, roles_from(link.roles.split()), known, link.ends_at)


def accept(store: Store, *, token: str, name: str, password: str, now: datetime, language: str = "nl") -> str:
    """Use an invitation and begin a session; returns its token.

    A new address gets an account with this name and password; one that has an account gives its password.
    Raises Refused: link-over, own-name, password-..., sign-in-failed, throttled, works-council-apart.
    """
    offered = invitation(store, token=token, now=now)
    if offered is None:
        raise link_over()
    known_as = " ".join(name.split())[:200]
    if offered.known:
        stored, cookie = "", sign_in(store, email=offered.email, password=password, now=now)
    else:
        if not known_as:
            raise Refused("own-name", "fill in your name, in at most 200 characters")
        check_password(password, offered.email)
        stored, cookie = passwords.hashed(password), ""
    with store.office() as session:
        account = _admit(session, token=token, name=known_as, stored=stored, now=now, language=language)
    return cookie or begin(store, account=account, now=now)


def colleagues(store: Store, *, by: Actor) -> list[tuple[Account, frozenset[Role]]]:
    """Accounts of the organisation with their roles, by name. Raises NotAllowed."""
    check("invite-colleague", by)
    with store.reading() as session:
        return accounts.members(session, by.organisation)


def invitations(store: Store, *, by: Actor, now: datetime) -> list[MailedLink]:
    """Invitations that wait for an answer, by address. Raises NotAllowed."""
    check("invite-colleague", by)
    with store.reading() as session:
        return sign_ins.invitations(session, by.organisation, now)


def change_roles(store: Store, *, account: int, roles: Iterable[Role], by: Actor, now: datetime) -> None:
    """Give a colleague exactly these roles from now on.

    Raises NotAllowed, or Refused: no-colleague, no-roles, works-council-apart, last-administrator.
    """
    check("change-roles", by)
    held = frozenset(roles)
    check_roles(held)
    with store.office() as session:
        row, before = _colleague(session, account, by)
        if before == held:
            return
        _keep_an_administrator(session, account, before, held, by)
        accounts.set_roles(session, account, by.organisation, held)
        rotating.roles_changed(session, by.organisation, account)
        detail = f"{row.email}: {_written(before)} -> {_written(held)}"
        audit.record(session, by=by, now=now, act="change-roles", detail=detail)


def deactivate(store: Store, *, account: int, by: Actor, now: datetime) -> None:
    """Take a colleague's roles here away and sign them out; with no role left anywhere the account is closed.

    Raises NotAllowed, or Refused: no-colleague, last-administrator.
    """
    check("change-roles", by)
    with store.office() as session:
        row, before = _colleague(session, account, by)
        _keep_an_administrator(session, account, before, frozenset(), by)
        accounts.set_roles(session, account, by.organisation, frozenset())
        rotating.roles_changed(session, by.organisation, account)
        accounts.sign_out_everywhere(session, account)
        if not accounts.organisations_of(session, account):
            row.active = False
        audit.record(session, by=by, now=now, act="deactivate", detail=f"{row.email}: {_written(before)}")


def _admit(session: Session, *, token: str, name: str, stored: str, now: datetime, language: str) -> int:
    """The id of the account that now has the roles; all is looked up again, so two clicks count as one."""
    link = sign_ins.link(session, mark(token), INVITATION, now)
    if link is None or link.organisation_id is None:
        raise link_over()
    account = accounts.by_email(session, link.email)
    if account is None:
        account = Account(email=link.email, name=name, password=stored, language=language)
        session.add(account)
        session.flush()
    elif stored:
        if account.active:
            raise link_over()
        account.name, account.password, account.active = name, stored, True
        accounts.sign_out_everywhere(session, account.id)
    held = roles_from(link.roles.split()) | accounts.roles(session, account.id, link.organisation_id)
    check_roles(held)
    accounts.set_roles(session, account.id, link.organisation_id, held)
    by = Actor(account.name or account.email, link.organisation_id, held, account.id)
    session.delete(link)
    audit.record(
        session, by=by, now=now, act="accept-invitation", detail=f"{account.email}: {_written(held)}"
    )
    return account.id


def _check_grant(held: frozenset[Role], by: Actor) -> None:
    """A coordinator must not appoint who checks the coordinator: the works council confirms, advisers print slips."""
    if held & GUARDED and Role.ADMINISTRATOR not in by.roles and not by.command_line:
        raise Refused(
            "only-administrator",
            "only an administrator can invite an adviser, the works council or another administrator",
        )


def _colleague(session: Session, account: int, by: Actor) -> tuple[Account, frozenset[Role]]:
    row, held = session.get(Account, account), accounts.roles(session, account, by.organisation)
    if row is None or not held:
        raise Refused("no-colleague", "this person has no role in this organisation")
    return row, held


def _keep_an_administrator(
    session: Session, account: int, before: frozenset[Role], after: frozenset[Role], by: Actor
) -> None:
    goes = Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in after
    if goes and not sign_ins.count_administrators(session, by.organisation, but=account):
        raise Refused(
            "last-administrator", "this is the last administrator; make somebody else administrator first"
        )


def _written(held: frozenset[Role]) -> str:
    return " ".join(sorted(held))
