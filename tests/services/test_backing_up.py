"""Backups: sealed, never one ballot newer than the one before, and an installation comes back from one."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.core.refusal import Refused
from app.crypto.streams import Lock, Unlock
from app.crypto.vault import Effort, Pair
from app.services import responding, sealing, stamping
from app.services.backing_up import ANSWERS, ARCHIVE, KEYS, Made, back_up, restore
from app.storage import backups, copying, scan_keys
from app.storage.backups import Note
from tests.services.journeys import NOW, Place, an_open_scan
from tests.services.linked import Visitor, a_linked_scan
from tests.services.linked import invite as linked_invite
from tests.storage.stores import an_app

WEAK = Effort(1, 8192)
LOCK = Lock(passphrase="een lange zin voor kopieën", effort=WEAK)
UNLOCK = Unlock(passphrase=LOCK.passphrase)


def backed_up(place: Place, folder: Path, instance: Path, lock: Lock = LOCK) -> Made:
    return back_up(place.store, folder=folder, instance=instance, lock=lock)


def fill_in(place: Place, codes: tuple[str, ...]) -> None:
    for number, code in enumerate(codes):
        assert isinstance(place.fill_in(code, place.answers(number)), responding.Received)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def the_part(archive: Path, name: str) -> bytes:
    to = archive.with_suffix(".part")
    with to.open("wb") as file:
        assert backups.take_over(archive, name, file)
    return to.read_bytes()


def test_the_drill(tmp_path: Path) -> None:
    """Back up, go on, lose the server, restore: the scan goes on, and only who answered since can answer again."""
    lost, folder, found = tmp_path / "lost", tmp_path / "backup", tmp_path / "found"
    with an_app("sqlite", lost) as app:
        place = an_open_scan(app)
        a, b = place.codes().values()
        fill_in(place, a[:10] + b[:12])
        assert backed_up(place, folder, lost).answers == "new"
        fill_in(place, a[10:12] + b[12:15])
        made = backed_up(place, folder, lost)
        assert made.answers == "earlier" and not made.elsewhere
        place.store.dispose()
    shutil.rmtree(lost)
    restored = restore(folder / ARCHIVE, folder / KEYS, unlock=UNLOCK, instance=found)
    assert restored.parts == ("office", "answers")
    with an_app("sqlite", found) as app:
        back = Place(app.extensions["store"], place.scan, place.slug, place.organisation)
        assert all(back.form(code) is None for code in a[:10] + b[:12])
        fill_in(back, a[10:14])
        # The restored server counts on from its backup: a copy that is a few ballots newer is not made.
        assert backed_up(back, folder, found).answers == "earlier"
        fill_in(back, b[12:16])
        sealing.seal(back.store, scan=back.scan, by=back.command_line, now=NOW)
        assert len(responding.receipts(back.store, back.scan)) == 30


def test_a_copy_of_answers_is_taken_over_unopened_until_enough_came_since(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        a, b = place.codes().values()
        fill_in(place, a[:3])
        assert backed_up(place, folder, instance).answers == "none"
        fill_in(place, a[3:13] + b[:10])
        assert backed_up(place, folder, instance).answers == "new"
        first = the_part(folder / ARCHIVE, ANSWERS)
        fill_in(place, b[10:11])
        assert backed_up(place, folder, instance).answers == "earlier"
        assert the_part(folder / ARCHIVE, ANSWERS) == first
        # Another folder begins with the same part: two folders don't differ by one ballot either.
        assert backed_up(place, tmp_path / "other", instance).answers == "earlier"
        assert the_part(tmp_path / "other" / ARCHIVE, ANSWERS) == first
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        assert backed_up(place, folder, instance).answers == "new"


def test_nothing_in_the_folder_can_be_read_and_nothing_plain_is_left_beside_it(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        before = {path.name for path in instance.iterdir()}
        backed_up(place, folder, instance)
        held = everything(folder)
        for plain in (
            b"SQLite format 3",
            b"CREATE TABLE",
            place.slug.encode(),
            (instance / "secret.key").read_bytes(),
        ):
            assert plain not in held
        assert {path.name for path in instance.iterdir()} - before <= {
            "backup.json",
            "backup.lock",
            "issuing.lock",
            "ballots.lock",
        }
        assert all(path.stat().st_mode & 0o077 == 0 for path in [*folder.iterdir(), instance / "backup.json"])


def test_sealed_to_a_key_that_is_elsewhere(tmp_path: Path) -> None:
    pair = Pair.of(b"p" * 32)
    with an_app("sqlite", tmp_path / "instance") as app:
        place = an_open_scan(app)
        backed_up(place, tmp_path / "backup", tmp_path / "instance", Lock(public=pair.public))
    for wrong in (UNLOCK, Unlock(private=b"q" * 32)):
        with pytest.raises(Refused, match="doesn't open"):
            restore(tmp_path / "backup" / ARCHIVE, None, unlock=wrong, instance=tmp_path / "new")
        assert list((tmp_path / "new").iterdir()) == []
    restore(
        tmp_path / "backup" / ARCHIVE, None, unlock=Unlock(private=pair.private), instance=tmp_path / "new"
    )
    assert (tmp_path / "new" / "office.db").is_file()


@pytest.mark.parametrize("at", [0.001, 0.3, 0.7, 0.9999])
def test_an_altered_or_shortened_backup_is_refused_whole(tmp_path: Path, at: float) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place = an_open_scan(app)
        backed_up(place, tmp_path / "backup", tmp_path / "instance")
    archive = tmp_path / "backup" / ARCHIVE
    whole = archive.read_bytes()
    spot = int(len(whole) * at)
    for broken in (whole[:spot], whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :]):
        archive.write_bytes(broken)
        with pytest.raises(Refused):
            restore(archive, None, unlock=UNLOCK, instance=tmp_path / "new")
        assert not list((tmp_path / "new").iterdir())


def test_a_living_installation_is_never_restored_over(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place = an_open_scan(app)
        backed_up(place, tmp_path / "backup", tmp_path / "instance")
        before = everything(tmp_path / "instance")
        with pytest.raises(Refused, match="living installation"):
            restore(tmp_path / "backup" / ARCHIVE, None, unlock=UNLOCK, instance=tmp_path / "instance")
        assert everything(tmp_path / "instance") == before


def test_a_restore_that_was_stopped_halfway_can_be_done_again(tmp_path: Path) -> None:
    """The databases come last: with them there, so are the keys and what the next backup waits for."""
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, found = an_open_scan(app), tmp_path / "backup", tmp_path / "found"
        a, b = place.codes().values()
        fill_in(place, a[:10] + b[:12])
        key = scan_keys.make(place.store.scan_keys, place.scan)
        (tmp_path / "instance" / "files").mkdir(exist_ok=True)
        (tmp_path / "instance" / "files" / "a.txt").write_text("x")
        assert backed_up(place, folder, tmp_path / "instance").answers == "new"
    found.mkdir()
    (found / "files").write_text("in the way")
    with pytest.raises(OSError):
        restore(folder / ARCHIVE, folder / KEYS, unlock=UNLOCK, instance=found)
    assert not list(found.glob("*.db")) and scan_keys.read(found / "scan-keys", place.scan) == key
    assert sum(Note.read(found / "backup.json").counts[place.scan].values()) == 22
    (found / "files").unlink()
    assert restore(folder / ARCHIVE, folder / KEYS, unlock=UNLOCK, instance=found).parts == (
        "office",
        "answers",
    )
    assert len(list(found.glob("*.db"))) == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can do what another user can't undo")
def test_root_makes_no_backup_that_sealing_could_not_read(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place = an_open_scan(app)
        os.chown(tmp_path / "instance", 12345, -1)
        with pytest.raises(Refused, match="not as root"):
            backed_up(place, tmp_path / "backup", tmp_path / "instance")
        assert not (tmp_path / "backup").exists()


def test_databases_go_back_to_where_the_settings_look_for_them(tmp_path: Path) -> None:
    instance, apart = tmp_path / "instance", tmp_path / "apart"
    instance.mkdir()
    (instance / "settings.toml").write_text(f'[databases]\nballots = "sqlite:///{apart / "b.db"}"\n')
    apart.mkdir()
    with an_app("sqlite", instance) as app:
        place = an_open_scan(app)
        backed_up(place, tmp_path / "backup", instance)
        place.store.dispose()
    archive = tmp_path / "backup" / ARCHIVE
    with pytest.raises(Refused, match=r"b\.db is there already"):
        restore(archive, None, unlock=UNLOCK, instance=tmp_path / "new")
    shutil.rmtree(apart)
    restore(archive, None, unlock=UNLOCK, instance=tmp_path / "new")
    assert (apart / "b.db").is_file() and not (tmp_path / "new" / "ballots.db").exists()


def test_keys_of_scans_are_in_their_own_file_until_sealing(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        key = scan_keys.make(place.store.scan_keys, place.scan)
        other = scan_keys.make(place.store.scan_keys, "another")
        backed_up(place, folder, instance)
        with_key = (folder / KEYS).read_bytes()
        restored = restore(folder / ARCHIVE, folder / KEYS, unlock=UNLOCK, instance=tmp_path / "open")
        assert restored.scan_keys == tuple(sorted((place.scan, "another")))
        assert scan_keys.read(tmp_path / "open" / "scan-keys", place.scan) == key
        shutil.rmtree(tmp_path / "open" / "scan-keys")
        assert key not in everything(tmp_path / "open")
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        assert backups.read_keys(folder / KEYS, UNLOCK)[0] == {"another": other}
        sealed_away = json.loads(next(line for line in with_key.splitlines() if place.scan.encode() in line))
        assert bytes.fromhex(sealed_away["key"]) not in everything(folder)
        assert sealed_away["key"].encode() not in everything(tmp_path / "backup")


def test_a_folder_out_of_reach_at_sealing_is_remembered_and_made_up_for(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        scan_keys.make(place.store.scan_keys, place.scan)
        backed_up(place, folder, instance)
        folder.rename(tmp_path / "unplugged")
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        left = ((str(folder), place.scan),)
        assert Note.read(place.store.backup_note).left == left
        assert backed_up(place, tmp_path / "other", instance).keys_left == left
        (tmp_path / "unplugged").rename(folder)
        assert backed_up(place, folder, instance).keys_left == ()
        assert backups.read_keys(folder / KEYS, UNLOCK)[0] == {}


@dataclass(frozen=True)
class Interrupted(Lock):
    """While this locks one key, something else happens."""

    key: bytes = b""
    then: Callable[[], object] = field(default=lambda: None)

    def close(self, key: bytes) -> dict[str, object]:
        locked = super().close(key)
        if key == self.key:
            self.then()
        return locked


def test_a_key_that_a_backup_had_read_when_its_scan_was_sealed_is_destroyed_as_well(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        key = scan_keys.make(place.store.scan_keys, place.scan)
        backed_up(place, folder, instance)

        def seal() -> None:
            sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)

        sealer = threading.Thread(target=seal)

        def interrupt() -> None:
            sealer.start()
            sealer.join(1)

        backed_up(place, folder, instance, Interrupted(LOCK.public, LOCK.passphrase, WEAK, key, interrupt))
        sealer.join(20)
        assert not sealer.is_alive() and backups.read_keys(folder / KEYS, UNLOCK)[0] == {}
        assert Note.read(place.store.backup_note).left == ()


def test_a_restored_server_knows_every_folder_with_keys(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "lost") as app:
        place, found = an_open_scan(app), tmp_path / "found"
        scan_keys.make(place.store.scan_keys, place.scan)
        one, other, carried = tmp_path / "one", tmp_path / "other", tmp_path / "carried"
        backed_up(place, one, tmp_path / "lost")
        backed_up(place, other, tmp_path / "lost")
        place.store.dispose()
    shutil.copytree(other, carried)
    restore(carried / ARCHIVE, carried / KEYS, unlock=UNLOCK, instance=found)
    with an_app("sqlite", found) as app:
        back = Place(app.extensions["store"], place.scan, place.slug, place.organisation)
        sealing.seal(back.store, scan=back.scan, by=back.command_line, now=NOW)
    for folder in (one, other, carried):
        assert backups.read_keys(folder / KEYS, UNLOCK)[0] == {}


def test_keys_in_a_file_that_a_crash_left_half_written_go_at_sealing(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place, folder, instance = an_open_scan(app), tmp_path / "backup", tmp_path / "instance"
        backed_up(place, folder, instance)
        scan_keys.make(place.store.scan_keys, place.scan)
        half, held = folder / f".{KEYS}.part", tmp_path / "held"
        backups.write_keys(half, LOCK, folder=place.store.scan_keys, subscribers=instance / "none")
        held.hardlink_to(half)
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        assert not half.exists() and set(held.read_bytes()) == {0}


def test_databases_held_still_have_no_log_and_take_no_writer(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path / "instance") as app:
        place = an_open_scan(app)
        a, b = place.codes().values()
        fill_in(place, a[:3])
        with copying.still(place.store, "issuing", "ballots") as files:
            assert [file.read(15) for file in files] == [b"SQLite format 3"] * 2
            assert not (tmp_path / "instance" / "ballots.db-wal").stat().st_size
        fill_in(place, b[:1])


def test_the_drill_with_personal_links(tmp_path: Path) -> None:
    """What a restore makes possible is what was lost, and no more than the links that were opened since the backup."""
    lost, folder, found = tmp_path / "lost", tmp_path / "backup", tmp_path / "found"
    with an_app("sqlite", lost) as app:
        place = a_linked_scan(app)
        first, second = linked_invite(place, 15, 0), linked_invite(place, 20, 1)
        early = [Visitor(place, token, 0) for token in first[:8]]
        early += [Visitor(place, token, 1) for token in second[:12]]
        for one in early:
            assert isinstance(one.take_part(), responding.Received)
        assert backed_up(place, folder, lost).answers == "new"
        late = Visitor(place, first[8], 0)
        assert isinstance(late.take_part(), responding.Received)
        halfway = Visitor(place, first[9], 0).start()
        assert backed_up(place, folder, lost).answers == "earlier"
        place.store.dispose()
    shutil.rmtree(lost)
    restore(folder / ARCHIVE, folder / KEYS, unlock=UNLOCK, instance=found)
    with an_app("sqlite", found) as app:
        back = Place(app.extensions["store"], place.scan, place.slug, place.organisation)
        for one in early:
            # Their links stay used, and their answers are in.
            assert isinstance(Visitor(back, one.token, one.stratum).ask(), stamping.LinkUsed)
            assert isinstance(replace_place(one, back).send({}), responding.Received)
        # Whose answers were lost sends the same again, or takes part once more.
        assert isinstance(Visitor(back, late.token, 0).take_part(), responding.Received)
        # Who kept a stamp of after the backup can use it beside a new one: the bound that the manual names.
        assert isinstance(replace_place(halfway, back).send({}), responding.Received)
        assert isinstance(Visitor(back, halfway.token, 0).take_part(), responding.Received)
        assert isinstance(Visitor(back, halfway.token, 0).ask(), stamping.LinkUsed)
        sealing.seal(back.store, scan=back.scan, by=back.command_line, now=NOW)
        assert len(responding.receipts(back.store, back.scan)) == len(early) + 3


def replace_place(one: Visitor, place: Place) -> Visitor:
    """The same browser, before another server at the same address."""
    one.place = place
    return one
