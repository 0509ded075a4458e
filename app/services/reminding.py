"""Reminding: unanswered advice enters; letters to management and a digest for advisers leave, with no word of its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.core.access import Role
from app.core.advice import BETWEEN, State, calls_for_reminder
from app.core.days import local_day
from app.mail import Mailer, Message, letters, staff
from app.storage.database import Store
from app.storage.office import accounts, organisations
from app.storage.office import advice as rows
from app.storage.office.accounts import Account
from app.storage.office.advice import Told
from app.storage.office.organisations import Organisation
from app.storage.office.sign_ins import Session

ANSWERS = frozenset({Role.MANAGER, Role.COORDINATOR})


@dataclass(frozen=True)
class Open:
    """How much advice stands unanswered, and how much of it past its date."""

    open: int
    late: int


def remind(store: Store, *, mailer: Mailer, address: str, now: datetime) -> int:
    """Send today's reminders of every organisation that wants them; returns how many letters went out.

    One letter a person, at most one a week. That a reminder went out is noted first: a letter that can't be sent is
    logged and not sent twice.
    """
    with store.reading() as session:
        everyone = organisations.everyone(session)
    sent = 0
    for organisation in everyone:
        if organisation.settings.advice_reminders:
            with store.office() as session:
                post = _post(session, organisation, address, local_day(now))
            sent += staff.send(mailer, post)
    return sent


def _post(session: Session, organisation: Organisation, address: str, today: date) -> list[Message]:
    told = [one for one in rows.of_organisation(session, organisation.id, today) if one.now.open]
    reminded = rows.reminded(session, [one.id for one in told])
    if _this_week(reminded.values(), today):
        return []
    calling = [one for one in told if calls_for_reminder(one.now, reminded[one.id], today)]
    if not calling:
        return []
    rows.note_reminder(session, [one.id for one in calling], today)
    link = f"{address}/advice/{organisation.slug}/?state=open" if address else ""
    members = accounts.members(session, organisation.id)
    return [
        *_to_management(calling, members, organisation, link),
        *_to_advisers(told, members, organisation, link),
    ]


def _this_week(reminded: Iterable[list[date]], today: date) -> bool:
    """Whether a letter went out less than a week ago; what calls for a reminder then waits for the next one."""
    return any(today - day < BETWEEN for days in reminded for day in days)


def _to_management(
    calling: list[Told],
    members: list[tuple[Account, frozenset[Role]]],
    organisation: Organisation,
    link: str,
) -> list[Message]:
    """Each gets what is addressed to a role it holds; what is addressed to a role that nobody holds goes to both."""
    held = {role for account, roles in members if account.active for role in roles}
    post = []
    for account, roles in members:
        mine = [
            one
            for one in calling
            if Role(one.to_role) in roles or (Role(one.to_role) not in held and roles & ANSWERS)
        ]
        if account.active and mine:
            post.append(_letter(letters.unanswered, account, organisation, _count(mine), link))
    return post


def _to_advisers(
    told: list[Told],
    members: list[tuple[Account, frozenset[Role]]],
    organisation: Organisation,
    link: str,
) -> list[Message]:
    """Only once something is past its date: until then there is nothing to do for an adviser."""
    count = _count(told)
    if not count.late:
        return []
    return [
        _letter(letters.unanswered_digest, account, organisation, count, link)
        for account, roles in members
        if account.active and Role.ADVISER in roles
    ]


def _count(told: list[Told]) -> Open:
    return Open(len(told), sum(one.now.state is State.OVERDUE for one in told))


def _letter(
    letter: letters.Unanswered, account: Account, organisation: Organisation, count: Open, link: str
) -> Message:
    return letter(
        account.language,
        to=account.email,
        organisation=organisation.name,
        open=count.open,
        late=count.late,
        link=link,
    )
