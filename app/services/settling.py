"""Settling: when nobody has sent anything for a while, the ballots that wait for a tenth are mixed all the same.

Until a mix the write-ahead log holds each of them in one piece with its credential; it must not stay so overnight.
"""

from __future__ import annotations

import logging
import os
import threading

from app.storage import mixing
from app.storage.database import Store

SECONDS_OF_QUIET = 300.0
log = logging.getLogger(__name__)


class Settler:
    """One quiet thread per process; its clock is in memory only."""

    def __init__(self, quiet: float = SECONDS_OF_QUIET) -> None:
        self._quiet = quiet
        self._stirred = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0

    def stir(self, store: Store) -> None:
        """A ballot came in: mix when it has been quiet from now on."""
        self._stirred.set()
        if self._thread is not None and self._thread.is_alive() and self._process == os.getpid():
            return
        with self._lock:
            self._process = os.getpid()
            self._thread = threading.Thread(target=self._run, args=(store,), name="settling", daemon=True)
            self._thread.start()

    def _run(self, store: Store) -> None:
        while self._stirred.is_set():
            self._stirred.clear()
            if self._stirred.wait(self._quiet):
                continue
            try:
                settle(store)
            except mixing.NotMixed as error:
                log.warning("a mix has to be done again: %s", error)
            self._stirred.wait()


def settle(store: Store) -> bool:
    """Mix if any ballot waits; says whether one did. Raises mixing.NotMixed."""
    if not mixing.waiting(store):
        return False
    mixing.mix(store)
    return True


settler = Settler()
