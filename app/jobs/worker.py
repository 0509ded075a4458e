"""The worker: waits for tasks on the queue of an installation, one at a time, and takes up what a killed worker left."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from app import dying
from app import settings as settings_module
from app.jobs import locking, tasks
from app.jobs.locking import AlreadyRunning
from app.settings import Settings
from app.storage import waiting

MOST_SECONDS_ASLEEP = 1.0
# Long work gives way to people who are filling in a scan.
NICE = 10


def run() -> None:
    """Work until SIGTERM or SIGINT. Raises AlreadyRunning and BadSettings."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = settings_module.load()
    locking.take(settings.instance / locking.NAME)
    queue = tasks.on(settings.queue)
    queue.huey.flush()
    for task, act in _unfinished(settings):
        queue.put(act, task)
    queue.post()
    consumer = queue.huey.create_consumer(
        workers=1,
        worker_type="thread",
        periodic=True,
        initial_delay=0.05,
        max_delay=MOST_SECONDS_ASLEEP,
        backoff=1.2,
    )
    consumer.run()


def _unfinished(settings: Settings) -> list[tuple[int, str]]:
    """Where the office isn't SQLite, read in a child, so that the waiting worker itself loads no database code."""
    found = waiting.unfinished(settings.database("office"))
    if found is not None:
        return found
    command = [sys.executable, "-m", "app.jobs", "--unfinished"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [(int(task), act) for task, act in (line.split() for line in printed.splitlines())]


def main() -> int:
    dying.with_parent()
    os.nice(NICE)
    try:
        run()
    except (AlreadyRunning, settings_module.BadSettings) as error:
        sys.stderr.write(f"weerklank: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
