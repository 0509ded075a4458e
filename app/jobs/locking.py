"""One worker an installation: its folder enters, the lock that the worker holds leaves, or whether somebody holds it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from app.settings import Settings

NAME = "worker.lock"


class AlreadyRunning(RuntimeError):
    """Another worker holds the lock of this installation."""


def take(path: Path) -> int:
    """Held by the open file that is given, so that it goes with the process however that ends. Raises AlreadyRunning."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise AlreadyRunning("a worker is running for this installation already") from error
    return descriptor


def is_at_work(settings: Settings) -> bool:
    try:
        os.close(take(settings.instance / NAME))
    except AlreadyRunning:
        return True
    return False
