"""Opening an exported file of signals from a shell, offline."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import run
from app.crypto.sealed_file import NoSealedFile, open_file, seal_file
from app.crypto.vault import Effort, NotOpened

CHEAP = Effort(1, 8192)
WORDS = "vier losse woorden samen"


def sealed(body: bytes) -> bytes:
    return seal_file(body, WORDS, salt=b"s" * 16, nonce=b"n" * 24, effort=CHEAP)


def test_a_sealed_file_opens_with_its_passphrase_only_and_hides_its_length() -> None:
    assert open_file(sealed(b"a;b\r\n"), WORDS) == b"a;b\r\n"
    assert len(sealed(b"a")) == len(sealed(b"a" * 16_000)) < len(sealed(b"a" * 17_000))
    with pytest.raises(NotOpened):
        open_file(sealed(b"a"), WORDS + "!")
    with pytest.raises(NotOpened):
        open_file(sealed(b"a")[:-1] + b"\0", WORDS)
    assert b"a;b" not in sealed(b"a;b")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"datum;categorie\n",
        b"weerklank sealed file 2\n{}\n",
        b"weerklank sealed file 1\n{}\n",
        b'weerklank sealed file 1\n{"operations": 3, "memory": 99999999999, "salt": "00"}\n',
    ],
)
def test_other_files_are_refused_before_anything_is_asked(raw: bytes) -> None:
    with pytest.raises(NoSealedFile):
        open_file(raw, WORDS)


def test_the_command_prints_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "signalen.weerklank"
    path.write_bytes(sealed("\ufeffkwartaal;categorie\r\n2025-Q1;één\r\n".encode()))
    monkeypatch.setenv("WEERKLANK_PASSPHRASE", WORDS)
    assert run(["signals", "open", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == ["kwartaal;categorie", "2025-Q1;één"]
    monkeypatch.setenv("WEERKLANK_PASSPHRASE", "iets anders")
    assert run(["signals", "open", str(path)]) == 2
    assert "doesn't open it" in capsys.readouterr().err
    path.write_bytes(b"iets anders")
    assert run(["signals", "open", str(path)]) == 2
    assert "no sealed file" in capsys.readouterr().err
