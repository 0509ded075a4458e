"""Sixty known people take part by personal link; then somebody takes every byte of the server and says whose ballot each is.

    .venv/bin/python bench/seized.py [--seeds 3] [--people 60]

The real server and worker, a real mail server on this machine, reminders, retries, a `kill -9` and backups on the way. The linker
(bench/linking.py) gets the server after every mix, between mixes and after sealing. Exit code 1 when it does better than chance
where that is promised, or worse than 95 % on a build that leaks on purpose.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core import manifest
from app.core.access import Actor, at_command_line
from app.core.plan import PERSONAL
from app.crypto import blind, codes, personal
from app.crypto.blind import Public
from app.crypto.streams import Lock, Unlock
from app.crypto.vault import Effort
from app.services import addressing, backing_up, certifying, inviting_by_mail, planning, sealing, settling
from app.services.addressing import Given
from app.services.inviting_by_mail import Site
from app.settings import load
from app.storage import backups, mixing, scan_keys
from app.storage.database import Store
from bench.intake import free_port
from bench.inviting import Box, a_box
from bench.linking import Judged, Link, Linker, Snapshot, hits, judge, snapshot
from tests.factories import SURVEYS, an_app, an_organisation

ROOT = Path(__file__).resolve().parent.parent
UNITS = "code,parent,name,headcount\norg,,De Linde,{all}\nnoord,org,Team Noord,{each}\nzuid,org,Team Zuid,{each}\n"
TEAMS = ("noord", "zuid")
LINK = re.compile(r"https://scan\.example/u/(\w+)/#([\w-]{22})\.(\d+)\.([\w-]{22})\b")
LOCK = Lock(passphrase="een lange zin voor kopieën", effort=Effort(1, 8192))
SHARE_SENDING = 0.9
HALF_AN_HOUR, A_MORNING, TWO_DAYS = 1800.0, 4 * 3600.0, 48 * 3600.0
SECONDS_TO_FILL_IN = 420.0
MOST_IN_A_LOG = 9
LEAKS = 0.95

Send = Callable[[str, dict[str, object], str], tuple[int, dict[str, object]]]
"""Posts an object to an address on the server for somebody with this network address; gives the status and the answer."""


@dataclass
class Person:
    """Somebody's browser, with all it needs to ask again and send again."""

    email: str
    token: str
    stratum: int
    address: str
    public: Public
    answers: dict[str, str]
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    prefix: bytes = field(default_factory=lambda: secrets.token_bytes(blind.PREFIX_BYTES))
    signature: bytes = b""

    def __post_init__(self) -> None:
        self.blinded = blind.blind(
            self.public,
            blind.prepare(self.nonce, self.prefix),
            salt=secrets.token_bytes(blind.SALT_BYTES),
            factor=secrets.randbelow(self.public.modulus - 2) + 1,
        )

    @property
    def key(self) -> bytes:
        key = codes.ballot_key(manifest.text(self.nonce))
        assert key is not None
        return key

    def ask(self, send: Send, scan: str) -> None:
        status, answer = send(
            f"/u/{scan}/issue",
            {"token": self.token, "stratum": self.stratum, "blinded": manifest.text(self.blinded.message)},
            self.address,
        )
        assert status == 200, answer
        signature = manifest.unpacked(answer["signature"], blind.KEY_BYTES)
        assert signature is not None
        message = blind.prepare(self.nonce, self.prefix)
        self.signature = blind.finalize(self.public, message, signature, self.blinded.inverse)

    def send(self, send: Send, scan: str) -> None:
        status, answer = send(
            f"/u/{scan}/receive",
            {
                "nonce": manifest.text(self.nonce),
                "prefix": manifest.text(self.prefix),
                "signature": manifest.text(self.signature),
                "stratum": self.stratum,
                "answers": self.answers,
            },
            self.address,
        )
        assert status == 200 and answer["receipt"] == self.key.hex(), answer


@dataclass(frozen=True)
class Scan:
    id: str
    by: Actor
    public: dict[int, Public]


