"""Answers in own words, in the ballots database: sealed, under random keys, joined with nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, LargeBinary, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import BALLOTS, db
from app.storage.quick import Statement, Transaction

SCAN_ID = String(16)


class Comment(db.Model):
    """One answer in own words, under a random key; `part` is the smallest group of strata with enough people to hide in."""

    __tablename__ = "comment"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    item: Mapped[str] = mapped_column(String(64))
    part: Mapped[int] = mapped_column(Integer)
    body: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Written:
    """One comment as it lies here; `key` is 16 random bytes made for it alone, `body` padded and sealed."""

    key: bytes
    item: str
    part: int
    body: bytes


_ADD = Statement(insert(Comment), "scan", "key", "item", "part", "body")


def put(ballots: Transaction, scan: str, comment: Written) -> None:
    ballots.run(_ADD, {"scan": scan, **vars(comment)})


def of_scan(connection: Connection, scan: str) -> list[Written]:
    """In the order of the random keys."""
    rows = connection.execute(
        select(Comment.key, Comment.item, Comment.part, Comment.body)
        .where(Comment.scan == scan)
        .order_by(Comment.key)
    )
    return [Written(*row) for row in rows]


def replace(connection: Connection, scan: str, bodies: Mapping[bytes, bytes]) -> None:
    """Other bodies under the same keys; `secure_delete` overwrites what was there."""
    for key in sorted(bodies):
        connection.execute(
            update(Comment).where(Comment.scan == scan, Comment.key == key).values(body=bodies[key])
        )


def destroy(connection: Connection, scan: str) -> None:
    connection.execute(delete(Comment).where(Comment.scan == scan))
