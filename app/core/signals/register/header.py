"""Where a sheet's table is: a sheet enters, the names of its columns and the rows below them leave."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.signals.register.book import LOOK_AT, Book, Sheet
from app.core.signals.register.columns import recognised


@dataclass(frozen=True)
class Table:
    """`line` is the last line of the header; every row has a cell for every name. Columns without name and cells are left out;
    `places` are those of the rest in the sheet, from 0.

    `year` is the one year named in the sheet's name or in the lines above the header, for rows that don't say it.
    """

    sheet: str
    line: int
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    places: tuple[int, ...]
    year: int | None = None

    def column(self, place: int) -> tuple[str, ...]:
        """The filled cells of one column."""
        return tuple(cells[place] for _, cells in self.rows if cells[place])


def guess(book: Book) -> tuple[int, int]:
    """The place of the sheet that looks most like a register, and the line of its header (0 when nothing looks like one)."""
    found = [(*_best_line(sheet), place) for place, sheet in enumerate(book.sheets)]
    if not found:
        return 0, 0
    headers, rows, line, place = max(found, key=lambda each: (each[0], each[1], -each[3]))
    return place, line if headers or rows else 0


def table(sheet: Sheet, line: int) -> Table:
    """The table below this header line; lines from 1. A header over two lines (merged cells) is read as one."""
    names = _names(sheet, line)
    below = list(enumerate(sheet.rows[line:], line + 1))
    width = max([len(names), *(len(row) for _, row in below)], default=0)
    names = [*names, *[""] * (width - len(names))]
    padded = [(number, (*row, *[""] * (width - len(row)))) for number, row in below if any(row)]
    padded = [(number, row) for number, row in padded if list(row) != names]  # a header that is repeated
    kept = [at for at in range(width) if names[at] or any(row[at] for _, row in padded)]
    return Table(
        sheet.name,
        line,
        tuple(names[at] for at in kept),
        tuple((number, tuple(row[at] for at in kept)) for number, row in padded),
        tuple(kept),
        _year(sheet, line),
    )


def header_line(sheet: Sheet) -> int:
    """The line of the likeliest header of one sheet, from 1; 0 for an empty sheet."""
    return _best_line(sheet)[2]


def is_register(sheet: Sheet) -> bool:
    """Whether at least two of its columns are known by their names; a cover sheet's are not."""
    return _best_line(sheet)[0] >= 2


def _best_line(sheet: Sheet) -> tuple[int, int, int]:
    """(recognised headers, rows below, line) of the likeliest header."""
    best = (0, 0, 0)
    for at in range(min(LOOK_AT, len(sheet.rows))):
        if _is_lower_half(sheet, at):
            continue
        line = at + 1 + _is_lower_half(sheet, at + 1)
        headers = sum(recognised(name) is not None for name in _names(sheet, line))
        if (headers, 0) > (best[0], 0):
            best = (headers, sum(any(row) for row in sheet.rows[line:]), line)
    if best[2]:
        return best
    filled = [at for at, row in enumerate(sheet.rows[:LOOK_AT]) if sum(map(bool, row)) > 1]
    line = filled[0] + 1 if filled else 0
    return 0, len(sheet.rows) - line if line else 0, line


def _is_lower_half(sheet: Sheet, at: int) -> bool:
    """Whether this row only names columns, and another row of names stands right above it."""
    if not 0 < at < len(sheet.rows):
        return False
    upper, lower = sheet.rows[at - 1], sheet.rows[at]
    named = [cell for cell in lower if cell]
    return (
        bool(named)
        and all(recognised(cell) is not None for cell in named)
        and sum(recognised(cell) is not None for cell in upper) > 0
        and (len(upper) < len(lower) or any(not low for low in lower))
    )


def _names(sheet: Sheet, line: int) -> list[str]:
    lower = list(sheet.rows[line - 1]) if 0 < line <= len(sheet.rows) else []
    upper = list(sheet.rows[line - 2]) if 1 < line <= len(sheet.rows) + 1 else []
    names = [*lower, *[""] * (len(upper) - len(lower))]
    for at, cell in enumerate(upper):
        if not names[at] and recognised(cell) is not None:
            names[at] = cell
    return names


def _year(sheet: Sheet, line: int) -> int | None:
    above = [sheet.name, *(cell for row in sheet.rows[: max(0, line - 1)] for cell in row)]
    years = {int(found) for text in above for found in re.findall(r"(?<!\d)20\d\d(?!\d)", text)}
    return years.pop() if len(years) == 1 else None
