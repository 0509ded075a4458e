"""What visitors of a board read: heads of published updates, the content of the versions they are at, and who has a remark."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.office.updates import Remark, Update, UpdateVersion

AT_ONCE = 500


@dataclass(frozen=True)
class Head:
    """An update that people see; `row` is the id of the version they see."""

    update: int
    row: int
    published_at: datetime


def heads(session: Session, organisation: int) -> list[Head]:
    """What was published last comes first."""
    rows = session.execute(
        select(Update.id, UpdateVersion.id, UpdateVersion.published_at)
        .join(
            UpdateVersion,
            (UpdateVersion.update_id == Update.id) & (UpdateVersion.version == Update.version),
        )
        .where(Update.organisation_id == organisation, Update.version > 0, Update.withdrawn.is_(False))
        .order_by(UpdateVersion.published_at.desc(), Update.id.desc())
    )
    return [Head(update, row, at) for update, row, at in rows if at is not None]


def contents(session: Session, rows: Collection[int]) -> Iterator[tuple[int, str]]:
    """(id of a version, its content as JSON), a few hundred at a time."""
    wanted = sorted(rows)
    for place in range(0, len(wanted), AT_ONCE):
        found = session.execute(
            select(UpdateVersion.id, UpdateVersion.content_json).where(
                UpdateVersion.id.in_(wanted[place : place + AT_ONCE])
            )
        )
        yield from ((row, text) for row, text in found)


def remarked(session: Session, organisation: int) -> frozenset[int]:
    """Updates that an adviser wrote a remark beside."""
    return frozenset(
        session.scalars(
            select(Remark.update_id)
            .join(Update, Update.id == Remark.update_id)
            .where(Update.organisation_id == organisation)
            .distinct()
        )
    )


def withdrawn(session: Session, organisation: int) -> list[tuple[Update, UpdateVersion]]:
    """Updates that were taken off the board, with what they said last; the newest first."""
    rows = session.execute(
        select(Update, UpdateVersion)
        .join(
            UpdateVersion,
            (UpdateVersion.update_id == Update.id) & (UpdateVersion.version == Update.version),
        )
        .where(Update.organisation_id == organisation, Update.version > 0, Update.withdrawn.is_(True))
        .order_by(Update.withdrawn_at.desc(), Update.id.desc())
    )
    return [(update, version) for update, version in rows]
