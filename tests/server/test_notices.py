"""A thousand answers to “do you notice it?” at once, through the real server: counted exactly, nothing of a person anywhere."""

from __future__ import annotations

import http.client
import re
import threading
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.storage.office import notices
from tests.server.test_serving import a_free_port, serving
from tests.services.board import ADDRESS, BEGUN, a_board, post
from tests.storage.stores import an_app

CLIENTS, ANSWERS = 16, 1_000
MARKER = "zeldzaammerk5502"
WORDS = ("yes", "a-little", "no")

pytestmark = pytest.mark.xdist_group("server")


def answer(connection: http.client.HTTPConnection, port: int, update: int, word: str) -> int:
    connection.request(
        "POST",
        f"/b/{ADDRESS}/noticed/{update}?language=nl&q={MARKER}",
        body=f"noticed={word}",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "User-Agent": MARKER,
            "X-Forwarded-For": MARKER,
            "Cookie": f"{MARKER}={MARKER}",
            "Referer": f"https://{MARKER}.example/",
        },
    )
    reply = connection.getresponse()
    reply.read()
    assert reply.getheader("Set-Cookie") is None
    return reply.status


def send_all(port: int, update: int) -> Counter[int]:
    """Each client its share, all at the same time; the three answers in turn."""
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(first, ANSWERS, CLIENTS):
            status = answer(connection, port, update, WORDS[number % 3])
            with lock:
                statuses[status] += 1
        connection.close()

    clients = [threading.Thread(target=client, args=(first,)) for first in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return statuses


def test_a_thousand_answers_at_once_are_counted_exactly_and_leave_nothing_else(tmp_path: Path) -> None:
    with a_board(tmp_path) as office:
        update = post(office, (date(2026, 4, 1), BEGUN))
        organisation = office.organisation
    log = tmp_path / "server.log"
    port = a_free_port()
    with serving(tmp_path, port) as server:
        assert send_all(port, update) == {303: ANSWERS}
        files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        wal = next((size for path, size in files.items() if path.name == "office.db-wal"), b"")
        server.terminate()
        assert server.stderr is not None
        log.write_text(server.stderr.read())
    with an_app("sqlite", tmp_path) as app, app.extensions["store"].reading() as session:
        row = session.get(notices.Notice, update)
        assert row is not None
        assert (row.yes, row.little, row.no) == (334, 333, 333)
        assert session.query(notices.Notice).count() == 1
        shown = notices.shown(session, organisation, 8)[update]
        # What is shown lags by less than half of what was shown before, and is a multiple of k.
        assert 600 <= shown.at_least <= 1_000 and shown.at_least % 8 == 0
    # Before it stopped as well: no word of a browser, and no log that tells the tally after each answer.
    assert [path.name for path, content in files.items() if MARKER.encode() in content] == []
    assert len(wal) <= 5 * 16_500, (
        f"the log holds {len(wal)} bytes: the order of answers could be read from it"
    )
    assert MARKER not in log.read_text() and not re.search(r"noticed", log.read_text())
