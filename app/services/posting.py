"""Posting: what staff write for the board enters as a draft; once published it is a version that never changes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from enum import StrEnum

from app.core import feedback
from app.core.access import Actor, check, check_change_update, itself, speaks_as
from app.core.days import local_day
from app.core.feedback import Content
from app.core.refusal import Refused
from app.services import hearing
from app.storage.database import Session, Store
from app.storage.office import audit, decisions, updates
from app.storage.office.updates import Update, UpdateVersion


class Outcome(StrEnum):
    """What became of a draft that was to be published."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    """For a second reader."""


def digest_of(content: Content) -> str:
    """What says which text somebody looked at."""
    return hashlib.sha256(content.to_json().encode()).hexdigest()[:16]


def save(
    store: Store,
    *,
    content: Content,
    update: int | None = None,
    seen: str | None = None,
    decision: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Keep a draft, of a new update or as the next version of one; gives the update's id. A draft need not be complete.

    `seen` is `digest_of` what the writer began from: a draft that somebody else changed since is not overwritten. What a second
    reader said of an earlier draft no longer holds.
    Raises NotAllowed, or Refused: no-update, withdrawn, changed, no-decision-here, and what hearing.check_content raises.
    """
    check("post-update", by)
    account = _account(by)
    with store.reading() as session:
        before = newest_content(session, own(session, update, by)) if update is not None else None
    hearing.check_content(store, content=content, before=before, by=by, now=now)
    with store.office() as session:
        if update is None:
            if decision is not None and decisions.get(session, by.organisation, decision) is None:
                raise Refused("no-decision-here", "there is no such decision in this organisation")
            row = Update(
                organisation_id=by.organisation,
                version=0,
                by_account=account,
                by_role=speaks_as(by).value,
                decision_id=decision,
                withdrawn=False,
            )
            updates.add(session, row)
            audit.record(session, by=by, now=now, act="draft-update", detail=str(row.id))
        else:
            row = own(session, update, by)
            _check_open(row, by)
            _check_seen(session, row, seen)
        _put(session, row, content, by)
        row.note_writer(account)
        row.approved_by, row.publish_on = None, None
        return row.id


def publish(
    store: Store, *, update: int, on: date | None = None, seen: str | None = None, by: Actor, now: datetime
) -> Outcome:
    """Publish the draft, today or on a day to come; where a second reader is asked for, once that reader approves.

    Raises NotAllowed, or Refused: no-update, withdrawn, no-draft, changed, past, and what core.feedback.check_content raises.
    """
    today = local_day(now)
    with store.office() as session:
        row = own(session, update, by)
        _check_open(row, by)
        _check_seen(session, row, seen)
        draft = draft_in(session, row)
        feedback.check_content(draft.content)
        if on is not None and on < today:
            raise Refused("past", "choose today or a day to come")
        row.publish_on = on or today
        outcome = settle(session, row, draft, now)
        audit.record(session, by=by, now=now, act=_ACTS[outcome], detail=_detail(row, outcome))
        return outcome


_ACTS = {
    Outcome.PUBLISHED: "publish-update",
    Outcome.SCHEDULED: "schedule-update",
    Outcome.WAITING: "offer-update",
}


def settle(session: Session, row: Update, draft: UpdateVersion, now: datetime) -> Outcome:
    """Make the draft the published version if its day has come and nobody has to read it first."""
    board = updates.board(session, row.organisation_id)
    if board is not None and board.second_reader and row.approved_by is None:
        return Outcome.WAITING
    if row.publish_on is not None and row.publish_on > local_day(now):
        return Outcome.SCHEDULED
    draft.published_at = now
    row.version, row.publish_on, row.approved_by, row.writers = draft.version, None, None, ""
    return Outcome.PUBLISHED


def publish_due(store: Store, *, now: datetime) -> int:
    """What was to come out by today comes out; gives how many did. One that waits for its second reader goes on waiting."""
    done = 0
    with store.office() as session:
        for row in updates.due(session, local_day(now)):
            draft = updates.draft_of(session, row)
            if draft is None or settle(session, row, draft, now) is not Outcome.PUBLISHED:
                continue
            by = itself(row.organisation_id)
            audit.record(
                session, by=by, now=now, act="publish-update", detail=_detail(row, Outcome.PUBLISHED)
            )
            done += 1
    return done


