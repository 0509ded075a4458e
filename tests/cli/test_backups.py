"""The commands of who runs the server: a key that goes elsewhere, a backup, a check, and an installation that comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def weerklank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*words: str, instance: str = "instance", **more: str) -> tuple[int, str, str]:
        monkeypatch.setenv("WEERKLANK_INSTANCE", str(tmp_path / instance))
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        code = run(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_from_a_backup_to_a_restored_installation(weerklank: Command, tmp_path: Path) -> None:
    folder, key = tmp_path / "backup", tmp_path / "key.txt"
    code, _, _ = weerklank("init", "--email", "a@b.example", WEERKLANK_PASSWORD="een lange zin hier")
    assert code == 0
    code, said, _ = weerklank("backup", str(folder), "--new-key", str(key))
    assert code == 0 and f"Take {key} off this machine" in said
    assert key.stat().st_mode & 0o077 == 0
    code, said, _ = weerklank("backup", str(folder), "--json")
    assert code == 0 and json.loads(said)["answers"] == "new"
    archive = str(folder / "weerklank.backup")
    code, _, told = weerklank("restore", archive, "--key", str(key))
    assert code == 2 and "living installation" in told and told.count("\n") == 1
    code, _, told = weerklank(
        "restore", archive, instance="new", WEERKLANK_BACKUP_PASSPHRASE="heel iets anders"
    )
    assert code == 2 and "doesn't open" in told
    code, said, _ = weerklank("restore", archive, "--key", str(key), instance="new")
    assert code == 0 and "office and answers" in said
    code, said, _ = weerklank("scan", "list", instance="new")
    assert code == 0
    code, said, _ = weerklank("health", instance="new")
    assert (code, said) == (0, "Nothing found.\n")
    (tmp_path / "new" / "secret.key").chmod(0o644)
    code, said, _ = weerklank("health", instance="new")
    assert code == 1 and said.count("\n") == 1 and "secret.key" in said


def test_a_short_passphrase_and_a_key_twice_are_refused(weerklank: Command, tmp_path: Path) -> None:
    assert weerklank("init", "--email", "a@b.example", WEERKLANK_PASSWORD="een lange zin hier")[0] == 0
    code, _, told = weerklank("backup", str(tmp_path / "backup"), WEERKLANK_BACKUP_PASSPHRASE="kort")
    assert code == 2 and "at least 12 characters" in told
    (tmp_path / "key.txt").write_text("")
    code, _, told = weerklank("backup", str(tmp_path / "backup"), "--new-key", str(tmp_path / "key.txt"))
    assert code == 2 and "key.txt" in told
