"""Releasing: a sealed dataset becomes one immutable, protected document; reading it checks its digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.core import lifecycle
from app.core.access import Actor, check
from app.core.instrument import check_same_questions
from app.core.lifecycle import State
from app.core.plan import PERSONAL, Plan
from app.core.refusal import Refused
from app.core.release import Document, canonical, read
from app.storage import datasets, issuing
from app.storage.database import Store
from app.storage.office import audit, releases, scans
from app.storage.office.releases import Listed
from app.storage.office.scans import Scan

if TYPE_CHECKING:
    from app.core.attack import Published
    from app.core.tally import Tally

_KEPT = 4
NOT_PASSED = (
    "the attack on these results found a way to a small group or its answers in whatever would be shown of them; "
    "a coordinator looks at it and decides"
)
Progress = Callable[[int, int, str], None]


def release(
    store: Store,
    *,
    scan: str,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> str:
    """Compute, protect, attack and publish. Gives the digest of the release.

    Raises Cancelled when stopped; the scan then stays sealed.
    """
    check("release-scan", by)
    row = _own(store, scan, by)
    lifecycle.after("release", State(row.state))
    assert row.settings is not None
    return _publish(store, row, row.settings, Edition(1), by, now, progress, cancelled)


@dataclass(frozen=True)
class Edition:
    """The first publication of a scan, or a corrected one: with the corrected questionnaire and why."""

    number: int
    instrument: str = ""
    reason: str = ""


def correct(
    store: Store,
    *,
    scan: str,
    instrument: str,
    reason: str,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> str:
    """A further edition of a release with a corrected questionnaire; earlier ones stay listed. Gives its digest.

    The answers stay what they are, so the questions and the codes of their answers must be the same ones. Raises
    core.instrument.InstrumentFaults for a faulty file, Refused otherwise, Cancelled when stopped.
    """
    row, corrected, said = _corrected(store, scan, instrument, reason, by)
    with store.reading() as session:
        number = max(edition.edition for edition in releases.listed(session, scan)) + 1
    return _publish(store, row, corrected, Edition(number, instrument, said), by, now, progress, cancelled)


def check_correction(store: Store, *, scan: str, instrument: str, reason: str, by: Actor) -> None:
    """Raise what `correct` would raise, before the work is given to the worker."""
    _corrected(store, scan, instrument, reason, by)


def is_latest(store: Store, *, scan: str, instrument: str, reason: str) -> bool:
    """Whether the latest edition of a scan is this correction."""
    with store.reading() as session:
        latest = releases.latest(session, scan)
    return latest is not None and (latest.instrument, latest.reason) == (instrument, " ".join(reason.split()))


def _corrected(store: Store, scan: str, instrument: str, reason: str, by: Actor) -> tuple[Scan, Plan, str]:
    """The scan, its plan with the corrected questionnaire, and the reason as readers see it."""
    check("correct-release", by)
    row = _own(store, scan, by)
    if State(row.state) is not State.RELEASED:
        raise Refused(
            "not-released", "only released results whose answers are still there can be corrected", scan=scan
        )
    said = " ".join(reason.split())
    if not said:
        raise Refused("no-reason", "say in a sentence what was wrong; readers see it beside the new edition")
    plan = row.settings
    assert plan is not None
    corrected = replace(plan, instrument=instrument)
    check_same_questions(plan.questionnaire, corrected.questionnaire)
    return row, corrected, said


def _own(store: Store, scan: str, by: Actor) -> Scan:
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    return row


def _publish(
    store: Store,
    row: Scan,
    plan: Plan,
    edition: Edition,
    by: Actor,
    now: datetime,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> str:
    # Imported here: pages read releases through this module, and must not load numpy for it.
    from app.core import ladder

    report = progress or (lambda done, total, what: None)
    report(0, 1, "reading")
    found = counted(store, row.id, plan)
    document = ladder.publish(
        plan,
        found,
        known={"about": {**_about(row), **_about_edition(edition)}, "slips": _slips(store, row)},
        out=ladder.Out(*out_already(store, row)),
        progress=progress,
        cancelled=cancelled,
    )
    if by.itself and _nothing_left(document):
        raise Refused("not-passed", NOT_PASSED, scan=row.id)
    digest = str(document["digest"])
    with store.office() as session:
        fresh = scans.get(session, row.id)
        assert fresh is not None
        if edition.number == 1:
            fresh.state = lifecycle.after("release", State(fresh.state))
        session.add(
            releases.Release(
                scan_id=row.id,
                edition=edition.number,
                digest=digest,
                document=canonical(document),
                released_at=now,
                instrument=edition.instrument,
                reason=edition.reason,
            )
        )
        act = "release" if edition.number == 1 else "correct-release"
        audit.record(session, by=by, now=now, act=act, scan=row.id, detail=digest)
    report(1, 1, "done")
    return digest


def _nothing_left(document: Document) -> bool:
    """Whether the attack left nothing to show. Somebody may release that all the same, and say why; nothing does it unasked."""
    return any(step["step"] == "everything" for step in document["attack"]["given_up"])


def counted(store: Store, scan: str, plan: Plan) -> Tally:
    """The counted answers of a sealed scan, for the protector and the attack only. Raises Refused: nobody, destroyed."""
    from app.core.dataset import Part
    from app.core.disclosure import protect

    parts = [Part(rows, block) for rows, block in datasets.parts(store, scan)]
    if not parts:
        with store.reading() as session:
            row = scans.get(session, scan)
        if row is not None and State(row.state) is State.SEALED:
            raise Refused(
                "nobody", "nobody filled in this scan, so there are no results; archive it", scan=scan
            )
        raise Refused("destroyed", "the answers of this scan were destroyed", scan=scan)
    return protect.counted(plan, parts)


def out_already(store: Store, row: Scan) -> tuple[list[Published], list[Published]]:
    """(editions of this scan, releases of the organisation's other scans): all that an attacker holds already."""
    from app.core.attack import Published

    with store.reading() as session:
        others = [scan for scan in scans.of_organisation(session, row.organisation_id) if scan.id != row.id]
        own = [Published(_plan_of(row, e), read(e.document)) for e in releases.editions(session, row.id)]
        earlier = [
            Published(_plan_of(scan, edition), read(edition.document))
            for scan in others
            for edition in releases.editions(session, scan.id)
        ]
    return own, earlier


def _plan_of(row: Scan, edition: releases.Release) -> Plan:
    plan = row.settings
    assert plan is not None
    return replace(plan, instrument=edition.instrument) if edition.instrument else plan


def _about_edition(edition: Edition) -> dict[str, Any]:
    return {"edition": edition.number, **({"correction": edition.reason} if edition.reason else {})}


def _about(row: Scan) -> dict[str, Any]:
    """What a reader must know of the scan beside its numbers."""
    return {
        "scan": row.id,
        "name": row.name,
        "kind": row.kind,
        "imported": row.imported,
        "confirmed": row.confirmed,
        "opened_on": row.opened_on.isoformat() if row.opened_on else None,
        "closed_on": row.closes_on.isoformat() if row.closes_on else None,
        "promise_on": row.promise_on.isoformat() if row.promise_on else None,
    }


def _slips(store: Store, row: Scan) -> list[dict[str, int]]:
    """Per stratum the slips and reserve printed; how many were used is added, protected, in the release.

    Not beside personal links: there nobody can tell who came by slip (see services.reissuing for what is told of those).
    """
    if row.settings is not None and row.settings.way == PERSONAL:
        return []
    return [
        {"stratum": number, "runs": found.runs, "printed": found.printed, "reserve": found.reserve}
        for number, found in sorted(issuing.printings(store, row.id).items())
    ]


def editions(store: Store, *, scan: str) -> list[Listed]:
    """Every edition of a scan without its document, the first one first."""
    with store.reading() as session:
        return releases.listed(session, scan)


def questionnaire(store: Store, *, scan: str, by: Actor) -> str:
    """The questionnaire (TOML) that the latest edition was made with."""
    row = _own(store, scan, by)
    with store.reading() as session:
        latest = releases.latest(session, scan)
    plan = row.settings
    assert plan is not None
    return (latest.instrument if latest else "") or plan.instrument


def document(store: Store, *, scan: str) -> Document:
    """The latest release of a scan, its digest checked; parsed once per process. Read it, don't change it.

    Raises Refused when nothing was released.
    """
    return of_digest(store, latest_digest(store, scan=scan))


def latest_digest(store: Store, *, scan: str) -> str:
    """Of the latest release of a scan. Raises Refused when nothing was released."""
    with store.reading() as session:
        digest = releases.latest_digest(session, scan)
    if digest is None:
        raise _not_released(scan)
    return digest


def of_digest(store: Store, digest: str) -> Document:
    """One release, whatever came after it; checked and parsed once per process. Read it, don't change it."""
    return _read(LookedPast(store), digest)


def published_text(store: Store, *, digest: str) -> str:
    """One release as it was stored: canonical JSON, its digest in it."""
    with store.reading() as session:
        row = releases.by_digest(session, digest)
    assert row is not None
    return row.document


def _not_released(scan: str) -> Refused:
    return Refused("not-released", "the results of this scan are not released yet", scan=scan)


class LookedPast:
    """Lets a store be an argument that the cache looks past: a digest says it all."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LookedPast)


@lru_cache(maxsize=_KEPT)
def _read(source: LookedPast, digest: str) -> Document:
    with source.store.reading() as session:
        row = releases.by_digest(session, digest)
    assert row is not None
    return read(row.document)
