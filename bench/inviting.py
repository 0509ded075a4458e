"""Invitations to a real mail server, the worker killed twice on the way: who got how many, and how long it took.

    .venv/bin/python bench/inviting.py [--people 10000] [--kills 2]

Everything is as in production: addresses sealed in the issuing database, the worker and its child process, one SMTP connection on
this machine. Exit code 1 when an address got no letter, when more came twice than there were kills, or when a letter that came
twice had another Message-ID or link.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiosmtpd.controller import Controller

from app.services import inviting_by_mail, overseeing
from app.services.inviting_by_mail import Site
from app.settings import load
from tests.factories import an_app
from tests.mailed import LinkScan, a_link_scan, invite, listed

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 300.0
PAUSE = 0.02
_LINK = re.compile(r"https://scan\.example/u/\w+/#[\w-]{22}\.\d+\.[\w-]{22}\b")


@dataclass
class Box:
    """A mail server that keeps what it takes, unread."""

    port: int = 0
    got: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802  the mail server calls it so
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.got.extend((to, envelope.content) for to in envelope.rcpt_tos)
        return "250 taken"


@contextmanager
def a_box() -> Iterator[Box]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    box = Box(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass(frozen=True)
class Figures:
    people: int
    kills: int
    seconds_loading: float
    seconds: float
    reached: int
    repeated: int
    altered: int
    unexpected: int

    @property
    def good(self) -> bool:
        whole = self.reached == self.people and not self.unexpected
        return whole and self.repeated <= self.kills and not self.altered


def run(folder: Path, *, people: int, kills: int) -> Figures:
    """Invite so many people from an instance in this folder; the worker is killed at even distances."""
    with a_box() as box:
        (folder / "settings.toml").write_text(
            'address = "https://scan.example"\n[smtp]\nhost = "127.0.0.1"\n'
            f'port = {box.port}\nstarttls = false\nsender = "Scan <scan@zorg.example>"\n',
            "utf-8",
        )
        now = datetime.now(UTC).replace(tzinfo=None)
        with an_app(folder) as app:
            store = app.extensions["store"]
            scan = a_link_scan(store, each=people // 2, now=now)
            begun = time.perf_counter()
            loaded = _load(store, scan, people)
            loading = time.perf_counter() - begun
            begun = time.perf_counter()
            settings = load({"WEERKLANK_INSTANCE": str(folder)})
            inviting_by_mail.start(store, scan=scan.id, site=Site.of(settings), by=scan.by, now=now)
        for kill in range(kills):
            with _worker(folder) as worker:
                _wait(box, people * (kill + 1) // (kills + 1))
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait(10)
        with _worker(folder):
            _wait(box, people)
            _settled(folder, scan)
        seconds = time.perf_counter() - begun
    return _figures(box, loaded, people, kills, loading, seconds)


def _load(store: Any, scan: LinkScan, people: int) -> set[str]:
    text = listed(people // 2) + listed(people // 2, "zuid").partition("\n")[2]
    assert invite(store, scan, text, now=datetime.now(UTC).replace(tzinfo=None)) == people
    return {line.partition(",")[0] for line in text.splitlines()[1:]}


@contextmanager
def _worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "WEERKLANK_INSTANCE": str(folder), "WEERKLANK_PARENT": str(os.getpid())}
    worker = subprocess.Popen([sys.executable, "-m", "app.jobs.worker"], cwd=ROOT, env=environment)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait(10)


def _wait(box: Box, letters: int) -> None:
    until = time.monotonic() + MOST_SECONDS
    while len({to for to, _ in box.got}) < letters if letters < 1000 else len(box.got) < letters:
        if time.monotonic() > until:
            raise TimeoutError(f"only {len(box.got)} of {letters} letters came")
        time.sleep(PAUSE)


def _settled(folder: Path, scan: LinkScan) -> None:
    """Until the round says that it is done, so that nothing comes after the count."""
    with an_app(folder) as app:
        store, until = app.extensions["store"], time.monotonic() + 60
        while time.monotonic() < until:
            now = datetime.now(UTC).replace(tzinfo=None)
            standing = overseeing.standing(store, scan=scan.id, by=scan.by, now=now)
            if standing.rounds[0].state == "done":
                return
            time.sleep(0.1)
    raise TimeoutError("the round was never done")


def _figures(box: Box, loaded: set[str], people: int, kills: int, loading: float, seconds: float) -> Figures:
    by_person: dict[str, list[bytes]] = defaultdict(list)
    for to, raw in box.got:
        by_person[to].append(raw)
    repeated = {to: raws for to, raws in by_person.items() if len(raws) > 1}
    altered = sum(len({_signs(raw) for raw in raws}) > 1 for raws in repeated.values())
    links = {_signs(raws[0])[1] for raws in by_person.values()}
    return Figures(
        people=people,
        kills=kills,
        seconds_loading=loading,
        seconds=seconds,
        reached=len(set(by_person) & loaded),
        repeated=sum(len(raws) - 1 for raws in repeated.values()),
        altered=altered + (len(links) != len(by_person)),
        unexpected=len(set(by_person) - loaded),
    )


def _signs(raw: bytes) -> tuple[str, str]:
    """Message-ID and link."""
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("plain",))
    found = _LINK.search(body.get_content() if body is not None else "")
    return str(mail["Message-ID"]), found[0] if found is not None else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), people=chosen.people, kills=chosen.kills)
    print(
        f"{found.people} addresses loaded in {found.seconds_loading:.1f} s; invited in {found.seconds:.0f} s "
        f"({found.people / found.seconds:.0f} a second), the worker killed {found.kills} times on the way: "
        f"{found.reached} reached, {found.repeated} letters twice, {found.altered} of those altered"
    )
    return 0 if found.good and found.seconds < MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
