"""The tree of units: CSV text enters, a checked tree leaves, or every bad row by its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

COLUMNS = ("code", "parent", "name", "headcount")
IMPLIED_ROOT = "organisation"
MOST_UNITS = 20_000
# Control characters and marks that turn the direction of text: they would scramble whatever stands after a name.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Unit:
    """A node. `headcount` counts the node and everything below it; `parent` is None for the root."""

    code: str
    parent: str | None
    name: str
    headcount: int


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one line of a file and what to do. `line` counts from 1, the header included.

    `reason` is a stable id and `facts` what fills its sentence, for pages that say it in another language.
    """

    line: int
    message: str
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=dict, compare=False)


SENTENCES = {
    "extra-cells": "this row has more cells than the header's {cells}; remove the extra cells",
    "not-csv": "this row can't be read as CSV ({error})",
    "empty": "the file is empty; it needs the columns {columns}",
    "header": "the header misses {missing}; it needs {columns}",
    "no-units": "there are no units below the header; add a row for each unit",
    "too-many": "more than {most} units; leave out the smallest level",
    "parent": "parent “{parent}” is not a code in this file; add it or correct the parent",
    "code": "code “{code}” must be 1 to 40 letters, digits, dots, dashes or underscores",
    "code-again": "code “{code}” was already used in line {first}; each unit needs its own code",
    "own-parent": "unit “{code}” is its own parent; leave parent empty for the top unit",
    "name": "the name is empty; give the unit a name people know",
    "headcount": "headcount “{count}” must be a whole number of people, such as 14",
    "loop": "units {loop} are each other's parent; correct one of them",
    "overfull": "headcount {count} of “{code}” is less than the {inside} of the units below it; "
    "headcount counts the unit and everything below it",
}


def _fault(line: int, reason: str, **facts: object) -> RowFault:
    return RowFault(line, SENTENCES[reason].format(**facts), reason, facts)


class FileFaults(ValueError):
    """Every fault of one file; nothing of the file was taken."""

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("; ".join(f"line {fault.line}: {fault.message}" for fault in self.faults))


