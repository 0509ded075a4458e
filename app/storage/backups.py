"""Backups as files: parts of an archive, the small file of keys beside it, and what is remembered of the last one.

An archive is a line, then sealed parts (crypto.streams): `office` (that database, settings, secrets, files) and `answers`
(issuing and ballots together). A part that may not be renewed is taken over unopened from the archive before. Keys of scans
are in the other file.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from app.crypto.streams import Lock, Opening, Sealing, Unlock, copy_part, read_line
from app.crypto.vault import NotOpened
from app.storage import erasing, scan_keys

ARCHIVE, KEYS = "weerklank.backup", "weerklank-keys.backup"
OFFICE, ANSWERS = "office", "answers"
_FIRST, _FIRST_OF_KEYS = b"weerklank backup 1\n", b"weerklank backup keys 1\n"
_SCAN = "scan "
_SUBSCRIBERS = "subscribers"


@dataclass(frozen=True)
class Note:
    """What is remembered of backups: every folder, the last at the end, and ballots by scan and stratum at the last copy of them.

    `left` names the keys that sealing could not destroy yet: (folder, scan).
    """

    folders: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    left: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Note:
        try:
            held = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        counts = {
            scan: {int(stratum): int(number) for stratum, number in strata.items()}
            for scan, strata in held["counts"].items()
        }
        return cls(tuple(held["folders"]), counts, tuple((folder, scan) for folder, scan in held["left"]))

    def write(self, path: Path) -> None:
        with replacing(path) as file:
            file.write(self.raw)

    @property
    def raw(self) -> bytes:
        held = {"folders": self.folders, "counts": self.counts, "left": self.left}
        return json.dumps(held, sort_keys=True).encode() + b"\n"

    def used(self, folder: str) -> Note:
        """A backup goes there now."""
        return replace(self, folders=(*(each for each in self.folders if each != folder), folder))

    def forgotten(self, folder: str) -> Note:
        """Whatever was there was destroyed by hand."""
        return replace(
            self,
            folders=tuple(each for each in self.folders if each != folder),
            left=tuple(each for each in self.left if each[0] != folder),
        )


class Busy(RuntimeError):
    """Another backup of this installation is being made."""


@contextmanager
def alone(note: Path, *, waits: bool) -> Iterator[None]:
    """Nobody else makes a backup, or destroys keys beside one: a copy of keys that was read before must not be written after.

    Raises Busy where somebody does and this doesn't wait.
    """
    descriptor = os.open(note.with_name("backup.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file under this name, whole or not at all; what was there is overwritten, not only unlinked."""
    part = path.with_name(f".{path.name}.part")
    _destroy_file(part)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        try:
            before: BinaryIO | None = path.open("r+b")
        except FileNotFoundError:
            before = None
        part.replace(path)
        if before is not None:
            with before:
                erasing.overwrite(before)
        erasing.sync(path.parent)
    finally:
        _destroy_file(part)


