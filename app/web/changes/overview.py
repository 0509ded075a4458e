"""The start of who writes on the board: a slug enters; updates, drafts and what waits for a second reader leave."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from app.core.access import can_approve_update
from app.core.feedback import Content
from app.services import placing
from app.storage.office import updates
from app.storage.office.updates import Update, UpdateVersion
from app.web.changes import blueprint, texts
from app.web.changes.here import READ, Here, enter, today
from app.web.ui import store

WAITING, DRAFT, SCHEDULED, BOARD, WITHDRAWN = "waiting", "draft", "scheduled", "board", "withdrawn"


@dataclass(frozen=True)
class Line:
    """One update in the list. `late` is in words, empty when it isn't."""

    id: int
    title: str
    content: Content
    late: str
    row: Update
    draft: bool
    mine_to_read: bool


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    here = enter(slug, READ)
    board = placing.board_of(store(), organisation=here.actor.organisation)
    with store().reading() as session:
        every = updates.everything(session, here.actor.organisation)
    groups: dict[str, list[Line]] = {WAITING: [], DRAFT: [], SCHEDULED: [], BOARD: [], WITHDRAWN: []}
    for row, versions in every:
        for place in _places(row, versions, second_reader=board.second_reader):
            groups[place].append(_line(here, row, versions, place))
    groups[BOARD].sort(key=lambda line: not line.late)
    return render_template(
        "changes/overview.html", here=here, board=board, groups=groups, texts=texts, any=bool(every)
    )


def _places(row: Update, versions: list[UpdateVersion], *, second_reader: bool) -> list[str]:
    """Where an update stands in the list: one on the board whose next version is being written stands there twice."""
    if row.withdrawn:
        return [WITHDRAWN]
    found = [BOARD] if row.version else []
    if versions[-1].published_at is None:
        if row.publish_on is None:
            found.append(DRAFT)
        else:
            found.append(WAITING if second_reader and row.approved_by is None else SCHEDULED)
    return found


def _line(here: Here, row: Update, versions: list[UpdateVersion], place: str) -> Line:
    shown = next(one for one in versions if one.version == row.version) if place == BOARD else versions[-1]
    content = shown.content
    _language, words = content.in_language(texts.spoken())
    return Line(
        row.id,
        words.title,
        content,
        texts.lateness(content, today()) if place == BOARD else "",
        row,
        shown.published_at is None,
        place == WAITING and can_approve_update(here.actor, row.written_by),
    )
