"""Team talks: a released scan enters, files of its kit leave, made once each; and what a talk came to becomes decisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.core import decision as core
from app.core.access import Actor, check
from app.core.days import local_day
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.render import child
from app.services import opening, picturing
from app.storage.database import Store
from app.storage.office import audit, decisions, scans, updates
from app.storage.office.decisions import Decision, TeamTalk
from app.storage.office.scans import Scan

READABLE = frozenset({State.RELEASED, State.ARCHIVED})
MOST_AT_ONCE = 3
MOST_UNIT = 200
HANDOUT, SLIDES = "handout", "slides"


@dataclass(frozen=True)
class Agreed:
    """One thing that was agreed in a talk: what, which role sees to it, and by when."""

    text: str
    owner: str
    due: date | None


def released(store: Store, *, by: Actor) -> list[Scan]:
    """Scans of this organisation with results, the newest first, whether they are open yet or not."""
    with store.reading() as session:
        found = scans.of_organisation(session, by.organisation)
    return [row for row in found if State(row.state) in READABLE]


def opens_on(row: Scan, *, by: Actor, now: datetime) -> date | None:
    """The day on which these results open to this reader; None when they are open. Who releases them reads them before."""
    return None if opening.readable(row, by=by, now=now) else row.promise_on


def open_scan(store: Store, *, scan: str, by: Actor, now: datetime) -> Scan:
    """A scan of this organisation whose results this reader may see. Raises Refused: no-scan, not-released, not-yet (`day`)."""
    with store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-scan", f"there is no scan “{scan}” in this organisation", scan=scan)
    if State(row.state) not in READABLE:
        raise Refused("not-released", "the results of this scan are not released yet", scan=scan)
    opens = opens_on(row, by=by, now=now)
    if opens is not None:
        raise Refused("not-yet", f"the results of this scan open to everybody on {opens}", day=opens)
    return row


def kit(files: Path, told: dict[str, Any], kind: str) -> Path:
    """The hand-out or the slides of what a kit says, made once: the same words and numbers are the same file.

    Raises child.NotMade.
    """
    words = json.dumps(told, ensure_ascii=False, sort_keys=True)
    mark = hashlib.sha256(words.encode()).hexdigest()[:24]
    name = f"{mark}.{'pdf' if kind == HANDOUT else 'pptx'}"
    path = files / str(told["digest"]) / str(told["language"]) / "talk" / name
    if not path.exists():
        made = child.pdf("team-talk", told) if kind == HANDOUT else child.office("team-talk-slides", told)
        picturing.write(path, made)
    return path


def record(
    store: Store, *, scan: str, unit: str, theme: str, agreed: Sequence[Agreed], by: Actor, now: datetime
) -> list[int]:
    """The numbers of the decisions that a talk about this unit and theme came to. All are recorded, or none.

    Raises NotAllowed, or Refused: no-scan, not-released, not-yet, nothing, too-many, and with the `place` (from 0) of the one
    that is wrong: no-decision, too-long, no-owner, no-due.
    """
    check("record-decision", by)
    today = local_day(now)
    open_scan(store, scan=scan, by=by, now=now)
    if not agreed:
        raise Refused("nothing", "write down at least one thing that was agreed")
    if len(agreed) > MOST_AT_ONCE:
        raise Refused("too-many", f"at most {MOST_AT_ONCE} at once", most=MOST_AT_ONCE)
    for place, one in enumerate(agreed):
        try:
            core.check(text=one.text, owner=one.owner, due=one.due, today=today)
        except Refused as error:
            raise Refused(error.reason, error.message, **error.facts, place=place) from None
    with store.office() as session:
        made = []
        for one in agreed:
            assert one.due is not None
            row = Decision(
                organisation_id=by.organisation,
                advice_id=None,
                theme=theme,
                text=one.text.strip(),
                owner=one.owner,
                decided_on=today,
                due_on=one.due,
                state=core.State.DECIDED.value,
                changed_on=today,
            )
            made.append(decisions.add(session, row))
            session.add(TeamTalk(decision_id=made[-1], scan_id=scan, unit=unit[:MOST_UNIT]))
        audit.record(
            session, by=by, now=now, act="record-decision", scan=scan, detail=", ".join(map(str, made))
        )
        return made


def decided(store: Store, *, scan: str, decision: int, by: Actor) -> Decision:
    """One thing that a talk about this scan came to. Raises NotAllowed, or Refused("no-decision-here")."""
    check("make-team-talk", by)
    with store.reading() as session:
        row = decisions.get(session, by.organisation, decision)
        talk = decisions.talks(session, by.organisation).get(decision)
    if row is None or talk is None or talk.scan_id != scan:
        raise Refused("no-decision-here", "no team talk about this scan came to that")
    return row


def on_board(store: Store, *, by: Actor) -> dict[int, int]:
    """Decision -> the update that tells of it, drafts too."""
    check("make-team-talk", by)
    with store.reading() as session:
        return updates.of_decisions(session, by.organisation)


def recorded(store: Store, *, scan: str, unit: str, theme: str, by: Actor) -> list[Decision]:
    """What talks about this unit and theme came to, the oldest first."""
    check("make-team-talk", by)
    with store.reading() as session:
        found = decisions.of_talks(session, scan)
    return [
        row
        for row, talk in found
        if (talk.unit, row.theme, row.organisation_id) == (unit[:MOST_UNIT], theme, by.organisation)
    ]
