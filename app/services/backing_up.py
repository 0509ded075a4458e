"""Backing up and restoring: an installation enters, one sealed archive and one small file of keys leave, and back."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from app.core.batches import may_renew
from app.core.refusal import Refused
from app.crypto.streams import Lock, Unlock
from app.crypto.vault import NotOpened
from app.storage import backups, copying, scan_keys
from app.storage.backups import ANSWERS, ARCHIVE, KEYS, Note, Packing
from app.storage.database import BALLOTS, ISSUING, Store
from app.storage.office import scans

OFFICE = "office"
_BESIDE = ("settings.toml", "secret.key", "backup.public")
_SUBSCRIBERS = "subscribers.key"
_NOTE = "backup.json"
_SQLITE = "sqlite:///"
DATABASES = (OFFICE, ISSUING, BALLOTS)


@dataclass(frozen=True)
class Made:
    """What a backup holds. `answers`: "new", "earlier" (taken over, because too few came since) or "none".

    `keys_left`: (folder, scan) of keys of sealed scans that are still in another folder, out of reach.
    """

    archive: Path
    answers: str
    elsewhere: tuple[str, ...]
    keys_left: tuple[tuple[str, str], ...]


def back_up(store: Store, *, folder: Path, instance: Path, lock: Lock) -> Made:
    """Write the archive and the keys in `folder`. Raises NotMixed where a database can't be held still, and OSError.

    Refused as root over the folder of another user: that user could not read the note at sealing, and no key would go.
    """
    if os.geteuid() == 0 and (owner := instance.stat().st_uid):
        raise Refused(
            "not-as-root", f"run this as the user that owns {instance} (number {owner}), not as root"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = tuple(name for name in DATABASES if not copying.is_file(store, name))
    with _one_at_a_time(store.backup_note):
        before = Note.read(store.backup_note)
        with _part_file(instance) as new:
            counts = None if {ISSUING, BALLOTS} & set(elsewhere) else _pack_answers(store, before, lock, new)
            after = before.used(str(folder))
            after = after if counts is None else replace(after, counts=counts)
            with backups.replacing(folder / ARCHIVE) as archive:
                backups.begin(archive)
                _pack_office(
                    store, instance, lock, archive, note=after, with_database=OFFICE not in elsewhere
                )
                answers = _add_answers(new if counts is not None else None, before, folder, archive)
                # Before the archive gets its name: after a crash in between, the next one waits for more, never for fewer.
                after.write(store.backup_note)
        backups.write_keys(folder / KEYS, lock, folder=store.scan_keys, subscribers=instance / _SUBSCRIBERS)
        left = backups.forget_left(store.backup_note)
    return Made(folder / ARCHIVE, answers, elsewhere, left)


def forget_folder(store: Store, folder: Path) -> None:
    """No backup is there any more: somebody destroyed it by hand."""
    with backups.alone(store.backup_note, waits=True):
        Note.read(store.backup_note).forgotten(str(folder)).write(store.backup_note)


def keys_left(store: Store) -> tuple[tuple[str, str], ...]:
    """(folder, scan) of keys of sealed scans that are still beside a backup that could not be reached."""
    return Note.read(store.backup_note).left


def _pack_answers(
    store: Store, before: Note, lock: Lock, to: BinaryIO
) -> Mapping[str, Mapping[int, int]] | None:
    """Issuing and ballots of one moment, sealed; None, and nothing written, where too few ballots came in since the last copy."""
    with copying.still(store, ISSUING, BALLOTS) as files:
        now = copying.open_scans(store)
        if not all(_renews(store, scan, before.counts.get(scan, {}), counts) for scan, counts in now.items()):
            return None
        packing = Packing(to, ANSWERS, lock)
        for name, file in zip((ISSUING, BALLOTS), files, strict=True):
            packing.add(f"{name}.db", file)
        packing.close()
    return now


def _renews(store: Store, scan: str, before: Mapping[int, int], now: Mapping[int, int]) -> bool:
    with store.reading() as session:
        row = scans.get(session, scan)
    plan = row.settings if row is not None else None
    return may_renew(
        before,
        now,
        min_group=plan.min_group if plan is not None else 0,
        personal=scan_keys.read(store.scan_keys, scan) is not None,
    )


def _pack_office(
    store: Store, instance: Path, lock: Lock, to: BinaryIO, *, note: Note, with_database: bool
) -> None:
    packing = Packing(to, backups.OFFICE, lock)
    if with_database:
        with copying.still(store, OFFICE) as files:
            packing.add(f"{OFFICE}.db", files[0])
    for name in _BESIDE:
        if (instance / name).is_file():
            with (instance / name).open("rb") as file:
                packing.add(name, file)
    # Where keys lie: a restored server destroys them there too. Its counts are those of the ballots that it has.
    packing.add_bytes(_NOTE, replace(note, counts={}).raw)
    for path in sorted((instance / "files").rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                packing.add(str(path.relative_to(instance)), file)
    packing.close()


def _add_answers(new: BinaryIO | None, before: Note, folder: Path, to: BinaryIO) -> str:
    if new is not None:
        new.seek(0)
        shutil.copyfileobj(new, to)
        return "new"
    for place in (*reversed(before.folders), str(folder)):
        if backups.take_over(Path(place) / ARCHIVE, ANSWERS, to):
            return "earlier"
    return "none"


@contextmanager
def _part_file(instance: Path) -> Iterator[BinaryIO]:
    """Where a part lies, sealed already, until the databases are let go: nobody waits for a slow disk elsewhere."""
    path = instance / ".backup.part"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _one_at_a_time(note: Path) -> Iterator[None]:
    try:
        with backups.alone(note, waits=False):
            yield
    except backups.Busy:
        raise Refused("backing-up", "another backup of this installation is being made") from None


@dataclass(frozen=True)
class Restored:
    """What came back. `scan_keys`: the scans whose personal links work again."""

    parts: tuple[str, ...]
    scan_keys: tuple[str, ...]


def restore(archive: Path, keys: Path | None, *, unlock: Unlock, instance: Path) -> Restored:
    """Put an installation back in an instance folder without one. Raises Refused for a folder in use, and for the wrong key.

    All or nothing: what was unpacked is moved to its place when all of it could be opened.
    """
    there = [name for name in DATABASES if (instance / f"{name}.db").exists()]
    if there:
        raise Refused(
            "instance-in-use",
            f"{instance} holds a living installation ({there[0]}.db); name an empty folder in WEERKLANK_INSTANCE",
        )
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = instance / ".restoring"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        try:
            parts = backups.unpack(archive, unlock, aside)
            found, subscribers = backups.read_keys(keys, unlock) if keys is not None else ({}, None)
        except NotOpened:
            raise Refused(
                "backup-not-opened", "this key or passphrase doesn't open the backup, or it was altered"
            ) from None
        places = {f"{name}.db": place for name, place in _places(aside / "settings.toml", instance).items()}
        # The next backup here waits for enough newer ballots than this one holds; sealing knows every folder with keys.
        counts = copying.counts_in_file(aside / f"{BALLOTS}.db") if ANSWERS in parts else {}
        note = aside / _NOTE
        replace(Note.read(note), counts=counts).used(str(archive.resolve().parent)).write(note)
        for scan, key in found.items():
            scan_keys.put(instance / "scan-keys", scan, key)
        if subscribers is not None:
            with backups.replacing(instance / _SUBSCRIBERS) as file:
                file.write(subscribers)
        # The databases come last: what was stopped halfway has none, and can be done again.
        for path in sorted(aside.iterdir(), key=lambda each: (each.name in places, each.name)):
            to = places.get(path.name, instance / path.name)
            if to.is_dir():
                shutil.rmtree(to)
            shutil.move(path, to)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Restored(tuple(parts), tuple(sorted(found)))


def _places(settings: Path, instance: Path) -> dict[str, Path]:
    """Where the restored settings look for each database that is a file. Raises Refused where one is there already."""
    named = tomllib.loads(settings.read_text("utf-8")).get("databases", {}) if settings.exists() else {}
    found = {}
    for name in DATABASES:
        url = str(named.get(name, ""))
        found[name] = Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else instance / f"{name}.db"
        if found[name].exists():
            raise Refused("instance-in-use", f"{found[name]} is there already; move it away first")
        found[name].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found
