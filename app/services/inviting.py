"""Slips and open links: a scan enters, codes leave once; what stays is a hash per code and the numbers printed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.core.access import Actor, check
from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, PERSONAL, SLIPS
from app.core.refusal import Refused
from app.core.strata import Strata, Stratum
from app.crypto import codes
from app.storage import invited, issuing
from app.storage.database import Store
from app.storage.office import audit, organisations, scans
from app.storage.office.scans import Scan

LEAST_RESERVE = 2
RESERVE_SHARE = 0.05
MOST_RESERVE_SHARE = 0.10


@dataclass(frozen=True)
class Sheet:
    """The codes of one stratum, in random order; the reserve is for the adviser, for lost slips."""

    stratum: int
    name: str
    codes: tuple[str, ...]
    reserve_codes: tuple[str, ...]


@dataclass(frozen=True)
class SlipRun:
    """What one run printed. It is shown once and kept nowhere."""

    scan: str
    slug: str
    sheets: tuple[Sheet, ...]


def reserve_for(invited: int) -> int:
    """How many spare slips a stratum gets unless somebody chooses: 5 %, at least 2."""
    return max(LEAST_RESERVE, round(invited * RESERVE_SHARE))


def most_reserve(invited: int) -> int:
    return max(LEAST_RESERVE, int(invited * MOST_RESERVE_SHARE))


def print_slips(
    store: Store,
    *,
    scan: str,
    strata: Iterable[int] | None = None,
    reserve: int | None = None,
    by: Actor,
    now: datetime,
    local_ok: bool = False,
    address: str = "",
    is_local: bool = True,
) -> SlipRun:
    """Make new codes for these strata (all of them unless named), voiding the unused ones of an earlier run.

    Refused unless the scan is open with slips as its way in or beside personal links (then for those without an address),
    for a public address that only this machine can reach (unless `local_ok`), and for a reserve above a tenth of the invited.
    """
    row, slug = open_scan(store, scan, by)
    plan = row.settings
    assert plan is not None
    if plan.way not in (SLIPS, PERSONAL):
        raise Refused("no-slips", "this scan uses an open link; it has no slips")
    if is_local and not local_ok:
        raise Refused(
            "local-address",
            f"slips would carry the address “{address or 'none'}”, which phones can't reach; set the public address first",
            address=address,
        )
    chosen = _chosen(plan.strata, strata)
    for stratum in chosen:
        most = most_reserve(stratum.invited)
        if reserve is not None and not 0 <= reserve <= most:
            raise Refused(
                "reserve",
                f"the reserve of “{stratum.name}” can be 0 to {most} slips",
                name=stratum.name,
                most=most,
            )
    with store.reading_issuing() as connection:
        by_mail = invited.counts(connection, scan)
    sheets = tuple(
        _sheet(
            stratum,
            stratum.invited - by_mail.get(stratum.number, 0),
            reserve_for(stratum.invited) if reserve is None else reserve,
        )
        for stratum in chosen
    )
    _record(store, row, sheets, by, now)
    _replace(store, scan, sheets, by_mail)
    return SlipRun(scan, slug, sheets)


def _chosen(every: Strata, strata: Iterable[int] | None) -> list[Stratum]:
    """The strata of these numbers, each once: a number twice would void what was just printed."""
    numbers = range(len(every)) if strata is None else sorted(set(strata))
    for number in numbers:
        if not 0 <= number < len(every):
            message = f"there is no stratum {number}; this scan has 0 to {len(every) - 1}"
            raise Refused("no-stratum", message, number=number, most=len(every) - 1)
    return [every[number] for number in numbers]


def _replace(store: Store, scan: str, sheets: tuple[Sheet, ...], by_mail: dict[int, int]) -> None:
    with store.issuing() as connection:
        if invited.counts(connection, scan) != by_mail:
            raise Refused("meanwhile", "addresses were loaded meanwhile; print again")
        for sheet in sheets:
            every = sheet.codes + sheet.reserve_codes
            issuing.replace_slips(
                connection,
                scan,
                sheet.stratum,
                (codes.slip_mark(code) for code in every),
                printed=len(sheet.codes),
                reserve=len(sheet.reserve_codes),
            )
    issuing.tidy(store)


def _record(store: Store, row: Scan, sheets: tuple[Sheet, ...], by: Actor, now: datetime) -> None:
    """The audit row comes first: a crash in between leaves a line too many, never a run nobody knows of."""
    with store.office() as session:
        total = sum(len(sheet.codes) + len(sheet.reserve_codes) for sheet in sheets)
        names = ", ".join(sheet.name for sheet in sheets[:5]) + (", ..." if len(sheets) > 5 else "")
        audit.record(
            session, by=by, now=now, act="print-slips", scan=row.id, detail=f"{total} slips: {names}"
        )


def _sheet(stratum: Stratum, people: int, reserve: int) -> Sheet:
    made = [codes.new_code() for _ in range(people + reserve)]
    secrets.SystemRandom().shuffle(made)
    return Sheet(stratum.number, stratum.name, tuple(made[:people]), tuple(made[people:]))


def make_open_link(
    store: Store, *, scan: str, by: Actor, now: datetime, local_ok: bool = True, is_local: bool = False
) -> str:
    """The code of the scan's open link; an earlier one stops working. Refused for an address only this machine reaches."""
    if is_local and not local_ok:
        raise Refused(
            "local-address", "phones can't reach this address; set the public address first", address=""
        )
    row, _slug = open_scan(store, scan, by)
    plan = row.settings
    assert plan is not None
    if plan.way != OPEN_LINK:
        raise Refused("no-open-link", "this scan uses slips; an open link would let people in twice")
    code = codes.new_code()
    with store.office() as session:
        audit.record(session, by=by, now=now, act="open-link", scan=scan)
    with store.issuing() as connection:
        issuing.set_link(connection, scan, codes.slip_mark(code))
    return code


def open_scan(store: Store, scan: str, by: Actor) -> tuple[Scan, str]:
    """The row of an open scan and its organisation's slug, for who hands out ways in. Raises NotAllowed and Refused."""
    with store.reading() as session:
        row = scans.get(session, scan)
        if row is None or row.organisation_id != by.organisation:
            raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
        owner = organisations.get(session, row.organisation_id)
        assert owner is not None
        check("print-slips-by-choice" if owner.settings.coordinator_prints_slips else "print-slips", by)
        if row.state != State.OPEN:
            raise Refused(
                "not-open",
                f"this scan is {row.state}; slips and links are made while it is open",
                state=row.state,
            )
        if row.imported:
            raise Refused("imported", "this scan's answers were imported; that closed every other way in")
        return row, owner.slug
