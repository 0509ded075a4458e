"""Certifying: an open scan with personal links enters; a key pair per stratum and the manifest that names them leave, once.

Making keys takes a while, so the worker does it after opening. What it made stays when it is stopped halfway; the
manifest comes last, and until then nobody can be invited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from app.core import lifecycle, manifest
from app.core.access import Actor, check
from app.core.lifecycle import State, WrongState
from app.core.manifest import Facts, Pages, StratumKey
from app.core.plan import PERSONAL, Plan
from app.core.refusal import Refused
from app.crypto import blind, personal
from app.crypto.blind import Public
from app.services import facing
from app.services.facing import Face
from app.storage import invitations, issuing, scan_keys
from app.storage.database import Store
from app.storage.office import audit, manifests, scans
from app.storage.office.scans import Scan

Progress = Callable[[int, int, str], None]
PageMaker = Callable[[Face], Pages]
"""Draws the page of a scan with the script and style it names; the web floor has it."""


@dataclass(frozen=True)
class Served:
    """What is served to everybody, byte for byte, and the keys it names."""

    document: bytes
    pages: Pages
    keys: dict[int, Public]

    @property
    def fingerprint(self) -> str:
        return personal.fingerprint(self.document)


def certify(
    store: Store, *, scan: str, pages: PageMaker, by: Actor, now: datetime, progress: Progress | None = None
) -> None:
    """Make what is missing. Again is harmless; what was made never changes.

    Raises NotAllowed, Refused("no-scan" or "no-personal-links"), and WrongState for a scan that is not open.
    """
    check("open-scan", by)
    row, plan = _own(store, scan, by)
    _only_while_open(store, scan, State(row.state))
    if served(store, scan) is not None:
        return
    report = progress or (lambda done, total, what: None)
    total = len(plan.strata) + 1
    key = scan_keys.make(store.scan_keys, scan)
    for number in range(len(plan.strata)):
        report(number, total, "keys")
        _make_key(store, scan, number, personal.derived(key, personal.SIGNING))
    report(total - 1, total, "manifest")
    _publish(store, row, plan, pages, by, now)
    report(total, total, "done")


def _own(store: Store, scan: str, by: Actor) -> tuple[Scan, Plan]:
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    plan = row.settings
    if plan is None or plan.way != PERSONAL:
        raise Refused("no-personal-links", "this scan has no personal links")
    return row, plan


def _make_key(store: Store, scan: str, stratum: int, signing: bytes) -> None:
    if invitations.signing_key(store, scan, stratum) is not None:
        return
    pair = blind.generate()
    sealed = personal.seal_signing_key(signing, pair.raw, secrets.token_bytes(personal.NONCE_BYTES))
    with store.issuing() as connection:
        there = {found.stratum for found in invitations.keys(connection, scan)}
        if stratum not in there:
            invitations.put_key(connection, scan, invitations.Key(stratum, pair.public.raw, sealed))


def _publish(store: Store, row: Scan, plan: Plan, pages: PageMaker, by: Actor, now: datetime) -> None:
    face = facing.fresh(store, row.id)
    assert face is not None
    made = pages(face)
    with store.reading_issuing() as connection:
        keys = [
            StratumKey(key.stratum, plan.strata[key.stratum].name, key.modulus)
            for key in invitations.keys(connection, row.id)
        ]
    document = manifest.document(_facts(row, face), keys, made)
    with store.office() as session:
        fresh = scans.get(session, row.id)
        state = State(fresh.state) if fresh is not None else State.SEALED
        if state is State.OPEN and manifests.of(session, row.id) is None:
            manifests.put(session, row.id, manifests.Frozen(document, made.page, made.script, made.style))
            words = personal.words(personal.fingerprint(document))
            audit.record(session, by=by, now=now, act="certify-scan", scan=row.id, detail=words)
    _only_while_open(store, row.id, state)


def _only_while_open(store: Store, scan: str, state: State) -> None:
    """Keys that were made while the scan was sealed must not outlive it, also where the work stopped halfway."""
    if state is State.OPEN:
        return
    if lifecycle.is_frozen(state):
        scan_keys.destroy(store.scan_keys, scan)
        issuing.forget(store, scan)
    raise WrongState("certify", state)


def _facts(row: Scan, face: Face) -> Facts:
    return Facts(
        scan=row.id,
        organisation=face.organisation_name,
        operator=face.operator,
        name=row.name,
        title=face.instrument.title,
        opens=row.opened_on,
        closes=row.closes_on,
        min_group=face.min_group,
        settings=row.plan_digest,
    )


_kept: WeakKeyDictionary[Store, dict[str, Served]] = WeakKeyDictionary()
MOST_KEPT = 64


def served(store: Store, scan: str) -> Served | None:
    """What was certified for this scan; None until it was. It never changes, so each process reads it once."""
    known = _kept.setdefault(store, {})
    found = known.get(scan)
    if found is not None:
        return found
    with store.reading() as session:
        frozen = manifests.of(session, scan)
    if frozen is None:
        return None
    keys = {number: Public.of(modulus) for number, modulus in manifest.moduli(frozen.document).items()}
    made = Served(frozen.document, Pages(frozen.page, frozen.script, frozen.style), keys)
    if len(known) >= MOST_KEPT:
        known.clear()
    known[scan] = made
    return made
