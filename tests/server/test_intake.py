"""People sent through the real server: stored once, nothing kept of them, nothing lost when it is killed."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.crypto import codes
from bench import load
from bench.intake import Instance, first_visit, prepare, pss_mib, random_people, tree_of

MARKER = "zeldzaammerk7391"
MARKED = (
    f"User-Agent: {MARKER}\r\nX-Forwarded-For: {MARKER}, 10.1.2.3\r\nForwarded: for={MARKER}\r\nX-Real-IP: {MARKER}\r\n"
    f"Cookie: {MARKER}={MARKER}; staff={MARKER}\r\nReferer: https://{MARKER}.example/?q={MARKER}\r\n"
)
MOST_MEMORY = 140


@contextmanager
def a_server(folder: Path, people: int) -> Iterator[tuple[Instance, str, dict[int, load.Survey]]]:
    instance = Instance(folder)
    scan, surveys = prepare(instance, *random_people(people))
    instance.start()
    try:
        yield instance, scan, surveys
    finally:
        instance.stop()


def receipts(outcome: load.Outcome) -> set[str]:
    """What people were shown, checked against the hash of their own form's number."""
    found = set()
    for fields, page in outcome.closing.values():
        key = codes.ballot_key(fields["_nonce"])
        assert key is not None
        if key.hex() in re.sub(r"<[^>]+>|\s", "", page):
            found.add(key.hex())
    return found


def listed(instance: Instance, scan: str, surveys: dict[int, load.Survey]) -> list[str]:
    slug = surveys[0].page.split("/")[2]
    return load.fetch(instance.port, f"/v/{slug}/r/{scan}.txt")[2].decode().split()


def test_a_killed_server_keeps_what_it_acknowledged_and_starts_again(tmp_path: Path) -> None:
    with a_server(tmp_path, 160) as (instance, scan, surveys):

        def kill_half_way(finished: int) -> None:
            if finished == 70:
                instance.kill()

        cut_off = load.run(instance.port, surveys, 8, finished=kill_half_way)
        assert cut_off.failed, "the server was killed too late to matter"
        instance.start()
        finished = load.run(instance.port, {number: surveys[number] for number in cut_off.failed}, 8)
        acknowledged = receipts(cut_off) | receipts(finished)
        instance.run("scan", "seal", scan)
        public = [line for line in listed(instance, scan, surveys) if re.fullmatch("[0-9a-f]{64}", line)]
        assert len(public) == len(set(public)) <= 160
        assert acknowledged <= set(public)
        # Who was cut off between the commit and the page is in, and finds the code used; nobody else is missing.
        assert len(public) >= 160 - len(finished.failed)


def test_nothing_that_a_browser_says_of_itself_is_kept(tmp_path: Path) -> None:
    with a_server(tmp_path, 30) as (instance, _, surveys):
        marked = {
            number: load.Survey(
                f"{survey.page}?{MARKER}={MARKER}", f"{survey.submit}?{MARKER}", survey.answers
            )
            for number, survey in surveys.items()
        }
        outcome = load.run(instance.port, marked, 4, extra=MARKED)
        assert len(receipts(outcome)) == 30
        slug = surveys[0].page.split("/")[2]
        for path in (f"/v/{slug}", f"/v/{slug}/0000-{MARKER}", f"/v/{slug}/stored", f"/{MARKER}"):
            load.fetch(instance.port, f"{path}?q={MARKER}")
        instance.stop()
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.name == "ballots.db" for path in files)
        assert [path for path in files if MARKER.encode() in path.read_bytes()] == []


def test_a_first_visit_is_small_and_an_idle_server_too(tmp_path: Path) -> None:
    with a_server(tmp_path, 20) as (instance, _, surveys):
        assert instance.server is not None
        requests, size = first_visit(instance.port, surveys[0].page)
        assert requests <= 4 and size <= 30 * 1024
        assert sum(pss_mib(web_of(instance.server.pid)).values()) <= MOST_MEMORY


def web_of(pid: int) -> list[int]:
    """The supervisor and the processes that answer; the worker and what it starts are no web processes."""
    return [one for one in tree_of(pid) if b"app.serving" in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_slips_are_printed_once_for_everybody(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    _, surveys = prepare(instance, *random_people(120))
    with (tmp_path / "slips.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows)
    assert sum(not row["reserve"] for row in rows) == 120 == len(surveys)
    assert (tmp_path / "slips.csv").stat().st_mode & 0o077 == 0
    assert json.loads(instance.run("scan", "list", "--json"))
