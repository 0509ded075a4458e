"""Long work outside the web process: ids of office tasks enter, services act, progress and outcome leave in the row."""

from __future__ import annotations

from pathlib import Path

from app.settings import Settings

QUEUE_NAME = "weerklank"
MORE = 3
"""What a child process ends with when there is more of the same to do."""


class HueyQueue:
    """The queue of an installation; satisfies services.asking.Queue. Huey is loaded at the first put, not before."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, act: str, task: int) -> None:
        """Tell the worker that a task row is waiting. `act` is for people who read the queue; the row is what counts."""
        from app.jobs import tasks

        tasks.on(self._path).put(act, task)

    def post(self) -> None:
        """Tell the worker that letters wait; which ones, only the database knows."""
        from app.jobs import tasks

        tasks.on(self._path).post()


def connect(settings: Settings) -> HueyQueue:
    """Nothing is opened or imported yet."""
    return HueyQueue(settings.queue)
