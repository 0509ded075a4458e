"""Takes the traces of order out of a database file: rows in key order, pages rewritten, write-ahead log emptied.

Ballots and issuances are each written in a line of their own, under one lock, and every tenth brings a mix of both.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, MetaData, func, select, text

from app.storage import quick

if TYPE_CHECKING:
    from app.storage.database import Store

log = logging.getLogger(__name__)
T = TypeVar("T")

BALLOTS = "ballots"
ISSUING = "issuing"
IN_LINE = (ISSUING, BALLOTS)
"""The databases that are written in line; who holds both locks at once takes them in this order."""
ORDERLESS = "orderless"
"""Under this name an office session notes the tables whose rows must lie in the order of their keys."""
MIX_EVERY = 10
MIXED = "UPDATE mixing SET pending = 0 WHERE id = 1"
_STILL_DUE = f"UPDATE mixing SET pending = {MIX_EVERY} WHERE id = 1"
_PENDING = quick.Statement(text("SELECT pending FROM mixing WHERE id = 1"))
_ONE_MORE = quick.Statement(text("UPDATE mixing SET pending = pending + 1 WHERE id = 1"))
# Each names one advisory lock of this product on PostgreSQL.
_LOCK_NUMBERS = {BALLOTS: 0x5765_6572, ISSUING: 0x5765_6573}
# Readers hold a page for milliseconds; one that stays longer than this must not hold up a respondent.
_CHECKPOINT_MILLISECONDS = 2_000
_threads = {name: threading.Lock() for name in IN_LINE}
_descriptors: dict[str, int] = {}


@contextmanager
def alone(store: Store, name: str = BALLOTS) -> Iterator[None]:
    """Hold the one lock under which this database is written and mixed, across threads and processes.

    The lock goes with its process or connection, so a killed server never leaves it behind.
    """
    engine = store.engine(name)
    # Threads of one process queue here first: each waiting on the server's lock would keep a connection from the one inside.
    with _threads[name]:
        if engine.dialect.name == "sqlite":
            with _file_lock(store.lock_path(name)):
                yield
        else:
            with _server_lock(engine, _LOCK_NUMBERS[name]):
                yield


@contextmanager
def _server_lock(engine: Engine, number: int) -> Iterator[None]:
    with engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(number)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(number)))
            connection.commit()


def in_line(store: Store, name: str, write: Callable[[], tuple[T | None, int]]) -> T:
    """Do one act of writing in the line of its database; every tenth is followed by a mix, of the other database as well.

    `write` is one transaction; it gives its outcome and how many writes there were since the last mix, itself included
    (0: it wrote nothing), or None for the outcome where ten are waiting: then it must have written nothing, and is called
    again after a mix. Raises NotMixed, with nothing written, while an earlier mix is still due and can't be done:
    otherwise the log would order more than nine.
    """
    mixed_now = False
    with alone(store, name):
        outcome, pending = write()
        if outcome is None:
            rewrite(store.engine(name), then=MIXED)
            outcome, pending = write()
        if pending >= MIX_EVERY:
            try:
                rewrite(store.engine(name), then=MIXED)
                mixed_now = True
            except NotMixed as error:
                # What was written is safe on disk; the next one mixes first or is turned away.
                log.warning("a mix has to be done again: %s", error)
    if mixed_now:
        _mix_others(store, name)
    assert outcome is not None
    return outcome


def counted(store: Store, name: str, act: Callable[[quick.Transaction], tuple[T, bool]]) -> T:
    """The same for an act that doesn't count itself: it gets a transaction, and gives its outcome and whether it wrote.

    Where ten are waiting its transaction is rolled back and it is called again after a mix. Raises NotMixed and
    OperationalError, with nothing written.
    """

    def write() -> tuple[T | None, int]:
        try:
            with quick.transaction(store.engine(name), writes=True) as transaction:
                outcome, wrote = act(transaction)
                if not wrote:
                    return outcome, 0
                pending = int((transaction.first(_PENDING, {}) or (0,))[0])
                if pending >= MIX_EVERY:
                    raise _Due
                transaction.run(_ONE_MORE, {})
                return outcome, pending + 1
        except _Due:
            return None, MIX_EVERY

    return in_line(store, name, write)


class _Due(Exception):
    """Takes a transaction back because a mix has to come before it."""


def _mix_others(store: Store, name: str) -> None:
    """The other log must not keep its order beside new ones: only who asked and answered since this mix is in both then.

    After the lock of the first was let go, so that nobody ever waits for two; nothing fails when it can't be done now.
    """
    for other in IN_LINE:
        if other == name or not store.has(other):
            continue
        try:
            if waiting(store, other):
                mix(store, other)
        except NotMixed as error:
            log.warning("a mix has to be done again: %s", error)


@contextmanager
def mixed(store: Store, name: str = BALLOTS) -> Iterator[Connection]:
    """One transaction on a database during which nothing can come in, followed by a mix."""
    with alone(store, name):
        with store.writing(name) as connection:
            yield connection
        rewrite(store.engine(name), then=MIXED)


def mix(store: Store, name: str = BALLOTS) -> None:
    """Mix a database now, whatever is pending. Raises NotMixed."""
    with alone(store, name):
        rewrite(store.engine(name), then=MIXED)


def waiting(store: Store, name: str = BALLOTS) -> int:
    """How many ballots or issuances came in since the last mix."""
    with quick.transaction(store.engine(name), writes=False) as transaction:
        return int((transaction.first(_PENDING, {}) or (0,))[0])


@contextmanager
def _file_lock(path: str) -> Iterator[None]:
    descriptor = _descriptors.get(path)
    if descriptor is None:
        descriptor = _descriptors[path] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
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
