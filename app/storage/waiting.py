"""Unfinished tasks of a SQLite office database, read without loading a database library: the waiting worker stays small."""

from __future__ import annotations

import sqlite3
from contextlib import closing

_SQLITE = "sqlite:///"
_READ = "SELECT id, act FROM task WHERE state IN ('waiting', 'running') ORDER BY id"


def unfinished(url: str) -> list[tuple[int, str]] | None:
    """Ids and acts, oldest first; None where this database has to be asked in another way."""
    if not url.startswith(_SQLITE):
        return None
    with closing(
        sqlite3.connect(f"file:{url.removeprefix(_SQLITE)}?mode=ro", uri=True, timeout=15)
    ) as connection:
        return [(int(row[0]), str(row[1])) for row in connection.execute(_READ)]
