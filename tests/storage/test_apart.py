"""No chain of keys and no shared value joins a code to a ballot, or a ballot to a comment."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from app.core import stored
from app.core.answers import COMMENT_BLOCK
from app.crypto.vault import SEAL_BYTES
from app.services import responding
from app.storage.database import db
from tests.services.journeys import an_open_scan
from tests.storage.stores import an_app

RESPONDENT_TABLES = {
    "slip",
    "printing",
    "open_link",
    "signing_key",
    "invitation",
    "reissue",
    "ballot",
    "spent",
    "comment",
    "intake",
    "mixing",
    "receipt",
    "dataset",
}
# Of people who asked for mail, who need not be respondents; see test_subscribers.py.
SUBSCRIBER_TABLES = {"subscriber", "letter", "quota"}
# Of people who were invited by mail, whether they took part or not.
INVITED_TABLES = {"invited", "invitation_letter"}
FORBIDDEN = re.compile(
    r"time|date|_at$|_on$|address|ip$|agent|browser|order|count|number|sequence|session|person|email"
)


def test_tables_of_respondents_have_no_foreign_keys_and_no_telling_columns(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path):
        found = set()
        for bind in ("issuing", "ballots"):
            for table in db.metadatas[bind].sorted_tables:
                found.add(table.name)
                assert not table.foreign_keys, table.name
                if table.name in SUBSCRIBER_TABLES:
                    continue
                for column in table.columns:
                    assert not FORBIDDEN.search(column.name), f"{table.name}.{column.name}"
                    assert column.type.python_type in (int, str, bytes, bool), f"{table.name}.{column.name}"
        assert found == RESPONDENT_TABLES | SUBSCRIBER_TABLES | INVITED_TABLES


def test_no_value_but_the_scan_and_its_parts_is_in_two_tables(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        codes = place.codes()
        for number, code in enumerate(codes[0][:5] + codes[1][:6]):
            answers = place.answers(number) | {"keep" if number % 2 else "change": f"tekst {number}"}
            assert isinstance(place.fill_in(code, answers), responding.Received)
        values: dict[object, set[str]] = {}
        for name in ("issuing", "ballots"):
            connection = sqlite3.connect(tmp_path / f"{name}.db")
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
            ).fetchall():
                if table not in RESPONDENT_TABLES:
                    continue
                for row in connection.execute(f"SELECT * FROM {table}"):
                    for value in row:
                        values.setdefault(value, set()).add(table)
        shared = {
            value: tables for value, tables in values.items() if len(tables) > 1 and isinstance(value, bytes)
        }
        assert shared == {}
        texts = {value for value, tables in values.items() if len(tables) > 1 and isinstance(value, str)}
        assert texts == {place.scan}


def test_what_is_stored_names_exactly_the_columns_there_are(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path):
        said = {(kept.database, kept.table): set(kept.columns) for kept in stored.KEPT}
        real = {
            (bind, table.name): {column.name for column in table.columns}
            for bind in ("issuing", "ballots")
            for table in db.metadatas[bind].sorted_tables
        }
        assert said == real


def test_a_comment_keeps_company_of_at_least_thirty(tmp_path: Path) -> None:
    units = "code,parent,name,headcount\norg,,De Linde,75\n" + "".join(
        f"t{n},org,Team {n},15\n" for n in range(5)
    )
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=units)
        item = "change"
        for stratum, codes in place.codes().items():
            place.fill_in(codes[0], {item: f"een tekst uit {stratum}"})
        rows = (
            sqlite3.connect(tmp_path / "ballots.db")
            .execute("SELECT part, length(key), length(body) FROM comment")
            .fetchall()
        )
        if rows:
            assert {row[0] for row in rows} <= {0, 1}
            assert {(row[1], row[2]) for row in rows} == {(16, COMMENT_BLOCK + SEAL_BYTES)}
        assert rows, "the instrument has a comment with this id"
