"""Takes the traces of order out of a database file: rows in key order, pages rewritten, write-ahead log emptied."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, func, select, text

from app.storage import quick

if TYPE_CHECKING:
    import sqlite3

    from app.storage.database import Store

log = logging.getLogger(__name__)

BALLOTS = "ballots"
ORDERLESS = "orderless"
"""Under this name an office session notes the tables whose rows must lie in the order of their keys."""
MIX_EVERY = 10
MIXED = "UPDATE mixing SET pending = 0 WHERE id = 1"
_STILL_DUE = f"UPDATE mixing SET pending = {MIX_EVERY} WHERE id = 1"
_LOCK_NUMBER = 0x5765_6572  # names the one advisory lock of this product on PostgreSQL
# Readers hold a page for milliseconds; one that stays longer than this must not hold up a respondent.
_CHECKPOINT_MILLISECONDS = 2_000
_threads = threading.Lock()
_descriptors: dict[str, int] = {}


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Hold the one lock under which the ballots database is written and mixed, across threads and processes.

    The lock goes with its process or connection, so a killed server never leaves it behind.
    """
    engine = store.engine(BALLOTS)
    # Threads of one process queue here first: each waiting on the server's lock would keep a connection from the one inside.
    with _threads:
        if engine.dialect.name == "sqlite":
            with _file_lock(store.lock_path):
                yield
        else:
            with _server_lock(engine):
                yield


@contextmanager
def _server_lock(engine: Engine) -> Iterator[None]:
    with engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(_LOCK_NUMBER)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_LOCK_NUMBER)))
            connection.commit()


@contextmanager
def mixed(store: Store) -> Iterator[Connection]:
    """One transaction on the ballots database during which no ballot can come in, followed by a mix."""
    with alone(store):
        with store.ballots() as connection:
            yield connection
        rewrite(store.engine(BALLOTS), then=MIXED)


def mix(store: Store) -> None:
    """Mix the ballots database now, whatever is pending. Raises NotMixed."""
    with alone(store):
        rewrite(store.engine(BALLOTS), then=MIXED)


def waiting(store: Store) -> int:
    """How many ballots came in since the last mix."""
    with store.reading_ballots() as connection:
        return int(connection.execute(text("SELECT pending FROM mixing WHERE id = 1")).scalar() or 0)


@contextmanager
def _file_lock(path: str) -> Iterator[None]:
    descriptor = _descriptors.get(path)
    if descriptor is None:
        descriptor = _descriptors[path] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _forget_descriptors() -> None:
    """A forked child must open its own: a lock on an inherited descriptor is shared with the parent."""
    _descriptors.clear()


os.register_at_fork(after_in_child=_forget_descriptors)


class NotMixed(RuntimeError):
    """The database could not be rewritten now (a full disk, a reader that stays); nothing is lost, and it is tried again."""


def rewrite(engine: Engine, *, then: str = "") -> None:
    """VACUUM in place and empty the write-ahead log; on PostgreSQL put each table's rows back in key order.

    `then` is a statement run between the two, so that what it writes is in the emptied log as well. Raises NotMixed.
    """
    if engine.dialect.name == "sqlite":
        _rewrite_sqlite(engine, then)
    else:
        _rewrite_postgresql(engine, then)


def rewrite_office(engine: Engine, tables: list[str]) -> None:
    """The same for the office database, after a change of these tables: on a page, rows lie in the order in which they came.

    Where it can't be done now (a reader that stays), the next change does it: nothing is lost, and no act fails for it.
    """
    try:
        if engine.dialect.name == "sqlite":
            _rewrite_sqlite(engine, "")
        else:
            _rewrite_postgresql(engine, "", tables)
    except NotMixed:
        log.warning("the office database could not be rewritten now; the next change of a vault does it")


def empty_log(engine: Engine) -> bool:
    """Empty the write-ahead log of a SQLite database; False where a reader is in the way, and the next one does it.

    Nobody waits for it: a reader holds the log for milliseconds.
    """
    if engine.dialect.name != "sqlite":
        return True
    cursor = quick.own(engine).cursor()
    try:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    finally:
        cursor.close()


def _rewrite_sqlite(engine: Engine, then: str) -> None:
    try:
        cursor = quick.own(engine).cursor()
        try:
            blocked = _vacuum(cursor, then)
        finally:
            cursor.close()
    except Exception as error:
        raise NotMixed(str(error)) from error
    if blocked:
        raise NotMixed("the write-ahead log is still being read")


def _vacuum(cursor: sqlite3.Cursor, then: str) -> bool:
    """Rewrite the file and empty the log; True when a reader kept the log from being emptied.

    A mix adds nothing that could be lost: every ballot in it was synced by its own commit. So its own commits wait
    for the checkpoint's two syncs instead of each doing one (synchronous=NORMAL until it is done).
    """
    patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        cursor.execute("VACUUM")
        if then:
            cursor.execute(then)
        cursor.execute(f"PRAGMA busy_timeout={_CHECKPOINT_MILLISECONDS}")
        blocked = bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        cursor.execute("PRAGMA synchronous=FULL")
    if blocked and then:
        cursor.execute(_STILL_DUE)
    return blocked


def _rewrite_postgresql(engine: Engine, then: str, only: list[str] | None = None) -> None:
    metadata = MetaData()
    try:
        with engine.begin() as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                if table.name == "alembic_version" or not table.primary_key:
                    continue
                if only is not None and table.name not in only:
                    continue
                keys = ", ".join(column.name for column in table.primary_key)
                connection.execute(text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE"))
                connection.execute(
                    text(f"CREATE TEMP TABLE mixed ON COMMIT DROP AS SELECT * FROM {table.name}")
                )
                connection.execute(text(f"TRUNCATE {table.name}"))
                connection.execute(text(f"INSERT INTO {table.name} SELECT * FROM mixed ORDER BY {keys}"))
                connection.execute(text("DROP TABLE mixed"))
            if then:
                connection.execute(text(then))
    except Exception as error:
        raise NotMixed(str(error)) from error
