"""Gathering: everything that was decided, from advice, team talks and the board, becomes the lines of one action plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core import feedback
from app.core.access import Actor, check
from app.core.days import local_day
from app.render import markdown
from app.services import deciding
from app.storage.database import Store
from app.storage.office import decisions, updates
from app.storage.office.decisions import Decision, TeamTalk
from app.storage.office.updates import UpdateVersion


class Origin(StrEnum):
    ADVICE = "advice"
    TALK = "talk"
    BOARD = "board"
    OWN = "own"


@dataclass(frozen=True)
class Action:
    """One line. `decision` and `state` are ids of app.core.feedback; `where` is the unit of a talk, or the code of an update's.

    `due_on` is None where nothing will be done.
    """

    theme: str
    what: str
    decision: str
    why: str
    owner: str
    decided_on: date
    due_on: date | None
    state: str
    late: bool
    origin: Origin
    where: str = ""
    on_board: bool = False


def actions(store: Store, *, language: str, by: Actor, today: date) -> list[Action]:
    """What this reader may read, what is due first comes first and what has no date last. Raises NotAllowed.

    An update that grew out of a decision stands in the decision's line. A decision that this reader may not read stands here
    as the board tells it, for that everybody reads.
    """
    check("read-advice", by)
    rows = deciding.readable(store, by=by, today=today)
    with store.reading() as session:
        talks = decisions.talks(session, by.organisation)
        posted = updates.all_versions(session, by.organisation)
    shown = {update.decision_id for update, _versions in posted}
    own = {row.id for row in rows}
    found = [_of_decision(row, talks.get(row.id), today, on_board=row.id in shown) for row in rows]
    found += [
        _of_update(versions, language, today)
        for update, versions in posted
        if update.decision_id not in own and versions[-1].content.decision is not None
    ]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or one.decided_on, one.what))


def _of_decision(row: Decision, talk: TeamTalk | None, today: date, *, on_board: bool) -> Action:
    origin = Origin.TALK if talk else Origin.ADVICE if row.advice_id is not None else Origin.OWN
    return Action(
        theme=row.theme,
        what=row.text,
        decision=feedback.Decision.DO.value,
        why=row.note,
        owner=row.owner,
        decided_on=row.decided_on,
        due_on=row.due_on,
        state=row.state,
        late=row.late(today),
        origin=origin,
        where=talk.unit if talk else "",
        on_board=on_board,
    )


def _of_update(versions: Sequence[UpdateVersion], language: str, today: date) -> Action:
    """As its published version says; decided on the day on which a version first said so."""
    content = versions[-1].content
    first = next(one for one in versions if one.content.decision is not None)
    assert content.decision is not None and first.published_at is not None
    _spoken, words = content.in_language(language)
    return Action(
        theme=content.theme,
        what="\n".join(part for part in (words.title, markdown.plain(words.changes)) if part.strip()),
        decision=content.decision.value,
        why=markdown.plain(words.why),
        owner=content.owner,
        decided_on=local_day(first.published_at),
        due_on=content.due_on,
        state=content.state.value,
        late=feedback.is_late(content, today),
        origin=Origin.BOARD,
        where=content.unit or "",
        on_board=True,
    )
