"""Sends in the background: a message enters, control returns at once, so the time taken tells nothing."""

from __future__ import annotations

import logging
import threading

from app.mail import Mailer, Message, NotSent

log = logging.getLogger(__name__)


class Later:
    """Hands each message to another mailer in a thread; what can't be sent is logged, without its text."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._threads: list[threading.Thread] = []

    def send(self, message: Message) -> str:
        thread = threading.Thread(target=self._send, args=(message,), name="mail")
        self._threads = [running for running in self._threads if running.is_alive()] + [thread]
        thread.start()
        return ""

    def wait(self) -> None:
        """Until everything handed over so far is sent or given up."""
        for thread in self._threads:
            thread.join()

    def _send(self, message: Message) -> None:
        try:
            self._mailer.send(message)
        except NotSent as error:
            log.error("a message to staff was not sent: %s", error)
