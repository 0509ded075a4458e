"""Stamps and answers in processes of their own: each has only its routes and databases; together they let people through."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services import addressing
from app.services.addressing import Given
from app.storage import mixing
from bench import seized as bench
from bench.load import fetch
from tests.factories import an_app
from tests.server.test_serving import a_free_port, answers, below, needs_proc, wait_for, weerklank

pytestmark = [pytest.mark.xdist_group("server"), needs_proc]


@dataclass(frozen=True)
class Part:
    process: subprocess.Popen[str]
    port: int

    def files(self) -> set[str]:
        """Every file that its processes hold open now, by name."""
        found = set()
        for pid in below(self.process.pid) | {self.process.pid}:
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                try:
                    found.add(Path(os.readlink(descriptor)).name)
                except OSError:
                    continue
        return found


@contextmanager
def serving_only(part: str, instance: Path) -> Iterator[Part]:
    port = a_free_port()
    process = weerklank(instance, "serve", "--only", part, "--port", str(port), "--workers", "1")
    try:
        assert wait_for(lambda: answers(port), 60)
        yield Part(process, port)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def instances(folder: Path) -> Iterator[tuple[object, Path, Path]]:
    """One that does everything, and two folders for the parts that name its databases, each only those it needs."""
    whole = folder / "whole"
    issuing, receiving = folder / "issuing", folder / "receiving"
    for place, name in ((issuing, "issuing"), (receiving, "ballots")):
        place.mkdir()
        lines = [f'{each} = "sqlite:///{whole / each}.db"' for each in ("office", name)]
        (place / "settings.toml").write_text("\n".join(["[databases]", *lines, ""]), "utf-8")
    with an_app(whole) as app:
        (whole / "scan-keys").mkdir(mode=0o700)
        (issuing / "scan-keys").symlink_to(whole / "scan-keys")
        yield app, issuing, receiving


def test_each_part_opens_its_own_databases_and_one_person_goes_through_both(tmp_path: Path) -> None:
    with instances(tmp_path) as (app, issuing, receiving):
        store, now = app.extensions["store"], datetime.now(UTC).replace(tzinfo=None)
        scan = bench.open_scan(app, 16)
        addressing.load(store, scan=scan.id, given=Given(bench.addresses(16)), by=scan.by, now=now)
        everybody = bench.people_of(bench.derived_tokens(store, scan.id), scan, random.Random(1))
        with serving_only("issuing", issuing) as stamps, serving_only("receiving", receiving) as takes:
            ports = {"issue": stamps.port, "receive": takes.port}

            def send(path: str, content: dict[str, object], address: str) -> tuple[int, dict[str, object]]:
                return bench.post(ports[path.rpartition("/")[2]], path, content, address)

            for person in everybody[:12]:
                person.ask(send, scan.id)
                person.send(send, scan.id)
            assert {"office.db", "issuing.db"} <= stamps.files()
            assert not [name for name in stamps.files() if name.startswith("ballots")]
            assert {"office.db", "ballots.db"} <= takes.files()
            assert not [name for name in takes.files() if name.startswith(("issuing", scan.id))]
            assert fetch(takes.port, f"/u/{scan.id}/")[0] == 200
            assert fetch(takes.port, f"/u/{scan.id}/manifest.json")[0] == 200
            for port, path in (
                (stamps.port, f"/u/{scan.id}/"),
                (stamps.port, "/"),
                (takes.port, "/account/"),
            ):
                assert fetch(port, path)[0] == 404
            assert bench.post(stamps.port, f"/u/{scan.id}/receive", {}, "")[0] == 404
            assert bench.post(takes.port, f"/u/{scan.id}/issue", {}, "")[0] in {404, 405}
        assert [mixing.waiting(store, name) for name in mixing.IN_LINE] == [2, 2]
    for folder in (issuing, receiving):
        assert not [path.name for path in folder.iterdir() if path.suffix in {".db", ".key"}]


def test_a_part_without_its_databases_says_what_to_do(tmp_path: Path) -> None:
    process = weerklank(tmp_path, "serve", "--only", "receiving", "--port", str(a_free_port()))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2 and "without --only first" in said
