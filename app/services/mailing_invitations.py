"""Mailing invitations: rounds with letters that wait enter; the mail server gets them one by one, in the order of random ids.

One letter is on its way at a time. What became of it is written in the same transaction as which one goes next, so a crash
repeats that one letter, with the same Message-ID and the same link.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.crypto import addresses, personal
from app.crypto.vault import NotOpened
from app.mail import Mailer, Message, NotSent, invitations
from app.mail.invitation_words import INVITATION as INVITATION_LETTER
from app.mail.invitation_words import NEW_LINK, REMINDER
from app.mail.invitations import Facts
from app.services import inviting_by_mail
from app.services.delivering import NO_SERVER, Clock, Ends, deliver, wait
from app.services.inviting_by_mail import Site
from app.storage import invited, issuing, scan_keys
from app.storage.database import Store
from app.storage.invited import LATER, REFUSED, SENDING, SENT, WAITING, Due
from app.storage.office import mail_rounds, manifests, scans
from app.storage.office.mail_rounds import DONE, INVITATION, NEW_LINKS

log = logging.getLogger(__name__)

PASSES = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 120, 360, 720, 1440))
"""How long a round waits before it tries again those to whom the mail server said “not now”."""
MOST_SECONDS = 50.0
"""Of one run; then other work of the worker gets its turn."""
_NO_LIMIT = 1_000_000_000


def send_due(
    store: Store,
    *,
    mailer: Mailer,
    site: Site,
    clock: Clock,
    seconds: float = MOST_SECONDS,
    ticks: Callable[[], float] = time.monotonic,
) -> bool:
    """Send what is due, for about so many seconds; returns whether more can be sent right away.

    Only one such run may be at work at a time. A scan that takes no mail any more gets none.
    """
    until = ticks() + seconds
    with store.reading() as session:
        due = [(row.scan_id, row.number) for row in mail_rounds.due(session, clock())]
    refused = inviting_by_mail.why_not(site)
    if due and refused is not None:
        log.error("invitations wait: %s", refused.message)
        return False
    for scan, number in due:
        post = _open(store, scan, number, site, clock())
        if post is None:
            _finish(store, scan, number, None)
            continue
        if isinstance(post, Ends):
            _finish(store, scan, number, post, clock())
            continue
        try:
            _sent, why = deliver(post, mailer, most=_NO_LIMIT, enough=lambda: ticks() >= until)
        finally:
            post.close()
        if why is Ends.ENOUGH:
            return True
        _finish(store, scan, number, why, clock())
        if why is Ends.NO_SERVER:
            return False
    return False


def _open(store: Store, scan: str, number: int, site: Site, now: datetime) -> _Round | Ends | None:
    """The letters of one round; None when they make no sense any more. A pass that was broken off goes on.

    Without the key of the scan they wait, as without a mail server: a restored server may get its file of keys later.
    """
    with store.reading() as session:
        row, frozen = scans.get(session, scan), manifests.of(session, scan)
    secret = scan_keys.read(store.scan_keys, scan)
    if row is None or frozen is None or not inviting_by_mail.takes_mail(row, now):
        return None
    if secret is None:
        log.error("invitations wait: the key of scan %s is not there", scan)
        return Ends.NO_SERVER
    facts = inviting_by_mail.facts_of(store, row)
    if facts is None:
        return None
    with store.issuing() as connection:
        begun = invited.has(connection, scan, number, (WAITING, SENDING))
        invited.take_up(connection, scan, number, later=not begun)
    kind = {INVITATION: INVITATION_LETTER, NEW_LINKS: NEW_LINK}.get(number, REMINDER)
    key = personal.derived(secret, personal.MAILING)
    return _Round(store, scan, number, kind, key, facts, personal.fingerprint(frozen.document), site)


def _finish(store: Store, scan: str, number: int, why: Ends | None, now: datetime | None = None) -> None:
    """Note when the round goes on: never, after a wait, at once for what came meanwhile, or soon when the server was away."""
    with store.office() as session:
        row = mail_rounds.get(session, scan, number)
        if row is None:
            return
        if now is None or why is None:
            row.state, row.next_at, row.passes = DONE, None, 0
            return
        if why is Ends.NO_SERVER:
            row.next_at = now + NO_SERVER
            return
        # Inside this transaction: who puts a letter in writes here after it, so none is left behind.
        with store.reading_issuing() as connection:
            more = invited.has(connection, scan, number, (WAITING,))
            left = invited.has(connection, scan, number, (LATER,))
        if more:
            row.next_at = now
        elif left:
            row.next_at = now + PASSES[min(row.passes, len(PASSES) - 1)]
            row.passes += 1
        else:
            row.state, row.next_at, row.passes = DONE, None, 0
    issuing.tidy(store)


@dataclass
class _Outcome:
    """What became of the letter before, not yet on disk."""

    id: bytes
    state: str
    tries: int


class _Round:
    """The letters of one round, as delivering asks for them."""

    def __init__(
        self,
        store: Store,
        scan: str,
        number: int,
        kind: str,
        key: bytes,
        facts: Facts,
        manifest: str,
        site: Site,
    ) -> None:
        self._store, self._scan, self._number, self._kind = store, scan, number, kind
        self._key, self._facts, self._manifest, self._site = key, facts, manifest, site
        self._after = b""
        self._outcome: _Outcome | None = None

    def take(self) -> tuple[Due, Message | None] | None:
        with self._store.issuing() as connection:
            if self._outcome is not None:
                one = self._outcome
                invited.settle(connection, self._scan, self._number, one.id, one.state, one.tries)
            due = invited.take(connection, self._scan, self._number, self._after)
        self._outcome = None
        if due is None:
            return None
        self._after = due.id
        return due, self._written(due)

    def needless(self, letter: Due) -> None:
        self._outcome = _Outcome(letter.id, REFUSED, letter.tries)

    def sent(self, letter: Due) -> None:
        self._outcome = _Outcome(letter.id, SENT, letter.tries + 1)

    def not_sent(self, letter: Due, error: NotSent) -> None:
        """Try again in a later pass, or give up; without a mail server nothing counts as tried."""
        if not error.code:
            self._outcome = _Outcome(letter.id, WAITING, letter.tries)
            return
        given_up = wait(error.code, letter.tries) is None
        self._outcome = _Outcome(letter.id, REFUSED if given_up else LATER, letter.tries + 1)

    def close(self) -> None:
        """Put the last outcome on disk."""
        if self._outcome is not None:
            one, self._outcome = self._outcome, None
            with self._store.issuing() as connection:
                invited.settle(connection, self._scan, self._number, one.id, one.state, one.tries)

    def _written(self, due: Due) -> Message | None:
        try:
            to = personal.unseal_address(self._key, due.sealed)
        except NotOpened:
            log.error("an address was sealed under another key than this scan has")
            return None
        made = personal.token(self._key, self._scan, due.id, due.generation)
        letter = invitations.letter(
            self._kind,
            due.language,
            self._facts,
            to=to,
            link=personal.link(self._site.address, self._scan, made, due.stratum, self._manifest),
            message_id=self._message_id(due),
        )
        return replace(letter, scan=self._scan)

    def _message_id(self, due: Due) -> str:
        """The same whenever this letter is made anew; nothing of it is kept, and it says nothing of the link in it."""
        what = addresses.mark(self._key, "message", self._scan, self._number, due.id.hex(), due.generation)
        return f"<{what[:16].hex()}@{self._site.domain}>"


__all__ = ["MOST_SECONDS", "send_due"]
