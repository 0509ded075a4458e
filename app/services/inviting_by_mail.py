"""Inviting by mail: a scan with addresses enters; rounds of letters leave (invitation, reminders), and how they stand.

Nobody sees who answered: a reminder goes to everybody, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.core.access import Actor
from app.core.days import local_day
from app.core.plan import Plan
from app.core.refusal import Refused
from app.crypto import personal
from app.mail import Mailer, Message, invitations
from app.mail.invitation_words import INVITATION as INVITATION_LETTER
from app.mail.invitation_words import REMINDER, TRIAL
from app.mail.invitations import Facts
from app.services.addressing import at_links
from app.storage import invited
from app.storage.database import Connection, Session, Store
from app.storage.invited import UNFINISHED
from app.storage.office import audit, mail_rounds, manifests, organisations, scans
from app.storage.office.mail_rounds import DONE, GOING, INVITATION, NEW_LINKS, PLANNED, MailRound
from app.storage.office.scans import Scan

MOST_REMINDERS = 3
DAYS_BETWEEN = 2
EXAMPLE = "example"
"""In the place of a scan's id: the page behind this link explains, and asks nothing."""


class Installed(Protocol):
    """The settings of an installation."""

    @property
    def address(self) -> str: ...
    @property
    def mail_domain(self) -> str: ...
    @property
    def can_mail(self) -> bool: ...
    @property
    def is_local(self) -> bool: ...


@dataclass(frozen=True)
class Site:
    """Where people reach this server, and whether mail can go out; `domain` is what Message-IDs end in."""

    address: str
    domain: str
    can_mail: bool
    is_local: bool

    @classmethod
    def of(cls, installed: Installed) -> Site:
        return cls(installed.address, installed.mail_domain, installed.can_mail, installed.is_local)

    @property
    def example(self) -> str:
        return f"{self.address}/u/{EXAMPLE}/"


def why_not(site: Site) -> Refused | None:
    """What keeps this installation from inviting by mail at all; None when it can."""
    if not site.is_local and not site.address.startswith("https://"):
        return Refused(
            "no-https",
            f"links must start with https://, and the public address is “{site.address or 'not set'}”; "
            "set up https and the address first (docs/operations.md)",
            address=site.address,
        )
    if not site.can_mail:
        return Refused(
            "no-mail", "no mail can go out; set address and [smtp] in instance/settings.toml first"
        )
    return None


def start(store: Store, *, scan: str, site: Site, by: Actor, now: datetime) -> None:
    """Send the invitation to everybody who has none yet.

    Raises NotAllowed, or Refused: no-https, no-mail, not-open, closed, no-links, no-manifest, no-addresses, all-invited.
    """
    _ready(store, scan, site, by, now)
    with store.issuing() as connection:
        if not invited.counts(connection, scan):
            raise Refused("no-addresses", "there are no addresses yet; load them first")
        if not uninvited(store, connection, scan):
            raise Refused("all-invited", "every address has its invitation already")
        invited.put_letters(connection, scan, INVITATION)
    with store.office() as session:
        _go(session, scan, INVITATION, now)
        audit.record(session, by=by, now=now, act="send-invitations", scan=scan)


def uninvited(store: Store, connection: Connection, scan: str) -> int:
    """Addresses whose invitation is neither sent, refused nor on its way: loaded later, or left when the last day passed."""
    with store.reading() as session:
        row = mail_rounds.get(session, scan, INVITATION)
        rests = row is None or row.state == DONE
    left = 0
    if rests:
        found = invited.standing(connection, scan, INVITATION)
        left = sum(sum(found.get(state, {}).values()) for state in UNFINISHED)
    return invited.without_letter(connection, scan, INVITATION) + left


def remind(store: Store, *, scan: str, site: Site, by: Actor, now: datetime) -> None:
    """Send everybody a reminder now. Raises as `start`, or Refused: not-invited, too-many-reminders, too-soon."""
    _ready(store, scan, site, by, now)
    with store.reading() as session:
        number = _next_reminder(session, scan, local_day(now))
    with store.issuing() as connection:
        invited.put_letters(connection, scan, number)
    with store.office() as session:
        _go(session, scan, number, now)
        audit.record(session, by=by, now=now, act="send-reminder", scan=scan, detail=str(number))


def plan(store: Store, *, scan: str, day: date, site: Site, by: Actor, now: datetime) -> None:
    """Let a reminder go to everybody on a later day. Raises as `remind`, or Refused: in-the-past, after-closing."""
    row, _plan = _ready(store, scan, site, by, now)
    if day <= local_day(now):
        raise Refused("in-the-past", "choose a day after today")
    if row.closes_on is not None and day > row.closes_on:
        raise Refused("after-closing", "choose a day on which the scan is still open")
    with store.office() as session:
        number = _next_reminder(session, scan, day)
        session.add(MailRound(scan_id=scan, number=number, day=day, state=PLANNED, passes=0, next_at=None))
        audit.record(session, by=by, now=now, act="plan-reminder", scan=scan, detail=day.isoformat())


