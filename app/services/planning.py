"""Planning: units, a questionnaire and choices enter; a scan whose settings can still change leaves."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from app.core import draft as drafts
from app.core import noticed
from app.core.access import Actor, check
from app.core.draft import Draft
from app.core.instrument import parse
from app.core.lifecycle import KINDS, State, is_frozen
from app.core.plan import MATTERS, PERSONAL, SLIPS, UNIT, BadPlan
from app.core.refusal import Refused
from app.core.strata import DEFAULT_GROUP
from app.core.units import read_tree
from app.services.launching import (
    complete_step,
    confirm_by_council,
    extend,
    open_scan,
    own_draft,
    own_scan,
    set_dates,
    settle,
)
from app.storage.database import Session, Store
from app.storage.office import audit, organisations, scans
from app.storage.office.scans import Scan

ALPHABET = "abcdefghijklmnopqrstuvwxyz23456789"
ID_LENGTH = 10
LONGEST_NAME = 200
FOLLOWS_UP = "follow-up"


def create_scan(
    store: Store,
    *,
    name: str,
    kind: str,
    instrument: str,
    units: str,
    groupings: Iterable[str] = (UNIT,),
    min_group: int = DEFAULT_GROUP,
    way: str = SLIPS,
    spread: int = 1,
    matters: float = MATTERS,
    exchange: bool = False,
    previous: str | None = None,
    by: Actor,
    now: datetime,
) -> str:
    """Make a scan with everything chosen at once; strata are proposed at `spread` times the smallest group.

    `instrument` is TOML text, `units` CSV text; a follow-up follows the scan that was opened last unless
    `previous` names another. Gives the scan's id, 10 characters of a-z and 2-9. Nothing is made on
    InstrumentFaults, FileFaults, BadPlan or TooFewInvited.
    """
    check("plan-scan", by)
    with store.office() as session:
        if kind == FOLLOWS_UP:
            previous = previous or _last_opened(session, by)
        row = _new(session, name=name, kind=kind, previous=previous, by=by, now=now)
        chosen = Draft(
            groupings=_in_order(groupings), min_group=min_group, way=way, spread=spread, matters=matters,
            exchange=exchange,
        )  # fmt: skip
        # Not with_instrument: an unknown grouping that was asked for is a fault here, not something to drop.
        parse(instrument)
        tree = read_tree(units, organisation=_organisation_name(session, by))
        _keep(session, row, replace(chosen, instrument=instrument).with_tree(tree))
        audit.record(session, by=by, now=now, act="create-scan", scan=row.id, detail=f"{row.name} ({kind})")
        return row.id


def start(
    store: Store, *, name: str, kind: str, previous: str | None = None, by: Actor, now: datetime
) -> str:
    """Make an empty draft; with a previous scan, one that starts from its units and choices."""
    check("plan-scan", by)
    with store.office() as session:
        row = _new(session, name=name, kind=kind, previous=previous, by=by, now=now)
        earlier = own_scan(session, previous, by).settings if previous else None
        _keep(session, row, drafts.anew(earlier) if earlier else Draft())
        audit.record(session, by=by, now=now, act="create-scan", scan=row.id, detail=f"{row.name} ({kind})")
        return row.id


def rename(
    store: Store, *, scan: str, name: str, kind: str, previous: str | None = None, by: Actor, now: datetime
) -> None:
    """Another name, kind or previous scan."""
    check("plan-scan", by)
    with store.office() as session:
        row = own_draft(session, scan, by)
        row.name, row.kind = _checked_name(name), _checked_kind(kind)
        row.previous_id = _checked_previous(session, kind, previous, by, itself=scan)
        draft = drafts.from_json(row.draft)
        if kind not in noticed.KINDS and draft.asked:
            _keep(session, row, replace(draft, asked=()))
        audit.record(session, by=by, now=now, act="rename-scan", scan=scan, detail=f"{row.name} ({kind})")


def discard(store: Store, *, scan: str, by: Actor, now: datetime) -> None:
    """Remove a scan that was never opened. Raises Frozen from opening on."""
    check("plan-scan", by)
    with store.office() as session:
        row = own_draft(session, scan, by)
        audit.record(session, by=by, now=now, act="discard-scan", scan=scan, detail=row.name)
        session.delete(row)


def draft_of(row: Scan) -> Draft:
    """What has been chosen for a scan so far; for an opened one, its frozen settings."""
    plan = row.settings if is_frozen(State(row.state)) else None
    return drafts.from_plan(plan) if plan else drafts.from_json(row.draft)


def set_units(store: Store, *, scan: str, text: str, by: Actor, now: datetime) -> None:
    """Load the tree from CSV text. On FileFaults (every bad row) or TooFewInvited nothing is loaded."""
    check("plan-scan", by)

    def change(draft: Draft, session: Session) -> Draft:
        return draft.with_tree(read_tree(text, organisation=_organisation_name(session, by)))

    change_draft(store, scan, by, now, "set-units", change)


def set_instrument(store: Store, *, scan: str, text: str, by: Actor, now: datetime) -> None:
    """Choose the questionnaire. Raises InstrumentFaults; nothing is chosen then."""
    check("plan-scan", by)
    change_draft(store, scan, by, now, "set-instrument", lambda draft, _: draft.with_instrument(text))


def choose(
    store: Store,
    *,
    scan: str,
    groupings: Iterable[str],
    min_group: int,
    way: str,
    matters: float = MATTERS,
    exchange: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """Choose groupings, smallest group, way in and what difference matters. On BadPlan or TooFewInvited nothing is changed.

    `exchange` counts for personal links only: the weaker way for a browser without JavaScript.
    """
    check("plan-scan", by)
    wanted = _in_order(groupings)

    def change(draft: Draft, _: Session) -> Draft:
        return replace(
            draft, groupings=wanted, min_group=min_group, way=way, matters=matters, exchange=exchange
        )

    weaker = ", exchange on the server" if exchange and way == PERSONAL else ""
    detail = f"k={min_group}, {way}, {', '.join(wanted)}, {matters:g} points{weaker}"
    change_draft(store, scan, by, now, "set-choices", change, detail)


def join(store: Store, *, scan: str, strata: Iterable[int], by: Actor, now: datetime) -> None:
    """Make one stratum of these."""
    check("plan-scan", by)
    numbers = frozenset(strata)
    change_draft(store, scan, by, now, "join-strata", lambda draft, _: draft.joined(numbers))


def choose_strata(
    store: Store, *, scan: str, parts: Iterable[Iterable[str]], by: Actor, now: datetime
) -> None:
    """Strata as lists of unit codes. Raises TooFewInvited naming a stratum under the smallest group."""
    check("plan-scan", by)
    chosen = tuple(tuple(part) for part in parts)
    change_draft(store, scan, by, now, "join-strata", lambda draft, _: replace(draft, chosen=chosen))


def reset_strata(store: Store, *, scan: str, by: Actor, now: datetime) -> None:
    """Back to the strata the product proposes."""
    check("plan-scan", by)
    change_draft(store, scan, by, now, "reset-strata", lambda draft, _: replace(draft, chosen=None))


def change_draft(
    store: Store,
    scan: str,
    by: Actor,
    now: datetime,
    act: str,
    change: Callable[[Draft, Session], Draft],
    detail: str = "",
) -> None:
    """Store what `change` makes of the choices so far, and what plan they come to. Raises what either raises."""
    with store.office() as session:
        row = own_draft(session, scan, by)
        _keep(session, row, change(drafts.from_json(row.draft), session))
        audit.record(session, by=by, now=now, act=act, scan=scan, detail=detail or row.plan_digest)


def _keep(session: Session, row: Scan, draft: Draft) -> None:
    """Store a draft and the plan it comes to. Other settings are settings nobody confirmed."""
    plan = draft.plan
    row.draft = draft.to_json()
    row.plan = plan.to_json() if plan else ""
    digest = plan.digest if plan else ""
    if digest != row.plan_digest:
        row.confirmed_digest, row.confirmed_by = "", ""
    row.plan_digest = digest
    settle(session, row)


def _new(session: Session, *, name: str, kind: str, previous: str | None, by: Actor, now: datetime) -> Scan:
    row = Scan(
        id="".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)),
        organisation_id=by.organisation,
        name=_checked_name(name),
        kind=_checked_kind(kind),
        state=State.DRAFT.value,
        plan="",
        plan_digest="",
        draft="{}",
        checklist="{}",
        confirmed_digest="",
        confirmed_by="",
        previous_id=_checked_previous(session, kind, previous, by),
        created_at=now,
    )
    session.add(row)
    return row


def _checked_name(name: str) -> str:
    found = " ".join(name.split())
    if not 0 < len(found) <= LONGEST_NAME:
        raise BadPlan(f"give the scan a name of at most {LONGEST_NAME} characters")
    return found


def _checked_kind(kind: str) -> str:
    if kind not in KINDS:
        raise BadPlan(f"the kind is one of {', '.join(KINDS)}, not “{kind}”")
    return kind


def _checked_previous(
    session: Session, kind: str, previous: str | None, by: Actor, *, itself: str | None = None
) -> str | None:
    """A follow-up names an opened scan that it follows; another kind may."""
    if not previous:
        if kind == FOLLOWS_UP:
            raise Refused(
                "needs-previous", "a follow-up names the opened scan it follows; plan a baseline first"
            )
        return None
    if previous == itself or not is_frozen(State(own_scan(session, previous, by).state)):
        raise Refused("bad-previous", "choose a scan that was opened before")
    return previous


def _last_opened(session: Session, by: Actor) -> str | None:
    rows = scans.of_organisation(session, by.organisation)
    return next((row.id for row in rows if is_frozen(State(row.state))), None)


def _in_order(groupings: Iterable[str]) -> tuple[str, ...]:
    """Each once, the units first."""
    found = dict.fromkeys(groupings)
    return tuple(sorted(found, key=lambda grouping: grouping != UNIT))


def _organisation_name(session: Session, by: Actor) -> str:
    owner = organisations.get(session, by.organisation)
    return owner.name if owner else ""


__all__ = [
    "choose",
    "choose_strata",
    "complete_step",
    "confirm_by_council",
    "create_scan",
    "discard",
    "draft_of",
    "extend",
    "join",
    "open_scan",
    "rename",
    "reset_strata",
    "set_dates",
    "set_instrument",
    "set_units",
    "start",
]