def open_scan(app: object, each: int) -> Scan:
    """Two teams of so many, invited by personal link, with keys made."""
    store: Store = app.extensions["store"]
    by, now = at_command_line(an_organisation(store)), datetime.now(UTC).replace(tzinfo=None)
    scan = planning.create_scan(
        store,
        name="Baseline",
        kind="baseline",
        instrument=(SURVEYS / "social-safety.toml").read_text("utf-8"),
        units=UNITS.format(all=2 * each, each=each),
        way=PERSONAL,
        by=by,
        now=now,
    )
    planning.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=now)
    certifying.certify(store, scan=scan, pages=app.extensions["personal_pages"], by=by, now=now)
    served = certifying.served(store, scan)
    assert served is not None
    return Scan(scan, by, served.keys)


def addresses(each: int) -> str:
    rows = [f"{team}{number}@prive.example,{team}" for team in TEAMS for number in range(each)]
    return "\n".join(["address,stratum", *rows]) + "\n"


def events(
    people: list[Person], chance: random.Random, spread: float = HALF_AN_HOUR
) -> list[tuple[float, str, Person]]:
    """When somebody opens a link or sends, now and then twice; all come within `spread` seconds and take about seven minutes."""
    planned: list[tuple[float, int, str, Person]] = []
    for number, person in enumerate(people):
        at = chance.uniform(0, spread)
        planned.append((at, number, "ask", person))
        if chance.random() < 0.2:
            planned.append((at + chance.uniform(1, 60), number, "ask", person))
        at += 60 + SECONDS_TO_FILL_IN * chance.lognormvariate(0, 0.4)
        if chance.random() < SHARE_SENDING:
            planned.append((at, number, "send", person))
            if chance.random() < 0.2:
                planned.append((at + chance.uniform(1, 60), number, "send", person))
    return [(at, act, person) for at, _, act, person in sorted(planned, key=lambda one: one[:3])]


def act_out(
    story: list[tuple[float, str, Person]],
    send: Send,
    seized: Seizures,
    store: Store,
    folder: Path,
    before: Callable[[int], None],
    after: Callable[[], None],
) -> None:
    """One event after the other; where nobody came for five minutes, what the server does by itself after five quiet minutes."""
    last = 0.0
    seized.set_clock(last, folder)
    for number, (at, act, person) in enumerate(story):
        before(number)
        if at - last > settling.SECONDS_OF_QUIET:
            settling.settle(store)
            seized.set_clock(last + settling.SECONDS_OF_QUIET, folder)
            after()
        last = at
        if act == "ask":
            person.ask(send, seized.scan)
        else:
            person.send(send, seized.scan)
            seized.truth[person.email] = person.key
        seized.set_clock(at, folder)
        after()


@dataclass
class Seizures:
    """Copies of the server: after mixes, between them, both in order, after sealing; and what is true."""

    scan: str
    mixed: list[Snapshot] = field(default_factory=list)
    between: list[Snapshot] = field(default_factory=list)
    watched: list[Snapshot] = field(default_factory=list)
    sealed: list[Snapshot] = field(default_factory=list)
    truth: dict[str, bytes] = field(default_factory=dict)
    known: dict[bytes, Link] = field(default_factory=dict)
    backups: list[str] = field(default_factory=list)
    clock: dict[str, int] = field(default_factory=dict)

    def set_clock(self, at: float, folder: Path) -> None:
        """Let logs that were written to, or emptied, say so at the hour of this story, not at that of this run."""
        for name in mixing.IN_LINE:
            log = folder / "instance" / f"{name}.db-wal"
            if log.exists() and log.stat().st_mtime_ns != self.clock.get(name):
                os.utime(log, (at, at))
                self.clock[name] = log.stat().st_mtime_ns

    def take(self, store: Store, folder: Path, *, always: bool = True) -> None:
        """Copy the server now; `always` False: only when it has just been mixed."""
        just_mixed = not any(mixing.waiting(store, name) for name in mixing.IN_LINE)
        if just_mixed or always:
            one = snapshot(folder)
            (self.mixed if just_mixed else self.between).append(one)
            self.watched.append(one)


