"""Statements of the path every respondent takes, compiled once and run on the driver's own cursor: a few microseconds each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
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
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        if engine.dialect.name == "sqlite" and writes:
            cursor.execute("BEGIN IMMEDIATE")
        yield Transaction(engine, cursor)
        pooled.commit()
    except BaseException as error:
        pooled.rollback()
        if isinstance(error, engine.dialect.loaded_dbapi.OperationalError):
            # As SQLAlchemy itself would: the same name with every driver, and never what a statement carried.
            raise OperationalError(None, None, error, hide_parameters=True) from error
        raise
    finally:
        pooled.close()
