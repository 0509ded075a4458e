"""Tallies of “do you notice it?”: an answer enters and is a count from then on; no row, time or order of answers is kept."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.notices import Answer, Counts, Shown, Toss, blurred, closes, show
from app.storage.database import db
from app.storage.office.updates import Update

_COLUMN = {Answer.YES: "yes", Answer.LITTLE: "little", Answer.NO: "no"}


class Notice(db.Model):
    """One row an update. `closed_…` of the answers are in a batch that is shown; `drawn_…` is what chance made of those."""

    __tablename__ = "board_notice"
    update_id: Mapped[int] = mapped_column(ForeignKey("board_update.id"), primary_key=True)
    yes: Mapped[int] = mapped_column(Integer, default=0)
    little: Mapped[int] = mapped_column(Integer, default=0)
    no: Mapped[int] = mapped_column(Integer, default=0)
    closed_yes: Mapped[int] = mapped_column(Integer, default=0)
    closed_little: Mapped[int] = mapped_column(Integer, default=0)
    closed_no: Mapped[int] = mapped_column(Integer, default=0)
    drawn_yes: Mapped[int] = mapped_column(Integer, default=0)
    drawn_little: Mapped[int] = mapped_column(Integer, default=0)
    drawn_no: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def given(self) -> Counts:
        return Counts(self.yes, self.little, self.no)

    @property
    def closed(self) -> Counts:
        return Counts(self.closed_yes, self.closed_little, self.closed_no)

    @property
    def drawn(self) -> Counts:
        return Counts(self.drawn_yes, self.drawn_little, self.drawn_no)


def count(session: Session, update: int, answer: Answer, k: int, toss: Toss) -> None:
    """Add one; the statement itself adds, so that none of many at once is lost. Closes the batch when it is full."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    own = _COLUMN[answer]
    zero = {column.name: 0 for column in Notice.__table__.columns if column.name != "update_id"}
    statement = insert(Notice).values({**zero, "update_id": update, own: 1})
    session.execute(
        statement.on_conflict_do_update(index_elements=["update_id"], set_={own: getattr(Notice, own) + 1})
    )
    # The row stays ours until the commit, so nobody adds to it between reading and closing.
    row = session.scalars(select(Notice).where(Notice.update_id == update)).one()
    given, closed = row.given, row.closed
    if closes(given.total, closed.total, k):
        drawn = row.drawn.plus(blurred(given.minus(closed), toss))
        row.closed_yes, row.closed_little, row.closed_no = given.yes, given.little, given.no
        row.drawn_yes, row.drawn_little, row.drawn_no = drawn.yes, drawn.little, drawn.no


def shown(session: Session, organisation: int, k: int) -> dict[int, Shown]:
    """What pages say, by update; an update with too few answers isn't in it. Answers of an open batch aren't even read."""
    closed = Notice.closed_yes + Notice.closed_little + Notice.closed_no
    rows = session.execute(
        select(Notice.update_id, closed, Notice.drawn_yes, Notice.drawn_little, Notice.drawn_no)
        .join(Update, Update.id == Notice.update_id)
        .where(Update.organisation_id == organisation, closed >= k)
    )
    found = {update: show(Counts(*drawn), answers, k) for update, answers, *drawn in rows}
    return {update: one for update, one in found.items() if one is not None}


def stamp(session: Session, organisation: int) -> int:
    """Another number whenever something of these tallies that is shown has changed, and only then; for keys of caches."""
    closed = Notice.closed_yes + Notice.closed_little + Notice.closed_no
    found = session.scalar(
        select(func.sum(closed))
        .join(Update, Update.id == Notice.update_id)
        .where(Update.organisation_id == organisation)
    )
    return int(found or 0)
