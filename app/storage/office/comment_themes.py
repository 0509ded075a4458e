"""Themes of comments that left: by scan, theme and part; never changed, only added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db
from app.storage.office.frozen import guard_rows

WHOLE = -1
"""The part number of the whole organisation."""


class CommentTheme(db.Model):
    """What comments of a scan say on one theme, in an adviser's words; `low` to `high` people wrote so, `value` is the nearest 5.

    `part` is WHOLE or a group of strata of 30 invited people or more. The words stand at WHOLE only; `title` is the theme's name.
    """

    __tablename__ = "comment_theme"
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(80), primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title_nl: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    words_nl: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text)
    value: Mapped[int] = mapped_column(Integer)
    low: Mapped[int] = mapped_column(Integer)
    high: Mapped[int] = mapped_column(Integer)
    released_on: Mapped[date] = mapped_column(Date)


guard_rows(CommentTheme)


@dataclass(frozen=True)
class Row:
    """One row as services give and get it."""

    theme: str
    part: int
    title_nl: str
    title_en: str
    words_nl: str
    words_en: str
    value: int
    low: int
    high: int
    released_on: date


def add(session: Session, scan: str, rows: Iterable[Row]) -> None:
    values = [{"scan_id": scan, **vars(row)} for row in rows]
    if values:
        session.execute(insert(CommentTheme), values)


def of_scan(session: Session, scan: str) -> list[Row]:
    """In the order of themes, the whole organisation before its parts."""
    found = session.scalars(
        select(CommentTheme)
        .where(CommentTheme.scan_id == scan)
        .order_by(CommentTheme.theme, CommentTheme.part)
    )
    names = Row.__dataclass_fields__
    return [Row(**{name: getattr(row, name) for name in names}) for row in found]
