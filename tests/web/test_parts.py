"""A part on its own: what breaks in it is logged without a word of what was sent, as in the whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app import create_app
from app.settings import load
from tests.storage.stores import an_app


@pytest.mark.parametrize(("part", "path"), [("issuing", "issue"), ("receiving", "receive")])
def test_what_breaks_is_logged_without_the_text_of_the_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, part: str, path: str
) -> None:
    with an_app("sqlite", tmp_path) as app:
        app.extensions["store"].dispose()
    with closing(sqlite3.connect(tmp_path / "office.db")) as office:
        office.execute("ALTER TABLE scan RENAME TO elsewhere")
    client = create_app(load({"WEERKLANK_INSTANCE": str(tmp_path), "WEERKLANK_ONLY": part})).test_client()
    sent = {"token": "x" * 22, "stratum": 0, "blinded": "A" * 512, "nonce": "x" * 43, "prefix": "A" * 43}
    answer = client.post(f"/u/abc/{path}", data=json.dumps({**sent, "signature": "A" * 512, "answers": {}}))
    assert answer.status_code == 500
    assert "a page broke at" in caplog.text
    assert "Traceback" not in caplog.text and "such" not in caplog.text
