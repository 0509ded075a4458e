"""Reminding owners: dates promised on the board enter; letters leave to who sees to them, before the date passes.

A letter holds titles that everybody can read on the board already, and nothing else of an update.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.core import reminders
from app.core.access import Role
from app.core.cadence import Line, Step
from app.core.days import local_day
from app.core.feedback import OVER
from app.core.reminders import Due
from app.mail import Mailer, Message, promise_letters, staff
from app.services import promising
from app.services.promising import Told
from app.storage.database import Store
from app.storage.office import accounts, effects, organisations
from app.storage.office.accounts import Account
from app.storage.office.organisations import Organisation


def remind(store: Store, *, mailer: Mailer, address: str, now: datetime) -> int:
    """Send today's letters of every organisation; returns how many went out.

    That a reminder went out is noted first: a letter that can't be sent is logged and not sent twice.
    """
    with store.reading() as session:
        everyone = organisations.everyone(session)
    return staff.send(
        mailer, (letter for one in everyone for letter in _post(store, one, address, local_day(now)))
    )


def _post(store: Store, organisation: Organisation, address: str, today: date) -> list[Message]:
    lines = promising.timeline(store, organisation=organisation.id, today=today)
    with store.office() as session:
        said = promising.told(session, organisation.id)
        reminded = effects.reminded(session, organisation.id)
        near = reminders.calling([*_of_updates(said), *_of_scans(lines)], reminded, today)
        effects.note_reminders(session, organisation.id, [(one.of, one.day) for one in near], today)
        members = accounts.members(session, organisation.id)
    link = f"{address}/changes/{organisation.slug}/" if address else ""
    active = [(account, roles) for account, roles in members if account.active]
    held = frozenset(role for _, roles in active for role in roles)
    return [
        _letter(account, organisation, mine, link)
        for account, roles in active
        if (mine := [one for one in near if reminders.role_of(one.owner, held) in roles])
    ]


def _of_updates(said: tuple[Told, ...]) -> Iterator[Due]:
    for one in said:
        content = one.content
        if content.state in OVER:
            continue
        titles = {language: words.title for language, words in content.words.items()}
        for what, day in (("due", content.due_on), ("next", content.next_on)):
            if day is not None:
                yield Due(f"update:{one.update}:{what}", what, day, content.owner, titles)


def _of_scans(lines: tuple[Line, ...]) -> Iterator[Due]:
    """Results and first decisions that are still to come, of the newest scan: earlier ones were followed by it."""
    for line in lines[:1]:
        for step in (Step.RESULTS, Step.DECISIONS):
            moment = line.moment(step)
            if moment is not None and moment.done_on is None:
                name = {"nl": line.run.name}
                yield Due(f"scan:{line.run.scan}:{step}", step.value, moment.due_on, Role.COORDINATOR, name)


def _letter(account: Account, organisation: Organisation, mine: list[Due], link: str) -> Message:
    promises = [(one.what, one.title(account.language), one.day) for one in mine]
    return promise_letters.promises_near(
        account.language, to=account.email, organisation=organisation.name, promises=promises, link=link
    )
