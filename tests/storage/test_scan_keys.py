"""The key of a scan lies in a file of its own, is made once, and is gone for good when it is destroyed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.storage import scan_keys


def test_it_is_made_once_by_however_many_at_the_same_time(tmp_path: Path) -> None:
    folder = tmp_path / "scan-keys"
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: scan_keys.make(folder, "abc"), range(16)))
    assert len(made) == 1 and len(made.pop()) == scan_keys.KEY_BYTES
    assert [found.name for found in folder.iterdir()] == ["abc.key"]
    assert (folder / "abc.key").stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700


def test_destroying_overwrites_before_the_name_goes(tmp_path: Path) -> None:
    scan_keys.make(tmp_path, "abc")
    (tmp_path / "held").hardlink_to(tmp_path / "abc.key")
    scan_keys.destroy(tmp_path, "abc")
    scan_keys.destroy(tmp_path, "abc")
    assert (tmp_path / "held").read_bytes() == bytes(scan_keys.KEY_BYTES)
    assert scan_keys.read(tmp_path, "abc") is None and scan_keys.kept(tmp_path) == []


def test_what_a_crash_left_of_a_key_goes_with_it(tmp_path: Path) -> None:
    key = scan_keys.make(tmp_path, "abc")
    (tmp_path / ".abc.0123456789abcdef").write_bytes(key)
    (tmp_path / "held").hardlink_to(tmp_path / ".abc.0123456789abcdef")
    scan_keys.destroy(tmp_path, "abc")
    assert (tmp_path / "held").read_bytes() == bytes(scan_keys.KEY_BYTES)
    assert [found.name for found in tmp_path.iterdir()] == ["held"]


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no scan"):
        scan_keys.make(tmp_path, "../abc")
