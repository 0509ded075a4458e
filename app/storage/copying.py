"""Databases as files that can be copied: while one is held still its log is empty and nobody writes, so the file is all of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import text

from app.storage import mixing, quick
from app.storage.database import Store

_TRIES = 20
_OPEN = "SELECT scan FROM intake WHERE state = 'open'"
_BALLOTS = "SELECT scan, stratum, count(*) FROM ballot GROUP BY scan, stratum"
# Closing a file drops every lock that this process has on it, SQLite's own as well; so they stay open until it ends.
_kept_open: list[BinaryIO] = []


def is_file(store: Store, name: str) -> bool:
    return store.engine(name).dialect.name == "sqlite"


@contextmanager
def still(store: Store, *names: str) -> Iterator[list[BinaryIO]]:
    """Hold these SQLite databases still, those written in line after a mix; gives each open at its first byte.

    Raises mixing.NotMixed where a reader stays in the way.
    """
    with ExitStack() as held:
        for name in (each for each in mixing.IN_LINE if each in names):
            held.enter_context(mixing.alone(store, name))
            mixing.rewrite(store.engine(name), then=mixing.MIXED)
        yield [held.enter_context(_without_log(store, name)) for name in names]


@contextmanager
def _without_log(store: Store, name: str) -> Iterator[BinaryIO]:
    """Nobody writes and the log is empty: who wrote in between makes it begin again."""
    cursor = quick.own(store.engine(name)).cursor()
    path = Path(str(store.engine(name).url.database))
    try:
        _begin(cursor, path.with_name(path.name + "-wal"))
        try:
            file = path.open("rb")
            _kept_open.append(file)
            yield file
        finally:
            cursor.execute("ROLLBACK")
    finally:
        cursor.close()


def _begin(cursor: sqlite3.Cursor, log: Path) -> None:
    for _ in range(_TRIES):
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("BEGIN IMMEDIATE")
        if not log.exists() or not log.stat().st_size:
            return
        cursor.execute("ROLLBACK")
    raise mixing.NotMixed("the write-ahead log is still being read")


def open_scans(store: Store) -> dict[str, dict[int, int]]:
    """Of each scan that takes ballots, how many there are in each stratum."""
    with store.reading_ballots() as connection:
        return _counts(connection.execute(text(_OPEN)), connection.execute(text(_BALLOTS)))


def counts_in_file(path: Path) -> dict[str, dict[int, int]]:
    """The same of a SQLite file that no application has open."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        return _counts(connection.execute(_OPEN), connection.execute(_BALLOTS))


def _counts(scans: Iterable[Sequence[Any]], ballots: Iterable[Sequence[Any]]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {str(row[0]): {} for row in scans}
    for scan, stratum, number in ballots:
        found.setdefault(str(scan), {})[int(stratum)] = int(number)
    return found
