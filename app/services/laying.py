"""Laying beside: a released scan, a period and the cards of an open vault enter; both sides of each theme leave.

Only published documents are read of the scan. Nothing that leaves is kept: the page shows it and forgets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.release import Release
from app.core.signals.beside import Laid, lay, lay_units
from app.core.signals.card import Card, Quarter
from app.core.signals.earlier import NO_YEARS, Earlier
from app.core.signals.placing import headcount_of
from app.core.signals.rates import quarters_for_few
from app.core.signals.readings import THRESHOLDS
from app.core.signals.rising import rising
from app.core.signals.scan_side import changes_of
from app.services import comparing, opening, preparing, releasing
from app.storage.database import Store
from app.storage.office import releases, scans
from app.storage.office.scans import Scan

LEAST_QUARTERS, MOST_QUARTERS = 4, 8


@dataclass(frozen=True)
class Period:
    """Quarters to lay beside a scan, both ends included."""

    first: Quarter
    last: Quarter

    @property
    def quarters(self) -> int:
        return self.last.index - self.first.index + 1


@dataclass(frozen=True)
class Beside:
    """The organisation and its parts. `earlier` is the scan that changes are since, None for the first; `compared` is False
    while that comparison is still being worked out; `units_in` is the part of the period in which units have cards."""

    whole: Laid
    units: tuple[Laid, ...]
    release: Release
    earlier: Scan | None
    compared: bool
    units_in: Period | None


def released(store: Store, *, by: Actor, now: datetime) -> tuple[Scan, ...]:
    """Scans that signals can be laid beside, the newest first: those whose results are open."""
    check("keep-signals", by)
    with store.reading() as session:
        found = [
            row
            for row in scans.of_organisation(session, by.organisation)
            if State(row.state) in comparing.READABLE and releases.latest_digest(session, row.id) is not None
        ]
    return tuple(sorted(opening.only_readable(found, by=by, now=now), key=_closed, reverse=True))


def usual_period(
    scan: Scan, release: Release, cards: Sequence[Card], today: date, earlier: Earlier = NO_YEARS
) -> Period:
    """Up to the quarter in which the scan closed, if that is over: the last four quarters, or more where so few people work that
    silence says nothing sooner; at most eight, and none before the first card: then nobody kept signals here."""
    closed, now = Quarter.of(_closed(scan)), Quarter.of(today)
    last = min(closed, Quarter.at(now.index - 1))
    headcount = headcount_of(release, release.organisation)
    needed = quarters_for_few(headcount, THRESHOLDS.rate) or LEAST_QUARTERS
    quarters = min(MOST_QUARTERS, max(LEAST_QUARTERS, needed))
    known = first_kept(cards, earlier)
    first = known.index if known else last.index
    return Period(Quarter.at(min(last.index, max(first, last.index - quarters + 1))), last)


def first_kept(cards: Sequence[Card], earlier: Earlier) -> Quarter | None:
    """The first quarter with a card, be it a count by now."""
    known = [card.quarter for card in cards] + ([earlier.first] if earlier.first else [])
    return min(known, default=None)


def lay_beside(
    store: Store,
    *,
    scan: str,
    period: Period,
    cards: Sequence[Card],
    files: Path,
    by: Actor,
    now: datetime,
    earlier: Earlier = NO_YEARS,
) -> Beside:
    """`files` is where comparisons between scans are kept once they were worked out. Parts of the organisation are laid beside
    quarters with cards only. Raises Refused, NotAllowed."""
    check("keep-signals", by)
    opening.check_row(comparing.own_scan(store, scan, by), by=by, now=now)
    release = Release(releasing.document(store, scan=scan))
    before = comparing.baseline(store, scan=scan, by=by, now=now)
    found = None
    if before is not None:
        key = preparing.change_key(store, scan=scan, against=before.id, by=by, now=now)
        found = preparing.read(files, key)
    whole = lay(
        release,
        cards,
        first=period.first,
        last=period.last,
        changes=changes_of(found, release.organisation) if found else None,
        trends=rising(cards, last=period.last, before=earlier.firsts()),
        earlier=earlier,
    )
    kept = _with_cards(period, earlier)
    units = lay_units(release, cards, first=kept.first, last=kept.last) if kept else ()
    return Beside(whole, units, release, before, before is None or found is not None, kept)


def _with_cards(period: Period, earlier: Earlier) -> Period | None:
    """The last part of a period in which no quarter is a count."""
    quarters = [Quarter.at(index) for index in range(period.first.index, period.last.index + 1)]
    counted = earlier.among(quarters)
    first = max(counted).index + 1 if counted else period.first.index
    return Period(Quarter.at(first), period.last) if first <= period.last.index else None


def _closed(scan: Scan) -> date:
    return scan.closes_on or scan.opened_on or scan.created_at.date()
