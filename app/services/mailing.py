"""Mailing: letters that wait enter, the mail server gets them one by one; each ends as sent or refused, never as lost.

A letter is marked before it goes, so that after a crash it is known which ones were on their way: those go again with the
same Message-ID, by which mail programs know that it is the same letter.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.crypto import addresses
from app.crypto.vault import NotOpened
from app.mail import Mailer, Message, NotSent, news
from app.mail.news import Edition, Item
from app.render.news import tell
from app.services.subscribing import CONFIRM, UNSUBSCRIBE, Clock, Links, board_of
from app.storage import subscribers
from app.storage.database import Store
from app.storage.office import digests
from app.storage.subscribers import REFUSED, SENT, Due

log = logging.getLogger(__name__)

MOST_A_RUN = 500
LATER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""Waits after “not now” (4xx); after the last it counts as refused."""
ONCE_MORE = (timedelta(minutes=10),)
"""After “no” (5xx): a server that greylists or has a full disk says so too."""
NO_SERVER = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=5)
MOST_REFUSED = 3
"""Letters in a row, after which an address is forgotten."""


@dataclass
class Run:
    """One run of the worker: editions are written once for all who get them."""

    store: Store
    mailer: Mailer
    key: bytes
    address: str
    clock: Clock
    editions: dict[tuple[int, str], Edition | None] = field(default_factory=dict)


def send_due(
    store: Store, *, mailer: Mailer, key: bytes, address: str, clock: Clock, most: int = MOST_A_RUN
) -> int:
    """Send what is due, at most so many; returns how many were sent. Only one such run may be at work at a time.

    Stops at the first sign that the mail server itself can't be reached.
    """
    with store.issuing() as connection:
        subscribers.take_up(connection)
    run, sent = Run(store, mailer, key, address, clock), 0
    for _ in range(most):
        with store.issuing() as connection:
            due = subscribers.next_due(connection, clock())
        if due is None:
            break
        message = _written(run, due)
        if message is None:
            with store.issuing() as connection:
                subscribers.drop(connection, due.key)
            continue
        try:
            mailer.send(message)
        except NotSent as error:
            _not_sent(run, due, error)
            if not error.code:
                break
        else:
            sent += 1
            with store.issuing() as connection:
                subscribers.finish(connection, due.key, SENT)
                subscribers.note_taken(connection, due.subscriber)
    return sent


def _not_sent(run: Run, due: Due, error: NotSent) -> None:
    """Wait and try again, or give up. The log gets no address: what the server said stays out where it is about one."""
    now = run.clock()
    if not error.code:
        log.error("mail to subscribers waits: %s", error)
        if now - due.made_at < GIVEN_UP_AFTER:
            with run.store.issuing() as connection:
                subscribers.postpone(connection, due.key, now + NO_SERVER, tried=False)
            return
    waits = LATER if 400 <= error.code < 500 else ONCE_MORE if error.code else ()
    with run.store.issuing() as connection:
        if due.tries < len(waits):
            subscribers.postpone(connection, due.key, now + waits[due.tries], tried=True)
            return
        subscribers.finish(connection, due.key, REFUSED)
        if error.code >= 500 and subscribers.note_refused(connection, due.subscriber) >= MOST_REFUSED:
            subscribers.forget(connection, due.subscriber)


def _written(run: Run, due: Due) -> Message | None:
    """The letter as it goes; None where it has become needless: unsubscribed, withdrawn, or of a board that is gone."""
    with run.store.reading_issuing() as connection:
        held = subscribers.get(connection, due.subscriber)
    here = board_of(run.store, due.board)
    if held is None or here is None:
        return None
    organisation, board = here
    links = Links(run.address, board.address, run.key)
    try:
        to = addresses.unseal(run.key, held.sealed)
    except NotOpened:
        log.error("an address was sealed under another key than this installation has")
        return None
    if due.kind == "digest":
        edition = _edition(run, due, held.language, organisation.name, links)
        if edition is None:
            return None
        off = links.act(UNSUBSCRIBE, held.handle, held.language)
        return news.digest(edition, to=to, unsubscribe=off, message_id=due.message_id)
    letter, act = (news.confirm, CONFIRM) if due.kind == "confirm" else (news.already, UNSUBSCRIBE)
    return letter(
        held.language,
        to=to,
        organisation=organisation.name,
        link=links.act(act, held.handle, held.language),
        message_id=due.message_id,
    )


def _edition(run: Run, due: Due, language: str, organisation: str, links: Links) -> Edition | None:
    """None when everything in it was withdrawn."""
    if (due.digest, language) not in run.editions:
        run.editions[due.digest, language] = _new_edition(run, due, language, organisation, links)
    return run.editions[due.digest, language]


def _new_edition(run: Run, due: Due, language: str, organisation: str, links: Links) -> Edition | None:
    today: datetime = run.clock()
    with run.store.reading() as session:
        digest = digests.get(session, due.digest)
        found = (
            digests.published(session, due.board, since=digest.since, until=digest.until) if digest else []
        )
    items = [
        Item(tell(version.content, language, today.date()), f"{links.update(row.id)}?language={language}")
        for row, version, _first in found
    ]
    return Edition(organisation, language, f"{links.front}?language={language}", items) if items else None
