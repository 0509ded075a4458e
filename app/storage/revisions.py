"""Which migration is the newest, and whether SQLite files are there already; loads no database library but Python's own."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

NAMES = ("office", "issuing", "ballots")
READ = "SELECT version_num FROM alembic_version"
_REVISION = re.compile(r"^revision\b.*?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision\b.*?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_SQLITE = "sqlite:///"


def head(folder: Path) -> str:
    """The newest revision in migrations/versions."""
    sources = [path.read_text("utf-8") for path in sorted((folder / "versions").glob("*.py"))]
    revisions = {found[1] for source in sources if (found := _REVISION.search(source))}
    before = {found[1] for source in sources if (found := _BEFORE.search(source))}
    newest = revisions - before
    if len(newest) != 1:
        raise RuntimeError(f"migrations have {len(newest)} ends, not one: {sorted(newest)}")
    return newest.pop()


def files_are_current(urls: list[str], folder: Path) -> bool:
    """Whether all of these are SQLite files at the newest revision; False also when that takes a real look."""
    newest = head(folder)
    return all(
        url.startswith(_SQLITE) and _of_file(Path(url.removeprefix(_SQLITE))) == newest for url in urls
    )


def _of_file(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as connection:
            row = connection.execute(READ).fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row is not None else None