class Server:
    """The real one, as it is started in production, with its own folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "tmp").mkdir(exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "WEERKLANK_INSTANCE": str(self.folder / "instance"),
            "TMPDIR": str(self.folder / "tmp"),
        }
        environment.pop("WEERKLANK_PARENT", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port), "--workers", "1"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "server.log").open("ab"),
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=5).connect()
                return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the server doesn't answer")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def send(self, path: str, content: dict[str, object], address: str) -> tuple[int, dict[str, object]]:
        """As a browser does it: again until there is an answer."""
        until = time.monotonic() + 60
        while True:
            try:
                return post(self.port, path, content, address)
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


def post(port: int, path: str, content: dict[str, object], address: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/json",
        "X-Forwarded-For": address,
        "User-Agent": f"Browser {address}",
    }
    connection.request("POST", path, json.dumps(content), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if answer.headers["Content-Type"] == "application/json" else {}


def tokens(box: Box, scan: str) -> dict[str, tuple[str, int]]:
    """Token and stratum by address, as they stand in the mail."""
    found = {}
    for to, raw in box.got:
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
        link = LINK.search(body.get_content() if body is not None else "")
        assert link is not None and link[1] == scan
        found[to] = (link[2], int(link[3]))
    return found


def wait_for_mail(box: Box, letters: int) -> None:
    until = time.monotonic() + 60
    while len(box.got) < letters:
        if time.monotonic() > until:
            raise TimeoutError(f"only {len(box.got)} of {letters} letters came")
        time.sleep(0.02)


def people_of(found: dict[str, tuple[str, int]], scan: Scan, chance: random.Random) -> list[Person]:
    items = [f"{name}" for name in _items()]
    people = []
    for number, (email, (token, stratum)) in enumerate(sorted(found.items())):
        answers = {item: str(chance.randint(1, 5)) for item in items}
        people.append(Person(email, token, stratum, f"203.0.113.{number}", scan.public[stratum], answers))
    return people


def _items() -> list[str]:
    from app.core.instrument import parse

    instrument = parse((SURVEYS / "social-safety.toml").read_text("utf-8"))
    five = {1, 2, 3, 4, 5}
    return [item.id for item in instrument.coded if five <= set(instrument.options_of(item).codes)]


def known_of(people: list[Person]) -> dict[bytes, Link]:
    marks = {personal.invitation_mark(one.token): one for one in people}
    return {
        mark: Link(one.email, one.stratum, (mark, one.token.encode(), one.email.encode()))
        for mark, one in marks.items()
    }


@contextmanager
def a_mailing_instance(folder: Path, box: Box) -> Iterator[object]:
    instance = folder / "instance"
    instance.mkdir()
    (instance / "settings.toml").write_text(
        'address = "https://scan.example"\n[smtp]\nhost = "127.0.0.1"\n'
        f'port = {box.port}\nstarttls = false\nsender = "Scan <scan@zorg.example>"\n',
        "utf-8",
    )
    with an_app(instance) as app:
        yield app


def play(
    folder: Path, *, people: int = 60, seed: int = 1, spread: float = HALF_AN_HOUR, often: int = 4
) -> Seizures:
    """One scan from the first mail to the seal, with a crash, retries, reminders and three backups on the way.

    The server is seized after every mix, and between mixes after every so many requests.
    """
    chance, now = random.Random(seed), datetime.now(UTC).replace(tzinfo=None)
    with a_box() as box, a_mailing_instance(folder, box) as app:
        store: Store = app.extensions["store"]
        scan, settings = open_scan(app, people // 2), load({"WEERKLANK_INSTANCE": str(folder / "instance")})
        addressing.load(store, scan=scan.id, given=Given(addresses(people // 2)), by=scan.by, now=now)
        some_days_ago = now - timedelta(days=10)
        inviting_by_mail.start(store, scan=scan.id, site=Site.of(settings), by=scan.by, now=some_days_ago)
        seized, server = Seizures(scan.id), Server(folder)

        def back_up() -> None:
            made = backing_up.back_up(
                store, folder=folder / "backup", instance=folder / "instance", lock=LOCK
            )
            seized.backups.append(made.answers)

        try:
            server.start()
            wait_for_mail(box, people)
            everybody = people_of(tokens(box, scan.id), scan, chance)
            seized.known = known_of(everybody)
            story = events(everybody, chance, spread)
            crash, copies = len(story) // 2, {int(len(story) * part) for part in (0.2, 0.65, 0.8)}
            taken = itertools.count()

            def before(number: int) -> None:
                if number == crash:
                    # A worker that starts looks for letters at once; the one before would within a minute.
                    inviting_by_mail.remind(store, scan=scan.id, site=Site.of(settings), by=scan.by, now=now)
                    server.kill()
                    server.start()
                    seized.take(store, folder)
                    wait_for_mail(box, 2 * people)
                if number in copies:
                    back_up()

            def after() -> None:
                seized.take(store, folder, always=next(taken) % often == 0)

            act_out(story, server.send, seized, store, folder, before, after)
        finally:
            server.stop()
        sealing.seal(store, scan=scan.id, by=scan.by, now=now)
        seized.sealed.append(snapshot(folder))
    return seized


class Leaky:
    """Stands before an application and does what this product never does; made here and nowhere in the product.

    `visits`: a log of who came, as many servers keep it. `session`: four random bytes a visitor, beside what they asked for and
    beside what they sent, each in its own database.
    """

    def __init__(self, application: WSGIApplication, instance: Path, kind: str) -> None:
        self.application, self.instance, self.kind = application, instance, kind
        self.sessions: dict[str, bytes] = {}
        for name in ("issuing", "ballots"):
            with closing(sqlite3.connect(instance / f"{name}.db")) as connection, connection:
                connection.execute("CREATE TABLE visit (name BLOB PRIMARY KEY, session BLOB) WITHOUT ROWID")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        sent, address = json.loads(body), environ["HTTP_X_FORWARDED_FOR"]
        if "token" in sent:
            self._leak("issuing", address, personal.invitation_mark(sent["token"]))
        else:
            self._leak("ballots", address, codes.ballot_key(sent["nonce"]) or b"")
        return self.application(environ, start_response)

    def _leak(self, database: str, address: str, name: bytes) -> None:
        if self.kind == "visits":
            with (self.instance / "visits.log").open("a") as file:
                file.write(f"{address} POST {name.hex()}\n")
            return
        session = self.sessions.setdefault(address, secrets.token_bytes(4))
        with closing(sqlite3.connect(self.instance / f"{database}.db")) as connection, connection:
            connection.execute("INSERT OR IGNORE INTO visit VALUES (?, ?)", (name, session))


def play_alone(
    folder: Path,
    *,
    kind: str = "",
    people: int = 60,
    seed: int = 1,
    spread: float = HALF_AN_HOUR,
    often: int = 1,
    most: int = 1_000_000,
) -> Seizures:
    """The first `most` of the same people without processes and mail, seized as above; or on a build that leaks, at the end."""
    chance, now = random.Random(seed), datetime.now(UTC).replace(tzinfo=None)
    instance = folder / "instance"
    with an_app(instance) as app:
        store: Store = app.extensions["store"]
        scan = open_scan(app, people // 2)
        addressing.load(store, scan=scan.id, given=Given(addresses(people // 2)), by=scan.by, now=now)
        if kind:
            app.wsgi_app = Leaky(app.wsgi_app, instance, kind)
        everybody = people_of(derived_tokens(store, scan.id), scan, chance)[:most]
        seized, client = Seizures(scan.id, known=known_of(everybody)), app.test_client()

        def send(path: str, content: dict[str, object], address: str) -> tuple[int, dict[str, object]]:
            answer = client.post(path, json=content, headers={"X-Forwarded-For": address})
            return answer.status_code, answer.get_json()

        taken = itertools.count()

        def after() -> None:
            if not kind:
                seized.take(store, folder, always=next(taken) % often == 0)

        act_out(events(everybody, chance, spread), send, seized, store, folder, lambda number: None, after)
        for name in mixing.IN_LINE:
            mixing.mix(store, name)
        seized.take(store, folder)
    return seized


def derived_tokens(store: Store, scan: str) -> dict[str, tuple[str, int]]:
    """Token and stratum by address, as who has the scan's key makes them."""
    key = scan_keys.read(store.scan_keys, scan)
    assert key is not None
    mailing = personal.derived(key, personal.MAILING)
    with store.reading_issuing() as connection:
        rows = connection.exec_driver_sql("SELECT id, stratum, sealed, generation FROM invited").all()
    return {
        personal.unseal_address(mailing, row[2]): (personal.token(mailing, scan, row[0], row[3]), row[1])
        for row in rows
    }


