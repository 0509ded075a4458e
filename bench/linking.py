"""Whoever seized a server: every byte of it enters, a guess whose ballot each is leaves. As clever as we can make it.

It reads what everybody with the keys reads (who was invited, which links were opened, which ballots there are), and then
looks for anything that joins the two: commits in the write-ahead logs, numbers and places of rows, leftovers in free pages,
lines of logs, values of four bytes and more that a person and a ballot share, and what changed between copies of different
moments.
"""

from __future__ import annotations

import math
import random
import re
import sqlite3
import struct
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from app.crypto import personal

WINDOW = 4
RARE = 2
SHARED, ORDERED, PLACED = 1000.0, 10.0, 1.0
NEVER = -1e6
ANSWERING = 0.9
"""Of those who open their link."""
LEAST_SECONDS, USUAL_SECONDS, SPREAD = 60.0, 420.0, 0.4
"""What everybody knows of how long it takes to fill in: at least a minute, seven more as a rule (lognormal)."""
SEALED = -1
LOG_HEAD, FRAME_HEAD = 32, 24


@dataclass(frozen=True)
class Snapshot:
    """Every file under a folder at one moment, by path, with its time of change (ns) and size."""

    files: Mapping[str, bytes]
    times: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def named(self, name: str) -> bytes:
        return next((held for path, held in self.files.items() if path.endswith("/" + name)), b"")

    def changed(self, *names: str) -> float:
        """When the last of these files changed, in seconds."""
        return max((at / 1e9 for path, (at, _) in self.times.items() if path.endswith(names)), default=0.0)


def snapshot(folder: Path) -> Snapshot:
    """By another process: a file of a database that this one opens and closes loses the locks that it holds on it."""
    files, times = {}, {}
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["cp", "-a", f"{folder}/.", name], check=True)
        for path in sorted(Path(name).rglob("*")):
            if path.is_file():
                place = f"/{path.relative_to(name)}"
                files[place] = path.read_bytes()
                times[place] = (path.stat().st_mtime_ns, path.stat().st_size)
    return Snapshot(files, times)


@dataclass(frozen=True)
class Link:
    """A link that was opened: whose it is, by address, and how all it is known by may stand in a file."""

    person: str
    stratum: int
    names: tuple[bytes, ...]


@dataclass
class Held:
    """What one moment holds: opened links by mark, ballots by key with their stratum, and the order that the logs give both.

    `at` is 0 for what was there at the last mix, else the number of the commit in its log.
    """

    links: dict[bytes, Link] = field(default_factory=dict)
    ballots: dict[bytes, int] = field(default_factory=dict)
    link_at: dict[bytes, int] = field(default_factory=dict)
    ballot_at: dict[bytes, int] = field(default_factory=dict)
    last_link: float = 0.0
    last_ballot: float = 0.0
    rows_of_links: dict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    rows_of_ballots: dict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))


def commits(file: bytes, log: bytes) -> Iterable[tuple[int, bytes, bytes]]:
    """The database at the last mix and after each commit of its log: number, file, log up to there."""
    yield 0, file, b""
    if len(log) < LOG_HEAD:
        return
    page = struct.unpack(">I", log[8:12])[0]
    salts, at, number = log[16:24], LOG_HEAD, 0
    while at + FRAME_HEAD + page <= len(log):
        size_after, frame_salts = struct.unpack(">I", log[at + 4 : at + 8])[0], log[at + 8 : at + 16]
        if frame_salts != salts:
            return
        at += FRAME_HEAD + page
        if size_after:
            number += 1
            yield number, file, log[:at]


