"""Files that must be gone for good: what lay there is overwritten on the disk before its name goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20


def overwrite(file: BinaryIO) -> None:
    """All of an open file with zeros, synced to disk; its length stays."""
    file.seek(0)
    left = os.fstat(file.fileno()).st_size
    while left > 0:
        left -= file.write(bytes(min(left, _PIECE)))
    file.flush()
    os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """So that a name that came or went in it is on disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
