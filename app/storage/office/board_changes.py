"""A number that goes up with everything a board may show: a page made at the same number still says what is so.

It is kept in the same transaction as the change itself, whoever makes it, so that nobody has to think of it. Answers to "do you
notice it?" don't count: one alone changes no page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, bindparam, event, insert, select, update
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from app.storage import quick
from app.storage.database import Store, db
from app.storage.office.effects import BoardEffect, PromiseReminder
from app.storage.office.organisations import Organisation
from app.storage.office.postponements import PostponementRow
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from app.storage.office.updates import Board, Remark, Update, UpdateVersion

ONLY = 1
SHOWN = (
    Board, BoardEffect, Organisation, PostponementRow, PromiseReminder, Release, Remark, Scan, Update, UpdateVersion,
)  # fmt: skip
_TABLES = frozenset(str(model.__tablename__) for model in SHOWN)
_CHANGED = "board_changed"


class BoardChange(db.Model):
    """One row for the whole installation."""

    __tablename__ = "board_change"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)


_NUMBER = quick.Statement(select(BoardChange.number).where(BoardChange.id == bindparam("only")))


def number(store: Store) -> int:
    """The number now; a few microseconds, for it is asked at every visit."""
    with quick.transaction(store.engine("office"), writes=False) as transaction:
        found = transaction.first(_NUMBER, {"only": ONLY})
    return int(found[0]) if found else 0


@event.listens_for(Session, "before_flush")
def _mark(session: Session, _context: Any, _instances: Any) -> None:
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, SHOWN) for row in rows):
        session.info[_CHANGED] = True


@event.listens_for(Session, "do_orm_execute")
def _mark_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    if any(getattr(mapper.local_table, "name", "") in _TABLES for mapper in state.all_mappers):
        state.session.info[_CHANGED] = True


@event.listens_for(Session, "before_commit")
def _raise(session: Session) -> None:
    """Last of all, so that two who change something wait for each other as shortly as can be."""
    session.flush()
    if not session.info.pop(_CHANGED, False):
        return
    connection = session.connection()
    done = connection.execute(
        update(BoardChange).where(BoardChange.id == ONLY).values(number=BoardChange.number + 1)
    )
    if not done.rowcount:
        connection.execute(insert(BoardChange).values(id=ONLY, number=1))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(_CHANGED, None)
