"""What became of units: rows of old and new codes enter, a checked map leaves, or every bad row by its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.core.units import FileFaults, RowFault, read_rows

COLUMNS = ("old", "new")
SENTENCES = {
    "map-header": "the header misses {missing}; a unit map needs the columns old,new",
    "map-empty": "there are no rows below the header; add a row old,new for each unit that got another code",
    "map-old": "“{code}” is not a unit of the earlier scan; correct the code or remove the row",
    "map-new": "“{code}” is not a unit of the later scan; correct the code or remove the row",
    "map-again": "this row repeats line {first}; remove one of them",
}


def _fault(line: int, reason: str, **facts: object) -> RowFault:
    return RowFault(line, SENTENCES[reason].format(**facts), reason, facts)


@dataclass(frozen=True)
class UnitMap:
    """Pairs of an old code and a new one. Codes that no pair names stayed what they were.

    Several old codes with one new code were merged; one old code with several new ones was split.
    """

    pairs: frozenset[tuple[str, str]] = frozenset()

    def after(self, codes: Iterable[str], known: Collection[str]) -> frozenset[str]:
        """What these old units became, of the `known` new codes."""
        return self._across(codes, known, dict_of(self.pairs), {new for _, new in self.pairs})

    def before(self, codes: Iterable[str], known: Collection[str]) -> frozenset[str]:
        """What these new units were, of the `known` old codes."""
        back = dict_of((new, old) for old, new in self.pairs)
        return self._across(codes, known, back, {old for old, _ in self.pairs})

    @staticmethod
    def _across(
        codes: Iterable[str], known: Collection[str], pairs: dict[str, set[str]], taken: Collection[str]
    ) -> frozenset[str]:
        """A code without a pair is itself on the other side, unless a pair gave that code to another unit."""
        found: set[str] = set()
        for code in codes:
            if code in pairs:
                found |= pairs[code]
            elif code in known and code not in taken:
                found.add(code)
        return frozenset(found)


def dict_of(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return found


def read_map(text: str, *, old: Collection[str], new: Collection[str]) -> UnitMap:
    """Read `old,new` rows; `old` and `new` hold the codes of both scans. Raises FileFaults with every bad row."""
    header, rows = read_rows(text) if text.strip() else ([], [])
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise FileFaults([_fault(1, "map-header", missing=", ".join(missing))])
    faults: list[RowFault] = [] if rows else [_fault(1, "map-empty")]
    lines: dict[tuple[str, str], int] = {}
    for line, row in rows:
        pair = (row["old"], row["new"])
        if pair[0] not in old:
            faults.append(_fault(line, "map-old", code=pair[0]))
        if pair[1] not in new:
            faults.append(_fault(line, "map-new", code=pair[1]))
        if pair in lines:
            faults.append(_fault(line, "map-again", first=lines[pair]))
        lines.setdefault(pair, line)
    if faults:
        raise FileFaults(faults)
    return UnitMap(frozenset(lines))
