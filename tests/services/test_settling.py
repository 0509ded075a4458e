"""After a while of quiet, and at a start, no ballot is left beside its credential in the log."""

from __future__ import annotations

import time
from pathlib import Path

from app.cli import running
from app.crypto import codes
from app.services.responding import Received
from app.services.settling import Settler, settle
from app.storage import mixing
from tests.services.journeys import an_open_scan
from tests.storage.stores import an_app


def test_quiet_brings_a_mix(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        settler, used = Settler(quiet=0.2), place.codes()[0][:3]
        for code in used:
            assert isinstance(place.fill_in(code, {}), Received)
            settler.stir(place.store)
        assert mixing.waiting(place.store) == 3
        log = tmp_path / "ballots.db-wal"
        assert codes.spent_mark(place.scan, used[0]) in log.read_bytes()
        last = time.monotonic() + 20
        while (mixing.waiting(place.store) or log.stat().st_size) and time.monotonic() < last:
            time.sleep(0.05)
        assert mixing.waiting(place.store) == 0 and log.stat().st_size == 0
        assert isinstance(place.fill_in(place.slips().sheets[1].codes[0], {}), Received)
        settler.stir(place.store)
        while mixing.waiting(place.store) and time.monotonic() < last:
            time.sleep(0.05)
        assert mixing.waiting(place.store) == 0


def test_settling_does_nothing_when_nothing_waits(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        assert settle(place.store) is False
        place.fill_in(place.codes()[0][0], {})
        assert settle(place.store) is True and mixing.waiting(place.store) == 0


def test_a_start_of_the_server_mixes_what_a_killed_one_left(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        place.fill_in(place.codes()[0][0], {})
        assert mixing.waiting(place.store) == 1
        running.settle(app.extensions["settings"])
        assert mixing.waiting(place.store) == 0
        assert (tmp_path / "ballots.db-wal").stat().st_size == 0
