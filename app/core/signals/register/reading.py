"""Rows into cards: a table, its columns and what was mended enter; cards and row errors leave, and no row is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from types import MappingProxyType

from app.core.signals.card import MOST_CHOSEN, MOST_NOTE, BadCard, Card, Quarter, encode
from app.core.signals.register import words
from app.core.signals.register.columns import plain
from app.core.signals.register.dates import month_comes_first, read_quarter, read_year
from app.core.signals.register.header import Table
from app.core.signals.register.lexicon import WHOLE, Lexicon

SKIP = "-"
"""A mend that leaves a value out."""
CUT = "cut"
"""A mend that cuts long notes off."""
TIMES = ("date", "quarter", "month", "year")
NOTHING: Mapping[tuple[str, str], str] = MappingProxyType({})

SENTENCES = {
    "no-quarter": "there is no date or quarter here; fill it in",
    "bad-quarter": "“{value}” is no date or quarter that is understood; write 3-3-2025 or 2025-Q1",
    "future": "{quarter} is still to come; correct the date",
    "unknown": "“{value}” is not one of the choices; choose what it means",
    "empty": "there is no category and no theme here; choose one",
    "no-category": "this category has only values that are left out, and there is no theme; choose one",
    "too-many": "there are {count} here and a card holds {most}; leave some out",
    "long-note": "this note has {count} characters and a card holds {most}; shorten it, or have it cut off",
    "nickname": "“{value}” is no nickname of this program; leave the cell empty and a new one is drawn",
    "yes-no": "“{value}” must be yes or no",
    "does-not-fit": "this row holds more than fits on a card; shorten its note",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell of one row. `field` names the column, `value` what stands there."""

    line: int
    field: str
    value: str
    reason: str
    facts: Mapping[str, object] = made(default_factory=dict, compare=False)

    @property
    def message(self) -> str:
        return SENTENCES[self.reason].format(value=self.value, **self.facts)


@dataclass(frozen=True)
class Reading:
    """How a table is read: a field (or "") for each column, and a year for rows without one."""

    columns: tuple[str, ...]
    year: int | None = None


