"""The issuing database: hashes of slips and what was printed; knows nothing of ballots."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import invitations, mixing, quick
from app.storage.database import ISSUING, Store, db
from app.storage.quick import Statement

log = logging.getLogger(__name__)
SCAN_ID = String(16)


class Slip(db.Model):
    """One code that is still good: only its hash, and the stratum it was printed for."""

    __tablename__ = "slip"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    scan: Mapped[str] = mapped_column(SCAN_ID)
    stratum: Mapped[int] = mapped_column(Integer)


class Printing(db.Model):
    """How many slips one run printed for one stratum; stays after sealing, because it is published."""

    __tablename__ = "printing"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    stratum: Mapped[int] = mapped_column(Integer, primary_key=True)
    run: Mapped[int] = mapped_column(Integer, primary_key=True)
    printed: Mapped[int] = mapped_column(Integer)
    reserve: Mapped[int] = mapped_column(Integer)


class OpenLink(db.Model):
    """The one address of a scan that anyone with it can use."""

    __tablename__ = "open_link"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    scan: Mapped[str] = mapped_column(SCAN_ID)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class IssuingMixing(db.Model):
    """How many signatures were given since the last mix, over all scans together: 0 to 10."""

    __tablename__ = "mixing"
    __bind_key__ = ISSUING
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    pending: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True)
class Found:
    """What a code opens. `stratum` is None for the open link.

    `spare`: how many ballots of the stratum there can be beyond the invited: the largest reserve printed, and links replaced.
    """

    scan: str
    stratum: int | None
    reprinted: bool = False
    spare: int = 0


_OF_THE_STRATUM = (Printing.scan == Slip.scan, Printing.stratum == Slip.stratum)
_LAST_RUN = select(func.max(Printing.run)).where(*_OF_THE_STRATUM).correlate(Slip).scalar_subquery()
_RESERVE = select(func.max(Printing.reserve)).where(*_OF_THE_STRATUM).correlate(Slip).scalar_subquery()
_REPLACED = (
    select(invitations.Reissue.granted)
    .where(invitations.Reissue.scan == Slip.scan, invitations.Reissue.stratum == Slip.stratum)
    .correlate(Slip)
    .scalar_subquery()
)
_SLIP = Statement(
    select(Slip.scan, Slip.stratum, _LAST_RUN, _RESERVE, _REPLACED).where(Slip.mark == bindparam("mark"))
)
_LINK = Statement(select(OpenLink.scan).where(OpenLink.mark == bindparam("mark"), OpenLink.active))


def find(store: Store, mark: bytes) -> Found | None:
    """The scan and stratum of a code that is still good, by its hash."""
    with quick.transaction(store.engine(ISSUING), writes=False) as issuing:
        slip = issuing.first(_SLIP, {"mark": mark})
        if slip is not None:
            spare = (slip[3] or 0) + (slip[4] or 0)
            return Found(slip[0], slip[1], reprinted=(slip[2] or 0) > 1, spare=spare)
        link = issuing.first(_LINK, {"mark": mark})
        return Found(link[0], None) if link is not None else None


@dataclass(frozen=True)
class Printed:
    """What has been printed for one stratum so far. `runs` is 0 when nothing was."""

    stratum: int
    runs: int
    printed: int
    reserve: int


def printings(store: Store, scan: str) -> dict[int, Printed]:
    """Per stratum the number of runs, and the slips and reserve of the latest run (earlier ones were voided)."""
    with store.reading_issuing() as connection:
        rows = connection.execute(
            select(Printing.stratum, Printing.run, Printing.printed, Printing.reserve)
            .where(Printing.scan == scan)
            .order_by(Printing.stratum, Printing.run)
        ).all()
    return {row[0]: Printed(*row) for row in rows}


def replace_slips(
    connection: Connection, scan: str, stratum: int, marks: Iterable[bytes], *, printed: int, reserve: int
) -> int:
    """Void a stratum's unused slips and put new ones in their place, in order of their hashes; gives the run's number."""
    run = (
        connection.execute(
            select(func.coalesce(func.max(Printing.run), 0)).where(
                Printing.scan == scan, Printing.stratum == stratum
            )
        ).scalar_one()
        + 1
    )
    connection.execute(delete(Slip).where(Slip.scan == scan, Slip.stratum == stratum))
    rows = [{"mark": mark, "scan": scan, "stratum": stratum} for mark in sorted(marks)]
    if rows:
        connection.execute(insert(Slip), rows)
    connection.execute(
        insert(Printing).values(scan=scan, stratum=stratum, run=run, printed=printed, reserve=reserve)
    )
    return int(run)


def set_link(connection: Connection, scan: str, mark: bytes) -> None:
    """The scan's open link becomes this one; an earlier one stops working."""
    connection.execute(delete(OpenLink).where(OpenLink.scan == scan))
    connection.execute(insert(OpenLink).values(mark=mark, scan=scan, active=True))


def tidy(store: Store) -> None:
    """Rewrite the file, so that neither voided hashes nor the order of making are left in it.

    What was stored stands, so nothing fails where a reader is in the way: the next stamp, or start, mixes first.
    """
    try:
        mixing.mix(store, ISSUING)
    except mixing.NotMixed as error:
        log.warning("the issuing database could not be rewritten now (%s); its next mix does it", error)


def has_ways_in(store: Store, scan: str) -> bool:
    """Whether a slip was printed, a link made or somebody invited for this scan."""
    with store.reading_issuing() as connection:
        slips = connection.execute(select(Printing.scan).where(Printing.scan == scan).limit(1)).first()
        link = connection.execute(select(OpenLink.scan).where(OpenLink.scan == scan).limit(1)).first()
        invited = invitations.has_invitations(connection, scan)
    return slips is not None or link is not None or invited


def forget(store: Store, scan: str) -> None:
    """Destroy hashes, addresses and keys of a sealed scan and rewrite the file, so that nothing of them is left.

    Numbers of what was printed and replaced stay. Raises mixing.NotMixed where the file still holds what was deleted.
    """
    with store.issuing() as connection:
        connection.execute(delete(Slip).where(Slip.scan == scan))
        connection.execute(delete(OpenLink).where(OpenLink.scan == scan))
        invitations.forget(connection, scan)
    mixing.mix(store, ISSUING)