def rows(file: bytes, log: bytes, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, with its number where it has one."""
    path = folder / "read.db"
    path.write_bytes(file)
    path.with_name("read.db-wal").write_bytes(log)
    path.with_name("read.db-shm").unlink(missing_ok=True)
    found: dict[str, list[tuple[object, ...]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            try:
                found[table] = connection.execute(f'SELECT rowid, * FROM "{table}"').fetchall()
            except sqlite3.OperationalError:
                found[table] = [(None, *row) for row in connection.execute(f'SELECT * FROM "{table}"')]
    return found


class Linker:
    """One who has the server. `seen` are copies of it, the oldest first; the last one is the server as it is."""

    def __init__(
        self,
        scan: str,
        seen: Sequence[Snapshot],
        chance: random.Random,
        known: Mapping[bytes, Link] | None = None,
    ) -> None:
        """`known`: who got which link in their mail, for when the server itself knows nobody any more."""
        self.scan, self.seen, self.chance, self.known = scan, seen, chance, known or {}
        self.held = [self._read(one) for one in seen]

    def _read(self, one: Snapshot) -> Held:
        held = Held(last_link=one.changed("/issuing.db-wal"), last_ballot=one.changed("/ballots.db-wal"))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number, file, log in commits(one.named("issuing.db"), one.named("issuing.db-wal")):
                tables = rows(file, log, folder)
                for mark, link in self._opened(one, tables).items():
                    held.links[mark] = link
                    held.link_at.setdefault(mark, number)
                _gather(
                    held.rows_of_links,
                    tables,
                    {name: mark for mark, link in held.links.items() for name in link.names},
                )
            for number, file, log in commits(one.named("ballots.db"), one.named("ballots.db-wal")):
                tables = rows(file, log, folder)
                for row in tables.get("ballot", []):
                    if row[1] == self.scan:
                        held.ballots[bytes(row[2])] = int(str(row[3]))
                        held.ballot_at.setdefault(bytes(row[2]), number)
                for row in tables.get("receipt", []):
                    # After sealing: receipts stand for ballots, in no part, and whoever got mail may have sent one.
                    if row[1] == self.scan:
                        held.ballots[bytes(row[2])] = SEALED
                        held.ballot_at[bytes(row[2])] = 0
                        held.links |= {
                            mark: replace(link, stratum=SEALED) for mark, link in self.known.items()
                        }
                        held.link_at |= dict.fromkeys(self.known, 0)
                _gather(held.rows_of_ballots, tables, {key: key for key in held.ballots})
        self._read_texts(one, held)
        return held

    def _opened(self, one: Snapshot, tables: Mapping[str, list[tuple[object, ...]]]) -> dict[bytes, Link]:
        """Links that were opened. With the scan's key they have names; without it each is known by its mark alone."""
        key = one.named(f"scan-keys/{self.scan}.key")
        names: dict[bytes, tuple[str, tuple[bytes, ...]]] = {}
        if len(key) == 32 and any(key):
            mailing = personal.derived(key, personal.MAILING)
            for row in tables.get("invited", []):
                _, number, scan, _, _, sealed, _, generation = row
                if scan == self.scan:
                    token = personal.token(mailing, self.scan, bytes(number), int(str(generation)))
                    address = personal.unseal_address(mailing, bytes(sealed))
                    mark = personal.invitation_mark(token)
                    names[mark] = (address, (mark, bytes(number), token.encode(), address.encode()))
        found = {}
        for _, mark, scan, stratum, blinded in tables.get("invitation", []):
            if scan == self.scan and bytes(blinded) != personal.NOT_YET:
                who, known = names.get(bytes(mark), (bytes(mark).hex(), (bytes(mark),)))
                found[bytes(mark)] = Link(who, int(str(stratum)), known)
        return found

    def _read_texts(self, one: Snapshot, held: Held) -> None:
        """Lines of files that aren't databases and name a person or a ballot: the words beside the name belong to it."""
        people = {
            form: mark for mark, link in held.links.items() for name in link.names for form in forms(name)
        }
        ballots = {form: key for key in held.ballots for form in forms(key)}
        for path, content in one.files.items():
            if path.endswith((".db", ".db-wal", ".db-shm")):
                continue
            for line in content.splitlines():
                words = re.findall(rb"[\w.@+/=:-]{4,}", line)
                for word in words:
                    beside = [other for other in words if other != word]
                    if word in people:
                        held.rows_of_links[people[word]].extend(beside)
                    if word in ballots:
                        held.rows_of_ballots[ballots[word]].extend(beside)

    def guess(self) -> dict[str, bytes]:
        """Person to ballot key, for as many as there are ballots; chance decides where nothing speaks for anybody."""
        now = self.held[-1]
        guessed: dict[str, bytes] = {}
        for stratum in sorted(set(now.ballots.values())):
            marks = [mark for mark, link in now.links.items() if link.stratum == stratum]
            keys = [key for key, where in now.ballots.items() if where == stratum]
            self.chance.shuffle(marks)
            self.chance.shuffle(keys)
            if not marks or not keys:
                continue
            worth = self._worth(marks, keys)
            for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
                guessed[now.links[marks[row]].person] = keys[column]
        return guessed

    def _worth(
        self, marks: list[bytes], keys: list[bytes]
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        noise = np.array([[self.chance.random() for _ in keys] for _ in marks]) * 1e-3
        worth = noise + SHARED * self._shared(marks, keys)
        # Several copies tell the order better than the logs of each of them.
        worth += ORDERED * _in_order(self.held[-1], marks, keys)
        if len(self.held) > 1:
            worth += ORDERED * _between(self.held, marks, keys)
        worth += PLACED * self._placed(marks, keys)
        return worth

    def _shared(
        self, marks: list[bytes], keys: list[bytes]
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Values that stand with one person, or two, and with one ballot, or two."""
        of_links = _windows(marks, [held.rows_of_links for held in self.held])
        of_ballots = _windows(keys, [held.rows_of_ballots for held in self.held])
        found = np.zeros((len(marks), len(keys)))
        for value, people in of_links.items():
            ballots = of_ballots.get(value)
            if ballots and len(people) <= RARE and len(ballots) <= RARE:
                for row in people:
                    for column in ballots:
                        found[row, column] += 1.0 / (len(people) * len(ballots))
        return np.minimum(found, 50.0)

    def _placed(
        self, marks: list[bytes], keys: list[bytes]
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Places in the files as they are: equal ranks, where places don't just follow the order of random keys."""
        one = self.seen[-1]
        found = np.zeros((len(marks), len(keys)))
        links = _ranks(marks, one.named("issuing.db"))
        ballots = _ranks(keys, one.named("ballots.db"))
        if links is None or ballots is None:
            return found
        for row in range(len(marks)):
            for column in range(len(keys)):
                found[row, column] = 1.0 / (1.0 + abs(links[row] - ballots[column]))
        return found


def forms(name: bytes) -> set[bytes]:
    return {name, name.hex().encode(), name.hex().upper().encode()} if len(name) >= WINDOW else set()


def _gather(
    into: dict[bytes, list[bytes]],
    tables: Mapping[str, list[tuple[object, ...]]],
    owners: Mapping[bytes, bytes],
) -> None:
    """To each name, the values that stand beside it in a row."""
    for table in tables.values():
        for row in table:
            values = [_raw(value) for value in row]
            for owner in {owners[value] for value in values if value in owners}:
                into[owner].extend(
                    value for value in values if value not in owners and value not in into[owner]
                )


def _raw(value: object) -> bytes:
    """Numbers without zeros before them: a time or a long counter is a value of four bytes or more, a 1 is not."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, int):
        return abs(value).to_bytes((abs(value).bit_length() + 7) // 8, "big")
    return str(value).encode() if value is not None else b""


def _windows(names: list[bytes], held: list[dict[bytes, list[bytes]]]) -> dict[bytes, set[int]]:
    found: dict[bytes, set[int]] = defaultdict(set)
    for number, name in enumerate(names):
        for texts in held:
            for text in texts.get(name, []):
                for at in range(len(text) - WINDOW + 1):
                    found[text[at : at + WINDOW]].add(number)
                if len(text) >= WINDOW:
                    found[b"=" + text].add(number)  # the whole value, of which every part may be in others
    return found


def _ranks(names: list[bytes], file: bytes) -> list[int] | None:
    """Ranks by place in the file; None where that just follows the names, page by page, or where they aren't all there."""
    places = [file.rfind(name) for name in names]
    if min(places, default=-1) < 0:
        return None
    page = int.from_bytes(file[16:18], "big") or 16_384
    by_page: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for place, name in zip(places, names, strict=True):
        by_page[place // page].append((place, name))
    mixed = all(
        [n for _, n in sorted(one, reverse=True)] == sorted(n for _, n in one) for one in by_page.values()
    )
    if mixed:
        return None
    # New cells are put before older ones, from the end of a page on.
    order = sorted(range(len(names)), key=lambda each: (places[each] // page, -places[each]))
    return [order.index(each) for each in range(len(names))]


def _in_order(
    held: Held, marks: list[bytes], keys: list[bytes]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Two logs side by side. Who opened a link since a mix didn't answer before it. The first to open is the first to answer,
    after those who had opened theirs and not answered yet.
    """
    found = np.zeros((len(marks), len(keys)))
    links = sorted((mark for mark in marks if held.link_at.get(mark)), key=held.link_at.__getitem__)
    ballots = sorted((key for key in keys if held.ballot_at.get(key)), key=held.ballot_at.__getitem__)
    if not links or not ballots:
        return found
    opened = sum(mark in held.links for mark in marks) - len(links)
    answered = sum(key in held.ballots for key in keys) - len(ballots)
    open_still = max(0, round(ANSWERING * opened) - answered)
    for row, mark in enumerate(marks):
        for column, key in enumerate(keys):
            if mark in links and key in ballots and _too_soon(held, mark, key, links, ballots):
                found[row, column] = NEVER
            elif mark in links:
                gap = abs(links.index(mark) + open_still - ballots.index(key)) if key in ballots else 0
                found[row, column] = 1.0 / (1.0 + gap) if key in ballots else NEVER
            elif key in ballots:
                found[row, column] = 0.5 if ballots.index(key) < open_still else 0.0
    return found


def _too_soon(held: Held, mark: bytes, key: bytes, links: list[bytes], ballots: list[bytes]) -> bool:
    """The times of the two logs are those of their last writes: who wrote the one can't have written the other a moment later."""
    both_last = mark == links[-1] and key == ballots[-1]
    return both_last and held.last_ballot - held.last_link < LEAST_SECONDS


def _between(
    held: list[Held], marks: list[bytes], keys: list[bytes]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Copies of several moments: who had not opened a link at one has no ballot that was there then; soon after is likelier."""
    opened = [_first(mark, [one.links for one in held]) for mark in marks]
    answered = [_first(key, [one.ballots for one in held]) for key in keys]
    when = [max(one.last_link, one.last_ballot) for one in held] + [0.0]
    found = np.zeros((len(marks), len(keys)))
    for row, begun in enumerate(opened):
        for column, ended in enumerate(answered):
            found[row, column] = NEVER if ended < begun else _likely(when[ended] - when[begun])
    return found


def _likely(seconds: float) -> float:
    """The logarithm of how often somebody takes so long, for copies that lie so far apart."""
    taken = max(seconds - LEAST_SECONDS, 20.0)
    return -(((math.log(taken) - math.log(USUAL_SECONDS)) / SPREAD) ** 2) / 2 - math.log(taken)


def _first(name: bytes, held: list[dict[bytes, Any]]) -> int:
    return next((number for number, one in enumerate(held) if name in one), len(held))


def hits(guessed: Mapping[str, bytes], truth: Mapping[str, bytes]) -> int:
    return sum(truth.get(person) == key for person, key in guessed.items())


@dataclass(frozen=True)
class Judged:
    """Right guesses over some seizures, what chance gives, and how often chance gives as many or more."""

    right: int
    ballots: int
    by_chance: float
    p: float


def judge(
    guesses: Sequence[tuple[Mapping[str, bytes], Mapping[bytes, int]]],
    truth: Mapping[str, bytes],
    chance: random.Random,
    rounds: int = 1000,
) -> Judged:
    """A permutation test: `guesses` holds for each seizure the guess and the ballots (key to stratum) that were there.

    Ballots change owners at random within their stratum, as they would if nothing joined them to anybody.
    """
    owners = {key: person for person, key in truth.items()}
    right = sum(hits(guessed, truth) for guessed, _ in guesses)
    totals = [0] * rounds
    for guessed, ballots in guesses:
        by_stratum: dict[int, list[bytes]] = defaultdict(list)
        for key, stratum in ballots.items():
            if key in owners:
                by_stratum[stratum].append(key)
        for number in range(rounds):
            shuffled: dict[str, bytes] = {}
            for keys in by_stratum.values():
                others = chance.sample(keys, len(keys))
                shuffled.update({owners[key]: other for key, other in zip(keys, others, strict=True)})
            totals[number] += hits(guessed, shuffled)
    as_many = sum(total >= right for total in totals)
    return Judged(
        right, sum(len(ballots) for _, ballots in guesses), sum(totals) / rounds, (1 + as_many) / (1 + rounds)
    )
