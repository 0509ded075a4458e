"""Settling: when nobody has sent anything for a while, the ballots and issuances that wait for a tenth are mixed all the same.

Until a mix the write-ahead log holds each ballot in one piece with its credential, and the order of both; it must not stay
so overnight.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from app.storage import mixing
from app.storage.database import Store

SECONDS_OF_QUIET = 300.0
log = logging.getLogger(__name__)


class Settler:
    """One quiet thread per process; its clock is in memory only."""

    def __init__(self, quiet: float = SECONDS_OF_QUIET) -> None:
        self._quiet = quiet
        self._last = 0.0
        self._waiting = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0

    def stir(self, store: Store) -> None:
        """A ballot or an issuance came in: mix when it has been quiet from now on. Wakes the thread for the first ballot only."""
        self._last = time.monotonic()
        alive = self._process == os.getpid() and self._thread is not None and self._thread.is_alive()
        if alive and self._waiting.is_set():
            return
        self._waiting.set()
        if alive:
            return
        with self._lock:
            self._process = os.getpid()
            self._thread = threading.Thread(target=self._run, args=(store,), name="settling", daemon=True)
            self._thread.start()

    def _run(self, store: Store) -> None:
        while self._waiting.wait():
            while (left := self._last + self._quiet - time.monotonic()) > 0:
                time.sleep(left)
            # Cleared before it settles: whoever stirs after this wrote something that may not be in the mix.
            self._waiting.clear()
            try:
                settle(store)
            except mixing.NotMixed as error:
                log.warning("a mix has to be done again: %s", error)


def settle(store: Store) -> bool:
    """Mix each database in which anything waits; says whether any did. Raises mixing.NotMixed."""
    found = [name for name in mixing.IN_LINE if store.has(name) and mixing.waiting(store, name)]
    for name in found:
        mixing.mix(store, name)
    return bool(found)


settler = Settler()
