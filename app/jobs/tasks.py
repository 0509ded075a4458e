"""The Huey tasks: a row id, or the hour of the day, enters; a child process does the work and goes, with its memory."""

from __future__ import annotations

import logging
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from huey import SqliteHuey, crontab

from app.jobs import MORE, QUEUE_NAME

log = logging.getLogger(__name__)
# In UTC: early in the morning here, before anybody works.
DAILY = crontab(hour="5", minute="10")
# Soon after the hour, night and day: a promised day begins at 00:00 here, which is 22:00 or 23:00 in UTC.
HOURLY = crontab(minute="5")
# What waits to be sent, or sent again.
EVERY_MINUTE = crontab(minute="*")


class Tasks:
    """A SQLite queue with its task. Another store (Redis, PostgreSQL) is another Huey class here and nothing else."""

    def __init__(self, path: Path) -> None:
        # No results are kept: the office row is where the outcome is read.
        self.huey = SqliteHuey(QUEUE_NAME, filename=str(path), fsync=True, results=False, timeout=15)
        self._perform = self.huey.task(name="perform")(perform)
        self._post = self.huey.task(name="post")(post)
        self.huey.periodic_task(DAILY, name="daily")(daily)
        self.huey.periodic_task(HOURLY, name="hourly")(hourly)
        self.huey.periodic_task(EVERY_MINUTE, name="post-due")(post_due)

    def put(self, act: str, task: int) -> None:
        self._perform(task, act)

    def post(self) -> None:
        self._post()


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


def hourly() -> None:
    """What is looked at every hour of the day, in a process of its own."""
    _child("--hourly")


def post() -> None:
    """Send the letters that wait, in a process of its own; what is left after a while goes when other work had its turn."""
    from app import settings

    if _child("--post") == MORE:
        on(settings.load().queue).post()


def post_due() -> None:
    """The same, where the database says that something is due, or can't be asked without loading much."""
    from app import settings
    from app.storage import waiting

    found = settings.load()
    if waiting.letters_due(found.database("issuing")) or waiting.rounds_due(found.database("office")):
        post()


def _child(option: str) -> int:
    done = subprocess.run([sys.executable, "-m", "app.jobs", option], check=False)
    if done.returncode not in (0, MORE):
        log.error("%s ended with code %s", option, done.returncode)
    return done.returncode
