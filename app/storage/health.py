"""What around the databases would break a promise: their URLs and the instance folder enter, findings leave.

Loads a database library only for databases that aren't SQLite files.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_SQLITE = "sqlite:///"
RESPONDENTS = ("issuing", "ballots")
_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre"),
        *("fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.glusterfs", "fuse.litefs"),
    }
)
# Of these files each replicates a whole server's SQLite, wherever the database lies.
_LITESTREAM = (Path("/etc/litestream.yml"), Path("/etc/litestream.yaml"))
_OPEN = "SELECT 1 FROM intake WHERE state = 'open' LIMIT 1"
_REPLICATED = {
    "a standby reads its write-ahead log now": "SELECT count(*) FROM pg_stat_replication",
    "a replication slot keeps its write-ahead log": "SELECT count(*) FROM pg_replication_slots",
    "archive_mode is on, so its write-ahead log is kept": (
        "SELECT count(*) FROM pg_settings WHERE name = 'archive_mode' AND setting <> 'off'"
    ),
}


class Kind(StrEnum):
    """COPIED alone keeps the server from starting: it links people to answers as they come in."""

    COPIED = "copied"
    UNSAFE = "unsafe"
    READABLE = "readable"
    LEFT = "left"


@dataclass(frozen=True)
class Finding:
    """`about` is a file or the name of a database, `words` what is wrong with it and what to do."""

    kind: Kind
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.about}: {self.words}"


def findings(urls: Mapping[str, str], instance: Path, *, opening: bool = False) -> list[Finding]:
    """Everything found, by kind. `urls` are those of the databases by name; `opening`: a scan is about to be opened."""
    found = [*_readable(instance), *_left(instance / "backup.json")]
    for name, url in urls.items():
        if url.startswith(_SQLITE):
            found.extend(_of_file(name, Path(url.removeprefix(_SQLITE))))
    if opening or any_open(urls["ballots"]):
        for name in RESPONDENTS:
            url = urls[name]
            copied = _copied_file if url.startswith(_SQLITE) else _copied_server
            found.extend(
                Finding(Kind.COPIED, name, f"{why}; while a scan is open that links people to answers")
                for why in copied(url)
            )
    return sorted(found, key=lambda one: (list(Kind).index(one.kind), one.about))


def any_open(url: str) -> bool:
    """Whether a scan takes ballots; False where there is no database yet."""
    if not url.startswith(_SQLITE):
        return _on_server(url, _OPEN) > 0
    try:
        with closing(_reading(Path(url.removeprefix(_SQLITE)))) as connection:
            return connection.execute(_OPEN).fetchone() is not None
    except sqlite3.OperationalError:
        return False


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)


def _of_file(name: str, path: Path) -> Iterator[Finding]:
    if not path.exists():
        return
    with closing(_reading(path)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        yield Finding(
            Kind.UNSAFE, name, f"its journal is “{mode}”, not a write-ahead log that can be emptied"
        )
    system = file_system(path)
    if system in _NETWORK:
        yield Finding(
            Kind.UNSAFE, name, f"it lies on a network file system ({system}), where locks don't hold; move it"
        )
    others = 0o007 if path.parent.stat().st_mode & 0o2000 else 0o077
    for file in (path, path.with_name(path.name + "-wal")):
        if file.exists() and file.stat().st_mode & others and _enters(path.parent, others):
            yield Finding(
                Kind.READABLE, str(file), "others on this machine can read it; chmod go= on it or its folder"
            )


def _enters(folder: Path, others: int) -> bool:
    return bool(folder.stat().st_mode & others & 0o011)


def _copied_file(url: str) -> Iterator[str]:
    """Traces of what ships a write-ahead log elsewhere as it grows."""
    path = Path(url.removeprefix(_SQLITE))
    if (path.parent / f".{path.name}-litestream").exists() or _shadowed(path):
        yield "Litestream copies it as it changes"
    for configuration in _LITESTREAM:
        if configuration.is_file() and str(path) in _text(configuration):
            yield f"{configuration} names it"
    if file_system(path) == "fuse.litefs":
        yield "LiteFS copies it as it changes"


def _shadowed(path: Path) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name IN ('_litestream_seq', '_litestream_lock') LIMIT 1"
    try:
        with closing(_reading(path)) as connection:
            return connection.execute(query).fetchone() is not None
    except sqlite3.OperationalError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except PermissionError:
        return ""


def _copied_server(url: str) -> Iterator[str]:
    for why, query in _REPLICATED.items():
        if _on_server(url, query):
            yield why


def _on_server(url: str, query: str) -> int:
    """A count; 0 where the table isn't there yet."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import ProgrammingError

    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            row = connection.execute(text(query)).first()
    except ProgrammingError:
        return 0
    finally:
        engine.dispose()
    return int(row[0]) if row is not None else 0


def _readable(instance: Path) -> Iterator[Finding]:
    """Files with secrets that others than their owner may read."""
    secrets = [
        *(instance / name for name in ("secret.key", "subscribers.key", "settings.toml")),
        *sorted((instance / "scan-keys").glob("*.key")),
    ]
    for path in (each for each in secrets if each.exists()):
        # A folder that was given to a group lets that group read: a process that only gives stamps.
        others = 0o007 if path.parent.stat().st_mode & 0o2000 else 0o077
        if path.stat().st_mode & others:
            # Settings may be read by others as long as no password is in them.
            if path.suffix == ".toml" and "password" not in _text(path) and "://" not in _urls(path):
                continue
            yield Finding(Kind.READABLE, str(path), f"others on this machine can read it; chmod 600 {path}")


def _urls(path: Path) -> str:
    return "".join(line for line in _text(path).splitlines() if "postgresql" in line)


def _left(note: Path) -> Iterator[Finding]:
    if note.is_file():
        for folder, scan in json.loads(note.read_text("utf-8"))["left"]:
            yield Finding(
                Kind.LEFT,
                folder,
                f"the key of sealed scan {scan} is still in weerklank-keys.backup there; destroy that file and its copies",
            )


def file_system(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of file system that holds this path; "" where that can't be told."""
    best, kind = "", ""
    for line in _text(mounts).splitlines() if mounts.exists() else []:
        fields = line.split()
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ")
        inside = place == "/" or str(path) == place or str(path).startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, kind = place, fields[2]
    return kind
