"""Importing an adviser's register: a file enters an open vault and is kept there sealed, choices about it follow, cards leave.

Between the pages the file lies in the vault, sealed, one for each adviser. No number of cards or rows goes to the audit log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.core.signals import retention
from app.core.signals.card import Card, Quarter, encode
from app.core.signals.nicknames import could_be_drawn
from app.core.signals.register import (
    FIELDS,
    TIMES,
    Fault,
    Held,
    Lexicon,
    Outcome,
    Unknown,
    begin,
    broad_for,
    decode_held,
    emptied,
    encode_held,
    failed_rows,
    imported,
    key,
    look,
    read,
)
from app.core.signals.register.columns import PERSONAL, SEVERAL, plain
from app.services import keeping
from app.services.keeping import OpenVault
from app.services.reading_workbook import read_file
from app.services.signalling import OPENED
from app.storage.database import Store
from app.storage.office import audit, scans, vaults
from app.storage.office.sign_ins import Session

ACT = "keep-signals"
MOST_MENDS = 2_000
Draw = Callable[[frozenset[str]], str]
"""Gives a nickname that isn't among those taken."""


@dataclass(frozen=True)
class Seen:
    """What would be imported now: the outcome of every row, beside the cards that are kept already."""

    held: Held
    outcome: Outcome
    kept: tuple[Card, ...]
    lexicon: Lexicon
    years: int
    today: date

    @property
    def old(self) -> int:
        """How many of the cards are past the time that this vault keeps cards, and become counts when it is next opened."""
        last = retention.reducible(self.today)
        return sum(retention.until(card.quarter, self.years) <= last for card in self.outcome.cards.values())

    @property
    def reporters(self) -> int:
        return len({card.nickname for card in self.outcome.cards.values()})

    @property
    def joined(self) -> bool:
        """Whether a column says which rows are of one reporter."""
        return bool({"number", "nickname"} & set(self.held.columns))

    @cached_property
    def unknown(self) -> list[Unknown]:
        return self.outcome.unknown(self.lexicon)

    @property
    def by_quarter(self) -> list[tuple[Quarter, int]]:
        counted = Counter(card.quarter for card in self.outcome.cards.values())
        return sorted(counted.items())

    @property
    def alike(self) -> int:
        """How many of the cards say the same as one that is kept: a register that was imported before."""
        kept = Counter(map(_apart_from_reporter, self.kept))
        new = Counter(map(_apart_from_reporter, self.outcome.cards.values()))
        return (kept & new).total()


def broad_units(store: Store, *, by: Actor) -> Mapping[str, str]:
    """Names of units that are too small for a card -> the broad unit a card of theirs is about, by the newest opened scan."""
    check(ACT, by)
    with store.reading() as session:
        for row in scans.of_organisation(session, by.organisation):
            if State(row.state) in OPENED and row.settings is not None:
                return broad_for(row.settings)
    return {}


def upload(store: Store, *, raw: bytes, lexicon: Lexicon, opened: OpenVault, by: Actor) -> Held:
    """Keep a file sealed in the place of an earlier one. Raises NotAllowed, Refused as `read_file`, and no-rows."""
    _check(opened, by)
    held = begin(read_file(raw), account=opened.account, lexicon=lexicon)
    if not held.left:
        raise Refused("no-rows", "there are no rows in this file; choose the file of your register")
    _put(store, opened, held)
    return held


def under_way(store: Store, *, opened: OpenVault, by: Actor) -> Held | None:
    """This adviser's import, if one was begun."""
    _check(opened, by)
    with store.reading() as session:
        found = _own(session, opened)
    return next(iter(found.values()), None)


def place(
    store: Store, *, sheet: int, line: int | None, lexicon: Lexicon, opened: OpenVault, by: Actor
) -> Held:
    """Choose another sheet or header line (None: the likeliest). Raises Refused("no-import")."""
    held = look(_present(store, opened, by), sheet=sheet, line=line, lexicon=lexicon)
    _put(store, opened, held)
    return held


