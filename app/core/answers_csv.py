"""Answers of an earlier survey: a CSV file enters, strata and answer indexes leave, or every bad row by its line.

A fast reading takes whole columns as numbers; only when it meets anything odd is the file read again row by row,
which names each fault by line and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.core.instrument import Instrument
from app.core.strata import Strata
from app.core.units import FileFaults, RowFault, Tree

if TYPE_CHECKING:
    import pandas as pd

UNIT_COLUMN = "unit"
MOST_FAULTS = 50
CHUNK_ROWS = 50_000
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0+)?", re.ASCII)
Answers = NDArray[np.int8]
Numbers = NDArray[np.int32]

SENTENCES = {
    "import-empty": "the file is empty; it needs the columns {columns}",
    "import-no-rows": "there are no answers below the header; add a row for each person",
    "import-not-csv": "this row can't be read as CSV ({error})",
    "import-unknown-column": "column “{column}” is not a question of this instrument; remove it or correct its name",
    "import-comment": "column “{column}” holds answers in people's own words, which can identify them; "
    "remove the column: comments can't be imported",
    "import-column-twice": "column “{column}” is there twice; remove one",
    "import-missing-columns": "the header misses {missing}; each closed question needs its column, empty cells are fine",
    "import-cells": "this row has {cells} cells, the header has {columns}; each row needs as many",
    "import-no-unit": "column “unit” is empty; fill in the code of the person's unit",
    "import-unit": "unit “{unit}” is not in this scan; correct the code or add the unit before opening",
    "import-nobody": "unit “{unit}” has nobody placed directly in it in this scan; use the code of a unit below it "
    "or correct its headcount before opening",
    "import-code": "column “{column}”: “{cell}” is not one of the answers {codes}; leave the cell empty for no answer",
    "import-more": "{count} more faults follow; correct these first",
}


def read_answers_csv(
    path: Path, instrument: Instrument, tree: Tree, strata: Strata
) -> tuple[Numbers, Answers]:
    """Strata of shape (n,) and answer indexes of shape (n, coded items), -1 for an empty cell.

    Columns in any order, separated by comma, semicolon or tab. A background question may be left out: nobody
    answered it then. Raises FileFaults with at most MOST_FAULTS faults and how many more there are.
    """
    raw = path.read_bytes()
    encoding = _encoding(raw)
    layout = _layout(raw, encoding, instrument, tree, strata)
    found = _fast(raw, encoding, layout)
    return found if found is not None else _careful(raw.decode(encoding, errors="replace"), layout)


@dataclass(frozen=True)
class _Layout:
    """Where the columns are: `places[i]` is the file column of coded item i, or None."""

    separator: str
    header: tuple[str, ...]
    unit: int
    places: tuple[int | None, ...]
    codes: tuple[tuple[int, ...], ...]
    strata_of: Mapping[str, int]
    tree: Tree


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _fault(line: int, reason: str, **facts: object) -> RowFault:
    return RowFault(line, SENTENCES[reason].format(**facts), reason, facts)


def _layout(raw: bytes, encoding: str, instrument: Instrument, tree: Tree, strata: Strata) -> _Layout:
    wanted = [UNIT_COLUMN, *(item.id for item in instrument.coded)]
    first = re.split(rb"[\r\n]", raw.lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0].decode(
        encoding, errors="replace"
    )
    separator = max(",;\t", key=first.count)
    header = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=separator), []))
    if not any(header):
        raise FileFaults([_fault(1, "import-empty", columns=", ".join(wanted))])
    places: dict[str, int] = {}
    faults = list(_header_faults(header, instrument, places))
    optional = {item.id for item in instrument.backgrounds}
    missing = [name for name in wanted if name not in places and name not in optional]
    if missing:
        faults.append(_fault(1, "import-missing-columns", missing=", ".join(missing)))
    if faults:
        raise FileFaults(faults)
    return _Layout(
        separator,
        header,
        places[UNIT_COLUMN],
        tuple(places.get(item.id) for item in instrument.coded),
        tuple(instrument.options_of(item).codes for item in instrument.coded),
        strata.of_cell,
        tree,
    )


def _header_faults(header: tuple[str, ...], instrument: Instrument, places: dict[str, int]) -> list[RowFault]:
    """Faults of the header; `places` gets the columns that are known."""
    known = {item.id.lower(): item.id for item in instrument.coded} | {UNIT_COLUMN: UNIT_COLUMN}
    exact = set(known.values())
    comments = {item.id.lower() for item in instrument.comments}
    faults = []
    for place, column in enumerate(header):
        name = column if column in exact else known.get(column.lower())
        if name is None and not column and place == len(header) - 1:
            continue
        if name is None:
            reason = "import-comment" if column.lower() in comments else "import-unknown-column"
            faults.append(_fault(1, reason, column=column))
        elif name in places:
            faults.append(_fault(1, "import-column-twice", column=column))
        else:
            places[name] = place
    return faults


def _fast(raw: bytes, encoding: str, layout: _Layout) -> tuple[Numbers, Answers] | None:
    """Whole columns at once; None as soon as anything is not plainly right."""
    import pandas as pd

    if not _even(raw, layout):
        return None
    used = [layout.unit, *(place for place in layout.places if place is not None)]
    tables = [_numbers_of(codes) for codes in layout.codes]
    strata: list[Numbers] = []
    answers: list[Answers] = []
    try:
        reader = pd.read_csv(
            io.BytesIO(raw), sep=layout.separator, encoding=encoding, header=0, index_col=False,
            names=[str(place) for place in range(len(layout.header))], usecols=[str(place) for place in used],
            dtype={str(layout.unit): "category"}, keep_default_na=False, na_values=[""],
            skipinitialspace=True, chunksize=CHUNK_ROWS, on_bad_lines="error",
        )  # fmt: skip
        with reader:
            for chunk in reader:
                block = _block(chunk, layout, tables)
                if block is None:
                    return None
                strata.append(block[0])
                answers.append(block[1])
    except (ValueError, pd.errors.ParserError, OverflowError):
        return None
    if not strata:
        return None
    together = np.concatenate(answers, axis=1)
    return np.concatenate(strata), together.T


def _even(raw: bytes, layout: _Layout) -> bool:
    """Whether every row has as many cells as the header: pandas fills short rows and cuts long ones without a word.

    With a quote in the file separators can't be counted; it is then read row by row.
    """
    separator, wanted = layout.separator.encode(), len(layout.header) - 1
    return b'"' not in raw and all(row.count(separator) == wanted for row in raw.splitlines() if row.strip())


def _numbers_of(codes: tuple[int, ...]) -> tuple[int, NDArray[np.int8]]:
    """(lowest code, index of each code counted from it; -2 where there is no such code)."""
    table = np.full(codes[-1] - codes[0] + 1, -2, dtype=np.int8)
    table[np.array(codes) - codes[0]] = np.arange(len(codes))
    return codes[0], table


def _block(
    chunk: pd.DataFrame, layout: _Layout, tables: list[tuple[int, NDArray[np.int8]]]
) -> tuple[Numbers, Answers] | None:
    """(strata (n,), answers (items, n)) of one pandas chunk, or None."""
    units = chunk[str(layout.unit)].cat
    of_category = [layout.strata_of.get(str(unit).strip(), -1) for unit in units.categories]
    strata = np.array([*of_category, -1], dtype=np.int32)[units.codes.to_numpy()]
    if len(strata) and strata.min() < 0:
        return None
    answers = np.full((len(layout.places), len(chunk)), -1, dtype=np.int8)
    for item, place in enumerate(layout.places):
        if place is None:
            continue
        values = chunk[str(place)].to_numpy()
        if values.dtype.kind not in "if":
            return None
        filled = _indexes(values, *tables[item], answers[item])
        if not filled:
            return None
    return strata, answers


def _indexes(
    values: NDArray[np.int64] | NDArray[np.float64],
    lowest: int,
    table: NDArray[np.int8],
    into: NDArray[np.int8],
) -> bool:
    """Put the index of each code into `into` (n,), -1 for NaN; False when one of the `values` (n,) is no code.

    `table` holds the index of each code counted from `lowest`, -2 where there is no such code.
    """
    there = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(len(values), dtype=bool)
    known = values[there]
    if len(known) and not (lowest <= known.min() and known.max() < lowest + len(table)):
        return False
    whole = known.astype(np.int64)
    if not np.array_equal(whole, known):
        return False
    found = table[whole - lowest]
    into[there] = found
    return not len(found) or int(found.min()) >= 0


@dataclass
class _Faults:
    """The first MOST_FAULTS faults, and how many there are in all."""

    first: list[RowFault] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, reason: str, **facts: object) -> None:
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.first.append(_fault(line, reason, **facts))

    def refuse(self) -> None:
        if self.count > MOST_FAULTS:
            last = self.first[-1].line
            self.first.append(_fault(last, "import-more", count=self.count - MOST_FAULTS))
        if self.first:
            raise FileFaults(self.first)


def _careful(text: str, layout: _Layout) -> tuple[Numbers, Answers]:
    """Row by row, with every fault by line and column."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator)
    columns = [
        (item, place, {str(code): index for index, code in enumerate(layout.codes[item])})
        for item, place in enumerate(layout.places)
        if place is not None
    ]
    faults, strata, rows = _Faults(), [], bytearray()
    width = len(layout.places)
    line, header = 0, True
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if header:
                header = False
                continue
            extra = cells[len(layout.header) :]
            if len(cells) < len(layout.header) or any(cell.strip() for cell in extra):
                faults.add(line, "import-cells", cells=len(cells), columns=len(layout.header))
                continue
            strata.append(_stratum(cells[layout.unit].strip(), line, layout, faults))
            row = bytearray(b"\xff") * width
            for item, place, indexes in columns:
                row[item] = _index(cells[place].strip(), line, item, place, indexes, layout, faults)
            rows += row
    except csv.Error as error:
        faults.add(max(line, reader.line_num), "import-not-csv", error=error)
    if not strata and not faults.count:
        faults.add(1, "import-no-rows")
    faults.refuse()
    answers = np.frombuffer(bytes(rows), dtype=np.int8).reshape(len(strata), width)
    return np.array(strata, dtype=np.int32), np.asfortranarray(answers)


def _stratum(unit: str, line: int, layout: _Layout, faults: _Faults) -> int:
    stratum = layout.strata_of.get(unit)
    if stratum is not None:
        return stratum
    if not unit:
        faults.add(line, "import-no-unit")
    else:
        faults.add(line, "import-nobody" if unit in layout.tree.by_code else "import-unit", unit=unit)
    return 0


def _index(
    cell: str, line: int, item: int, place: int, indexes: dict[str, int], layout: _Layout, faults: _Faults
) -> int:
    """The index of a cell's code as an unsigned byte; 255 for no answer."""
    if not cell:
        return 255
    found = indexes.get(cell)
    if found is None and (match := _WHOLE.fullmatch(cell)):
        found = indexes.get(str(int(match[1])))
    if found is not None:
        return found
    codes = ", ".join(map(str, layout.codes[item]))
    faults.add(line, "import-code", column=layout.header[place], cell=cell[:40], codes=codes)
    return 255
