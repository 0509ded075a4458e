"""Letters to staff, one after another: what can't be sent is logged, and not tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from app.mail import Mailer, Message, NotSent

log = logging.getLogger(__name__)


def send(mailer: Mailer, letters: Iterable[Message]) -> int:
    """How many went out."""
    sent = 0
    for letter in letters:
        try:
            mailer.send(letter)
        except NotSent as error:
            log.error("a letter to staff was not sent: %s", error)
        else:
            sent += 1
    return sent
