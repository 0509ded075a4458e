"""Mailing: letters to subscribers that wait enter; each ends as sent or refused, never as lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.core.days import local_day
from app.crypto import addresses
from app.crypto.vault import NotOpened
from app.mail import Mailer, Message, NotSent, news
from app.mail.news import Edition, Item
from app.render.news import tell
from app.render.scan_news import announce
from app.services import announcing
from app.services.delivering import GIVEN_UP_AFTER, MOST_A_RUN, NO_SERVER, Clock, deliver, wait
from app.services.subscribing import CONFIRM, UNSUBSCRIBE, Links, board_of
from app.storage import subscribers
from app.storage.database import Store
from app.storage.office import digests
from app.storage.subscribers import REFUSED, SENT, Due

log = logging.getLogger(__name__)

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
    store: Store,
    *,
    mailer: Mailer,
    key: bytes,
    address: str,
    clock: Clock,
    most: int = MOST_A_RUN,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, at most so many and until `enough` says so; returns how many were sent. Only one such run may be at work
    at a time."""
    with store.issuing() as connection:
        subscribers.take_up(connection)
    sent, _why = deliver(
        _ToSubscribers(Run(store, mailer, key, address, clock)), mailer, most=most, enough=enough
    )
    return sent


class _ToSubscribers:
    """The letters of one run, as delivering asks for them."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def take(self) -> tuple[Due, Message | None] | None:
        with self._run.store.issuing() as connection:
            due = subscribers.next_due(connection, self._run.clock())
        return (due, _written(self._run, due)) if due is not None else None

    def needless(self, letter: Due) -> None:
        with self._run.store.issuing() as connection:
            subscribers.drop(connection, letter.key)

    def sent(self, letter: Due) -> None:
        with self._run.store.issuing() as connection:
            subscribers.finish(connection, letter.key, SENT)
            subscribers.note_taken(connection, letter.subscriber)

    def not_sent(self, letter: Due, error: NotSent) -> None:
        """Wait and try again, or give up. The log gets no address: what the server said stays out where it is about one."""
        now = self._run.clock()
        if not error.code and now - letter.made_at < GIVEN_UP_AFTER:
            with self._run.store.issuing() as connection:
                subscribers.postpone(connection, letter.key, now + NO_SERVER, tried=False)
            return
        pause = wait(error.code, letter.tries) if error.code else None
        with self._run.store.issuing() as connection:
            if pause is not None:
                subscribers.postpone(connection, letter.key, now + pause, tried=True)
                return
            subscribers.finish(connection, letter.key, REFUSED)
            if error.code >= 500 and subscribers.note_refused(connection, letter.subscriber) >= MOST_REFUSED:
                subscribers.forget(connection, letter.subscriber)


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
        if digest is None:
            return None
        found = digests.published(session, due.board, since=digest.since, until=digest.until)
        posts = announcing.announced(session, due.board, since=digest.since, now=digest.until)
    items = [Item(announce(post, language), f"{links.scan(post)}?language={language}") for post in posts] + [
        Item(tell(version.content, language, local_day(today)), f"{links.update(row.id)}?language={language}")
        for row, version, _first in found
    ]
    return Edition(organisation, language, f"{links.front}?language={language}", items) if items else None
