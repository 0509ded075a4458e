"""Inviting from a shell: faults name file and line, letters are put on their way, and nothing tells who is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.opening import now
from tests.cli.test_commands import Shell
from tests.factories import an_app
from tests.mailed import a_link_scan


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("WEERKLANK_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("WEERKLANK_ADDRESS", "http://localhost:8000")
    return Shell(tmp_path, capsys)


def test_inviting_from_a_shell(shell: Shell) -> None:
    with an_app(shell.folder / "instance") as app:
        scan = a_link_scan(app.extensions["store"], now=now()).id
    bad = shell.file("bad.csv", "address,stratum\na@x.example,noord\nb,noord\n")
    assert shell.refused("invite", "send", scan) == ["weerklank: there are no addresses yet; load them first"]
    lines = shell.refused("invite", "addresses", scan, bad)
    assert lines[0].startswith(f"{bad}:3: “b” is not an e-mail address") and "--only-good" in lines[1]
    assert shell.json("invite", "addresses", scan, bad, "--only-good") == {
        "scan": scan,
        "stored": 1,
        "left_out": 1,
    }
    shell.json("invite", "send", scan)
    assert shell.refused("invite", "remind", scan)[0].startswith("weerklank: leave at least 2 days")
    assert "no day" in shell.refused("invite", "remind", scan, "--on", "soon")[0]
    assert shell("invite", "standing", scan)[1].startswith("1 addresses, 0 of them without an invitation.")
    known, unknown = (shell("invite", "new-link", scan, email) for email in ("a@x.example", "z@x.example"))
    assert known == unknown and known[0] == 0


def test_without_https_nothing_goes(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERKLANK_ADDRESS", "http://scan.example")
    with an_app(shell.folder / "instance") as app:
        scan = a_link_scan(app.extensions["store"], now=now()).id
    assert "https://" in shell.refused("invite", "send", scan)[0]
