"""Brings the three databases to the newest migration; Alembic is loaded only when there is something to do."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from app.storage.database import Store, db
from app.storage.revisions import NAMES, READ, head


def is_current(store: Store, folder: Path) -> bool:
    newest = head(folder)
    return all(_revision(store.engine(name)) == newest for name in NAMES)


def _revision(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            row = connection.execute(text(READ)).first()
    except DatabaseError:
        return None  # a new database
    return str(row[0]) if row is not None else None


def prepare(app: Flask) -> None:
    """Let Flask-Migrate know this application; the web process never does, because Alembic costs it time and memory."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=app.config["MIGRATIONS"], compare_type=True)


def upgrade(app: Flask) -> None:
    """Run every migration that is missing."""
    import flask_migrate

    prepare(app)
    with app.app_context():
        flask_migrate.upgrade(directory=app.config["MIGRATIONS"])


def upgrade_if_needed(app: Flask, *, lock: Path) -> bool:
    """Migrate where needed, one process at a time; says whether anything was done."""
    store: Store = app.extensions["store"]
    folder = Path(app.config["MIGRATIONS"])
    if is_current(store, folder):
        return False
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if is_current(store, folder):
            return False
        upgrade(app)
        return True
    finally:
        os.close(descriptor)
