"""The worker is killed while it posts: every address gets the digest; only what was on its way goes twice, as the same letter."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.access import Role
from app.services import digesting, mailing, subscribing
from app.settings import load
from app.storage import subscribers
from app.storage.database import Store
from app.web.ui.asking import now
from tests.factories import an_account, an_app, an_organisation
from tests.posted import ADDRESS, Post, a_board, a_mail_server, publish
from tests.server.test_serving import ROOT, below, needs_proc, wait_for
from tests.services.test_mailing import Kept

pytestmark = [pytest.mark.xdist_group("server"), pytest.mark.slow]
PEOPLE = [f"p{number}@prive.example" for number in range(12)]
HELD_UP = 4
"""The letter during which the worker is killed: the server has it, and has not said so yet."""


@contextmanager
def a_worker(instance: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "WEERKLANK_INSTANCE": str(instance), "WEERKLANK_PARENT": str(os.getpid())}
    worker = subprocess.Popen([sys.executable, "-m", "app.jobs.worker"], cwd=ROOT, env=environment)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait(10)


def settle(store: Store, organisation: int, key: bytes) -> None:
    """Everybody subscribed, and a digest waiting for each."""
    kept, moment = Kept(), now() - timedelta(minutes=5)
    for person in PEOPLE:
        subscribing.ask(
            store, key=key, domain="zorg.example", organisation=organisation, email=person, language="nl",
            now=moment,
        )  # fmt: skip
    mailing.send_due(store, mailer=kept, key=key, address="https://scan.example", clock=lambda: moment)
    for letter in kept.letters:
        found = re.search(rf"/b/{ADDRESS}/confirm/([\w-]+)", letter.text)
        assert found is not None
        subscribing.confirm(store, key=key, organisation=organisation, token=found[1])
    by = an_account(store, organisation, Role.COORDINATOR)
    publish(store, by, moment - timedelta(hours=1))
    assert digesting.make_due(store, domain="zorg.example", now=moment) == 1


def write_settings(folder: Path, post: Post) -> None:
    (folder / "settings.toml").write_text(
        'address = "https://scan.example"\n[smtp]\nhost = "127.0.0.1"\n'
        f'port = {post.port}\nstarttls = false\nsender = "Bord <bord@zorg.example>"\n',
        "utf-8",
    )


@needs_proc
def test_a_worker_killed_halfway_leaves_no_address_out_and_repeats_only_what_was_on_its_way(
    tmp_path: Path,
) -> None:
    with an_app(tmp_path) as app:
        organisation = an_organisation(app.extensions["store"])
        a_board(app.extensions["store"], organisation)
        settle(
            app.extensions["store"], organisation, load({"WEERKLANK_INSTANCE": str(tmp_path)}).subscribers_key
        )

    def hold_up() -> None:
        if len(post.got) == HELD_UP:
            time.sleep(4)

    with a_mail_server(pause=hold_up) as post:
        write_settings(tmp_path, post)
        with a_worker(tmp_path) as worker:
            assert wait_for(lambda: len(post.got) == HELD_UP, 60)
            children = below(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(5)
            assert children and wait_for(
                lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), 5
            )
        held_up = post.got[-1]
        with a_worker(tmp_path):
            assert wait_for(lambda: len(post.got) == len(PEOPLE) + 1, 60)
            time.sleep(1)
    times = Counter(to for to, _ in post.got)
    assert set(times) == set(PEOPLE)
    assert [to for to, number in times.items() if number > 1] == [held_up[0]]
    assert {mail["Message-ID"] for mail in post.to(held_up[0])} == {held_up[1]["Message-ID"]}
    assert len({mail["Message-ID"] for _, mail in post.got}) == len(PEOPLE)
    for _, mail in post.got:
        assert mail.get_body(("plain",)) is not None and mail.get_body(("html",)) is not None
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(
            rf"<https://scan.example/b/{ADDRESS}/unsubscribe/[\w-]+\?language=nl>", mail["List-Unsubscribe"]
        )
    with an_app(tmp_path) as app, app.extensions["store"].reading_issuing() as connection:
        assert subscribers.standing(connection, organisation, 1) == subscribers.Sent(sent=len(PEOPLE))