def map_columns(
    store: Store, *, columns: Sequence[str], year: int | None, opened: OpenVault, by: Actor
) -> Held:
    """Say what each column holds. Raises Refused: no-import, bad-columns, no-time, twice (with `field`)."""
    held = _present(store, opened, by)
    if len(columns) != len(held.columns) or not set(columns) <= {*FIELDS, ""}:
        raise Refused("bad-columns", "the columns changed meanwhile; look them over again")
    chosen = tuple(
        PERSONAL if before == PERSONAL else now for before, now in zip(held.columns, columns, strict=True)
    )
    for field, times in Counter(each for each in chosen if each).items():
        if times > 1 and field not in (*SEVERAL, PERSONAL):
            raise Refused("twice", f"two columns are chosen for {field}; choose one", field=field)
    if not set(TIMES[:3]) & set(chosen):
        raise Refused("no-time", "choose the column that holds the date, the quarter or the month")
    held = replace(held, columns=chosen, year=year)
    _put(store, opened, held)
    return held


def mend(store: Store, *, mends: Mapping[tuple[str, str], str], opened: OpenVault, by: Actor) -> Held:
    """Say what unknown values mean, for all rows that hold them; "" takes a choice back. Raises Refused("no-import")."""
    held = _present(store, opened, by)
    merged = {**held.mends, **{key(field, value): choice for (field, value), choice in mends.items()}}
    kept = {at: choice for at, choice in merged.items() if choice}
    held = replace(held, mends=dict(list(kept.items())[-MOST_MENDS:]))
    _put(store, opened, held)
    return held


def see(store: Store, *, lexicon: Lexicon, draw: Draw, opened: OpenVault, by: Actor, now: datetime) -> Seen:
    """Every row as a card or with its faults; nicknames of numbered reporters are drawn once. Raises Refused("no-import")."""
    held = _present(store, opened, by)
    with store.reading() as session:
        seen = _read(session, opened, held, lexicon, draw, now)
    if seen.outcome.reporters != held.reporters:
        _put(store, opened, seen.held)
    return seen


def keep_cards(
    store: Store,
    *,
    lexicon: Lexicon,
    draw: Draw,
    sign_in: str,
    opened: OpenVault,
    by: Actor,
    now: datetime,
) -> tuple[int, int]:
    """Import every row that is a card; (cards, rows that are left). What is left stays sealed until it is mended or thrown away.

    Raises Refused: no-import, nothing-to-import.
    """
    _check(opened, by)
    with store.office() as session:
        # All in one transaction: sent twice, the second finds nothing left.
        own = _own(session, opened)
        held = next(iter(own.values()), None)
        if held is None or not held.book.sheets:
            raise _none()
        seen = _read(session, opened, held, lexicon, draw, now)
        if not seen.outcome.cards:
            raise Refused("nothing-to-import", "no row can be imported yet; mend the values that are named")
        bodies = [encode(card) for card in seen.outcome.cards.values()]
        keys = keeping.keep(session, organisation=opened.organisation, kind=keeping.CARD, bodies=bodies)
        after = imported(seen.held, set(seen.outcome.cards), keys, sign_in)
        after = after if after.left else emptied(after)
        _replace(session, opened, list(own), after)
        audit.record(session, by=by, now=now, act="import-register")
    return len(bodies), len(seen.outcome.faults)


def can_undo(store: Store, *, held: Held | None, sign_in: str, opened: OpenVault, by: Actor) -> int:
    """How many cards of the last import in this sign-in are still as they came."""
    _check(opened, by)
    if held is None or not held.undo or held.sign_in != sign_in:
        return 0
    with store.reading() as session:
        there = {at for at, _ in vaults.every(session, opened.organisation, keeping.CARD)}
    return len(there & set(map(bytes.fromhex, held.undo)))


