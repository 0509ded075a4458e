"""The public face of a scan: what its respondents may know, read from the office database and kept for two seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from app.core.answers import Encoder
from app.core.instrument import Instrument
from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, PERSONAL, Plan, from_json
from app.core.strata import join_strata
from app.storage.database import BALLOTS, Store
from app.storage.office import organisations, scans, updates, vaults
from app.storage.office.organisations import HelpLine

SECONDS_KEPT = 2.0
LEAST_COMMENT_PART = 30


@dataclass(frozen=True)
class Prepared:
    """What a frozen plan means for a form; made once per plan and process."""

    plan: Plan
    instrument: Instrument
    encoder: Encoder
    comment_parts: tuple[int, ...]


@dataclass(frozen=True)
class Face:
    """One scan as its respondents see it. `open` says whether new forms are given today.

    `asks_comments`: the advisers have a vault that what people write can be sealed to, with `vault_key`; without one the
    questions for own words are left out. `board`: the address of the organisation's board, "" for none.
    """

    scan: str
    scan_name: str
    kind: str
    state: State
    organisation_id: int
    organisation_name: str
    slug: str
    operator: str
    help_lines: tuple[HelpLine, ...]
    report_elsewhere: str
    quick_exit: str
    plan_digest: str
    confirmed: bool
    imported: bool
    weaker: bool
    closes_on: date | None
    promise_on: date | None
    destroy_on: date | None
    asks_comments: bool
    board: str
    vault_key: bytes | None = field(repr=False, compare=False)
    prepared: Prepared = field(repr=False, compare=False)

    @property
    def instrument(self) -> Instrument:
        return self.prepared.instrument

    @property
    def min_group(self) -> int:
        return self.prepared.plan.min_group

    @property
    def way(self) -> str:
        return self.prepared.plan.way

    @property
    def is_open_link(self) -> bool:
        return self.way == OPEN_LINK

    @property
    def is_personal(self) -> bool:
        return self.way == PERSONAL

    def open(self, today: date) -> bool:
        return self.state is State.OPEN and (self.closes_on is None or today <= self.closes_on)


@lru_cache(maxsize=64)
def prepare(plan_text: str) -> Prepared:
    plan = from_json(plan_text)
    instrument = plan.questionnaire
    parts = join_strata(plan.tree, plan.strata, LEAST_COMMENT_PART)
    return Prepared(plan, instrument, Encoder(instrument), parts)


class _Kept:
    """Faces read lately. Two seconds old is fresh enough: what counts at submission is the ballots database's own word."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._faces: dict[tuple[int, str], tuple[float, Face | None]] = {}

    def get(self, store: Store, scan: str) -> Face | None:
        key, now = (id(store), scan), self._clock()
        found = self._faces.get(key)
        if found is not None and now - found[0] < SECONDS_KEPT:
            return found[1]
        face = _read(store, scan)
        with self._lock:
            if len(self._faces) > 256:
                self._faces.clear()
            self._faces[key] = (now, face)
        return face


_kept = _Kept()


def face(store: Store, scan: str) -> Face | None:
    """The face of an opened scan; None when there is none, or it is still being prepared."""
    return _kept.get(store, scan)


def fresh(store: Store, scan: str) -> Face | None:
    """The same, read now."""
    return _read(store, scan)


def _read(store: Store, scan: str) -> Face | None:
    with store.reading() as session:
        row = scans.get(session, scan)
        if row is None or not row.plan or State(row.state) in (State.DRAFT, State.READY):
            return None
        owner = organisations.get(session, row.organisation_id)
        assert owner is not None
        chosen = owner.settings
        key = vaults.public_key(session, owner.id)
        board = updates.board(session, owner.id)
        return Face(
            scan=row.id,
            scan_name=row.name,
            kind=row.kind,
            state=State(row.state),
            organisation_id=owner.id,
            organisation_name=owner.name,
            slug=owner.slug,
            operator=chosen.operator or owner.name,
            help_lines=tuple(sorted(chosen.help_lines, key=lambda line: not line.own)),
            report_elsewhere=chosen.report_elsewhere,
            quick_exit=chosen.quick_exit,
            plan_digest=row.plan_digest,
            confirmed=row.confirmed,
            imported=row.imported,
            # Who only gives stamps has no ballots, and shows no page that says this.
            weaker=store.has(BALLOTS) and store.engine(BALLOTS).dialect.name != "sqlite",
            closes_on=row.closes_on,
            promise_on=row.promise_on,
            destroy_on=row.destroy_on,
            asks_comments=key is not None,
            board=board.address if board else "",
            vault_key=key,
            prepared=prepare(row.plan),
        )
