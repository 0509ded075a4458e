"""The one secret of a scan with personal links: 32 random bytes in a file of its own, beside the databases and never in them.

All else of the scan that must go at sealing hangs on it (addresses, signing keys, tokens), so that destroying this one
file makes every older copy of a database useless.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from app.storage import erasing

KEY_BYTES = 32
SUFFIX = ".key"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,16}")


def path(folder: Path, scan: str) -> Path:
    """Where the key of this scan lies. Raises ValueError for what is no scan's id."""
    if not _NAME.fullmatch(scan):
        raise ValueError("this is no scan's id")
    return folder / f"{scan}{SUFFIX}"


def make(folder: Path, scan: str) -> bytes:
    """The key of this scan, made and synced to disk when there is none yet."""
    found = read(folder, scan)
    return found if found is not None else put(folder, scan, secrets.token_bytes(KEY_BYTES))


def put(folder: Path, scan: str, key: bytes) -> bytes:
    """This key for this scan, synced to disk, unless there is one; gives the one that is there."""
    place = path(folder, scan)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Under another name first: a crash never leaves half a key, and of two who make one at the same time one is first.
    half = folder / f".{scan}.{secrets.token_hex(8)}"
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _mode(folder))
    try:
        os.write(descriptor, key)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(half, place)
    except FileExistsError:
        pass
    finally:
        half.unlink(missing_ok=True)
    erasing.sync(folder)
    return place.read_bytes()


def read(folder: Path, scan: str) -> bytes | None:
    """None when it was never made, or destroyed."""
    try:
        return path(folder, scan).read_bytes()
    except FileNotFoundError:
        return None


def destroy(folder: Path, scan: str) -> None:
    """Overwrite the key, on disk before the name goes, and whatever a crash left of it; again is harmless."""
    for place in (path(folder, scan), *folder.glob(f".{scan}.*")):
        if place.exists():
            with place.open("r+b") as file:
                erasing.overwrite(file)
            place.unlink(missing_ok=True)
            erasing.sync(folder)


def kept(folder: Path) -> list[str]:
    """The scans that have a key, sorted."""
    return sorted(found.stem for found in folder.glob(f"*{SUFFIX}"))


def _mode(folder: Path) -> int:
    """For the owner alone; a folder that was given to a group (setgid) lets it read: a process that only gives stamps."""
    return 0o640 if folder.stat().st_mode & 0o2000 else 0o600
