"""The Huey tasks: a row id, or the hour of the day, enters; a child process does the work and goes, with its memory."""

from __future__ import annotations

import logging
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from huey import SqliteHuey, crontab

from app.jobs import QUEUE_NAME

log = logging.getLogger(__name__)
# In UTC: early in the morning here, before anybody works.
DAILY = crontab(hour="5", minute="10")


class Tasks:
    """A SQLite queue with its task. Another store (Redis, PostgreSQL) is another Huey class here and nothing else."""

    def __init__(self, path: Path) -> None:
        # No results are kept: the office row is where the outcome is read.
        self.huey = SqliteHuey(QUEUE_NAME, filename=str(path), fsync=True, results=False, timeout=15)
        self._perform = self.huey.task(name="perform")(perform)
        self.huey.periodic_task(DAILY, name="daily")(daily)

    def put(self, act: str, task: int) -> None:
        self._perform(task, act)


@lru_cache(maxsize=8)
def on(path: Path) -> Tasks:
    return Tasks(path)


def perform(task: int, act: str = "") -> None:
    """Run one task in a process of its own, and note it in the row when that process was killed."""
    done = subprocess.run([sys.executable, "-m", "app.jobs", str(task)], check=False)
    if done.returncode != 0:
        log.error("task %s (%s) ended with code %s", task, act, done.returncode)
        subprocess.run([sys.executable, "-m", "app.jobs", "--lost", str(task)], check=False)


def daily() -> None:
    """What has to be done every day, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "app.jobs", "--daily"], check=False)
    if done.returncode != 0:
        log.error("what is done every day ended with code %s", done.returncode)
