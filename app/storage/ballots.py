"""The ballots database while a scan is open: ballots and spent credentials; nothing joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    Connection,
    Integer,
    LargeBinary,
    String,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import comments, mixing, quick
from app.storage.database import BALLOTS, Store, db
from app.storage.quick import Statement

SCAN_ID = String(16)
MIX_EVERY = mixing.MIX_EVERY


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
    comments: Sequence[comments.Written] = ()
    most: int | None = None


_THIS_BALLOT = (Ballot.scan == bindparam("scan"), Ballot.key == bindparam("key"))
_THIS_MARK = (Spent.scan == bindparam("scan"), Spent.mark == bindparam("mark"))
_HAS_BALLOT = Statement(select(Ballot.stratum).where(*_THIS_BALLOT))
_HAS_RECEIPT = Statement(
    select(Receipt.scan).where(Receipt.scan == bindparam("scan"), Receipt.key == bindparam("key"))
)
_IS_SPENT = Statement(select(Spent.scan).where(*_THIS_MARK))
_IN_STRATUM = Statement(
    select(func.count()).where(Ballot.scan == bindparam("scan"), Ballot.stratum == bindparam("stratum"))
)
# All that has to be known before a ballot is stored, in one row. Without a mark nothing is spent.
_BEFORE = Statement(
    select(
        exists().where(*_THIS_BALLOT),
        select(Intake.state).where(Intake.scan == bindparam("scan")).scalar_subquery(),
        exists().where(*_THIS_MARK),
        select(Mixing.pending).scalar_subquery(),
    )
)
_ONE_MORE = Statement(update(Mixing).values(pending=literal_column("pending + 1")))
_ADD_BALLOT = Statement(insert(Ballot), "scan", "key", "stratum", "answers")
_ADD_SPENT = Statement(insert(Spent), "scan", "mark")


def receive(store: Store, submission: Submission) -> Outcome:
    """Store a ballot with its credential in one transaction, once; every tenth is followed by a mix.

    The same key again is RECEIVED and changes nothing. Raises mixing.NotMixed, storing nothing, while an earlier mix is
    still due and can't be done: otherwise the log would order more than nine ballots.
    """
    return mixing.in_line(store, BALLOTS, lambda: _store(store, submission))


def _store(store: Store, submission: Submission) -> tuple[Outcome | None, int]:
    """The outcome (None: a mix is due first) and the number of ballots since the last mix."""
    named = {
        "scan": submission.scan,
        "key": submission.key,
        "stratum": submission.stratum,
        "answers": submission.answers,
        "mark": submission.mark,
    }
    with quick.transaction(store.engine(BALLOTS), writes=True) as ballots:
        there, state, spent, pending = ballots.first(_BEFORE, named) or (False, None, False, 0)
        if there:
            return Outcome.RECEIVED, 0
        if state != IntakeState.OPEN:
            return (Outcome.RECEIVED if ballots.first(_HAS_RECEIPT, named) else Outcome.CLOSED), 0
        if spent:
            return Outcome.SPENT, 0
        if pending >= MIX_EVERY:
            return None, pending
        if submission.most is not None and (ballots.first(_IN_STRATUM, named) or (0,))[0] >= submission.most:
            return Outcome.FULL, 0
        if submission.mark is not None:
            ballots.run(_ADD_SPENT, named)
        ballots.run(_ADD_BALLOT, named)
        for comment in submission.comments:
            comments.put(ballots, submission.scan, comment)
        ballots.run(_ONE_MORE, named)
        return Outcome.RECEIVED, pending + 1


def is_spent(store: Store, scan: str, mark: bytes) -> bool:
    with quick.transaction(store.engine(BALLOTS), writes=False) as ballots:
        return ballots.first(_IS_SPENT, {"scan": scan, "mark": mark}) is not None


def is_known(store: Store, scan: str, key: bytes) -> bool:
    """Whether a ballot with this key was received, be the scan open or sealed."""
    named = {"scan": scan, "key": key}
    with quick.transaction(store.engine(BALLOTS), writes=False) as ballots:
        return any(ballots.first(query, named) is not None for query in (_HAS_BALLOT, _HAS_RECEIPT))


def open_intake(store: Store, scan: str) -> None:
    """From now on this database takes ballots for the scan; again is harmless, after sealing it changes nothing."""
    with store.ballots() as connection:
        if intake_in(connection, scan) is None:
            connection.execute(insert(Intake).values(scan=scan, state=IntakeState.OPEN.value))


def intake(store: Store, scan: str) -> IntakeState | None:
    with store.reading_ballots() as connection:
        return intake_in(connection, scan)


def intake_in(connection: Connection, scan: str) -> IntakeState | None:
    state = connection.execute(select(Intake.state).where(Intake.scan == scan)).scalar()
    return IntakeState(state) if state is not None else None


def count(connection: Connection, scan: str) -> int:
    """Only for what rounds it at once: an exact number is told to nobody while a scan is open."""
    found = connection.execute(select(func.count()).select_from(Ballot).where(Ballot.scan == scan))
    return int(found.scalar_one())


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


def publish_receipts(connection: Connection, scan: str, keys: Sequence[bytes]) -> None:
    if keys:
        connection.execute(insert(Receipt), [{"scan": scan, "key": key} for key in sorted(keys)])


def receipts(store: Store, scan: str) -> list[bytes]:
    """The public list of a sealed scan, sorted; empty before sealing or under the least group."""
    with store.reading_ballots() as connection:
        return list(
            connection.execute(
                select(Receipt.key).where(Receipt.scan == scan).order_by(Receipt.key)
            ).scalars()
        )
