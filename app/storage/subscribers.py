"""Who gets mail of a board, and the letters on their way: sealed addresses and keyed hashes enter, rows leave.

In the issuing database, apart from everything else; no key and no value joins these tables to another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import ISSUING, db

ASKED, CONFIRMED = "asked", "confirmed"
WAITING, SENDING, SENT, REFUSED = "waiting", "sending", "sent", "refused"


class Subscriber(db.Model):
    """One address and board. `mark` is the keyed hash by which it is found again, `sealed` the address."""

    __tablename__ = "subscriber"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    handle: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    board: Mapped[int] = mapped_column(Integer, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(320))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    asked_on: Mapped[date] = mapped_column(Date)
    refused: Mapped[int] = mapped_column(Integer, default=0)


class Letter(db.Model):
    """One mail to one subscriber. `message_id` is fixed when it is made; `digest` is 0 for a letter about subscribing."""

    __tablename__ = "letter"
    __bind_key__ = ISSUING
    __table_args__ = (
        UniqueConstraint("subscriber", "kind", "digest"),
        Index("letter_due", "state", "due_at"),
        {"sqlite_with_rowid": False},
    )
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    board: Mapped[int] = mapped_column(Integer)
    subscriber: Mapped[bytes] = mapped_column(LargeBinary(16))
    kind: Mapped[str] = mapped_column(String(10))
    digest: Mapped[int] = mapped_column(Integer)
    message_id: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(DateTime)
    made_at: Mapped[datetime] = mapped_column(DateTime)


class Quota(db.Model):
    """How often something was asked in one span of time, under a keyed hash of what and when."""

    __tablename__ = "quota"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(DateTime)


@dataclass(frozen=True)
class Held:
    """A subscriber as a service needs it."""

    handle: bytes
    board: int
    sealed: bytes
    language: str
    state: str


_HELD = select(Subscriber.handle, Subscriber.board, Subscriber.sealed, Subscriber.language, Subscriber.state)


def by_mark(connection: Connection, mark: bytes) -> Held | None:
    row = connection.execute(_HELD.where(Subscriber.mark == mark)).first()
    return Held(*row) if row is not None else None


def get(connection: Connection, handle: bytes) -> Held | None:
    row = connection.execute(_HELD.where(Subscriber.handle == handle)).first()
    return Held(*row) if row is not None else None


def add(
    connection: Connection, handle: bytes, mark: bytes, board: int, sealed: bytes, language: str, today: date
) -> None:
    connection.execute(
        insert(Subscriber).values(
            handle=handle, mark=mark, board=board, sealed=sealed, language=language, state=ASKED,
            asked_on=today, refused=0,
        )
    )  # fmt: skip


def ask_again(connection: Connection, handle: bytes, language: str, today: date) -> None:
    """Only of an address that was not confirmed: what somebody else types changes nothing for a subscriber."""
    connection.execute(
        update(Subscriber)
        .where(Subscriber.handle == handle, Subscriber.state == ASKED)
        .values(language=language, asked_on=today)
    )


def confirm(connection: Connection, handle: bytes) -> None:
    connection.execute(update(Subscriber).where(Subscriber.handle == handle).values(state=CONFIRMED))


def remove(connection: Connection, handle: bytes) -> None:
    """The address and every letter to it."""
    connection.execute(delete(Letter).where(Letter.subscriber == handle))
    connection.execute(delete(Subscriber).where(Subscriber.handle == handle))


def forget(connection: Connection, handle: bytes) -> None:
    """The address alone; that letters to it were refused still counts."""
    connection.execute(delete(Subscriber).where(Subscriber.handle == handle))


def confirmed(connection: Connection, board: int) -> list[bytes]:
    """Handles of who gets a digest, in the order of these random handles."""
    rows = connection.execute(
        select(Subscriber.handle)
        .where(Subscriber.board == board, Subscriber.state == CONFIRMED)
        .order_by(Subscriber.handle)
    )
    return [row[0] for row in rows]


def count_confirmed(connection: Connection, board: int) -> int:
    found = connection.execute(
        select(func.count())
        .select_from(Subscriber)
        .where(Subscriber.board == board, Subscriber.state == CONFIRMED)
    )
    return int(found.scalar_one())


def note_refused(connection: Connection, handle: bytes) -> int:
    """How many letters in a row were refused for this address, this one included."""
    connection.execute(
        update(Subscriber).where(Subscriber.handle == handle).values(refused=Subscriber.refused + 1)
    )
    found = connection.execute(select(Subscriber.refused).where(Subscriber.handle == handle)).scalar()
    return int(found or 0)


def note_taken(connection: Connection, handle: bytes) -> None:
    connection.execute(
        update(Subscriber).where(Subscriber.handle == handle, Subscriber.refused > 0).values(refused=0)
    )


def forget_unconfirmed(connection: Connection, before: date) -> None:
    handles = select(Subscriber.handle).where(Subscriber.state == ASKED, Subscriber.asked_on < before)
    connection.execute(delete(Letter).where(Letter.subscriber.in_(handles)))
    connection.execute(delete(Subscriber).where(Subscriber.state == ASKED, Subscriber.asked_on < before))


def use(connection: Connection, mark: bytes, now: datetime, until: datetime) -> int:
    """Count one more use of this quota; returns how many there are now."""
    connection.execute(delete(Quota).where(Quota.until <= now))
    done = connection.execute(update(Quota).where(Quota.mark == mark).values(used=Quota.used + 1))
    if done.rowcount == 0:
        connection.execute(insert(Quota).values(mark=mark, used=1, until=until))
    return int(connection.execute(select(Quota.used).where(Quota.mark == mark)).scalar_one())


@dataclass(frozen=True)
class Due:
    """A letter that has to go now."""

    key: bytes
    board: int
    subscriber: bytes
    kind: str
    digest: int
    message_id: str
    tries: int
    made_at: datetime


def put(connection: Connection, letters: Iterable[Due]) -> None:
    """New letters, due from when they were made; one that is there already for this subscriber, kind and digest stays."""
    for one in letters:
        there = connection.execute(
            select(Letter.key).where(
                Letter.subscriber == one.subscriber, Letter.kind == one.kind, Letter.digest == one.digest
            )
        ).first()
        if there is None:
            connection.execute(
                insert(Letter).values(
                    key=one.key, board=one.board, subscriber=one.subscriber, kind=one.kind, digest=one.digest,
                    message_id=one.message_id, state=WAITING, tries=0, due_at=one.made_at, made_at=one.made_at,
                )
            )  # fmt: skip


def drop_letters(connection: Connection, subscriber: bytes, kind: str) -> None:
    """Letters of this kind that were sent, refused or not needed any more, so that a new one can be made."""
    connection.execute(
        delete(Letter).where(Letter.subscriber == subscriber, Letter.kind == kind, Letter.state != SENDING)
    )


def take_up(connection: Connection) -> None:
    """What was being sent when a worker died goes again; it is not known whether it arrived."""
    connection.execute(update(Letter).where(Letter.state == SENDING).values(state=WAITING))


def next_due(connection: Connection, now: datetime) -> Due | None:
    """The next letter, marked as being sent: letters about subscribing first, for somebody waits for them."""
    row = connection.execute(
        select(
            Letter.key, Letter.board, Letter.subscriber, Letter.kind, Letter.digest, Letter.message_id,
            Letter.tries, Letter.made_at,
        )
        .where(Letter.state == WAITING, Letter.due_at <= now)
        .order_by(case((Letter.digest == 0, 0), else_=1), Letter.key)
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    connection.execute(update(Letter).where(Letter.key == row[0]).values(state=SENDING))
    return Due(*row)


def finish(connection: Connection, key: bytes, state: str) -> None:
    """SENT or REFUSED."""
    connection.execute(update(Letter).where(Letter.key == key).values(state=state, tries=Letter.tries + 1))


def drop(connection: Connection, key: bytes) -> None:
    connection.execute(delete(Letter).where(Letter.key == key))


def postpone(connection: Connection, key: bytes, until: datetime, *, tried: bool) -> None:
    """Wait; `tried` is False where the mail server itself could not be reached."""
    more = 1 if tried else 0
    connection.execute(
        update(Letter).where(Letter.key == key).values(state=WAITING, due_at=until, tries=Letter.tries + more)
    )


def forget_letters(connection: Connection, before: datetime) -> None:
    """Letters that are done and were made before."""
    connection.execute(delete(Letter).where(Letter.state.in_((SENT, REFUSED)), Letter.made_at < before))


@dataclass(frozen=True)
class Sent:
    """How the letters of one digest stand."""

    waiting: int = 0
    sent: int = 0
    refused: int = 0
    retried: int = 0


def standing(connection: Connection, board: int, digest: int) -> Sent:
    rows = connection.execute(
        select(
            Letter.state,
            func.count(),
            func.sum(case((Letter.tries > 0, 1), else_=0)),
        )
        .where(Letter.board == board, Letter.digest == digest)
        .group_by(Letter.state)
    ).all()
    counts = {state: (int(number), int(tried)) for state, number, tried in rows}
    waiting = [counts.get(state, (0, 0)) for state in (WAITING, SENDING)]
    return Sent(
        waiting=sum(number for number, _ in waiting),
        sent=counts.get(SENT, (0, 0))[0],
        refused=counts.get(REFUSED, (0, 0))[0],
        retried=sum(tried for _, tried in waiting),
    )