@dataclass(frozen=True)
class Tree:
    """Units in file order with parents before children; exactly one root, which comes first."""

    units: tuple[Unit, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {unit.code: [] for unit in self.units}
        for unit in self.units:
            if unit.parent is not None:
                found[unit.parent].append(unit)
        return {code: tuple(children) for code, children in found.items()}

    @property
    def root(self) -> Unit:
        return self.units[0]

    def children(self, code: str) -> tuple[Unit, ...]:
        return self._children[code]

    def rest(self, code: str) -> int:
        """People directly in this unit, in none of its children."""
        return self.by_code[code].headcount - sum(child.headcount for child in self.children(code))

    def below(self, code: str) -> Iterator[Unit]:
        """The unit itself and every unit under it, parents first."""
        waiting = [self.by_code[code]]
        while waiting:
            unit = waiting.pop()
            yield unit
            waiting.extend(reversed(self.children(unit.code)))

    def depth(self, code: str) -> int:
        """0 for the root."""
        steps, unit = 0, self.by_code[code]
        while unit.parent is not None:
            steps, unit = steps + 1, self.by_code[unit.parent]
        return steps

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes from the unit itself up to the root."""
        found = [code]
        while (parent := self.by_code[found[-1]].parent) is not None:
            found.append(parent)
        return tuple(found)


def decode(raw: bytes) -> str:
    """The text of a CSV file as spreadsheets save it: UTF-8 with or without a mark, else Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_rows(text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Header (lower case) and rows with line numbers; comma, semicolon or tab, as the header has most of.

    Raises FileFaults when the file is empty or a row has more cells than the header.
    """
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator, strict=False)
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[RowFault] = []
    header: list[str] = []
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if not header:
                header = [cell.lower() for cell in trimmed]
                continue
            if any(trimmed[len(header) :]):
                faults.append(_fault(reader.line_num, "extra-cells", cells=len(header)))
                continue
            rows.append((reader.line_num, dict(zip(header, trimmed + [""] * len(header), strict=False))))
    except csv.Error as error:
        faults.append(_fault(reader.line_num, "not-csv", error=error))
    if not header:
        faults.append(_fault(1, "empty", columns=", ".join(COLUMNS)))
    if faults:
        raise FileFaults(faults)
    return header, rows


def read_tree(text: str, *, organisation: str = "") -> Tree:
    """Read `code,parent,name,headcount` rows in any order into a tree.

    When several rows have no parent, a root named `organisation` is put above them. Raises FileFaults with
    every bad row.
    """
    header, rows = read_rows(text)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise FileFaults([_fault(1, "header", missing=", ".join(missing), columns=", ".join(COLUMNS))])
    faults: list[RowFault] = []
    lines: dict[str, int] = {}
    units = _units(rows, lines, faults)
    if not rows:
        faults.append(_fault(1, "no-units"))
    if len(rows) > MOST_UNITS:
        faults.append(_fault(rows[MOST_UNITS][0], "too-many", most=MOST_UNITS))
    if not faults:
        faults.extend(_loops(units, lines))
    if not faults:
        units = _one_root(units, organisation)
        faults.extend(_overfull(units, lines))
    if faults:
        raise FileFaults(faults)
    return Tree(_parents_first(units))


def _units(
    rows: list[tuple[int, dict[str, str]]], lines: dict[str, int], faults: list[RowFault]
) -> dict[str, Unit]:
    """The sound rows by code. `lines` gets the line of every code, also of rows with another fault."""
    units: dict[str, Unit] = {}
    for line, row in rows:
        unit = _unit(line, row, lines, faults)
        lines.setdefault(row["code"], line)
        if unit is not None:
            units[unit.code] = unit
    for code, unit in units.items():
        if unit.parent is not None and unit.parent not in lines:
            faults.append(_fault(lines[code], "parent", parent=unit.parent))
    return units


def _unit(line: int, row: dict[str, str], lines: dict[str, int], faults: list[RowFault]) -> Unit | None:
    before = len(faults)
    code, parent, name, count = (row[column] for column in COLUMNS)
    # On one line: a cell of a spreadsheet may hold several.
    name = " ".join(_HIDDEN.sub(" ", name).split())
    if not _CODE.fullmatch(code):
        faults.append(_fault(line, "code", code=code))
    elif code in lines:
        faults.append(_fault(line, "code-again", code=code, first=lines[code]))
    if parent == code and code:
        faults.append(_fault(line, "own-parent", code=code))
    if not name:
        faults.append(_fault(line, "name"))
    digits = count.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", count) else count
    if not re.fullmatch(r"\d{1,8}", digits, re.ASCII):
        faults.append(_fault(line, "headcount", count=count))
    if len(faults) > before:
        return None
    return Unit(code, parent or None, name, int(digits))


def _loops(units: dict[str, Unit], lines: dict[str, int]) -> Iterator[RowFault]:
    sound: set[str] = set()
    for start in units:
        path: list[str] = []
        on_path: set[str] = set()
        code: str | None = start
        while code is not None and code not in sound and code not in on_path:
            path.append(code)
            on_path.add(code)
            code = units[code].parent
        if code is not None and code in on_path:
            round_trip = path[path.index(code) :]
            yield _fault(lines[code], "loop", loop=" > ".join([*round_trip, code]))
        sound.update(path)


def _one_root(units: dict[str, Unit], organisation: str) -> dict[str, Unit]:
    tops = [unit for unit in units.values() if unit.parent is None]
    if len(tops) == 1:
        return units
    code = IMPLIED_ROOT
    while code in units:
        code += "-1"
    root = Unit(code, None, organisation or "Organisation", sum(unit.headcount for unit in tops))
    moved = {u.code: Unit(u.code, u.parent or code, u.name, u.headcount) for u in units.values()}
    return {code: root, **moved}


def _overfull(units: dict[str, Unit], lines: dict[str, int]) -> Iterator[RowFault]:
    inside: dict[str, int] = dict.fromkeys(units, 0)
    for unit in units.values():
        if unit.parent is not None:
            inside[unit.parent] += unit.headcount
    for code, unit in units.items():
        if inside[code] > unit.headcount:
            yield _fault(lines.get(code, 1), "overfull", count=unit.headcount, code=code, inside=inside[code])


def _parents_first(units: dict[str, Unit]) -> tuple[Unit, ...]:
    below: dict[str | None, list[Unit]] = {}
    for unit in units.values():
        below.setdefault(unit.parent, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(reversed(below[None]))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(reversed(below.get(unit.code, [])))
    return tuple(ordered)
