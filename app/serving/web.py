"""The web server: host, port and number of processes enter; granian serves the application until it is told to stop.

python -m app.serving.web HOST PORT WORKERS
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels
from granian.server.mp import MPServer

from app.dying import with_parent

BACKLOG = 2048
SECONDS_TO_END = 8


def serve(host: str, port: int, workers: int) -> None:
    """Load the application once, then fork: the processes share its memory, and a fault in the settings shows before any of them.

    One thread a process: threads that write SQLite in one process only wait for each other. No access log, because it would
    hold the time and address of everybody who fills in a scan.
    """
    from app.web.warming import warm_up
    from app.wsgi import application

    if not application.extensions["settings"].only:
        warm_up(application)
    server = MPServer(
        "app.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=1,
        runtime_threads=1,
        runtime_blocking_threads=1,
        runtime_mode=RuntimeModes.st,
        websockets=False,
        backlog=BACKLOG,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
    )
    parent = os.getpid()

    def load() -> Any:
        """Runs in each process after the fork."""
        with_parent(parent)
        return application

    gc.collect()
    gc.freeze()
    server.serve(target_loader=load, wrap_loader=False)


def main(arguments: list[str]) -> int:
    with_parent()
    from app.settings import BadSettings

    try:
        serve(arguments[0], int(arguments[1]), int(arguments[2]))
    except BadSettings as error:
        sys.stderr.write(f"weerklank: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
