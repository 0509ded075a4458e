"""What became of units between two scans, as a coordinator said it: rows of old and new codes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db


class UnitMap(db.Model):
    """`rows` is CSV with the columns old,new, checked against the units of both scans."""

    __tablename__ = "unit_map"
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    earlier_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    rows: Mapped[str] = mapped_column(Text)


def between(session: Session, *, earlier: str, scan: str) -> str:
    """The rows, "" where all codes stayed what they were."""
    found = session.get(UnitMap, (scan, earlier))
    return found.rows if found is not None else ""


def put(session: Session, *, earlier: str, scan: str, rows: str) -> None:
    found = session.get(UnitMap, (scan, earlier))
    if not rows:
        if found is not None:
            session.delete(found)
    elif found is not None:
        found.rows = rows
    else:
        session.add(UnitMap(scan_id=scan, earlier_id=earlier, rows=rows))