def undo(store: Store, *, sign_in: str, opened: OpenVault, by: Actor, now: datetime) -> int:
    """Remove the cards of the last import; those that were changed since stay. How many were removed.

    Raises Refused("nothing-to-undo").
    """
    _check(opened, by)
    with store.office() as session:
        own = _own(session, opened)
        held = next(iter(own.values()), None)
        if held is None or not held.undo or held.sign_in != sign_in:
            raise Refused(
                "nothing-to-undo", "there is no import to take back; cards can be removed one by one"
            )
        there = {at for at, _ in vaults.every(session, opened.organisation, keeping.CARD)}
        keys = [each for each in map(bytes.fromhex, held.undo) if each in there]
        keeping.forget(session, opened, kind=keeping.CARD, keys=keys)
        after = replace(held, undo=(), sign_in="")
        _replace(session, opened, list(own), after if after.book.sheets else None)
        audit.record(session, by=by, now=now, act="undo-import")
    return len(keys)


def throw_away(store: Store, *, opened: OpenVault, by: Actor) -> None:
    """Destroy what is held of a file; cards that were imported stay, and can still be taken back."""
    _check(opened, by)
    with store.office() as session:
        own = _own(session, opened)
        held = next(iter(own.values()), None)
        _replace(session, opened, list(own), emptied(held) if held is not None and held.undo else None)


def failed(seen: Seen, *, say: Callable[[Fault], str], headings: tuple[str, str, str]) -> list[list[str]]:
    """The rows that are no card yet, for a spreadsheet."""
    return failed_rows(seen.held.table, seen.held.reading, seen.outcome, say=say, headings=headings)


def _read(
    session: Session, opened: OpenVault, held: Held, lexicon: Lexicon, draw: Draw, now: datetime
) -> Seen:
    if not held.book.sheets:
        raise _none()
    vault = vaults.vault(session, opened.organisation)
    assert vault is not None
    kept = tuple(keeping.cards(session, opened).values())
    existing = frozenset(plain(card.nickname) for card in kept)
    taken = set(existing) | {plain(name) for name in held.reporters.values()}

    def fresh() -> str:
        found = draw(frozenset(taken))
        taken.add(plain(found))
        return found

    own_export = "continues" in held.columns and "nickname" in held.columns
    outcome = read(
        held.table,
        held.reading,
        lexicon,
        draw=fresh,
        is_nickname=lambda text: own_export or plain(text) in taken or could_be_drawn(text),
        now=Quarter(now.year, (now.month - 1) // 3 + 1),
        mends=held.mends,
        reporters=held.reporters,
        existing=existing,
    )
    held = replace(held, reporters=outcome.reporters)
    return Seen(held, outcome, kept, lexicon, vault.years, now.date())


def _apart_from_reporter(card: Card) -> Card:
    return replace(card, nickname="", continues=False)


def _none() -> Refused:
    return Refused("no-import", "there is no import under way; choose the file of your register first")


def _present(store: Store, opened: OpenVault, by: Actor) -> Held:
    held = under_way(store, opened=opened, by=by)
    if held is None or not held.book.sheets:
        raise _none()
    return held


def _own(session: Session, opened: OpenVault) -> dict[bytes, Held]:
    found = keeping.read(session, opened, keeping.IMPORT, decode_held)
    return {at: held for at, held in found.items() if held.account == opened.account}


def _put(store: Store, opened: OpenVault, held: Held) -> None:
    with store.office() as session:
        _replace(session, opened, list(_own(session, opened)), held)


def _replace(session: Session, opened: OpenVault, before: Sequence[bytes], held: Held | None) -> None:
    keeping.forget(session, opened, kind=keeping.IMPORT, keys=before)
    if held is not None:
        bodies = [encode_held(held)]
        keeping.keep(session, organisation=opened.organisation, kind=keeping.IMPORT, bodies=bodies)


def _check(opened: OpenVault, by: Actor) -> None:
    check(ACT, by)
    if opened.organisation != by.organisation:
        raise Refused("other-vault", "this vault is of another organisation")
