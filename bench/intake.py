"""Sends thousands of people through a running server, and a bare Flask application in the same run; prints a table.

    .venv/bin/python bench/intake.py [--data responses.csv] [--people 5400] [--clients 8,32] [--kill] [--comments]

With `--comments` the organisation has a vault, so its open questions are asked, and everybody answers them in a few sentences:
what is written is sealed to the advisers' key, and mixed by itself. With `--data` (columns: company and item ids) those people
answer; else seeded random people fill in surveys/social-safety.toml.
Every acknowledged receipt must be on the public list after sealing. Exit code 1 when one is not, or one is there twice.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import load  # noqa: E402

CLI = [str(Path(sys.executable).with_name("weerklank"))]
TICKS = os.sysconf("SC_CLK_TCK")
SENTENCES = (
    "We zouden vaker moeten bespreken wat er op de afdeling speelt.",
    "Wie iets zegt, hoort er daarna niets meer over.",
    "De sfeer in het team is goed, en dat mag zo blijven.",
    "Bij drukte wordt er minder op elkaar gelet dan zou moeten.",
    "Ik weet niet bij wie ik terecht kan als er iets is.",
)
LABELS = '["strongly disagree", "disagree", "neither", "agree", "strongly agree"]'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((load.HOST, 0))
        return int(probe.getsockname()[1])


def tree_of(pid: int) -> list[int]:
    """The process and everything under it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found


def cpu_seconds(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def pss_mib(pids: list[int]) -> dict[int, float]:
    found = {}
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)
        if match:
            found[pid] = int(match.group(1)) / 1024
    return found


class Instance:
    """A fresh installation in a temporary folder, driven by the command line alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "WEERKLANK_INSTANCE": str(folder / "instance"),
            "WEERKLANK_PASSWORD": "een wachtwoord voor de meting",
            "WEERKLANK_LOCAL_SLIPS": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*CLI, *arguments], env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise SystemExit(f"weerklank {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def start(self) -> float:
        """Seconds until it answers."""
        started = time.monotonic()
        self.server = subprocess.Popen(
            [*CLI, "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "server.log").open("ab"),
        )
        wait_for(self.port)
        return time.monotonic() - started

    def kill(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(20)


def wait_for(port: int, seconds: float = 120) -> None:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        try:
            load.fetch(port, "/")
        except (OSError, EOFError):
            time.sleep(0.05)
            continue
        return
    raise SystemExit(f"nothing answers on port {port}")


def from_data(path: Path, people: int) -> tuple[str, str, list[tuple[str, dict[str, str]]]]:
    """Instrument, units and (unit, answers) of each person, from a file with a column `company` and items."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:people]
    items = [name for name in rows[0] if name != "company"]
    instrument = (
        'id = "leadership"\nversion = 1\nlanguages = ["en"]\nminutes = 3\nlicence = "none"\nsource = "bench"\n'
        'validated = false\ntitle.en = "Leadership"\n[options.agree]\ncodes = [1, 2, 3, 4, 5]\nfavourable = [4, 5]\n'
        f"unfavourable = [1, 2]\nlabels.en = {LABELS}\n"
        '[[scales]]\nid = "climate"\ntheme = "leadership"\nkind = "mean"\nmin_answered = 0.5\ntitle.en = "Climate"\n'
    ) + "".join(
        f'[[items]]\nid = "{item}"\nscale = "climate"\noptions = "agree"\ntext.en = "{item}"\n'
        for item in items
    )
    counts = Counter(row["company"] for row in rows)
    return instrument, units_of(counts), [(row.pop("company"), row) for row in rows]