@dataclass(frozen=True)
class Unknown:
    """A value that means nothing yet, in how many rows, and the choices closest to it."""

    field: str
    value: str
    rows: int
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Every row by its line: a card, or one fault or more. `reporters` is number -> nickname, also of rows with faults."""

    cards: Mapping[int, Card]
    faults: Mapping[int, tuple[Fault, ...]]
    reporters: Mapping[str, str]

    def unknown(self, lexicon: Lexicon) -> list[Unknown]:
        """What could be mended for all rows with the same value, the most frequent first."""
        counts = Counter(
            (fault.field, plain(fault.value) or fault.value, fault.reason == "long-note")
            for faults in self.faults.values()
            for fault in faults
            if fault.reason in MENDABLE
        )
        shown = {
            (fault.field, plain(fault.value) or fault.value): fault.value
            for faults in self.faults.values()
            for fault in faults
        }
        found = []
        for (axis, compared, long), rows in counts.items():
            value = "" if long else shown[axis, compared]
            close = lexicon[axis].closest(value) if axis in lexicon.axes and value else []
            found.append(Unknown(axis, value, rows, tuple(close)))
        return sorted(_merged(found), key=lambda each: (-each.rows, each.field, each.value))


MENDABLE = frozenset({"unknown", "empty", "bad-quarter", "no-quarter", "long-note"})


def _merged(found: Sequence[Unknown]) -> list[Unknown]:
    """All long notes are one question."""
    long = [each for each in found if each.field == "note"]
    rest = [each for each in found if each.field != "note"]
    return [*rest, Unknown("note", "", sum(each.rows for each in long))] if long else rest


def key(field: str, value: str) -> tuple[str, str]:
    """What a mend is kept under: the same for every way to write a value."""
    return field, "" if field == "note" else plain(value) or value


@dataclass
class _Row:
    """One row being read; faults gather in it."""

    line: int
    cells: Mapping[str, list[str]]
    lexicon: Lexicon
    mends: Mapping[tuple[str, str], str]
    faults: list[Fault] = made(default_factory=list)

    def text(self, field: str) -> str:
        return next((cell for cell in self.cells.get(field, ()) if cell), "")

    def mended(self, field: str, value: str) -> str | None:
        return self.mends.get(key(field, value))

    def fault(self, field: str, value: str, reason: str, **facts: object) -> None:
        self.faults.append(Fault(self.line, field, value, reason, facts))


def read(
    table: Table,
    reading: Reading,
    lexicon: Lexicon,
    *,
    draw: Callable[[], str],
    is_nickname: Callable[[str], bool],
    now: Quarter,
    mends: Mapping[tuple[str, str], str] = NOTHING,
    reporters: Mapping[str, str] | None = None,
    existing: frozenset[str] = frozenset(),
) -> Outcome:
    """Every row of the table becomes a card or gets its faults.

    `draw` gives a nickname that nobody has yet; `existing` holds those of cards that are kept already.
    """
    months = _months_first(table, reading)
    known = dict(reporters or {})
    seen = set(existing)
    cards: dict[int, Card] = {}
    faults: dict[int, tuple[Fault, ...]] = {}
    for line, cells in table.rows:
        row = _Row(line, _by_field(cells, reading.columns), lexicon, mends)
        quarter = _quarter(row, reading.year, months, now)
        nickname, given = _nickname(row, known, draw, is_nickname)
        card = _card(row, quarter, nickname, again=given and nickname in seen)
        if card is None:
            faults[line] = tuple(row.faults)
        else:
            cards[line] = card
            seen.add(nickname)
    return Outcome(cards, faults, known)


def _by_field(cells: Sequence[str], columns: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for cell, into in zip(cells, columns, strict=True):
        if into:  # a dash or a question mark is an empty cell
            found.setdefault(into, []).append(cell if into == "note" or plain(cell) else "")
    return found


def _months_first(table: Table, reading: Reading) -> bool:
    return any(
        month_comes_first(table.column(place))
        for place, field in enumerate(reading.columns)
        if field == "date"
    )


def _quarter(row: _Row, year: int | None, months_first: bool, now: Quarter) -> Quarter | None:
    year = read_year(row.text("year")) or year
    for kind in ("date", "quarter", "month"):
        value = row.text(kind)
        if not value:
            continue
        mend = row.mended(kind, value)
        found = Quarter.read(mend) if mend else None
        found = found or read_quarter(value, year=year, month_first=months_first, kind=kind)
        if found is None:
            row.fault(kind, value, "bad-quarter")
        elif found > now:
            row.fault(kind, value, "future", quarter=str(found))
            return None
        return found
    mend = row.mended("quarter", "")
    if mend:
        return Quarter.read(mend)
    row.fault("quarter", "", "no-quarter")
    return None


def _nickname(
    row: _Row, known: dict[str, str], draw: Callable[[], str], is_nickname: Callable[[str], bool]
) -> tuple[str, bool]:
    """The nickname, and whether the register itself says who it is."""
    written = " ".join(row.text("nickname").lower().split())
    if written:
        if not is_nickname(written):
            row.fault("nickname", written, "nickname")
        return written, True
    number = plain(row.text("number"))
    if not number:
        return draw(), False
    if number not in known:
        known[number] = draw()
    return known[number], True


def _card(row: _Row, quarter: Quarter | None, nickname: str, *, again: bool) -> Card | None:
    chosen = _chosen(row)
    unit = _one(row, "unit", WHOLE)
    contact = _one(row, "contact", "follow-up-talk" if again else "first-contact")
    reporter, source, route = (_one(row, axis, "unknown") for axis in ("reporter", "source", "route"))
    continues = _yes(row, "continues") if row.text("continues") else again
    agrees = _yes(row, "agrees")
    note = _note(row)
    if quarter is None or row.faults:
        return None
    card = Card(
        quarter=quarter,
        categories=tuple(chosen["categories"]),
        themes=tuple(chosen["themes"]),
        unit=None if unit == WHOLE else unit,
        contact=contact,
        reporter=reporter,
        source=source,
        route=route,
        nickname=nickname,
        continues=continues,
        agrees=agrees,
        note=note,
    )
    try:
        encode(card)
    except BadCard:
        row.fault("note", note, "does-not-fit")
        return None
    return card


def _chosen(row: _Row) -> dict[str, list[str]]:
    """Categories and themes. A theme written among the categories goes to the themes, and the other way round."""
    chosen: dict[str, list[str]] = {"categories": [], "themes": []}
    unknown = False
    for axis, other in (("categories", "themes"), ("themes", "categories")):
        for part in row.lexicon[axis].parts("\n".join(row.cells.get(axis, ()))):
            found = _choice(row, axis, other, part)
            if found is None:
                unknown = True
                row.fault(axis, part, "unknown")
            elif found[1] != SKIP and found[1] not in chosen[found[0]]:
                chosen[found[0]].append(found[1])
    if not chosen["categories"] and not chosen["themes"] and not unknown:
        mend = row.mended("categories", "")
        if mend in row.lexicon["categories"].names:
            chosen["categories"].append(str(mend))
        else:
            row.fault("categories", "", "empty")
    for axis, several in chosen.items():
        if len(several) > MOST_CHOSEN:
            row.fault(axis, "", "too-many", count=len(several), most=MOST_CHOSEN)
    return chosen


def _choice(row: _Row, axis: str, other: str, part: str) -> tuple[str, str] | None:
    """(axis, id) of one part of a cell; a mend may point to the other axis as "themes:id"."""
    mend = row.mended(axis, part)
    if mend:
        to, colon, id = mend.partition(":")
        return (to, id) if colon else (axis, mend)
    for each in (axis, other):
        if found := row.lexicon[each].find(part):
            return each, found
    return None


def _one(row: _Row, axis: str, empty: str) -> str:
    value = row.text(axis)
    if not value:
        return empty
    chosen = row.mended(axis, value) or row.lexicon[axis].find(value)
    if chosen is None:
        row.fault(axis, value, "unknown")
    return empty if chosen is None or chosen == SKIP else chosen


def _yes(row: _Row, field: str) -> bool:
    value = row.text(field)
    if plain(value) not in words.YES | words.NO:
        row.fault(field, value, "yes-no")
    return plain(value) in words.YES


def _note(row: _Row) -> str:
    note = "\n".join(cell for cell in row.cells.get("note", ()) if cell)
    if len(note) > MOST_NOTE and row.mended("note", "") == CUT:
        return note[: MOST_NOTE - 1].rstrip() + "…"
    if len(note) > MOST_NOTE:
        row.fault("note", note, "long-note", count=len(note), most=MOST_NOTE)
    return note
