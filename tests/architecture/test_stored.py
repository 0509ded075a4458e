"""What the program says it keeps of a respondent is exactly what its tables can hold."""

from __future__ import annotations

from app.core.stored import KEPT
from app.storage import ballots, comments, datasets, invitations, issuing, subscribers  # noqa: F401  registers the tables
from app.storage.database import db


def test_every_table_and_column_is_named_and_nothing_else() -> None:
    said = {(kept.database, kept.table): set(kept.columns) for kept in KEPT}
    held = {
        (name, table.name): set(table.columns.keys())
        for name in ("issuing", "ballots")
        for table in db.metadatas[name].tables.values()
    }
    assert said == held
