"""Delivering: letters that wait are given to the mail server one by one; what became of each goes back to whose they are.

A letter is marked before it goes, so that after a crash it is known which one was on its way: that one goes again with the
same Message-ID, by which mail programs know that it is the same letter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol, TypeVar

from app.mail import Mailer, Message, NotSent

log = logging.getLogger(__name__)

LATER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""Waits after “not now” (4xx); after the last it counts as refused."""
ONCE_MORE = (timedelta(minutes=10),)
"""After “no” (5xx): a server that greylists or has a full disk says so too."""
NO_SERVER = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=5)
MOST_A_RUN = 500

Clock = Callable[[], datetime]


class Ends(Enum):
    """Why a run stopped."""

    EMPTY = "nothing is left to send now"
    ENOUGH = "it did as much as it may in one go"
    NO_SERVER = "the mail server can't be reached"


Letter = TypeVar("Letter")


class Waiting(Protocol[Letter]):
    """Letters of one kind."""

    def take(self) -> tuple[Letter, Message | None] | None:
        """The next one, marked as being sent; without a message when it became needless. None when nothing waits."""
        ...

    def needless(self, letter: Letter) -> None: ...

    def sent(self, letter: Letter) -> None: ...

    def not_sent(self, letter: Letter, error: NotSent) -> None: ...


def deliver(
    waiting: Waiting[Letter], mailer: Mailer, *, most: int, enough: Callable[[], bool] = lambda: False
) -> tuple[int, Ends]:
    """Send at most `most`, and none any more once `enough` says so. Stops at the first sign that the mail server itself
    can't be reached. Returns how many were sent, and why it stopped."""
    sent = 0
    for _ in range(most):
        if enough():
            return sent, Ends.ENOUGH
        taken = waiting.take()
        if taken is None:
            return sent, Ends.EMPTY
        letter, message = taken
        if message is None:
            waiting.needless(letter)
            continue
        try:
            mailer.send(message)
        except NotSent as error:
            if not error.code:
                log.error("mail waits: %s", error)
            waiting.not_sent(letter, error)
            if not error.code:
                return sent, Ends.NO_SERVER
        else:
            sent += 1
            waiting.sent(letter)
    return sent, Ends.ENOUGH


def wait(code: int, tries: int) -> timedelta | None:
    """How long to wait before another try, after so many that this answer came to; None to give up. `code` is not 0."""
    waits = LATER if 400 <= code < 500 else ONCE_MORE
    return waits[tries] if tries < len(waits) else None