def hold(store: Store, *, update: int, by: Actor, now: datetime) -> None:
    """Take back the day on which a draft comes out, or the question to a second reader. Raises NotAllowed, Refused."""
    with store.office() as session:
        row = own(session, update, by)
        _check_open(row, by)
        row.publish_on, row.approved_by = None, None
        audit.record(session, by=by, now=now, act="hold-update", detail=str(row.id))


def drop(store: Store, *, update: int, by: Actor, now: datetime) -> None:
    """Throw the draft away; what was published stays. Raises NotAllowed, or Refused: no-update, no-draft."""
    with store.office() as session:
        row = own(session, update, by)
        check_change_update(by, row.by_account)
        updates.drop_draft(session, draft_in(session, row))
        row.publish_on, row.approved_by, row.writers = None, None, ""
        audit.record(session, by=by, now=now, act="drop-draft", detail=str(row.id))
        if row.version == 0:
            updates.drop(session, row)


def withdraw(store: Store, *, update: int, reason: str, by: Actor, now: datetime) -> None:
    """Take a published update off the board, for good; it stays in the history with the reason, and so do its versions.

    Raises NotAllowed, or Refused: no-update, not-published, withdrawn, no-reason, too-long.
    """
    with store.office() as session:
        row = own(session, update, by)
        _check_open(row, by)
        if row.version == 0:
            raise Refused("not-published", "this was never published; throw the draft away instead")
        if not reason.strip():
            raise Refused("no-reason", "say why you withdraw it")
        if len(reason) > feedback.MOST_TEXT:
            raise Refused("too-long", f"at most {feedback.MOST_TEXT} characters fit", most=feedback.MOST_TEXT)
        row.withdrawn, row.withdrawn_why, row.withdrawn_at = True, reason.strip(), now
        row.publish_on, row.approved_by = None, None
        audit.record(session, by=by, now=now, act="withdraw-update", detail=str(row.id))


def draft_in(session: Session, row: Update) -> UpdateVersion:
    """Raises Refused("no-draft")."""
    found = updates.draft_of(session, row)
    if found is None:
        raise Refused("no-draft", "there is no draft; what is on the board is the newest version")
    return found


def own(session: Session, update: int, by: Actor) -> Update:
    """An update of this organisation. Raises Refused("no-update")."""
    row = updates.get(session, by.organisation, update)
    if row is None:
        raise Refused("no-update", "there is no such update in this organisation")
    return row


def newest(session: Session, row: Update) -> UpdateVersion:
    """The draft, else the published version."""
    return updates.versions(session, row.id)[-1]


def newest_content(session: Session, row: Update) -> Content:
    return newest(session, row).content


def _put(session: Session, row: Update, content: Content, by: Actor) -> None:
    draft = updates.draft_of(session, row)
    if draft is None:
        draft = UpdateVersion(
            update_id=row.id,
            version=row.version + 1,
            content_json=content.to_json(),
            by_role=speaks_as(by).value,
        )
        updates.add(session, draft)
    else:
        draft.content_json, draft.by_role = content.to_json(), speaks_as(by).value


def _check_open(row: Update, by: Actor) -> None:
    check_change_update(by, row.by_account)
    if row.withdrawn:
        raise Refused("withdrawn", "this update was withdrawn; nothing more can happen with it")


def _check_seen(session: Session, row: Update, seen: str | None) -> None:
    if seen is not None and digest_of(newest(session, row).content) != seen:
        raise Refused("changed", "somebody changed this in the meantime; look at it again")


def _account(by: Actor) -> int:
    if by.account is None:
        raise Refused("no-account", "an update is made by an account")
    return by.account


def _detail(row: Update, outcome: Outcome) -> str:
    return (
        f"{row.id}: {row.publish_on}"
        if outcome is Outcome.SCHEDULED
        else f"{row.id}, version {row.version or 1}"
    )
