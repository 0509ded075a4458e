"""Starts the web server and the worker, restarts what dies and ends both; loads next to nothing, because it runs for months.

python -m app.serving.supervisor HOST PORT WORKERS
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.dying import PARENT, with_parent

SECONDS_TO_END = 10.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
LONGEST_SLEEP = 60.0
BETWEEN_LOOKS = 0.1
"""While the web server doesn't answer yet."""
# A child that ran this long was well; its next death starts from the first pause again.
WELL_AFTER = 30.0
# The child can't work with these settings: starting it again would only repeat its message.
BAD_SETTINGS = 2


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: list[str]
    pid: int = 0
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        # A group of its own: Ctrl-C in a terminal then reaches the supervisor alone, which ends the others in order.
        environment = {**os.environ, PARENT: str(os.getpid())}
        self.pid = os.posix_spawn(self.command[0], self.command, environment, setpgroup=0)
        self.started = time.monotonic()

    def ended(self) -> None:
        """Plan the next start, later each time it dies young."""
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started > WELL_AFTER else min(self.pause * 2, LONGEST_PAUSE)
        self.pid, self.due = 0, now + self.pause


class Supervisor:
    """`answers` says whether the web server can be reached; `said` is told to the person who waits for it, once."""

    def __init__(self, children: list[Child], *, answers: Callable[[], bool], said: str) -> None:
        self.children = children
        self.stopping = False
        self._answers, self._said = answers, said
        self._ear = -1

    def run(self) -> int:
        """Until SIGTERM or SIGINT; gives the exit code: 0, or 2 when a child can't work with the settings."""
        self._listen()
        code = 0
        while not self.stopping and code == 0:
            self._start_due()
            self._wait()
            code = self._reap()
            if self._said and code == 0 and self._answers():
                sys.stderr.write(f"{self._said}\n")
                sys.stderr.flush()
                self._said = ""
        self._end()
        return code

    def _listen(self) -> None:
        """Signals end the wait below: the death of a child as well as being asked to stop."""
        self._ear, mouth = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(mouth, False)
        signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and time.monotonic() >= child.due:
                child.start()

    def _wait(self) -> None:
        """Sleep until a signal, or until a child is due."""
        now = time.monotonic()
        pauses = [child.due - now for child in self.children if not child.pid]
        longest = BETWEEN_LOOKS if self._said else LONGEST_SLEEP
        select.select([self._ear], [], [], max(0.0, min([longest, *pauses])))
        with contextlib.suppress(BlockingIOError):
            os.read(self._ear, 4096)

    def _reap(self) -> int:
        for pid, status in _dead():
            for child in self.children:
                if child.pid != pid:
                    continue
                code = os.waitstatus_to_exitcode(status)
                if code == BAD_SETTINGS:
                    child.pid = 0
                    return BAD_SETTINGS
                if not self.stopping:
                    child.ended()
                    _say(f"{child.name} ended (code {code}); starting it again in {child.pause:.1f} s")
        return 0

    def _end(self) -> None:
        """Ask all to end, then insist."""
        last = time.monotonic() + SECONDS_TO_END
        self._send(signal.SIGTERM)
        while any(child.pid for child in self.children) and time.monotonic() < last:
            gone = {pid for pid, _ in _dead()}
            for child in self.children:
                child.pid = 0 if child.pid in gone else child.pid
            time.sleep(0.02)
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)


def _dead() -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append((pid, status))


def _say(line: str) -> None:
    sys.stderr.write(f"weerklank: {line}\n")
    sys.stderr.flush()


def children(host: str, port: int, workers: int) -> list[Child]:
    """Who serves only a part has no worker: it does nothing but answer."""
    python = [sys.executable, "-m"]
    web = Child("the web server", [*python, "app.serving.web", host, str(port), str(workers)])
    worker = Child("the worker", [*python, "app.jobs.worker"])
    return [web] if os.environ.get("WEERKLANK_ONLY") else [web, worker]


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there; an address for every network is asked at this machine."""
    try:
        socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), timeout=1).close()
    except OSError:
        return False
    return True


def main(arguments: list[str]) -> int:
    host, port, workers = arguments[0], int(arguments[1]), int(arguments[2])
    with_parent()
    said = f"Weerklank answers at http://{host}:{port} (stop with Ctrl-C)"
    return Supervisor(children(host, port, workers), answers=lambda: answers(host, port), said=said).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
