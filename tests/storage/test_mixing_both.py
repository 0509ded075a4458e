"""Issuances are mixed as ballots are, and a mix of one brings a mix of the other, so that two logs never go on side by side."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from pathlib import Path

import pytest

from app.storage import ballots, invitations, mixing
from app.storage.invitations import Granting
from tests.storage.stores import BACKENDS, an_app
from tests.storage.test_ballots import submission

SCAN = "scanscan22"


def mark(number: int) -> bytes:
    return hashlib.sha256(b"invitation%d" % number).digest()


def blinded(number: int) -> bytes:
    return hashlib.sha256(b"blinded%d" % number).digest()


def invite(store: object, people: int) -> None:
    with store.issuing() as connection:  # type: ignore[attr-defined]
        invitations.put_invitations(connection, SCAN, 0, [mark(number) for number in range(people)])
    mixing.mix(store, mixing.ISSUING)  # type: ignore[arg-type]


def grant(store: object, number: int, other: bool = False) -> Granting:
    return invitations.grant(
        store,  # type: ignore[arg-type]
        scan=SCAN,
        mark=mark(number),
        stratum=0,
        blinded=blinded(-number if other else number),
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_tenth_issuance_is_followed_by_a_mix_and_repeats_count_for_nothing(
    backend: str, tmp_path: Path
) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        invite(store, 30)
        seen = []
        for number in range(1, 25):
            assert grant(store, number) is Granting.GRANTED
            assert grant(store, number) is Granting.GRANTED
            assert grant(store, number, other=True) is Granting.OTHER
            seen.append(mixing.waiting(store, mixing.ISSUING))
        assert seen == [*range(1, 10), 0, *range(1, 10), 0, 1, 2, 3, 4]


def test_the_log_orders_at_most_nine_issuances(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        invite(store, 60)
        for number in range(1, 41):
            grant(store, number)
            log = (tmp_path / "issuing.db-wal").read_bytes()
            # A commit writes the page it changed: as many commits as issuances since the last mix can be told apart.
            assert (log == b"") is (number % mixing.MIX_EVERY == 0)
            assert (blinded(number) in log) is (number % mixing.MIX_EVERY != 0)


def test_two_orders_of_issuing_give_the_same_bytes_after_a_mix(tmp_path: Path) -> None:
    files = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        with an_app("sqlite", folder) as app:
            store = app.extensions["store"]
            invite(store, 200)
            numbers = list(range(60))
            random.Random(seed).shuffle(numbers)
            for number in numbers:
                grant(store, number)
            assert (folder / "issuing.db-wal").stat().st_size == 0
            files.append((folder / "issuing.db").read_bytes())
    assert files[0] == files[1]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_mix_of_one_brings_a_mix_of_the_other(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        invite(store, 30)
        for number in range(4):
            grant(store, number)
        for number in range(10):
            ballots.receive(store, submission(number))
        assert (mixing.waiting(store, mixing.ISSUING), mixing.waiting(store)) == (0, 0)
        ballots.receive(store, submission(10))
        for number in range(4, 14):
            grant(store, number)
        assert (mixing.waiting(store, mixing.ISSUING), mixing.waiting(store)) == (0, 0)


def test_an_issuance_before_which_a_mix_fails_is_turned_away_and_notes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixing, "_CHECKPOINT_MILLISECONDS", 50)
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        invite(store, 20)
        for number in range(9):
            grant(store, number)
        reader = sqlite3.connect(tmp_path / "issuing.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM invitation").fetchone()
        assert grant(store, 9) is Granting.GRANTED
        with pytest.raises(mixing.NotMixed):
            grant(store, 10)
        assert grant(store, 9) is Granting.GRANTED
        reader.execute("COMMIT")
        assert grant(store, 10, other=True) is Granting.GRANTED
        assert mixing.waiting(store, mixing.ISSUING) == 1
