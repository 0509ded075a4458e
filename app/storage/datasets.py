"""Datasets in the ballots database: the sealed, orderless answers of a scan, in parts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Integer, LargeBinary, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import BALLOTS, Store, db


class DatasetPart(db.Model):
    """At most a million rows as one column-major block of int8 codes."""

    __tablename__ = "dataset"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(String(16), primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True)
    rows: Mapped[int] = mapped_column(Integer)
    block: Mapped[bytes] = mapped_column(LargeBinary)


def put(connection: Connection, scan: str, parts: Sequence[tuple[int, bytes]]) -> None:
    """Store (rows, block) parts in their order."""
    for place, (rows, block) in enumerate(parts):
        connection.execute(insert(DatasetPart).values(scan=scan, part=place, rows=rows, block=block))


def parts(store: Store, scan: str) -> list[tuple[int, bytes]]:
    """(rows, block) of each part; empty when there is no dataset (not sealed, or archived)."""
    with store.reading_ballots() as connection:
        rows = connection.execute(
            select(DatasetPart.rows, DatasetPart.block)
            .where(DatasetPart.scan == scan)
            .order_by(DatasetPart.part)
        ).all()
    return [(row[0], row[1]) for row in rows]


def exists(connection: Connection, scan: str) -> bool:
    return (
        connection.execute(select(DatasetPart.scan).where(DatasetPart.scan == scan).limit(1)).first()
        is not None
    )


def destroy(connection: Connection, scan: str) -> None:
    connection.execute(delete(DatasetPart).where(DatasetPart.scan == scan))
