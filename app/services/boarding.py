"""Boarding: an organisation enters; its published updates as the board lists them leave, read once and kept by this process.

What was published never changes, so a version is parsed once; after a change only what is new is read.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from weakref import WeakKeyDictionary

from app.core import opening
from app.core.days import local_day
from app.core.feedback import from_json
from app.core.lifecycle import State, is_frozen
from app.core.opening import Postponement
from app.core.shelf import Entry, index
from app.core.word_index import WordIndex
from app.services.opening import OUT
from app.storage.database import Store
from app.storage.office import board_changes, board_reading, effects, postponements, releases, scans
from app.storage.office.scans import Scan

MOST_BOARDS = 8


@dataclass(frozen=True)
class Shelf:
    """The updates of one organisation at one number of changes; what was published last comes first.

    `themes`: how many there are of each.
    """

    number: int
    entries: tuple[Entry, ...]
    rows: dict[int, Entry]
    themes: Counter[str]

    @cached_property
    def words(self) -> WordIndex:
        """Made when somebody first looks for a word since the last change."""
        return index(self.entries)


_shelves: WeakKeyDictionary[Store, OrderedDict[int, Shelf]] = WeakKeyDictionary()


def number(store: Store) -> int:
    """Goes up with everything a board may show."""
    return board_changes.number(store)


def shelf(store: Store, *, organisation: int) -> Shelf:
    """As things are now."""
    # Asked before reading: a change in between makes this one a visit too old, never too new.
    now, shelves = number(store), _shelves.setdefault(store, OrderedDict())
    before = shelves.get(organisation)
    if before is not None and before.number == now:
        return before
    kept = before.rows if before is not None else {}
    with store.reading() as session:
        heads = board_reading.heads(session, organisation)
        remarked = board_reading.remarked(session, organisation)
        missing = {head.row for head in heads} - kept.keys()
        texts = dict(board_reading.contents(session, missing))
    rows: dict[int, Entry] = {}
    for head in heads:
        entry = kept.get(head.row)
        if entry is None or entry.remarked is not (head.update in remarked):
            content = entry.content if entry else from_json(texts[head.row])
            entry = Entry(head.update, content, head.published_at, head.update in remarked)
        rows[head.row] = entry
    made = shelves[organisation] = Shelf(
        now, tuple(rows.values()), rows, Counter(one.content.theme for one in rows.values())
    )
    shelves.move_to_end(organisation)
    if len(shelves) > MOST_BOARDS:
        shelves.popitem(last=False)
    return made


@dataclass(frozen=True)
class Standing:
    """A scan as the board tells of it. `results`: everybody may read them; `late`: the promised day came without them.

    `not_out`: why the last try to release it by itself failed, see storage.office.effects; empty where none did.
    """

    scan: Scan
    results: bool
    late: bool
    filling_in: bool
    moved: tuple[Postponement, ...]
    not_out: str = ""


def standings(store: Store, *, organisation: int, now: datetime) -> tuple[Standing, ...]:
    """Of every scan that was opened, the newest first."""
    with store.reading() as session:
        rows = [row for row in scans.of_organisation(session, organisation) if is_frozen(State(row.state))]
        failed = effects.not_out(session, organisation)
        return tuple(
            _standing(
                row,
                postponements.of_scan(session, row.id),
                released=State(row.state) in OUT and releases.latest_digest(session, row.id) is not None,
                not_out=failed.get(row.id, ""),
                now=now,
            )
            for row in rows
        )


def _standing(
    row: Scan, moved: tuple[Postponement, ...], *, released: bool, not_out: str, now: datetime
) -> Standing:
    state = State(row.state)
    return Standing(
        row,
        results=opening.is_open(released=released, promise_on=row.promise_on, now=now),
        late=state is not State.ARCHIVED
        and opening.is_overdue(released=released, promise_on=row.promise_on, now=now),
        filling_in=state is State.OPEN and (row.closes_on is None or local_day(now) <= row.closes_on),
        moved=moved,
        not_out="" if released else not_out,
    )
