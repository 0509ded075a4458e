"""Sealing: ballots enter, the orderless dataset and the public list of receipts leave, and no ballot is left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.core import dataset, lifecycle
from app.core.access import Actor, check
from app.core.dataset import Answers, Numbers
from app.core.lifecycle import State
from app.core.plan import Plan
from app.core.refusal import Refused
from app.mail import outbox
from app.storage import backups, ballots, datasets, issuing, mixing, scan_keys
from app.storage.ballots import IntakeState
from app.storage.database import Store
from app.storage.office import audit, scans
from app.storage.office.scans import Scan

Progress = Callable[[int, int, str], None]


def seal(store: Store, *, scan: str, by: Actor, now: datetime, progress: Progress | None = None) -> None:
    """Close a scan for good. Safe to repeat after a crash: each database is finished before the next is touched."""
    check("seal-scan", by)
    report = progress or (lambda done, total, what: None)
    row = of_organisation(store, scan, by)
    lifecycle.after("seal", State(row.state))
    plan = row.settings
    assert plan is not None
    report(0, 3, "ballots")
    imported = _pack_ballots(store, row, plan)
    report(1, 3, "codes")
    # The key first: from here on every copy of an address or signing key, in a backup too, is nothing but noise.
    scan_keys.destroy(store.scan_keys, scan)
    backups.forget_key(store.backup_note, scan)
    issuing.forget(store, scan)
    outbox.destroy_letters(store.outbox, scan)
    report(2, 3, "scan")
    with store.office() as session:
        fresh = scans.get(session, scan)
        assert fresh is not None
        fresh.state = lifecycle.after("seal", State(fresh.state))
        fresh.imported = fresh.imported or imported
        audit.record(session, by=by, now=now, act="seal", scan=scan)
    report(3, 3, "done")


def _pack_ballots(store: Store, row: Scan, plan: Plan) -> bool:
    """One transaction from ballots to dataset. Gives whether the answers had been imported."""
    with mixing.mixed(store) as connection:
        state = ballots.intake_in(connection, row.id)
        if state is IntakeState.OPEN:
            found = ballots.all_of(connection, row.id)
            items = len(plan.questionnaire.coded)
            strata, answers = dataset.from_ballots(((stratum, block) for _, stratum, block in found), items)
            datasets.put(connection, row.id, _blocks(strata, answers))
            if len(found) >= plan.min_group:
                ballots.publish_receipts(connection, row.id, [key for key, _, _ in found])
            ballots.destroy(connection, row.id)
        ballots.close_intake(connection, row.id, IntakeState.SEALED)
        return state is IntakeState.IMPORTED


def take_import(store: Store, row: Scan, strata: Numbers, answers: Answers) -> None:
    """Make imported answers the dataset of an open scan; from then on nothing else comes in.

    Refused when a slip, link, ballot or earlier import exists.
    """
    with mixing.mixed(store) as connection:
        state = ballots.intake_in(connection, row.id)
        if state is not IntakeState.OPEN:
            raise Refused("imported-already", "this scan's answers were imported or sealed already")
        if issuing.has_ways_in(store, row.id) or not ballots.is_empty(connection, row.id):
            raise Refused(
                "has-ways-in",
                "answers can only be imported into a scan without slips, links or ballots; make a new scan",
            )
        datasets.put(connection, row.id, _blocks(strata, answers))
        ballots.close_intake(connection, row.id, IntakeState.IMPORTED)


def _blocks(strata: Numbers, answers: Answers) -> list[tuple[int, bytes]]:
    """(rows, bytes) of each part of the dataset."""
    return [(part.rows, part.block) for part in dataset.pack(strata, answers)]


def of_organisation(store: Store, scan: str, by: Actor) -> Scan:
    """The scan, if it is one of the actor's organisation; else refused."""
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    return row
