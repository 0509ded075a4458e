"""What the board says of a scan by itself: its days enter, posts with the moment from which they stand leave; nobody writes them.

A day without an hour counts from the next midnight on, so that a post never gets a moment before one that was told already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.core.cadence import DECISIONS_WITHIN
from app.core.days import PLACE, local_day
from app.core.opening import Postponement


class Kind(StrEnum):
    OPENED = "opened"
    THANKS = "thanks"
    MOVED = "moved"
    LATE = "late"
    RESULTS = "results"


@dataclass(frozen=True)
class Days:
    """Of one scan that was opened. `promise_on` is the day promised now; `released_at` when its first edition was made."""

    scan: str
    name: str
    opened_on: date
    closes_on: date | None
    promise_on: date | None
    released_at: datetime | None = None
    moved: Sequence[Postponement] = ()
    imported: bool = False


@dataclass(frozen=True)
class Post:
    """`at` is naive UTC. `day` is what it promises: the last day, the day of the results, or that of the decisions."""

    scan: str
    name: str
    kind: Kind
    at: datetime
    day: date | None = None
    closes_on: date | None = None
    from_on: date | None = None
    reason: str = ""

    @property
    def id(self) -> str:
        """Stays the same: for feeds."""
        moved = f" {self.from_on}" if self.kind is Kind.MOVED else ""
        return f"scan {self.scan} {self.kind}{moved}"


def midnight(day: date) -> datetime:
    """When a day begins in the Netherlands, in naive UTC."""
    return datetime.combine(day, time(), PLACE).astimezone(UTC).replace(tzinfo=None)


def posts(scans: Sequence[Days], now: datetime) -> list[Post]:
    """Everything that stands by now, the newest first."""
    found = [post for scan in scans for post in _of(scan) if post.at <= now]
    return sorted(found, key=lambda post: (post.at, post.id), reverse=True)


def _of(scan: Days) -> Iterator[Post]:
    results = _opened_at(scan)
    if not scan.imported:
        yield from _before(scan)
    promised = scan.promise_on
    if promised is not None:
        late_from = midnight(promised + timedelta(days=1))
        if results is None or results > late_from:
            yield Post(scan.scan, scan.name, Kind.LATE, late_from, promised)
    if results is not None:
        decided = local_day(results) + DECISIONS_WITHIN
        yield Post(scan.scan, scan.name, Kind.RESULTS, results, decided)


def _before(scan: Days) -> Iterator[Post]:
    first = scan.moved[0].from_on if scan.moved else scan.promise_on
    yield Post(
        scan.scan,
        scan.name,
        Kind.OPENED,
        midnight(scan.opened_on + timedelta(days=1)),
        first,
        closes_on=scan.closes_on,
    )
    if scan.closes_on is not None:
        after = midnight(scan.closes_on + timedelta(days=1))
        yield Post(scan.scan, scan.name, Kind.THANKS, after, scan.promise_on)
    for one in scan.moved:
        at = midnight(one.on + timedelta(days=1))
        yield Post(scan.scan, scan.name, Kind.MOVED, at, one.to_on, from_on=one.from_on, reason=one.reason)


def _opened_at(scan: Days) -> datetime | None:
    """When everybody could first read the results."""
    if scan.released_at is None:
        return None
    return max(scan.released_at, midnight(scan.promise_on)) if scan.promise_on else scan.released_at
