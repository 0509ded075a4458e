"""Personal links: one stamp per token, one ballot per stamp, whatever is tried, and nothing that joins the two."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.core import manifest
from app.core.lifecycle import WrongState
from app.core.refusal import Refused
from app.crypto import blind, codes, integers, personal
from app.crypto.blind import BadBlinding
from app.services import certifying, responding, sealing, stamping
from app.storage import scan_keys
from tests.services.journeys import NOW, Place, an_open_scan
from tests.services.linked import Visitor, a_linked_scan, certify, invite, served
from tests.storage.stores import an_app

CLIENTS = 16


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path_factory.mktemp("linked")) as found:
        yield found


@pytest.fixture(scope="module")
def place(app: Flask) -> Place:
    return a_linked_scan(app)


def counts(place: Place, folder: Path) -> tuple[int, int, int]:
    """Invited, stamped and received."""
    issuing, ballots = (sqlite3.connect(folder / f"{name}.db") for name in ("issuing", "ballots"))
    invited, stamped = issuing.execute(
        "SELECT count(*), coalesce(sum(blinded <> zeroblob(32)), 0) FROM invitation WHERE scan = ?",
        [place.scan],
    ).fetchone()
    received = ballots.execute("SELECT count(*) FROM ballot WHERE scan = ?", [place.scan]).fetchone()[0]
    return invited, stamped, received


def folder_of(app: Flask) -> Path:
    found: Path = app.extensions["settings"].instance
    return found


def test_from_the_link_to_the_receipt(place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0])
    answer = visitor.take_part()
    assert isinstance(answer, responding.Received)
    key = codes.ballot_key(manifest.text(visitor.nonce))
    assert key is not None and answer.receipt == key.hex()


def test_the_same_value_gets_the_same_stamp_and_another_none(place: Place) -> None:
    token = invite(place, 1)[0]
    first, second = Visitor(place, token), Visitor(place, token)
    stamped = first.ask()
    assert isinstance(stamped, stamping.Stamped) and first.ask() == stamped
    assert second.ask() == stamping.LinkUsed()
    assert first.ask() == stamped


def test_one_nonce_twice_keeps_the_first_answers_and_gives_the_same_receipt(app: Flask, place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0]).start()
    item = next(iter(place.answers(1)))
    first = visitor.send({item: "1"})
    before = counts(place, folder_of(app))[2]
    again = visitor.send({item: "5"})
    assert isinstance(first, responding.Received) and again == first
    assert counts(place, folder_of(app))[2] == before
    key = bytes.fromhex(first.receipt)
    found = sqlite3.connect(folder_of(app) / "ballots.db").execute(
        "SELECT answers FROM ballot WHERE key = ?", [key]
    )
    assert found.fetchone()[0][0] == 1


def test_a_stamp_holds_for_its_own_nonce_prefix_stratum_and_scan_only(app: Flask, place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0]).start()
    values = place.answers(3)
    unknown = responding.CodeUnknown
    for other in (
        Visitor(place, "", nonce=secrets.token_bytes(32), prefix=visitor.prefix, signature=visitor.signature),
        Visitor(place, "", nonce=visitor.nonce, prefix=secrets.token_bytes(32), signature=visitor.signature),
        Visitor(
            place, "", stratum=1, nonce=visitor.nonce, prefix=visitor.prefix, signature=visitor.signature
        ),
        Visitor(place, "", nonce=visitor.nonce, prefix=visitor.prefix, signature=secrets.token_bytes(384)),
        Visitor(place, "", nonce=visitor.nonce, prefix=visitor.prefix, signature=b""),
    ):
        assert isinstance(other.send(values), unknown)
    with an_app("sqlite", folder_of(app).parent / "elsewhere") as there:
        elsewhere = a_linked_scan(there)
        forged = Visitor(
            elsewhere, "", nonce=visitor.nonce, prefix=visitor.prefix, signature=visitor.signature
        )
        assert isinstance(forged.send(values), unknown)
    assert isinstance(visitor.send(values), responding.Received)


def test_the_token_of_another_stratum_or_scan_gets_no_stamp(place: Place) -> None:
    of_the_second = invite(place, 1, stratum=1)[0]
    assert Visitor(place, of_the_second, stratum=0).ask() == stamping.LinkUnknown()
    assert isinstance(Visitor(place, of_the_second, stratum=1).ask(), stamping.Stamped)
    for never in (manifest.text(bytes(16)), "", "x" * 22, "é" * 22, "a" * 4000):
        assert Visitor(place, never).ask() == stamping.LinkUnknown()


def test_what_no_browser_sends_leaves_the_token_good(place: Place) -> None:
    token = invite(place, 1)[0]
    ask = {"scan": place.scan, "token": token, "stratum": 0, "today": NOW.date()}
    for wrong in (b"", b"\xff" * 384, b"x" * 383):
        with pytest.raises(BadBlinding):
            stamping.stamp(place.store, blinded=wrong, **ask)  # type: ignore[arg-type]
    assert isinstance(Visitor(place, token).ask(), stamping.Stamped)


def test_sixteen_at_once_with_one_token_get_one_stamp(place: Place) -> None:
    token = invite(place, 1)[0]
    visitors = [Visitor(place, token) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(Visitor.ask, visitors))
    assert Counter(type(answer) for answer in answers) == {
        stamping.Stamped: 1,
        stamping.LinkUsed: CLIENTS - 1,
    }


def test_sixteen_at_once_with_one_stamp_make_one_ballot(app: Flask, place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0]).start()
    before = counts(place, folder_of(app))[2]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda number: visitor.send(place.answers(number)), range(CLIENTS)))
    assert len({answer.receipt for answer in answers if isinstance(answer, responding.Received)}) == 1
    assert all(isinstance(answer, responding.Received) for answer in answers)
    assert counts(place, folder_of(app))[2] == before + 1


def test_accepted_is_at_most_issued_is_at_most_invited(app: Flask, place: Place) -> None:
    """After everything above, and a crowd in which everybody tries twice with two browsers."""
    tokens = invite(place, 12)
    crowd = [Visitor(place, token) for token in tokens for _ in range(2)]

    def tries(visitor: Visitor) -> None:
        answer = visitor.ask()
        if isinstance(answer, stamping.Stamped):
            visitor.start()
            visitor.send(place.answers(1))
            visitor.send(place.answers(2))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(tries, crowd))
    invited, stamped, received = counts(place, folder_of(app))
    assert received <= stamped <= invited
    assert stamped - received < 10 and stamped >= 12


def test_no_value_is_in_both_databases(app: Flask, place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0])
    assert isinstance(visitor.take_part(), responding.Received)
    held: dict[str, set[bytes]] = {}
    for name, tables in (("issuing", ("invitation", "signing_key")), ("ballots", ("ballot", "spent"))):
        connection = sqlite3.connect(folder_of(app) / f"{name}.db")
        rows = [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]
        held[name] = {value for row in rows for value in row if isinstance(value, bytes)}
    assert not held["issuing"] & held["ballots"]
    marks = {personal.invitation_mark(visitor.token), personal.blinded_mark(visitor.blinded.message)}
    assert marks <= held["issuing"]
    assert personal.spent_mark(place.scan, visitor.prefix) in held["ballots"]


def test_what_is_wrong_with_an_answer_is_said_and_the_stamp_stays_good(place: Place) -> None:
    visitor = Visitor(place, invite(place, 1)[0]).start()
    item = next(iter(place.answers(1)))
    assert isinstance(visitor.send({item: "77"}), responding.Malformed)
    too_long = visitor.send({"change": "x" * 2001})
    assert isinstance(too_long, responding.Malformed) and too_long.too_long[0][0] == "change"
    assert isinstance(visitor.send({item: "3", "change": "iets"}), responding.Received)


def test_after_the_last_day_nobody_new_but_who_had_begun(app: Flask, place: Place) -> None:
    begun, late = (Visitor(place, token) for token in invite(place, 2))
    begun.start()
    assert late.ask(today=date(2031, 1, 1)) == stamping.Closed()
    assert isinstance(begun.send(place.answers(1)), responding.Received)


def test_a_scan_with_slips_gives_no_stamps_and_has_no_keys(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        with pytest.raises(Refused):
            certify(app, place)
        answer = stamping.stamp(
            place.store, scan=place.scan, token="x" * 22, stratum=0, blinded=bytes(384), today=NOW.date()
        )
        assert answer == stamping.LinkUnknown()
        assert scan_keys.kept(app.extensions["settings"].scan_keys) == []


def test_keys_are_made_once_however_often_it_is_asked_and_go_on_after_a_stop(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, way="personal-links")

        class Stopped(Exception):
            pass

        def stops(_face: object) -> manifest.Pages:
            raise Stopped

        with pytest.raises(Stopped):
            certifying.certify(place.store, scan=place.scan, pages=stops, by=place.command_line, now=NOW)
        assert certifying.served(place.store, place.scan) is None
        made = sqlite3.connect(tmp_path / "issuing.db").execute("SELECT modulus FROM signing_key").fetchall()
        certify(app, place)
        first = served(place).document
        certify(app, place)
        assert served(place).document == first
        assert {bytes(key.raw) for key in served(place).keys.values()} == {row[0] for row in made}
        assert {key.modulus.bit_length() for key in served(place).keys.values()} == {blind.KEY_BITS}


def test_sealing_destroys_keys_and_tokens_and_counts_who_took_part(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = a_linked_scan(app)
        tokens = invite(place, 9)
        receipts = set()
        for number, token in enumerate(tokens):
            answer = Visitor(place, token).start().send(place.answers(number))
            assert isinstance(answer, responding.Received)
            receipts.add(answer.receipt)
        begun = Visitor(place, invite(place, 1)[0]).start()
        key = scan_keys.read(place.store.scan_keys, place.scan)
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        assert key is not None and scan_keys.kept(place.store.scan_keys) == []
        issuing = sqlite3.connect(tmp_path / "issuing.db")
        for table in ("signing_key", "invitation", "invited", "invitation_letter"):
            assert issuing.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        for path in tmp_path.rglob("*"):
            if path.is_file():
                raw = path.read_bytes()
                assert key not in raw and personal.invitation_mark(tokens[0]) not in raw, path.name
        assert set(responding.receipts(place.store, place.scan)) == receipts
        assert isinstance(begun.send(place.answers(1)), responding.ScanClosed)
        assert begun.ask() in (stamping.Closed(), stamping.LinkUnknown())


def test_without_the_key_of_an_open_scan_a_stamp_comes_later(tmp_path: Path) -> None:
    """A browser that hears “closed” forgets its numbers, and the link with them."""
    with an_app("sqlite", tmp_path) as app:
        place = a_linked_scan(app)
        visitor, key = Visitor(place, invite(place, 1)[0]), scan_keys.path(place.store.scan_keys, place.scan)
        key.rename(tmp_path / "elsewhere")
        assert isinstance(visitor.ask(), stamping.Later)
        (tmp_path / "elsewhere").rename(key)
        assert isinstance(visitor.ask(), stamping.Stamped)


def test_a_key_that_was_made_while_a_scan_was_sealed_goes_when_the_work_is_taken_up_again(
    tmp_path: Path,
) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, way="personal-links")
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        # The worker had seen it open, made the key, and died.
        scan_keys.make(place.store.scan_keys, place.scan)
        with pytest.raises(WrongState):
            certify(app, place)
        assert scan_keys.kept(place.store.scan_keys) == []


@pytest.mark.skipif(integers.fast() is None, reason="gmpy2 is not installed")
def test_two_cores_can_give_a_hundred_and_fifty_stamps_a_second(place: Place) -> None:
    """By the processor time of one stamp, which a busy machine doesn't change; bench/issuing.py measures the whole server."""
    visitors = [Visitor(place, token) for token in invite(place, 20)]
    before = time.process_time()
    assert all(isinstance(visitor.ask(), stamping.Stamped) for visitor in visitors)
    assert (time.process_time() - before) / len(visitors) < 2 / 150


def test_a_signing_key_is_nothing_without_the_key_of_the_scan(app: Flask, place: Place) -> None:
    row = sqlite3.connect(folder_of(app) / "issuing.db").execute("SELECT sealed FROM signing_key").fetchone()
    public = served(place).keys[0]
    assert len(row[0]) == blind.KEY_BYTES + 40 and public.raw not in row[0]
