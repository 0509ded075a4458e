"""One command serves: its children end with it however it ends, come back when they die, and it starts again at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 60.0

pytestmark = pytest.mark.xdist_group("server")


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def weerklank(instance: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "WEERKLANK_INSTANCE": str(instance), **more}
    environment.pop("WEERKLANK_PARENT", None)
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(instance: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    server = weerklank(instance, "serve", "--port", str(port))
    try:
        assert wait_for(lambda: answers(port), LONGEST_START)
        yield server
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(30)


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_for(happened: Callable[[], bool], seconds: float) -> bool:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if happened():
            return True
        time.sleep(0.05)
    return False


def below(pid: int) -> set[int]:
    """Every process that this one started, and those that they started."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        here = waiting.pop()
        for thread in Path(f"/proc/{here}/task").glob("*/children"):
            for child in thread.read_text().split():
                found.add(int(child))
                waiting.append(int(child))
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def named(pids: set[int], module: str) -> list[int]:
    return [pid for pid in pids if module in Path(f"/proc/{pid}/cmdline").read_text()]


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks at processes through /proc"
)


@needs_proc
def test_children_end_when_the_supervisor_is_killed_and_it_starts_again_at_once(tmp_path: Path) -> None:
    port = a_free_port()
    with serving(tmp_path, port) as server:
        assert wait_for(lambda: len(below(server.pid)) >= 4, 20)  # granian, its two processes, the worker
        children = below(server.pid)
        server.kill()
        server.wait(5)
        assert wait_for(lambda: not any(alive(pid) for pid in children), 2)
    with serving(tmp_path, port):
        assert answers(port)


@needs_proc
def test_what_dies_is_started_again(tmp_path: Path) -> None:
    port = a_free_port()
    with serving(tmp_path, port) as server:
        (web,) = [p for p in below(server.pid) if p in direct(server.pid) and named({p}, "app.serving.web")]
        (worker,) = named(direct(server.pid), "app.jobs.worker")
        os.kill(web, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        assert wait_for(lambda: web not in direct(server.pid) and len(direct(server.pid)) == 2, 20)
        assert wait_for(lambda: answers(port), LONGEST_START)
        assert wait_for(lambda: len(named(direct(server.pid), "app.jobs.worker")) == 1, 20)


def direct(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    port = a_free_port()
    with serving(tmp_path, port) as server:
        assert wait_for(lambda: len(below(server.pid)) >= 4, 20)
        children = below(server.pid)
        server.send_signal(number)
        assert server.wait(15) == 0
        # A task's own process is told by the kernel, a moment after the worker went.
        assert wait_for(lambda: not any(alive(pid) for pid in children), 2)


@needs_proc
def test_the_supervisor_loads_next_to_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, a_free_port()) as server:
        mapped = Path(f"/proc/{server.pid}/maps").read_text()
        assert not any(name in mapped for name in ("sqlalchemy", "numpy", "granian", "_sqlite3"))
        pss = next(
            line
            for line in Path(f"/proc/{server.pid}/smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        )
        assert int(pss.split()[1]) < 16 * 1024


def test_it_says_that_it_answers_when_it_does(tmp_path: Path) -> None:
    port = a_free_port()
    server = weerklank(tmp_path, "serve", "--port", str(port))
    try:
        assert server.stderr is not None
        assert any(f"answers at http://127.0.0.1:{port}" in line for line in server.stderr)
        assert answers(port)
    finally:
        server.terminate()
        server.wait(30)


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = weerklank(tmp_path, "serve", "--port", str(port))
        _, said = server.communicate(timeout=60)
    assert server.returncode == 2
    assert (
        said.strip()
        == f"weerklank: can't listen at 127.0.0.1:{port}: Address already in use; choose another --port."
    )


def test_bad_settings_are_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('address = "nonsense"\n')
    server = weerklank(tmp_path, "serve", "--port", str(a_free_port()))
    _, said = server.communicate(timeout=60)
    assert server.returncode == 2
    assert said.strip() == "weerklank: address “nonsense” must start with https://"
