"""Brings the three databases to the newest migration; costs three small reads when they are there already."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from app.storage.database import Store

_REVISION = re.compile(r"^revision\b.*?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision\b.*?=\s*[\"'](\w+)[\"']", re.MULTILINE)


def head(folder: Path) -> str:
    """The newest revision in migrations/versions, without loading Alembic."""
    texts = [path.read_text("utf-8") for path in sorted((folder / "versions").glob("*.py"))]
    revisions = {found[1] for text_ in texts if (found := _REVISION.search(text_))}
    before = {found[1] for text_ in texts if (found := _BEFORE.search(text_))}
    newest = revisions - before
    if len(newest) != 1:
        raise RuntimeError(f"migrations have {len(newest)} ends, not one: {sorted(newest)}")
    return newest.pop()


def is_current(store: Store, folder: Path) -> bool:
    newest = head(folder)
    return all(_revision(store.engine(name)) == newest for name in ("office", "issuing", "ballots"))


def _revision(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    except DatabaseError:
        return None  # a new database
    return str(row[0]) if row is not None else None


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
        with app.app_context():
            upgrade(directory=str(folder))
        return True
    finally:
        os.close(descriptor)
