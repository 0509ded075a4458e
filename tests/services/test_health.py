"""What would break a promise from outside is found, and only what is there."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from app.services import checking_health
from app.services.checking_health import Finding, Kind
from app.settings import Settings
from app.storage import health
from app.storage.revisions import NAMES
from tests.services.journeys import an_open_scan
from tests.storage.stores import an_app


def found(settings: Settings) -> tuple[Finding, ...]:
    return checking_health.check({name: settings.database(name) for name in NAMES}, settings.instance)


def test_a_well_installation_has_no_findings_and_each_ill_has_one(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with an_app("sqlite", instance) as app:
        settings = app.extensions["settings"]
        assert found(settings) == ()
        (instance / ".ballots.db-litestream").mkdir()
        assert found(settings) == (), "no scan is open yet"
        an_open_scan(app)
        (ill,) = found(settings)
        assert ill.kind is Kind.COPIED and ill.about == "ballots" and "Litestream" in str(ill)
        assert checking_health.refuses((ill,))
        (instance / ".ballots.db-litestream").rmdir()
        connection = sqlite3.connect(instance / "issuing.db")
        connection.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
        assert [one.about for one in found(settings)] == ["issuing"]
        connection.execute("DROP TABLE _litestream_seq")
        connection.close()
        (instance / "scan-keys").mkdir()
        (instance / "scan-keys" / "abc.key").write_bytes(bytes(32))
        os.chmod(instance / "scan-keys" / "abc.key", 0o640)
        (instance / "settings.toml").write_text('address = "http://localhost"\n')
        (readable,) = found(settings)
        assert readable.kind is Kind.READABLE and "abc.key" in readable.about
        assert not checking_health.refuses((readable,))
        os.chmod(instance / "scan-keys" / "abc.key", 0o600)
        os.chmod(instance, 0o755)
        assert {one.kind for one in found(settings)} == {Kind.READABLE}
        os.chmod(instance, 0o700)
        app.extensions["store"].dispose()
        connection = sqlite3.connect(instance / "ballots.db")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        assert [one.kind for one in found(settings)] == [Kind.UNSAFE]


def test_postgresql_that_keeps_its_log_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with an_app("postgresql", tmp_path) as app:
        settings = app.extensions["settings"]
        an_open_scan(app)
        asked: list[str] = []
        for why, query in health._REPLICATED.items():
            asked.append(why)
            assert health._on_server(settings.database("ballots"), query) >= 0
        monkeypatch.setattr(health, "_REPLICATED", {"it is copied": "SELECT 1"})
        assert [one.about for one in found(settings)] == ["ballots", "issuing"]
        assert len(asked) == 3


def test_the_file_system_is_that_of_the_deepest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/a / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0\n/dev/b /srv/own\\040disk xfs rw 0 0\n"
    )
    assert health.file_system(Path("/var/x.db"), mounts) == "ext4"
    assert health.file_system(Path("/srv/x.db"), mounts) == "nfs4"
    assert health.file_system(Path("/srv/own disk/x.db"), mounts) == "xfs"
    assert health.file_system(Path("/srvx/x.db"), mounts) == "ext4"
