"""Subscribing: an address typed on the board enters; once its owner pressed the button in a letter, mail goes there.

Whatever address is typed, whoever typed it sees the same; what differs is only which letter goes to that address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.refusal import Refused
from app.core.scan_posts import Kind, Post
from app.crypto import addresses
from app.services.setting_up import clean_email
from app.storage import subscribers
from app.storage.database import Store
from app.storage.office import organisations, updates
from app.storage.office.organisations import Organisation
from app.storage.office.updates import Board
from app.storage.subscribers import CONFIRMED, Due, Held

CONFIRM, UNSUBSCRIBE = "confirm", "unsubscribe"
DAYS_TO_CONFIRM = 7
MOST_LETTERS = 3
"""Letters about subscribing to one address a day, over all boards together."""
MOST_ASKED = 100
"""Asked on one board in an hour."""


def ask(
    store: Store, *, key: bytes, domain: str, organisation: int, email: str, language: str, now: datetime
) -> None:
    """Put a letter on its way that asks to confirm, or says that the address is subscribed already.

    Raises Refused: email (not an address), busy (too much asked on this board in this hour). Too many letters to one address
    are left out without a word.
    """
    address = clean_email(email)
    _count_board(store, key, organisation, now)
    with store.issuing() as connection:
        day = addresses.mark(key, "letters", address, now.date())
        if subscribers.use(connection, day, now, now + timedelta(days=1)) > MOST_LETTERS:
            return
        mark = addresses.mark(key, "address", organisation, address)
        found = subscribers.by_mark(connection, mark)
        if found is None:
            handle = secrets.token_bytes(addresses.HANDLE_BYTES)
            sealed = addresses.seal(key, address, secrets.token_bytes(addresses.NONCE_BYTES))
            subscribers.add(connection, handle, mark, organisation, sealed, language, now.date())
        else:
            handle = found.handle
            subscribers.ask_again(connection, handle, language, now.date())
        kind = "already" if found is not None and found.state == CONFIRMED else "confirm"
        subscribers.drop_letters(connection, handle, kind)
        subscribers.put(connection, [new_letter(organisation, handle, kind, 0, domain, now)])


def _count_board(store: Store, key: bytes, organisation: int, now: datetime) -> None:
    hour = addresses.mark(key, "board", organisation, now.strftime("%Y-%m-%d %H"))
    with store.issuing() as connection:
        used = subscribers.use(connection, hour, now, now + timedelta(hours=1))
    if used > MOST_ASKED:
        raise Refused("busy", "too many people ask for mail right now; try again in an hour")


def new_letter(
    organisation: int, subscriber: bytes, kind: str, digest: int, domain: str, now: datetime
) -> Due:
    """A letter with its Message-ID, which stays the same however often it is tried."""
    return Due(
        key=secrets.token_bytes(16),
        board=organisation,
        subscriber=subscriber,
        kind=kind,
        digest=digest,
        message_id=f"<{secrets.token_hex(16)}@{domain}>",
        tries=0,
        made_at=now,
    )


def can_confirm(store: Store, *, key: bytes, organisation: int, token: str) -> bool:
    """Whether the link of a letter still works; changes nothing."""
    return _held(store, key, CONFIRM, organisation, token) is not None


def confirm(store: Store, *, key: bytes, organisation: int, token: str) -> None:
    """Mail goes to this address from now on. Raises Refused("link-over")."""
    held = _held(store, key, CONFIRM, organisation, token)
    if held is None:
        raise Refused("link-over", "this link doesn't work any more; ask for mail again")
    with store.issuing() as connection:
        subscribers.confirm(connection, held.handle)


def unsubscribe(store: Store, *, key: bytes, organisation: int, token: str) -> None:
    """Forget the address; nothing is wrong with a link that was used before, or that was never given out."""
    held = _held(store, key, UNSUBSCRIBE, organisation, token)
    if held is not None:
        with store.issuing() as connection:
            subscribers.remove(connection, held.handle)


def _held(store: Store, key: bytes, act: str, organisation: int, token: str) -> Held | None:
    handle = addresses.handle_of(key, act, token)
    if handle is None:
        return None
    with store.reading_issuing() as connection:
        held = subscribers.get(connection, handle)
    return held if held is not None and held.board == organisation else None


@dataclass(frozen=True)
class Links:
    """Addresses of one board, for letters; `address` is where people reach the server."""

    address: str
    board: str
    key: bytes

    @property
    def front(self) -> str:
        return f"{self.address}/b/{self.board}/"

    def update(self, update: int) -> str:
        return f"{self.front}{update}/"

    def scan(self, post: Post) -> str:
        """Where more stands about it: its results once they are there, else the board."""
        return f"{self.front}results/{post.scan}/" if post.kind is Kind.RESULTS else self.front

    def act(self, act: str, handle: bytes, language: str) -> str:
        return f"{self.front}{act}/{addresses.token(self.key, act, handle)}?language={language}"


def board_of(store: Store, organisation: int) -> tuple[Organisation, Board] | None:
    with store.reading() as session:
        owner, board = organisations.get(session, organisation), updates.board(session, organisation)
    return (owner, board) if owner is not None and board is not None else None


def tidy(store: Store, *, now: datetime) -> None:
    """Forget addresses that nobody confirmed in time, and letters of more than 30 days ago."""
    with store.issuing() as connection:
        subscribers.forget_unconfirmed(connection, now.date() - timedelta(days=DAYS_TO_CONFIRM))
        subscribers.forget_letters(connection, now - timedelta(days=30))
