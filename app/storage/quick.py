"""Statements of the path every respondent takes, compiled once and run on the driver's own cursor: a few microseconds each."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql import ClauseElement

Row = tuple[Any, ...]


class Statement:
    """A SQLAlchemy expression whose parameters are named; written once for every dialect."""

    def __init__(self, expression: ClauseElement, *columns: str) -> None:
        self._expression, self._columns = expression, list(columns) or None
        self._compiled: WeakKeyDictionary[Engine, tuple[str, list[str] | None]] = WeakKeyDictionary()

    def on(self, engine: Engine) -> tuple[str, list[str] | None]:
        found = self._compiled.get(engine)
        if found is None:
            compiled = self._expression.compile(dialect=engine.dialect, column_keys=self._columns)
            found = self._compiled[engine] = (str(compiled), getattr(compiled, "positiontup", None))
        return found


class Transaction:
    """A transaction on one engine; `run` executes, `first` gives a row or None."""

    def __init__(self, engine: Engine, cursor: Any) -> None:
        self._engine, self._cursor = engine, cursor

    def run(self, statement: Statement, values: Mapping[str, Any]) -> None:
        text, order = statement.on(self._engine)
        self._cursor.execute(text, values if order is None else [values[name] for name in order])

    def first(self, statement: Statement, values: Mapping[str, Any]) -> Row | None:
        self.run(statement, values)
        row: Row | None = self._cursor.fetchone()
        return row


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Transaction]:
    """Committed at the end, rolled back on an error. Raises OperationalError where the database refuses (a full disk)."""
    sqlite = engine.dialect.name == "sqlite"
    connection: Any = own(engine) if sqlite else engine.raw_connection()
    cursor = connection.cursor()
    try:
        if sqlite and writes:
            cursor.execute("BEGIN IMMEDIATE")
        yield Transaction(engine, cursor)
        connection.commit()
    except BaseException as error:
        connection.rollback()
        if isinstance(error, engine.dialect.loaded_dbapi.OperationalError):
            # As SQLAlchemy itself would: the same name with every driver, and never what a statement carried.
            raise OperationalError(None, None, error, hide_parameters=True) from error
        raise
    finally:
        cursor.close()
        if not sqlite:
            connection.close()


class _Own(threading.local):
    """The SQLite connections of one thread, made by the engine and so with every pragma, and whose process they are of."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.process = os.getpid()
        self.connections: WeakKeyDictionary[Engine, sqlite3.Connection] = WeakKeyDictionary()


_own = _Own()
# SQLite forbids a forked child even to close what its parent opened.
_left_alone: list[object] = []


def own(engine: Engine) -> sqlite3.Connection:
    """This thread's connection to a SQLite database: a pool's checks at each step would cost more than the step."""
    if _own.process != os.getpid():
        _left_alone.append(_own.connections)
        _own.begin()
    found = _own.connections.get(engine)
    if found is None:
        pooled = engine.raw_connection()
        pooled.detach()
        found = _own.connections[engine] = cast("sqlite3.Connection", pooled.dbapi_connection)
    return found


def close(engine: Engine) -> None:
    """Close this thread's own connection, if it has one; the next transaction opens another."""
    found = _own.connections.pop(engine, None) if _own.process == os.getpid() else None
    if found is not None:
        found.close()
