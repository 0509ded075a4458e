"""Real databases for tests: SQLite files in a folder, or three fresh PostgreSQL databases that are dropped again."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.settings import Settings, load
from app.storage import mixing, upgrading

BACKENDS = ("sqlite", "postgresql")
SERVER = os.environ.get("WEERKLANK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def an_app(backend: str, folder: Path) -> Iterator[Flask]:
    """A migrated application on real databases; skips, saying why, where PostgreSQL can't be reached."""
    if backend == "sqlite":
        yield migrated(load({"WEERKLANK_INSTANCE": str(folder), "WEERKLANK_LOCAL_SLIPS": "1"}))
        return
    with databases(3) as (office, issuing, ballots):
        settings = load(
            {
                "WEERKLANK_INSTANCE": str(folder),
                "WEERKLANK_OFFICE_URL": office,
                "WEERKLANK_ISSUING_URL": issuing,
                "WEERKLANK_BALLOTS_URL": ballots,
                "WEERKLANK_BALLOTS_ON_POSTGRESQL": "yes",
                "WEERKLANK_LOCAL_SLIPS": "1",
            }
        )
        app = migrated(settings)
        try:
            yield app
        finally:
            app.extensions["store"].dispose()


def migrated(settings: Settings) -> Flask:
    """An application on databases of the newest migration: copies of files that this process migrated once."""
    for name in ("office", "issuing", "ballots"):
        there = settings.instance / f"{name}.db"
        if settings.database(name) == f"sqlite:///{there}" and not there.exists():
            shutil.copyfile(_migrated_files() / there.name, there)
    app = create_app(settings)
    upgrading.upgrade_if_needed(app, lock=settings.instance / "upgrade.lock")
    app.jinja_env.bytecode_cache = _compiled_templates()
    return app


@cache
def _compiled_templates() -> FileSystemBytecodeCache:
    """Each application of a process would compile the same templates anew."""
    return FileSystemBytecodeCache(str(_own_folder("templates")))


def _own_folder(name: str) -> Path:
    """A folder that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix=f"weerklank-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _migrated_files() -> Path:
    """A folder with the three new databases, each whole in its one file."""
    folder = _own_folder("migrated")
    app = create_app(load({"WEERKLANK_INSTANCE": str(folder)}))
    upgrading.upgrade_if_needed(app, lock=folder / "upgrade.lock")
    store = app.extensions["store"]
    for name in ("office", "issuing", "ballots"):
        mixing.rewrite(store.engine(name))
    store.dispose()
    return folder


@contextmanager
def databases(number: int) -> Iterator[list[str]]:
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {SERVER.rpartition('@')[2]}: {str(error).splitlines()[0]}")
    names = [f"weerklank_test_{secrets.token_hex(6)}" for _ in range(number)]
    try:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        yield [f"{SERVER.rpartition('/')[0]}/{name}" for name in names]
    finally:
        for name in names:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.close()
