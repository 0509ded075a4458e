"""A workbook as plain texts: the bytes of a CSV file or the cells of sheets enter, sheets of rows leave."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.signals.register.columns import recognised
from app.core.units import decode

MOST_ROWS = 10_000
"""Rows of one sheet: twice what the largest register seen in practice holds."""
MOST_COLUMNS = 80
MOST_SHEETS = 24
MOST_CELL = 20_000
"""Characters of one cell."""
SEPARATORS = ";,\t"
LOOK_AT = 40
"""Rows in which a header is sought."""
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class TooLarge(ValueError):
    """A file with more than a register can hold. `reason` says of what, `most` how many there may be."""

    def __init__(self, reason: str, most: int) -> None:
        self.reason, self.most = reason, most
        super().__init__(f"{reason}: at most {most}")


@dataclass(frozen=True)
class Sheet:
    """Rows from the first line of the sheet on, so that line n is rows[n - 1]; cells without spaces around them."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Book:
    """All sheets of a file, in its order; a CSV file is one sheet without a name."""

    sheets: tuple[Sheet, ...]

    def to_plain(self) -> list[dict[str, Any]]:
        return [{"name": sheet.name, "rows": [list(row) for row in sheet.rows]} for sheet in self.sheets]

    @classmethod
    def from_plain(cls, plain: Iterable[dict[str, Any]]) -> Book:
        """Raises TooLarge."""
        sheets = tuple(tidy(each["name"], each["rows"]) for each in plain)
        if len(sheets) > MOST_SHEETS:
            raise TooLarge("sheets", MOST_SHEETS)
        return cls(sheets)


def tidy(name: str, rows: Iterable[Sequence[str]]) -> Sheet:
    """Cells trimmed, empty rows at the end and empty cells at the end of rows left out. Raises TooLarge."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise TooLarge("columns", MOST_COLUMNS)
        if any(len(cell) > MOST_CELL for cell in cells):
            raise TooLarge("characters", MOST_CELL)
        found.append(tuple(cells))
        if len(found) > MOST_ROWS and cells:
            raise TooLarge("rows", MOST_ROWS)
    while found and not found[-1]:
        found.pop()
    return Sheet(name, tuple(found))


def read_csv(raw: bytes) -> Book:
    """A CSV file as spreadsheets save it: UTF-8 or Windows-1252; semicolon, comma or tab, whichever gives a header.

    Raises TooLarge; a file that isn't CSV at all becomes rows of one cell.
    """
    text = decode(raw).replace("\0", "")
    return Book((max((_separated(text, each) for each in SEPARATORS), key=_looks_like_a_table),))


def _separated(text: str, separator: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        return tidy("", ([unguarded(cell) for cell in row] for row in reader))
    except csv.Error:  # a cell longer than the reader takes
        raise TooLarge("characters", MOST_CELL) from None


def _looks_like_a_table(sheet: Sheet) -> tuple[int, int]:
    """How many headers its best row has, then how many cells: text with commas gives cells too, but no headers."""
    first = sheet.rows[:LOOK_AT]
    headers = max((sum(recognised(cell) is not None for cell in row) for row in first), default=0)
    return headers, sum(len(row) for row in first)


def guarded(cell: str) -> str:
    """For a CSV file: a spreadsheet takes a cell that begins with one of these for a formula, unless a quote stands before it."""
    return "'" + cell if re.match(r"'*[=+\-@\t\r]", cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
