"""Ends a process with its parent, also when the parent was killed and could tell nobody."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PARENT = "WEERKLANK_PARENT"
_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_LOOKS = 0.5


def with_parent(parent: int | None = None) -> None:
    """From now on this process is killed when `parent` (the process that named itself in WEERKLANK_PARENT) is gone.

    Linux sends the signal itself; elsewhere a thread looks twice a second. A parent that died before this call is noticed.
    Without a named parent nothing is done: the process was started by hand.
    """
    named = parent if parent is not None else int(os.environ.get(PARENT, "0"))
    if not named:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(named,), daemon=True).start()
    os.environ[PARENT] = str(os.getpid())
    if os.getppid() != named:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGKILL)