def random_people(
    people: int, *, comments: bool = False
) -> tuple[str, str, list[tuple[str, dict[str, str]]]]:
    from app.core.instrument import parse

    text = (ROOT / "surveys" / "social-safety.toml").read_text("utf-8")
    instrument = parse(text)
    chance = random.Random(11)
    units = [f"unit-{number:03}" for number in range(max(1, people // 55))]
    found = []
    for number in range(people):
        answers = {
            item.id: str(chance.choice(instrument.options_of(item).codes)) for item in instrument.coded
        }
        if comments:
            written = " ".join(chance.sample(SENTENCES, 3))
            answers |= {
                item.id: f"{number}: {written}" for item in instrument.items if item.kind == "comment"
            }
        found.append((units[number % len(units)], answers))
    return text, units_of(Counter(unit for unit, _ in found)), found


def found_vault(instance: Instance) -> None:
    """An adviser's vault, confirmed by the works council, in the installation that `init` made."""
    from datetime import UTC, datetime

    from app import create_app
    from app.core.access import Role, at_command_line
    from app.demo import signals
    from app.services import admitting
    from app.settings import load as settings_of

    class Caught:
        link = ""

        def send(self, message: object) -> str:
            self.link = next(word for word in str(getattr(message, "text", "")).split() if "://" in word)
            return ""

    store, now = (
        create_app(settings_of(instance.environment)).extensions["store"],
        datetime.now(UTC).replace(tzinfo=None),
    )
    emails = {"adviser": "adviser@example.org", "council": "council@example.org"}
    for email, role in zip(emails.values(), (Role.ADVISER, Role.WORKS_COUNCIL), strict=True):
        caught = Caught()
        admitting.invite(
            store, email=email, roles=(role,), by=at_command_line(1), now=now, mailer=caught, address="http://bench.example"
        )  # fmt: skip
        token = caught.link.rstrip("/").rpartition("/")[2]
        admitting.accept(
            store, token=token, name=role.value, password=instance.environment["WEERKLANK_PASSWORD"], now=now
        )
    signals.found(store, organisation=1, founded=now, **emails)
    store.dispose()


def sealed_comments(instance: Instance, scan: str) -> int:
    from app import create_app
    from app.services import resealing
    from app.settings import load as settings_of
    from app.storage import comments

    store = create_app(settings_of(instance.environment)).extensions["store"]
    with store.reading_ballots() as connection:
        found = sum(resealing.is_sealed(row.body) for row in comments.of_scan(connection, scan))
    store.dispose()
    return found


def units_of(counts: Counter[str]) -> str:
    lines = "".join(f"{unit},all,{unit},{count}\n" for unit, count in counts.items())
    return f"code,parent,name,headcount\nall,,Everybody,{sum(counts.values())}\n{lines}"


def prepare(
    instance: Instance,
    instrument: str,
    units: str,
    people: list[tuple[str, dict[str, str]]],
    *,
    comments: bool = False,
) -> tuple[str, dict[int, load.Survey]]:
    """An open scan with a slip for everybody."""
    folder = instance.folder
    (folder / "instrument.toml").write_text(instrument, "utf-8")
    (folder / "units.csv").write_text(units, "utf-8")
    instance.run("init", "--email", "bench@example.org")
    if comments:
        found_vault(instance)
    made = instance.run(
        "scan", "create", "--name", "Bench", "--kind", "baseline",
        "--instrument", str(folder / "instrument.toml"), "--units", str(folder / "units.csv"), "--json",
    )  # fmt: skip
    scan = str(json.loads(made)["scan"])
    instance.run("scan", "open", scan, "--checklist-confirmed")
    instance.run("scan", "slips", scan, "--csv", str(folder / "slips.csv"))
    slips: dict[str, list[str]] = {}
    with (folder / "slips.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            slips.setdefault(row["unit"], []).append(re.sub(r"^https?://[^/]+", "", row["address"]))
    surveys = {}
    for number, (unit, answers) in enumerate(people):
        page = slips[unit].pop() if unit in slips else next(iter(slips.values())).pop()
        surveys[number] = load.Survey(page, page.rpartition("/")[0], tuple(answers.items()))
    return scan, surveys


def first_visit(port: int, page: str) -> tuple[int, int]:
    """Requests and compressed bytes of the document and every asset it names."""
    _, _, document, total = load.fetch(port, page)
    assets = set(re.findall(rb'(?:src|href)="(/[^"]+\.(?:css|js|svg|png|ico)[^"]*)"', document))
    for asset in assets:
        total += load.fetch(port, asset.decode())[3]
    return 1 + len(assets), total


def measure(
    instance: Instance, surveys: dict[int, load.Survey], clients: int, kill_at: int | None
) -> tuple[load.Outcome, float]:
    """What happened, and the server's CPU in seconds without its start."""
    spent = Spent(instance)
    if kill_at is None:
        outcome = load.run(instance.port, surveys, clients)
        return outcome, spent.until_now()

    def at(finished: int) -> None:
        if finished == kill_at:
            spent.until_now()
            instance.kill()

    outcome = load.run(instance.port, surveys, clients, finished=at)
    print(f"killed after {kill_at}: {len(outcome.failed)} of {len(surveys)} surveys were cut off or refused")
    print(f"answers again after {instance.start():.1f} s")
    spent.restart()
    # Everybody who saw no closing page tries once more; whoever's ballot did get in is told that the code was used.
    again = {number: surveys[number] for number in outcome.failed}
    retried = load.run(instance.port, again, clients)
    outcome.seconds += retried.seconds
    outcome.wall += retried.wall
    outcome.closing.update(retried.closing)
    outcome.failed = retried.failed
    return outcome, spent.until_now()


class Spent:
    """CPU of a server that may die and start again in between: what a process used is read before it ends."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.seconds = instance, 0.0
        self.restart()

    def restart(self) -> None:
        assert self.instance.server is not None
        self.pids = tree_of(self.instance.server.pid)
        self.before = cpu_seconds(self.pids)

    def until_now(self) -> float:
        self.seconds += cpu_seconds(self.pids) - self.before
        return self.seconds


def bare(folder: Path, people: int, questions: int, clients: int, direct: bool) -> tuple[load.Outcome, float]:
    port = free_port()
    environment = {
        **os.environ,
        "BARE_DATABASE": str(folder / f"bare-{direct}.db"),
        "BARE_QUESTIONS": str(questions),
        "PYTHONPATH": str(ROOT),
    }
    if direct:
        environment["BARE_DIRECT"] = "1"
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", load.HOST, "--port", str(port),
         "--workers", "2", "--blocking-threads", "1", "--runtime-mode", "st", "--http", "1", "--no-ws",
         "--backlog", "2048", "--no-access-log", "--log-level", "error", "bench.bare:application"],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        answers = tuple((f"q{number}", "3") for number in range(questions))
        surveys = dict.fromkeys(range(people), load.Survey("/survey", "/survey", answers))
        load.run(port, dict(list(surveys.items())[:64]), clients)
        pids = tree_of(server.pid)
        before = cpu_seconds(pids)
        outcome = load.run(port, surveys, clients)
        return outcome, cpu_seconds(pids) - before
    finally:
        server.terminate()
        server.wait(20)


def report(name: str, outcome: load.Outcome, cpu: float) -> float:
    done = len(outcome.seconds)
    rate = done / outcome.wall
    print(
        f"{name:<34} {done:>6} {rate:>9.0f}/s  p50 {outcome.percentile(0.5):>5.0f} ms  p95 {outcome.percentile(0.95):>5.0f} ms"
        f"  CPU {1000 * cpu / done if done else float('nan'):>5.2f} ms  failed {len(outcome.failed)}"
    )
    return rate


def receipts_of(
    instance: Instance, scan: str, slug: str, closing: dict[int, tuple[dict[str, str], str]]
) -> int:
    """How many acknowledged receipts are missing from the public list, or are on it twice."""
    from app.crypto import codes

    acknowledged = set()
    for fields, page in closing.values():
        key = codes.ballot_key(fields["_nonce"])
        assert key is not None
        if key.hex() in re.sub(r"<[^>]+>|\s", "", page):
            acknowledged.add(key.hex())
    _, _, body, _ = load.fetch(instance.port, f"/v/{slug}/r/{scan}.txt")
    listed = re.findall(r"^[0-9a-f]{64}$", body.decode(), re.M)
    missing, doubled = acknowledged - set(listed), len(listed) - len(set(listed))
    print(
        f"acknowledged {len(acknowledged)}, on the public list {len(listed)}, missing {len(missing)}, twice {doubled}"
    )
    return len(missing) + doubled + (0 if acknowledged else 1)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path)
    options.add_argument("--people", type=int, default=5400)
    options.add_argument("--clients", default="8,32")
    options.add_argument("--kill", action="store_true", help="kill -9 the server half way, restart, finish")
    options.add_argument("--no-bare", action="store_true")
    options.add_argument(
        "--comments", action="store_true", help="with a vault, and open questions that are answered"
    )
    chosen = options.parse_args()
    comments = chosen.comments and not chosen.data
    people = (
        from_data(chosen.data, chosen.people)
        if chosen.data
        else random_people(chosen.people, comments=comments)
    )
    wrong = 0
    rates: dict[int, tuple[float, float]] = {}
    for clients in (int(number) for number in chosen.clients.split(",")):
        folder = Path(tempfile.mkdtemp(prefix="weerklank-bench-"))
        instance = Instance(folder)
        try:
            scan, surveys = prepare(instance, *people, comments=comments)
            first = surveys[0].page
            print(f"\n{len(surveys)} people, {clients} at a time; answers after {instance.start():.1f} s")
            assert instance.server is not None
            time.sleep(2)
            memory = pss_mib(tree_of(instance.server.pid))
            print(
                f"idle memory (PSS, MiB): {sum(memory.values()):.0f} = "
                + " + ".join(f"{size:.0f}" for size in memory.values())
            )
            requests, size = first_visit(instance.port, first)
            print(f"first visit: {requests} requests, {size / 1024:.1f} KiB compressed")
            outcome, cpu = measure(instance, surveys, clients, len(surveys) // 2 if chosen.kill else None)
            rate = report("Weerklank", outcome, cpu)
            for number, why in list(outcome.failed.items())[:3]:
                print(f"  person {number}: {why}")
            if comments:
                print(f"sealed comments: {sealed_comments(instance, scan)}")
            started = time.monotonic()
            instance.run("scan", "seal", scan)
            print(f"sealed in {time.monotonic() - started:.1f} s")
            wrong += receipts_of(instance, scan, first.split("/")[2], outcome.closing)
            instance.stop()
            if not chosen.no_bare:
                compared = []
                for direct, name in (
                    (False, "bare, closing page by redirect"),
                    (True, "bare, closing page at once"),
                ):
                    questions = len(surveys[0].answers)
                    compared.append(report(name, *bare(folder, len(surveys), questions, clients, direct)))
                rates[clients] = (rate / compared[0], rate / compared[1])
                by_redirect, at_once = rates[clients]
                print(
                    f"surveys per second against the bare application: {by_redirect:.2f} (redirect), {at_once:.2f} (at once)"
                )
        finally:
            instance.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
