"""Reviewing: with the vault open an adviser reads what respondents wrote, redacts it, drops it, gives it themes; nobody else can.

What was decided is kept in the vault, sealed, joined with its comment by the comment's random key inside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.core.access import Actor, check
from app.core.answers import MOST_COMMENT, tidy, unpack_comment
from app.core.comments import danger
from app.core.comments.leaving import Mention, band
from app.core.comments.review import DROPS, MOST_THEMES, Review, decode_review, encode
from app.core.disclosure.grids import Num
from app.core.lifecycle import State
from app.core.plan import Plan
from app.core.refusal import Refused
from app.services import keeping, resealing
from app.services.keeping import OpenVault
from app.services.launching import own_scan
from app.storage import comments
from app.storage.database import Session, Store
from app.storage.office import scans
from app.storage.office.scans import Scan

READABLE = frozenset({State.SEALED, State.RELEASED})
"""While a scan is open nobody reads along; after archiving there is nothing left."""
PAGE = 5


@dataclass(frozen=True)
class Entry:
    """One comment with what was decided. `written` is as it came, `text` as it now stands; `danger`: ids of danger.toml."""

    key: str
    item: str
    written: str
    danger: tuple[str, ...]
    review: Review

    @property
    def text(self) -> str:
        return self.written if self.review.words is None else self.review.words


@dataclass(frozen=True)
class Page:
    """Some comments on one question. `number` of `pages`, from 1; `entries` is empty when there is nothing (more) to read."""

    entries: tuple[Entry, ...]
    number: int
    pages: int


@dataclass(frozen=True)
class Progress:
    """How far one question is, in bands as they could leave: None for a number under the smallest group."""

    item: str
    total: Num | None
    done: Num | None
    nothing: bool
    all_done: bool
    urgent: bool


def readable(store: Store, *, by: Actor) -> list[Scan]:
    """The scans with questions for own words whose comments may be read now, the newest first."""
    check("review-comments", by)
    with store.reading() as session:
        found = scans.of_organisation(session, by.organisation)
    return [row for row in found if State(row.state) in READABLE and _asks(row)]


def progress(store: Store, opened: OpenVault, *, scan: str, by: Actor) -> list[Progress]:
    """Of each question for own words, in the order of the questionnaire."""
    plan = plan_of(store, scan, by, opened)
    found = entries(store, opened, scan)
    return [
        _progress(item.id, [entry for entry in found if entry.item == item.id], plan.min_group)
        for item in plan.questionnaire.comments
    ]


def page(
    store: Store, opened: OpenVault, *, scan: str, item: str, by: Actor, done: bool = False, number: int = 1
) -> Page:
    """Comments on one question that are still to be read, or `done`; what may speak of danger first, else by random key."""
    plan_of(store, scan, by, opened)
    found = [
        entry for entry in entries(store, opened, scan) if entry.item == item and entry.review.done == done
    ]
    found.sort(key=lambda entry: (not entry.danger, entry.key))
    pages = max(1, -(-len(found) // PAGE))
    at = min(max(number, 1), pages)
    return Page(tuple(found[(at - 1) * PAGE : at * PAGE]), at, pages)


def review(
    store: Store,
    opened: OpenVault,
    *,
    scan: str,
    comment: str,
    words: str,
    dropped: str,
    chosen: Iterable[str],
    themes: Collection[str],
    by: Actor,
    done: bool = True,
) -> None:
    """Keep what an adviser decided on one comment; `themes` are those that can be chosen.

    Raises Refused: "no-comment", "no-drop", "no-theme", "too-many-themes", "too-long".
    """
    plan_of(store, scan, by, opened)
    found = next((entry for entry in entries(store, opened, scan) if entry.key == comment), None)
    if found is None:
        raise Refused("no-comment", "this comment is not there; its scan may have been archived")
    text, named = tidy(words), tuple(dict.fromkeys(chosen))
    if dropped and dropped not in DROPS:
        raise Refused("no-drop", f"there is no reason “{dropped}”")
    if not set(named) <= set(themes):
        raise Refused("no-theme", "choose themes from the list")
    if len(named) > MOST_THEMES:
        raise Refused("too-many-themes", f"choose at most {MOST_THEMES} themes", most=MOST_THEMES)
    if len(text) > MOST_COMMENT:
        raise Refused("too-long", f"at most {MOST_COMMENT} characters", most=MOST_COMMENT)
    changed = None if text == found.written else text
    kept = Review(comment, changed, dropped, () if dropped else named, done)
    with store.office() as session:
        place = kind(scan)
        keys = [key for key, earlier in _reviews(session, opened, scan) if earlier.comment == comment]
        keeping.forget(session, opened, kind=place, keys=keys)
        keeping.keep(session, organisation=opened.organisation, kind=place, bodies=[encode(kept)])


def mentions(store: Store, opened: OpenVault, scan: str) -> list[Mention]:
    """Of every comment that was read and kept: its question, part and themes, without its words."""
    decided = _decided(store, opened, scan)
    with store.reading_ballots() as connection:
        rows = comments.of_scan(connection, scan)
    return [
        Mention(row.item, row.part, frozenset(decided[row.key.hex()].themes))
        for row in rows
        if row.key.hex() in decided and decided[row.key.hex()].counts
    ]


def entries(store: Store, opened: OpenVault, scan: str) -> list[Entry]:
    """Every comment of a scan with its review, in the order of the random keys; without those under a key that was lost."""
    with store.reading_ballots() as connection:
        rows = comments.of_scan(connection, scan)
    decided = _decided(store, opened, scan)
    with store.reading() as session:
        texts = resealing.open_all(session, opened, [row.body for row in rows])
    found = []
    for row, raw in zip(rows, texts, strict=True):
        if raw is None:
            continue
        written, key = unpack_comment(raw), row.key.hex()
        found.append(Entry(key, row.item, written, danger.found(written), decided.get(key, Review(key))))
    return found


def plan_of(store: Store, scan: str, by: Actor, opened: OpenVault) -> Plan:
    """The plan of the scan. Raises as `scan_of`."""
    plan = scan_of(store, scan, by, opened).settings
    assert plan is not None
    return plan


def scan_of(store: Store, scan: str, by: Actor, opened: OpenVault) -> Scan:
    """A scan whose comments this adviser may read now. Raises Refused("no-scan" or "comments-not-now")."""
    check("review-comments", by)
    if opened.organisation != by.organisation:
        raise Refused("no-vault", "this vault is of another organisation")
    with store.reading() as session:
        row = own_scan(session, scan, by)
    if State(row.state) not in READABLE or row.settings is None:
        raise Refused(
            "comments-not-now", "comments can be read from sealing of the scan until it is archived"
        )
    return row


def kind(scan: str) -> str:
    """Where reviews of a scan's comments lie in the vault: apart per scan, because archiving drops them unopened."""
    return f"c:{scan}"


def forget(session: Session, *, organisation: int, scan: str) -> None:
    """Drop every review of a scan, without opening the vault."""
    keeping.forget_kind(session, organisation=organisation, kind=kind(scan))


def _asks(row: Scan) -> bool:
    return row.settings is not None and bool(row.settings.questionnaire.comments)


def _reviews(session: Session, opened: OpenVault, scan: str) -> list[tuple[bytes, Review]]:
    return [*keeping.read(session, opened, kind(scan), decode_review).items()]


def _decided(store: Store, opened: OpenVault, scan: str) -> Mapping[str, Review]:
    with store.reading() as session:
        return {found.comment: found for _, found in _reviews(session, opened, scan)}


def _progress(item: str, found: list[Entry], least: int) -> Progress:
    done = [entry for entry in found if entry.review.done]
    enough = len(found) >= least
    return Progress(
        item=item,
        total=band(len(found), least) if enough else None,
        done=band(len(done), least) if enough and len(done) >= least else None,
        nothing=not found,
        all_done=len(done) == len(found),
        urgent=any(entry.danger and not entry.review.done for entry in found),
    )
