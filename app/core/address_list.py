"""Lists of addresses: CSV or pasted text enters, rows with their stratum leave, and what is wrong with each of the others."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.core.refusal import Refused
from app.core.strata import Strata
from app.core.units import RowFault, Tree

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": ("address", "adres", "email", "e-mail", "mail", "e-mailadres", "mailadres", "emailadres"),
    "stratum": ("stratum", "group", "groep", "unit", "team", "department", "afdeling", "code"),
    "language": ("language", "taal"),
}
"""What each column may be called, in small letters."""
MOST_ROWS = 100_000

SENTENCES = {
    "empty": "there are no addresses; put one on each line",
    "no-address-column": "no column is called “address”; name it so in the first line, or leave that line out",
    "no-group-column": "no column is called “stratum”; add it, or say to which group all of these belong",
    "too-many-rows": "more than {most} rows; split the list",
    "not-csv": "this row can't be read as CSV ({error}); save the list as CSV again",
    "address": "“{address}” is not an e-mail address; it needs a name, an @ and a domain",
    "again": "“{address}” stands in line {first} already; keep one of the two",
    "there": "“{address}” was invited already; leave it out",
    "no-group": "the group is empty; fill in the name of a group, team or department",
    "group": "“{group}” is no group, team or department of this scan; use one of their names or codes",
    "two-groups": "“{group}” is the name of units in several groups; use the unit's code",
    "language": "“{language}” is no language of the letter; use {languages}, or leave it empty",
    "over": "“{group}” has {invited} people invited, and with this address there would be more; "
    "check whether it belongs to another group",
}


@dataclass(frozen=True)
class Invitee:
    """One sound row. `address` is as it is compared and stored."""

    line: int
    address: str
    stratum: int
    language: str


@dataclass(frozen=True)
class AddressList:
    """What a list came to: the sound rows in its own order, and each fault by its line."""

    rows: tuple[Invitee, ...] = ()
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True)
class Groups:
    """What a list's groups are looked up in; `taken` counts the addresses that each stratum has already."""

    strata: Strata
    tree: Tree
    taken: Mapping[int, int] = field(default_factory=dict)

    def find(self, text: str) -> int | str:
        """The number of the stratum of this name, unit code, unit name or number; else the reason why not."""
        wanted = " ".join(text.split()).casefold()
        if not wanted:
            return "no-group"
        for names in (self._strata, self._codes, self._units):
            found = names().get(wanted)
            if found:
                return next(iter(found)) if len(found) == 1 else "two-groups"
        if wanted.isascii() and wanted.isdigit() and int(wanted) < len(self.strata):
            return int(wanted)
        return "group"

    def _strata(self) -> dict[str, set[int]]:
        return _by_name((stratum.name, stratum.number) for stratum in self.strata)

    def _codes(self) -> dict[str, set[int]]:
        return _by_name((code, number) for code, number in self.strata.of_cell.items())

    def _units(self) -> dict[str, set[int]]:
        names = self.tree.by_code
        return _by_name((names[code].name, number) for code, number in self.strata.of_cell.items())


def _by_name(pairs: Iterator[tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for name, number in pairs:
        found.setdefault(" ".join(name.split()).casefold(), set()).add(number)
    return found


@dataclass(frozen=True)
class _Row:
    line: int
    address: str
    group: str
    language: str


def read(
    text: str,
    *,
    groups: Groups,
    all_of: int | None,
    languages: tuple[str, ...],
    language: str,
    clean: Callable[[str], str],
    is_there: Callable[[str], bool],
) -> AddressList:
    """Check a list row by row; nothing is raised for what is wrong with it.

    Columns are named in a first line (COLUMNS), separated by comma, semicolon or tab; without one, each line begins with an
    address. `all_of` is the stratum of rows that name none. `clean` gives an address as it is compared and raises Refused for
    what is none; `is_there` tells whether it was invited before.
    """
    rows, faults = _rows(text, all_of)
    if not rows and not faults:
        faults = [_fault(1, "empty")]
    sound: list[Invitee] = []
    lines: dict[str, int] = {}
    taken = Counter(groups.taken)
    looked_up: dict[str, int | str] = {}
    for row in rows:
        try:
            address = clean(row.address)
        except Refused:
            faults.append(_fault(row.line, "address", address=row.address))
            continue
        first = lines.setdefault(address, row.line)
        if first != row.line:
            faults.append(_fault(row.line, "again", address=address, first=first))
            continue
        if is_there(address):
            faults.append(_fault(row.line, "there", address=address))
            continue
        found = all_of if not row.group and all_of is not None else looked_up.get(row.group)
        if found is None:
            found = looked_up[row.group] = groups.find(row.group)
        if isinstance(found, str):
            faults.append(_fault(row.line, found, group=row.group))
            continue
        spoken = row.language.casefold() or language
        if spoken not in languages:
            faults.append(
                _fault(row.line, "language", language=row.language, languages=" / ".join(languages))
            )
            continue
        stratum = groups.strata[found]
        if taken[found] >= stratum.invited:
            faults.append(_fault(row.line, "over", group=stratum.name, invited=stratum.invited))
            continue
        taken[found] += 1
        sound.append(Invitee(row.line, address, found, spoken))
    return AddressList(tuple(sound), tuple(sorted(faults, key=lambda fault: fault.line)))


def _rows(text: str, all_of: int | None) -> tuple[list[_Row], list[RowFault]]:
    plain = text.lstrip("\ufeff")
    first = next((line for line in plain.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=separator, strict=False)
    columns: dict[str, int] | None = None
    rows: list[_Row] = []
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if columns is None:
                columns = _columns(trimmed)
                if columns:
                    faults = _missing(reader.line_num, columns, all_of)
                    if faults:
                        return [], faults
                    continue
                columns = {"address": 0, **({"stratum": 1} if all_of is None else {})}
            rows.append(_Row(reader.line_num, *(_cell(trimmed, columns, name) for name in COLUMNS)))
            if len(rows) > MOST_ROWS:
                return [], [_fault(reader.line_num, "too-many-rows", most=MOST_ROWS)]
    except csv.Error as error:
        return rows, [_fault(reader.line_num, "not-csv", error=error)]
    return rows, []


def _columns(cells: list[str]) -> dict[str, int]:
    """Where each column stands, when this is a line of names; {} when it holds an address."""
    if any("@" in cell for cell in cells):
        return {}
    lowered = [cell.casefold() for cell in cells]
    found = {}
    for name, known in COLUMNS.items():
        place = next((lowered.index(each) for each in known if each in lowered), None)
        if place is not None:
            found[name] = place
    return found


def _missing(line: int, columns: dict[str, int], all_of: int | None) -> list[RowFault]:
    if "address" not in columns:
        return [_fault(line, "no-address-column")]
    return [_fault(line, "no-group-column")] if "stratum" not in columns and all_of is None else []


def _cell(cells: list[str], columns: dict[str, int], name: str) -> str:
    place = columns.get(name)
    return cells[place] if place is not None and place < len(cells) else ""


def _fault(line: int, reason: str, **facts: object) -> RowFault:
    return RowFault(line, SENTENCES[reason].format(**facts), reason, facts)
