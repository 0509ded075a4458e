"""The ballots database while a scan is open: ballots, spent credentials, comments; nothing in it joins them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection, Integer, LargeBinary, String, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import mixing
from app.storage.database import BALLOTS, Store, db

SCAN_ID = String(16)
MIX_EVERY = 10
_LOCK_NUMBER = 0x5765_6572  # any constant: names the one advisory lock of this product on PostgreSQL
log = logging.getLogger(__name__)


class Ballot(db.Model):
    """One filled-in scan: the hash of its nonce, the stratum and one block of answer codes. No time, no order, no person."""

    __tablename__ = "ballot"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    stratum: Mapped[int] = mapped_column(Integer)
    answers: Mapped[bytes] = mapped_column(LargeBinary)


class Spent(db.Model):
    """A credential that was used: a hash made for this table only."""

    __tablename__ = "spent"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


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


class Intake(db.Model):
    """Whether this database takes ballots for a scan: the word that counts, because it changes together with the ballots."""

    __tablename__ = "intake"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(8))


class Mixing(db.Model):
    """How many ballots came in since the last mix, over all scans together: 0 to 10."""

    __tablename__ = "mixing"
    __bind_key__ = BALLOTS
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    pending: Mapped[int] = mapped_column(Integer)


class Receipt(db.Model):
    """The receipts of a sealed scan, published as one sorted list."""

    __tablename__ = "receipt"
    __bind_key__ = BALLOTS
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class IntakeState(StrEnum):
    OPEN = "open"
    IMPORTED = "imported"
    SEALED = "sealed"


class Outcome(StrEnum):
    """What became of a submitted form."""

    RECEIVED = "received"
    SPENT = "spent"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True)
class Submission:
    """A ballot on its way in. `mark` is None where a way in is not once-only; `most` caps the ballots of the stratum."""

    scan: str
    key: bytes
    stratum: int
    answers: bytes
    mark: bytes | None
    comments: Sequence[tuple[bytes, str, int, bytes]] = field(default=())
    most: int | None = None


_INTAKE = select(Intake.state).where(Intake.scan == bindparam("scan"))
_HAS_BALLOT = select(Ballot.stratum).where(Ballot.scan == bindparam("scan"), Ballot.key == bindparam("key"))
_HAS_RECEIPT = select(Receipt.scan).where(Receipt.scan == bindparam("scan"), Receipt.key == bindparam("key"))
_IS_SPENT = select(Spent.scan).where(Spent.scan == bindparam("scan"), Spent.mark == bindparam("mark"))
_IN_STRATUM = select(func.count()).where(Ballot.scan == bindparam("scan"), Ballot.stratum == bindparam("stratum"))
_PENDING = select(Mixing.pending).where(Mixing.id == 1)
_ONE_MORE = update(Mixing).where(Mixing.id == 1).values(pending=Mixing.pending + 1)
_ADD_BALLOT = insert(Ballot)
_ADD_SPENT = insert(Spent)
_ADD_COMMENT = insert(Comment)
_MIXED = "UPDATE mixing SET pending = 0 WHERE id = 1"


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    engine = store.engine(BALLOTS)
    if engine.dialect.name == "sqlite":
        with mixing.alone(store.lock_path):
            yield
        return
    with engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(_LOCK_NUMBER)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_LOCK_NUMBER)))
            connection.commit()


def receive(store: Store, submission: Submission) -> Outcome:
    """Store a ballot with its credential in one transaction, once; every tenth is followed by a mix.

    The same key again is RECEIVED and changes nothing. Raises mixing.NotMixed, storing nothing, while an earlier mix is
    still due and can't be done: otherwise the log would order more than nine ballots.
    """
    with _alone(store):
        outcome, pending = _store(store, submission)
        if outcome is None:
            mixing.rewrite(store.engine(BALLOTS), then=_MIXED)
            outcome, pending = _store(store, submission)
        if pending >= MIX_EVERY:
            try:
                mixing.rewrite(store.engine(BALLOTS), then=_MIXED)
            except mixing.NotMixed as error:
                # The ballot is safe on disk; the next submission mixes first or is turned away.
                log.warning("a mix has to be done again: %s", error)
    assert outcome is not None
    return outcome


def _store(store: Store, submission: Submission) -> tuple[Outcome | None, int]:
    """The outcome (None: a mix is due first) and the number of ballots since the last mix."""
    named = {"scan": submission.scan, "key": submission.key}
    with store.ballots() as connection:
        if connection.execute(_HAS_BALLOT, named).first() is not None:
            return Outcome.RECEIVED, 0
        if connection.execute(_INTAKE, named).scalar() != IntakeState.OPEN:
            known = connection.execute(_HAS_RECEIPT, named).first() is not None
            return (Outcome.RECEIVED if known else Outcome.CLOSED), 0
        if submission.mark is not None:
            credential = {"scan": submission.scan, "mark": submission.mark}
            if connection.execute(_IS_SPENT, credential).first() is not None:
                return Outcome.SPENT, 0
        pending = connection.execute(_PENDING).scalar_one()
        if pending >= MIX_EVERY:
            return None, pending
        if submission.most is not None and _count(connection, submission) >= submission.most:
            return Outcome.FULL, 0
        if submission.mark is not None:
            connection.execute(_ADD_SPENT, credential)
        connection.execute(_ADD_BALLOT, {**named, "stratum": submission.stratum, "answers": submission.answers})
        for key, item, part, body in submission.comments:
            connection.execute(
                _ADD_COMMENT, {"scan": submission.scan, "key": key, "item": item, "part": part, "body": body}
            )
        connection.execute(_ONE_MORE)
        return Outcome.RECEIVED, pending + 1


def _count(connection: Connection, submission: Submission) -> int:
    return int(connection.execute(_IN_STRATUM, {"scan": submission.scan, "stratum": submission.stratum}).scalar_one())


def is_spent(store: Store, scan: str, mark: bytes) -> bool:
    with store.reading_ballots() as connection:
        return connection.execute(_IS_SPENT, {"scan": scan, "mark": mark}).first() is not None


def open_intake(store: Store, scan: str) -> None:
    """From now on this database takes ballots for the scan; again is harmless, after sealing it changes nothing."""
    with store.ballots() as connection:
        if connection.execute(_INTAKE, {"scan": scan}).first() is None:
            connection.execute(insert(Intake).values(scan=scan, state=IntakeState.OPEN.value))


def intake(store: Store, scan: str) -> IntakeState | None:
    with store.reading_ballots() as connection:
        state = connection.execute(_INTAKE, {"scan": scan}).scalar()
    return IntakeState(state) if state is not None else None


def is_empty(connection: Connection, scan: str) -> bool:
    return connection.execute(select(Ballot.scan).where(Ballot.scan == scan).limit(1)).first() is None


def all_of(connection: Connection, scan: str) -> list[tuple[bytes, int, bytes]]:
    """Key, stratum and answer block of every ballot of a scan, in key order."""
    rows = connection.execute(
        select(Ballot.key, Ballot.stratum, Ballot.answers).where(Ballot.scan == scan).order_by(Ballot.key)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def close_intake(connection: Connection, scan: str, state: IntakeState) -> None:
    connection.execute(update(Intake).where(Intake.scan == scan).values(state=state.value))


def destroy(connection: Connection, scan: str) -> None:
    """Take every ballot and spent credential of a scan away; `secure_delete` overwrites them."""
    connection.execute(delete(Ballot).where(Ballot.scan == scan))
    connection.execute(delete(Spent).where(Spent.scan == scan))


def destroy_comments(connection: Connection, scan: str) -> None:
    connection.execute(delete(Comment).where(Comment.scan == scan))


def publish_receipts(connection: Connection, scan: str, keys: Sequence[bytes]) -> None:
    if keys:
        connection.execute(insert(Receipt), [{"scan": scan, "key": key} for key in sorted(keys)])


def receipts(store: Store, scan: str) -> list[bytes]:
    """The public list of a sealed scan, sorted; empty before sealing or under the least group."""
    with store.reading_ballots() as connection:
        return list(connection.execute(select(Receipt.key).where(Receipt.scan == scan).order_by(Receipt.key)).scalars())


def mix(store: Store) -> None:
    """Mix now, whatever is pending. Raises mixing.NotMixed."""
    with _alone(store):
        mixing.rewrite(store.engine(BALLOTS), then=_MIXED)


@contextmanager
def sealing(store: Store) -> Iterator[Connection]:
    """One transaction during which no ballot can come in, followed by a mix."""
    with _alone(store):
        with store.ballots() as connection:
            yield connection
        mixing.rewrite(store.engine(BALLOTS), then=_MIXED)
