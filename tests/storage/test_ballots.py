"""Ballots come in once, are mixed, and leave no trace of their order."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.storage import ballots, comments, datasets, mixing
from app.storage.ballots import IntakeState, Outcome, Submission
from app.storage.database import PRAGMAS, StorageUnsafe, Store, _prepare
from tests.storage.stores import BACKENDS, an_app

SCAN = "scanscan22"


def submission(
    number: int, *, mark: int | None = None, answers: bytes | None = None, **more: object
) -> Submission:
    values = random.Random(number)
    return Submission(
        scan=SCAN,
        key=hashlib.sha256(b"key%d" % number).digest(),
        stratum=number % 3,
        answers=answers if answers is not None else bytes(values.randrange(6) for _ in range(24)),
        mark=hashlib.sha256(b"mark%d" % (number if mark is None else mark)).digest(),
        **more,  # type: ignore[arg-type]
    )


def seal(store: Store, scan: str = SCAN) -> list[tuple[bytes, int, bytes]]:
    """Sealing as far as storage knows it: everything out, a block of sorted columns in."""
    with mixing.mixed(store) as connection:
        rows = ballots.all_of(connection, scan)
        answers = sorted((stratum, block) for _, stratum, block in rows)
        columns = bytes(s for s, _ in answers) + b"".join(bytes(b[i] for _, b in answers) for i in range(24))
        datasets.put(connection, scan, [(len(answers), columns)])
        ballots.publish_receipts(connection, scan, [key for key, _, _ in rows])
        ballots.destroy(connection, scan)
        ballots.close_intake(connection, scan, IntakeState.SEALED)
    return rows


def instance_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("backend", BACKENDS)
def test_first_answers_stand_and_a_credential_counts_once(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        assert ballots.receive(store, submission(1)) is Outcome.RECEIVED
        assert ballots.receive(store, submission(1, answers=b"\x05" * 24)) is Outcome.RECEIVED
        assert ballots.receive(store, submission(2, mark=1)) is Outcome.SPENT
        assert ballots.receive(store, submission(3)) is Outcome.RECEIVED
        rows = seal(store)
        assert {key: block for key, _, block in rows} == {
            s.key: s.answers for s in (submission(1), submission(3))
        }
        assert ballots.receive(store, submission(1)) is Outcome.RECEIVED
        assert ballots.receive(store, submission(4)) is Outcome.CLOSED
        assert ballots.receipts(store, SCAN) == sorted([submission(1).key, submission(3).key])


@pytest.mark.parametrize("backend", BACKENDS)
def test_sixteen_at_once_with_one_credential_leave_one_ballot(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        with ThreadPoolExecutor(16) as people:
            outcomes = list(people.map(lambda n: ballots.receive(store, submission(n, mark=0)), range(16)))
        assert sorted(outcomes) == [Outcome.RECEIVED] + [Outcome.SPENT] * 15
        assert len(seal(store)) == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_capped_stratum_takes_no_more(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        outcomes = [ballots.receive(store, submission(3 * number, most=4)) for number in range(6)]
        assert outcomes == [Outcome.RECEIVED] * 4 + [Outcome.FULL] * 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_lost_while_eight_write_and_mixes_run(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        with ThreadPoolExecutor(8) as people:
            outcomes = list(people.map(lambda n: ballots.receive(store, submission(n)), range(203)))
            known = list(people.map(lambda n: ballots.is_known(store, SCAN, submission(n).key), range(203)))
        assert outcomes == [Outcome.RECEIVED] * 203 and all(known)
        assert {key for key, _, _ in seal(store)} == {submission(n).key for n in range(203)}


def test_the_log_orders_at_most_nine_ballots(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        mixing.mix(store)
        most = 0
        for number in range(1, 41):
            ballots.receive(store, submission(number))
            log = (tmp_path / "ballots.db-wal").read_bytes()
            in_log = sum(submission(earlier).key in log for earlier in range(1, number + 1))
            most = max(most, in_log)
            if number % ballots.MIX_EVERY == 0:
                assert in_log == 0
        # Frames carry whole pages, so the log repeats older rows of a page; what it can order is what it adds to them.
        added = ballots.MIX_EVERY - 1
        assert most >= added


def test_two_orders_give_the_same_bytes_after_each_mix_and_after_sealing(tmp_path: Path) -> None:
    files: list[list[bytes]] = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        with an_app("sqlite", folder) as app:
            store = app.extensions["store"]
            ballots.open_intake(store, SCAN)
            mixing.mix(store)
            numbers = list(range(60))
            random.Random(seed).shuffle(numbers)
            for number in numbers:
                ballots.receive(store, submission(number))
            seen = [(folder / "ballots.db").read_bytes()]
            seal(store)
            seen.append((folder / "ballots.db").read_bytes())
            assert (folder / "ballots.db-wal").stat().st_size == 0
            files.append(seen)
    assert files[0][0] == files[1][0]
    assert files[0][1] == files[1][1]


def test_after_sealing_no_file_holds_a_credential_or_a_run_of_answers(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        sent = [submission(number) for number in range(47)]
        for one in sent:
            assert ballots.receive(store, one) is Outcome.RECEIVED
        before = b"".join(instance_bytes(tmp_path).values())
        assert all(one.mark in before and one.answers in before for one in sent if one.mark)
        seal(store)
        for name, content in instance_bytes(tmp_path).items():
            for one in sent:
                assert one.mark is not None and one.mark not in content, name
                assert all(one.answers[at : at + 8] not in content for at in range(16)), name
        assert all(one.key in b"".join(instance_bytes(tmp_path).values()) for one in sent)


def test_a_mix_that_failed_is_made_up_for_before_the_next_ballot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        mixing, "_CHECKPOINT_MILLISECONDS", 50
    )  # the reader below stays longer than any patience
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        reader = sqlite3.connect(tmp_path / "ballots.db", isolation_level=None)
        for number in range(9):
            ballots.receive(store, submission(number))
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ballot").fetchone()
        assert ballots.receive(store, submission(9)) is Outcome.RECEIVED
        with pytest.raises(mixing.NotMixed):
            ballots.receive(store, submission(10))
        reader.execute("COMMIT")
        assert ballots.receive(store, submission(10)) is Outcome.RECEIVED
        assert len(seal(store)) == 11


def test_a_connection_that_refuses_a_pragma_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(StorageUnsafe, match="journal_mode"):
        _prepare(connection, None)


def test_every_connection_has_every_pragma(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        store = app.extensions["store"]
        for name in ("office", "issuing", "ballots"):
            with store.engine(name).connect() as connection:
                for pragma, (_, answer) in PRAGMAS.items():
                    assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == answer


def test_tables_of_respondents_have_no_row_numbers(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path):
        for name, tables in (
            ("ballots", ("ballot", "spent", "comment", "receipt", "dataset")),
            ("issuing", ("slip",)),
        ):
            connection = sqlite3.connect(tmp_path / f"{name}.db")
            for table in tables:
                with pytest.raises(sqlite3.OperationalError, match="no such column"):
                    connection.execute(f"SELECT rowid FROM {table}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_comments_are_stored_apart(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        written = comments.Written(b"k" * 16, "change", 0, b"text".ljust(256, b"\0"))
        assert ballots.receive(store, submission(1, comments=(written,))) is Outcome.RECEIVED
        with store.reading_ballots() as connection:
            rows = connection.exec_driver_sql("SELECT scan, item, part FROM comment").all()
        assert [tuple(row) for row in rows] == [(SCAN, "change", 0)]


def test_on_postgresql_a_mix_leaves_rows_in_key_order_from_one_transaction(tmp_path: Path) -> None:
    with an_app("postgresql", tmp_path) as app:
        store = app.extensions["store"]
        ballots.open_intake(store, SCAN)
        for number in range(20):
            ballots.receive(store, submission(number))
        with store.reading_ballots() as connection:
            rows = connection.exec_driver_sql("SELECT key, xmin::text FROM ballot ORDER BY ctid").all()
        keys = [bytes(row[0]) for row in rows]
        assert keys == sorted(keys) and len(keys) == 20
        assert len({row[1] for row in rows}) == 1