def _destroy_file(path: Path) -> None:
    """Overwrite and take away; nothing where there is none."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return
    with file:
        erasing.overwrite(file)
    path.unlink(missing_ok=True)


class Packing:
    """One sealed part being written: files enter under a name, without owner or time."""

    def __init__(self, file: BinaryIO, name: str, lock: Lock) -> None:
        self._sealing = Sealing(file, name, lock)
        self._tar = tarfile.TarFile(fileobj=cast("BinaryIO", self._sealing), mode="w")

    def add(self, name: str, file: BinaryIO) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        self._tar.addfile(entry, file)

    def add_bytes(self, name: str, body: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(body), 0o600
        self._tar.addfile(entry, io.BytesIO(body))

    def close(self) -> None:
        self._tar.close()
        self._sealing.close()


def take_over(archive: Path, name: str, to: BinaryIO) -> bool:
    """Write the part of this name of an earlier archive to `to`, unopened; False when there is none."""
    try:
        file = archive.open("rb")
    except FileNotFoundError:
        return False
    with file:
        begin_reading(file)
        while (how := read_line(file)) is not None:
            wanted = how["part"] == name
            copy_part(file, how, to if wanted else None)
            if wanted:
                return True
    return False


def begin(file: BinaryIO) -> None:
    file.write(_FIRST)


def begin_reading(file: BinaryIO) -> None:
    """Raises NotOpened for what is no archive of this format."""
    if file.read(len(_FIRST)) != _FIRST:
        raise NotOpened


def unpack(archive: Path, unlock: Unlock, folder: Path) -> list[str]:
    """Every file of an archive into an empty folder; gives the parts it had. Raises NotOpened."""
    parts = []
    with archive.open("rb") as file:
        begin_reading(file)
        while (how := read_line(file)) is not None:
            opening = Opening(file, how, unlock)
            try:
                with tarfile.open(fileobj=cast("BinaryIO", opening), mode="r|") as tar:
                    for entry in tar:
                        if entry.isfile():
                            tar.extract(entry, folder, filter="data")
            except tarfile.TarError:
                raise NotOpened from None
            opening.finish()
            parts.append(str(how["part"]))
    return parts


def write_keys(path: Path, lock: Lock, *, folder: Path, subscribers: Path) -> None:
    """The one small file with the keys of scans, and that of subscribers' addresses; each is a line of its own."""
    lines = []
    for scan in scan_keys.kept(folder):
        key = scan_keys.read(folder, scan)
        if key is not None:
            lines.append({"part": _SCAN + scan, **lock.close(key)})
    if subscribers.exists():
        lines.append({"part": _SUBSCRIBERS, **lock.close(subscribers.read_bytes())})
    with replacing(path) as file:
        file.write(_FIRST_OF_KEYS)
        file.writelines(json.dumps(line).encode() + b"\n" for line in lines)


def read_keys(path: Path, unlock: Unlock) -> tuple[dict[str, bytes], bytes | None]:
    """Keys by scan, and that of subscribers. Raises NotOpened."""
    scans: dict[str, bytes] = {}
    subscribers = None
    for line in _lines(path):
        name, key = str(line["part"]), unlock.open(line)
        if name == _SUBSCRIBERS:
            subscribers = key
        else:
            scans[name.removeprefix(_SCAN)] = key
    return scans, subscribers


def _lines(path: Path) -> list[dict[str, object]]:
    with path.open("rb") as file:
        if file.read(len(_FIRST_OF_KEYS)) != _FIRST_OF_KEYS:
            raise NotOpened
        found = []
        while (line := read_line(file)) is not None:
            found.append(line)
        return found


def forget_key(note: Path, scan: str) -> tuple[tuple[str, str], ...]:
    """Destroy a scan's key in the files beside all backups, as sealing does; gives (folder, scan) of those out of reach.

    They stay on the note, for whoever reads it and for the next try. A backup that is being made is waited for: it may have
    read the key already.
    """
    with alone(note, waits=True):
        found = Note.read(note)
        wanted = {*found.left, *((folder, scan) for folder in found.folders)}
        return _destroy(note, found, wanted)


def forget_left(note: Path) -> tuple[tuple[str, str], ...]:
    """Try again to destroy what could not be reached; gives what still can't. For who is `alone`."""
    found = Note.read(note)
    return _destroy(note, found, set(found.left))


def _destroy(note: Path, found: Note, wanted: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    left: list[tuple[str, str]] = []
    for folder in sorted({folder for folder, _ in wanted}):
        gone = {scan for each, scan in wanted if each == folder}
        if not _without(Path(folder) / KEYS, gone):
            left.extend((folder, scan) for scan in sorted(gone))
    if tuple(left) != found.left:
        replace(found, left=tuple(left)).write(note)
    return tuple(left)


def _without(path: Path, gone: set[str]) -> bool:
    """Destroy these scans' keys in this file; False where it can't be reached or read."""
    names = {_SCAN + scan for scan in gone}
    try:
        # What a crash left halfway has the key as well.
        _destroy_file(path.with_name(f".{path.name}.part"))
        lines = _lines(path)
        if any(line["part"] in names for line in lines):
            with replacing(path) as file:
                file.write(_FIRST_OF_KEYS)
                file.writelines(
                    json.dumps(line).encode() + b"\n" for line in lines if line["part"] not in names
                )
    except (OSError, NotOpened):
        return False
    return True
