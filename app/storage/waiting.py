"""Unfinished tasks, due letters and what waits for a mix, read from SQLite without a database library, so in little memory."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

_SQLITE = "sqlite:///"
_READ = "SELECT id, act FROM task WHERE state IN ('waiting', 'running') ORDER BY id"

_PENDING = "SELECT 1 FROM mixing WHERE pending > 0"
_DUE = "SELECT 1 FROM letter WHERE state = 'waiting' AND due_at <= ? LIMIT 1"


def unfinished(url: str) -> list[tuple[int, str]] | None:
    """Ids and acts, oldest first; None where this database has to be asked in another way."""
    if not url.startswith(_SQLITE):
        return None
    with closing(_open(url)) as connection:
        return [(int(row[0]), str(row[1])) for row in connection.execute(_READ)]


_ROUND_DUE = "SELECT 1 FROM mail_round WHERE state = 'going' AND next_at <= ? LIMIT 1"


def letters_due(url: str) -> bool:
    """Whether a letter waits to be sent now; True where this database has to be asked in another way."""
    if not url.startswith(_SQLITE):
        return True
    now = datetime.now(UTC).replace(tzinfo=None)
    with closing(_open(url)) as connection:
        return connection.execute(_DUE, (now.isoformat(" ", "microseconds"),)).fetchone() is not None


def rounds_due(url: str) -> bool:
    """Whether invitations or reminders wait in the office database of this address; True as above."""
    if not url.startswith(_SQLITE):
        return True
    now = datetime.now(UTC).replace(tzinfo=None)
    with closing(_open(url)) as connection:
        return connection.execute(_ROUND_DUE, (now.isoformat(" ", "microseconds"),)).fetchone() is not None


def unmixed(url: str) -> bool:
    """Whether ballots or issuances wait for a mix; True where this database has to be asked in another way."""
    if not url.startswith(_SQLITE):
        return True
    with closing(_open(url)) as connection:
        return connection.execute(_PENDING).fetchone() is not None


def _open(url: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{url.removeprefix(_SQLITE)}?mode=ro", uri=True, timeout=15)