def opened(one: Snapshot, folder: Path) -> Snapshot | None:
    """What the backup in a seizure holds, for one who has its passphrase as well; None where it has no answers."""
    path = folder / "opened"
    path.mkdir()
    archive = path / "archive"
    archive.write_bytes(one.named(backups.ARCHIVE))
    (path / "files").mkdir()
    parts = backups.unpack(archive, Unlock(passphrase=LOCK.passphrase), path / "files")
    if backups.ANSWERS not in parts:
        return None
    held = snapshot(path / "files")
    keys = {name: content for name, content in one.files.items() if "/scan-keys/" in name}
    return Snapshot({**held.files, **keys}, held.times)


def judged(
    seized: Seizures, snapshots: list[Snapshot], chance: random.Random, *, together: bool = False
) -> Judged:
    """Each copy by itself, as by somebody who came once; or the last with all before it, as by somebody who always watched."""
    runs = [snapshots] if together else [[one] for one in snapshots]
    guesses = []
    for seen in runs:
        linker = Linker(seized.scan, seen, chance, seized.known)
        guesses.append((linker.guess(), linker.held[-1].ballots))
    return judge(guesses, seized.truth, chance)


@dataclass(frozen=True)
class InLogs:
    """Between mixes: ballots in a log, those of them linked, and the most of them at once; and the same outside of it."""

    ballots: int
    right: int
    most: int
    outside: Judged