def call_off(store: Store, *, scan: str, number: int, by: Actor, now: datetime) -> None:
    """Take back a reminder that was planned. Raises NotAllowed, or Refused: not-open, no-links, no-round."""
    at_links(store, scan, by)
    with store.office() as session:
        row = mail_rounds.get(session, scan, number)
        if row is None or row.state != PLANNED:
            raise Refused("no-round", "there is no such planned reminder")
        session.delete(row)
        audit.record(session, by=by, now=now, act="call-off-reminder", scan=scan, detail=row.day.isoformat())


def begin_planned(store: Store, *, now: datetime) -> int:
    """Begin the reminders whose day has come, of scans that are open still; returns how many."""
    today, begun = local_day(now), 0
    with store.reading() as session:
        due = [(row.scan_id, row.number, row.day) for row in mail_rounds.planned_until(session, today)]
    for scan, number, _day in due:
        with store.reading() as session:
            found = scans.get(session, scan)
        takes = found is not None and takes_mail(found, now)
        if takes:
            with store.issuing() as connection:
                invited.put_letters(connection, scan, number)
        with store.office() as session:
            row = mail_rounds.get(session, scan, number)
            if row is not None and row.state == PLANNED:
                row.state, row.next_at = (GOING, now) if takes else (DONE, None)
                begun += takes
    return begun


def takes_mail(row: Scan, now: datetime) -> bool:
    """Whether a letter with a link to this scan still makes sense."""
    return row.state == "open" and (row.closes_on is None or local_day(now) <= row.closes_on)


def _ready(store: Store, scan: str, site: Site, by: Actor, now: datetime) -> tuple[Scan, Plan]:
    refused = why_not(site)
    if refused is not None:
        raise refused
    row, plan = at_links(store, scan, by)
    if not takes_mail(row, now):
        raise Refused("closed", "the last day of this scan has passed; give people more days first")
    with store.reading() as session:
        if manifests.of(session, scan) is None:
            raise Refused("no-manifest", "the keys of this scan are still being made; try again in a minute")
    return row, plan


def _next_reminder(session: Session, scan: str, day: date) -> int:
    """The number of a new reminder on this day."""
    rows = [row for row in mail_rounds.of_scan(session, scan) if row.number < NEW_LINKS]
    if not any(row.number == INVITATION for row in rows):
        raise Refused("not-invited", "send the invitation first")
    if len(rows) > MOST_REMINDERS:
        raise Refused(
            "too-many-reminders", f"at most {MOST_REMINDERS} reminders; more is nagging", most=MOST_REMINDERS
        )
    if any(abs((row.day - day).days) < DAYS_BETWEEN for row in rows):
        raise Refused(
            "too-soon",
            f"leave at least {DAYS_BETWEEN} days between two mails to everybody",
            days=DAYS_BETWEEN,
        )
    used = {row.number for row in rows}
    return next(number for number in range(1, MOST_REMINDERS + 1) if number not in used)


def _go(session: Session, scan: str, number: int, now: datetime) -> None:
    row = mail_rounds.get(session, scan, number)
    if row is None:
        day = local_day(now)
        row = MailRound(scan_id=scan, number=number, day=day, state=GOING, passes=0, next_at=now)
        session.add(row)
    row.state, row.next_at = GOING, now


def go_with_new_links(session: Session, scan: str, now: datetime) -> None:
    """Letters with a new link wait in this scan."""
    _go(session, scan, NEW_LINKS, now)


def facts_of(store: Store, row: Scan) -> Facts | None:
    """What every letter of this scan says; None until the scan's keys were made."""
    with store.reading() as session:
        owner, frozen = organisations.get(session, row.organisation_id), manifests.of(session, row.id)
    plan = row.settings
    if owner is None or frozen is None or plan is None:
        return None
    chosen = owner.settings
    lines = sorted(chosen.help_lines, key=lambda line: not line.own)
    return Facts(
        organisation=owner.name,
        operator=chosen.operator,
        minutes=plan.questionnaire.minutes,
        min_group=plan.min_group,
        closes_on=row.closes_on,
        words=personal.words(personal.fingerprint(frozen.document)),
        help_lines=tuple((line.name, line.contact) for line in lines),
        exchange=plan.exchange,
    )


def preview(store: Store, *, scan: str, language: str, reminder: bool, site: Site, by: Actor) -> Message:
    """The letter as it will look, with a link that is plainly an example. Raises NotAllowed and Refused."""
    row, _plan = at_links(store, scan, by)
    kind = REMINDER if reminder else INVITATION_LETTER
    return invitations.letter(
        kind, language, _facts(store, row), to="naam@voorbeeld.example", link=site.example
    )


def send_trial(
    store: Store, *, scan: str, language: str, to: str, mailer: Mailer, site: Site, by: Actor, now: datetime
) -> None:
    """Send the letter to whoever asks for it, with a link that opens an explanation. Raises as `start`, or NotSent."""
    row, _plan = _ready(store, scan, site, by, now)
    mailer.send(invitations.letter(TRIAL, language, _facts(store, row), to=to, link=site.example))


def _facts(store: Store, row: Scan) -> Facts:
    facts = facts_of(store, row)
    if facts is None:
        raise Refused("no-manifest", "the keys of this scan are still being made; try again in a minute")
    return facts
