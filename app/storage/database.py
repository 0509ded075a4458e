"""Engines of the three databases: settings enter, a `Store` leaves that hands out short transactions on one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection as Connection  # services name it
from sqlalchemy import Engine, event
from sqlalchemy.exc import (
    OperationalError as OperationalError,  # services name it, and import no database library
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as Session

from app.storage import mixing, quick

ISSUING = "issuing"
BALLOTS = "ballots"
BUSY_MILLISECONDS = 15_000
# Of new files; one that is there keeps its own. A mix writes every page three times, so fewer of them save a third of its CPU.
PAGE_BYTES = 16_384

# What every SQLite connection must answer after it is set up; a build of SQLite that refuses one can't keep the promises.
PRAGMAS = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "secure_delete": ("ON", 1),
    "temp_store": ("MEMORY", 2),
    "foreign_keys": ("ON", 1),
    "busy_timeout": (str(BUSY_MILLISECONDS), BUSY_MILLISECONDS),
}


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class StorageUnsafe(RuntimeError):
    """A database can't be set up the way the promises to respondents need."""


def init_app(app: Flask) -> None:
    """Register the databases of `app.config` and put a Store at app.extensions["store"]."""
    from app.storage import (  # noqa: F401  registers the tables
        ballots,
        comments,
        datasets,
        invitations,
        issuing,
        office,
        subscribers,
    )  # fmt: skip

    db.init_app(app)
    with app.app_context():
        engines = {name or "office": engine for name, engine in db.engines.items()}
    for engine in engines.values():
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
    app.extensions["store"] = Store(
        engines, instance=Path(app.config["INSTANCE"]), scan_keys=Path(app.config["SCAN_KEYS"])
    )


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    """Set and then read back each pragma; raise StorageUnsafe when one did not take."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    for name, (value, answer) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != answer:
            raise StorageUnsafe(f"SQLite answered {found!r} for {name}, which must be {answer!r}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Store:
    """The three databases. Each context manager is one transaction on one of them, rolled back on an error.

    `scan_keys` is the folder that storage.scan_keys keeps its files in.
    """

    def __init__(self, engines: dict[str, Engine], *, instance: Path, scan_keys: Path) -> None:
        self._engines = engines
        self._writers = {name: engine.execution_options(writes=True) for name, engine in engines.items()}
        self._instance = instance
        self.scan_keys = scan_keys

    def lock_path(self, name: str) -> str:
        """The file whose lock stands for writing to this database in line: beside it, for every process that writes there."""
        engine = self._engines[name]
        beside = engine.dialect.name == "sqlite" and engine.url.database
        return str((Path(str(beside)).parent if beside else self._instance) / f"{name}.lock")

    @property
    def backup_note(self) -> Path:
        """The file in which the last backup is remembered."""
        return self._instance / "backup.json"

    @property
    def outbox(self) -> Path:
        """The folder for letters of an installation without a mail server."""
        return self._instance / "outbox"

    def has(self, name: str) -> bool:
        """Whether this process works with that database; one that only issues or only receives leaves the other alone."""
        return name in self._engines

    @contextmanager
    def office(self) -> Iterator[Session]:
        """A writing transaction on the office database; after one that changed what must have no order, the file is rewritten."""
        with Session(self._writers["office"], expire_on_commit=False) as session, session.begin():
            yield session
        orderless = session.info.pop(mixing.ORDERLESS, ())
        if orderless:
            mixing.rewrite_office(self._engines["office"], sorted(orderless))

    def empty_log(self) -> bool:
        """Empty the log of the office database, so that it doesn't tell what came after what; see mixing.empty_log."""
        return mixing.empty_log(self._engines["office"])

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading transaction on the office database."""
        with Session(self._engines["office"], expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, name: str) -> Iterator[Connection]:
        """A writing transaction on "issuing" or "ballots"."""
        with self._writers[name].begin() as connection:
            yield connection

    @contextmanager
    def issuing(self) -> Iterator[Connection]:
        with self.writing(ISSUING) as connection:
            yield connection

    @contextmanager
    def reading_issuing(self) -> Iterator[Connection]:
        with self._engines[ISSUING].connect() as connection:
            yield connection

    @contextmanager
    def ballots(self) -> Iterator[Connection]:
        with self.writing(BALLOTS) as connection:
            yield connection

    @contextmanager
    def reading_ballots(self) -> Iterator[Connection]:
        with self._engines[BALLOTS].connect() as connection:
            yield connection

    def engine(self, name: str) -> Engine:
        """The engine of "office", "issuing" or "ballots", for upkeep that no transaction can hold."""
        return self._engines[name]

    def dispose(self) -> None:
        for engine in self._engines.values():
            quick.close(engine)
            engine.dispose()