def with_a_backup(seized: Seizures, chance: random.Random) -> Judged | None:
    """The server as it was last, and what its backup holds, for one who has the passphrase too; None without such a backup."""
    last = seized.watched[-1]
    with tempfile.TemporaryDirectory() as name:
        earlier = opened(last, Path(name))
    return judged(seized, [earlier, last], chance, together=True) if earlier is not None else None


def between(seized: Seizures, chance: random.Random) -> InLogs:
    ballots = right = most = 0
    outside = []
    for one in seized.between:
        linker = Linker(seized.scan, [one], chance, seized.known)
        guessed, held = linker.guess(), linker.held[-1]
        recent = {key for key, at in held.ballot_at.items() if at}
        ballots += len(recent)
        most = max(most, len(recent))
        right += hits({who: key for who, key in guessed.items() if key in recent}, seized.truth)
        rest = {key: stratum for key, stratum in held.ballots.items() if key not in recent}
        outside.append(({who: key for who, key in guessed.items() if key in rest}, rest))
    return InLogs(ballots, right, most, judge(outside, seized.truth, chance))


def report(seized: Seizures, chance: random.Random) -> bool:
    """Prints what the linker found; gives whether that is as promised."""
    mixed, sealed = judged(seized, seized.mixed, chance), judged(seized, seized.sealed, chance)
    logs = between(seized, chance)
    watching = judged(seized, seized.mixed, chance, together=True)
    always = judged(seized, seized.watched, chance, together=True)
    print(f"  after a mix     {len(seized.mixed):3} times: {_words(mixed)}")
    print(f"  after sealing               {_words(sealed)}")
    print(
        f"  between mixes   {len(seized.between):3} times: of ballots in the log (at most {logs.most}) "
        f"{logs.right} of {logs.ballots} right; of the others {_words(logs.outside)}"
    )
    backup = with_a_backup(seized, chance) if seized.backups else None
    if backup is not None:
        print(f"  not promised: a backup and what opens it, beside the server: {_words(backup)}")
    print(f"  not promised: a copy kept after every mix: {_words(watching)}")
    print(f"  not promised: a copy kept after every request: {_words(always)}")
    return mixed.p > 0.01 and sealed.p > 0.01 and logs.outside.p > 0.01 and logs.most <= MOST_IN_A_LOG


def _words(found: Judged) -> str:
    return f"{found.right} of {found.ballots} right, by chance {found.by_chance:.1f} (p = {found.p:.2f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--people", type=int, default=60)
    chosen = parser.parse_args()
    good = True
    for seed in range(1, chosen.seeds + 1):
        for words, spread in (
            ("half an hour", HALF_AN_HOUR),
            ("a morning", A_MORNING),
            ("two days", TWO_DAYS),
        ):
            with tempfile.TemporaryDirectory() as name:
                seized = play(Path(name), people=chosen.people, seed=seed, spread=spread, often=1)
            print(
                f"all in {words}, seed {seed}: {len(seized.truth)} ballots of {chosen.people} people; {seized.backups}"
            )
            good = report(seized, random.Random(seed)) and good
    for kind in ("visits", "session"):
        with tempfile.TemporaryDirectory() as name:
            seized = play_alone(Path(name), kind=kind, people=chosen.people)
        found = judged(seized, seized.mixed, random.Random(1))
        print(f"a build that leaks ({kind}): {_words(found)}")
        good = found.right > LEAKS * found.ballots and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
