"""An import under way: a file enters, what an adviser chose about it is added step by step, bytes to seal leave, and back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from app.core.signals.register.book import Book, Sheet
from app.core.signals.register.columns import PERSONAL, suggest
from app.core.signals.register.header import Table, guess, header_line, is_register, table
from app.core.signals.register.lexicon import Lexicon
from app.core.signals.register.reading import Reading

STEP = 65_536
"""Filled up to a multiple of this many bytes, so that its size tells little of the register."""


@dataclass(frozen=True)
class Held:
    """One adviser's file between upload and import. Columns that are never taken over are emptied before it is kept.

    `columns` has a field for each column of the chosen table, `dropped` the names of those that were emptied (sheet, name);
    `reporters` the nickname of each number; `undo` the keys of what was imported last, in the sign-in `sign_in`.
    """

    account: int
    book: Book
    sheet: int = 0
    line: int = 0
    columns: tuple[str, ...] = ()
    year: int | None = None
    mends: Mapping[tuple[str, str], str] = field(default_factory=dict)
    reporters: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[tuple[int, str], ...] = ()
    undo: tuple[str, ...] = ()
    sign_in: str = ""

    @property
    def table(self) -> Table:
        return table(self.book.sheets[self.sheet], self.line)

    @property
    def reading(self) -> Reading:
        return Reading(tuple("" if each == PERSONAL else each for each in self.columns), self.year)

    @property
    def never_taken(self) -> tuple[str, ...]:
        """Names of the columns of this sheet that were emptied."""
        return tuple(dict.fromkeys(name for sheet, name in self.dropped if sheet == self.sheet))

    @property
    def left(self) -> list[tuple[int, str, int]]:
        """(place, name, rows) of this sheet and others that look like a register, where rows are still to import."""
        found = []
        for place, sheet in enumerate(self.book.sheets):
            if place == self.sheet or is_register(sheet):
                line = self.line if place == self.sheet else header_line(sheet)
                found.append((place, sheet.name, len(table(sheet, line).rows)))
        return [each for each in found if each[2]]


def begin(book: Book, *, account: int, lexicon: Lexicon) -> Held:
    """The likeliest sheet and header, columns as suggested."""
    held = Held(account, book)
    for place, sheet in enumerate(book.sheets):
        held = _emptied(held, place, header_line(sheet))
    place, line = guess(held.book)
    return look(held, sheet=place, line=line, lexicon=lexicon)


def look(held: Held, *, sheet: int, line: int | None, lexicon: Lexicon) -> Held:
    """Another sheet or header line (None: the likeliest); its columns are suggested afresh."""
    if not 0 <= sheet < len(held.book.sheets):
        return held
    chosen = held.book.sheets[sheet]
    line = header_line(chosen) if line is None else max(0, min(line, len(chosen.rows)))
    held = replace(_emptied(held, sheet, line), sheet=sheet, line=line)
    found = held.table
    cells = [found.column(at) for at in range(len(found.names))]
    columns = _one_unit(suggest(found.names, cells), cells, lexicon)
    emptied = set(held.never_taken)
    columns = [PERSONAL if name in emptied else each for name, each in zip(found.names, columns, strict=True)]
    return replace(held, columns=tuple(columns), year=found.year)


def imported(held: Held, lines: Collection[int], keys: Collection[bytes], sign_in: str) -> Held:
    """Without the rows that became cards; the rest keeps its line numbers."""
    sheets = list(held.book.sheets)
    rows = sheets[held.sheet].rows
    kept = tuple(() if number in lines else row for number, row in enumerate(rows, 1))
    sheets[held.sheet] = Sheet(sheets[held.sheet].name, kept)
    return replace(held, book=Book(tuple(sheets)), undo=tuple(key.hex() for key in keys), sign_in=sign_in)


def emptied(held: Held) -> Held:
    """Only what undoing needs."""
    return Held(held.account, Book(()), undo=held.undo, sign_in=held.sign_in)


def encode_held(held: Held) -> bytes:
    values = {
        "account": held.account,
        "book": held.book.to_plain(),
        "sheet": held.sheet,
        "line": held.line,
        "columns": held.columns,
        "year": held.year,
        "mends": [[*at, choice] for at, choice in held.mends.items()],
        "reporters": dict(held.reporters),
        "dropped": held.dropped,
        "undo": held.undo,
        "sign_in": held.sign_in,
    }
    raw = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return raw + bytes(-len(raw) % STEP)


def decode_held(raw: bytes) -> Held:
    values = json.loads(raw.rstrip(b"\0"))
    return Held(
        account=values["account"],
        book=Book.from_plain(values["book"]),
        sheet=values["sheet"],
        line=values["line"],
        columns=tuple(values["columns"]),
        year=values["year"],
        mends={(axis, value): choice for axis, value, choice in values["mends"]},
        reporters=values["reporters"],
        dropped=tuple((place, name) for place, name in values["dropped"]),
        undo=tuple(values["undo"]),
        sign_in=values["sign_in"],
    )


def _emptied(held: Held, place: int, line: int) -> Held:
    """Without the cells of columns that are never taken over, as this header line names them."""
    sheet = held.book.sheets[place]
    found = table(sheet, line)
    fields = suggest(found.names, [found.column(at) for at in range(len(found.names))])
    never = {
        column: name
        for column, name, each in zip(found.places, found.names, fields, strict=True)
        if each == PERSONAL
    }
    if not never:
        return held
    rows = tuple(
        row if number <= line else tuple("" if at in never else cell for at, cell in enumerate(row))
        for number, row in enumerate(sheet.rows, 1)
    )
    sheets = list(held.book.sheets)
    sheets[place] = Sheet(sheet.name, rows)
    dropped = dict.fromkeys([*held.dropped, *((place, name) for name in never.values())])
    return replace(held, book=Book(tuple(sheets)), dropped=tuple(dropped))


def _one_unit(columns: list[str], cells: list[tuple[str, ...]], lexicon: Lexicon) -> list[str]:
    """Of the column taken for the unit and others that could be: the one whose values are units here."""
    known = [sum(lexicon["unit"].find(cell) is not None for cell in column) for column in cells]
    open_places = [at for at, each in enumerate(columns) if each in ("", "unit") and known[at]]
    if not open_places:
        return columns
    best = max(open_places, key=lambda at: (known[at], columns[at] == "unit"))
    if 2 * known[best] <= len(cells[best]) and columns[best] != "unit":
        return columns
    return ["unit" if at == best else "" if each == "unit" else each for at, each in enumerate(columns)]
