"""Where a request about the board stands: a slug and an act enter; who asks, in which organisation, and an update leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort

from app.core.access import Actor, can, can_approve_update, can_change_update
from app.core.days import local_day
from app.core.feedback import Content
from app.core.refusal import Refused
from app.services import posting
from app.storage.office import updates
from app.storage.office.organisations import Organisation
from app.storage.office.updates import Remark, Update, UpdateVersion
from app.web.ui import asking, store
from app.web.ui.asking import now

READ = "read-drafts"


@dataclass(frozen=True)
class Here:
    """Who writes, and for which organisation."""

    actor: Actor
    organisation: Organisation

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return can(act, self.actor)


@dataclass(frozen=True)
class At:
    """An update with its versions, the first one first, and what this account may do with it."""

    here: Here
    row: Update
    versions: tuple[UpdateVersion, ...]
    remarks: tuple[Remark, ...]

    @property
    def draft(self) -> UpdateVersion | None:
        newest = self.versions[-1]
        return newest if newest.published_at is None else None

    @property
    def published(self) -> UpdateVersion | None:
        return next((one for one in self.versions if one.version == self.row.version), None)

    @property
    def content(self) -> Content:
        return self.versions[-1].content

    @property
    def seen(self) -> str:
        return posting.digest_of(self.content)

    @property
    def changes(self) -> bool:
        return not self.row.withdrawn and can_change_update(self.here.actor, self.row.by_account)

    @property
    def approves(self) -> bool:
        return (
            self.draft is not None
            and self.row.publish_on is not None
            and self.row.approved_by is None
            and not self.row.withdrawn
            and can_approve_update(self.here.actor, self.row.written_by)
        )


def today() -> date:
    return local_day(now())


def enter(slug: str, act: str = READ) -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)


def at_update(slug: str, update: int, act: str = READ) -> At:
    """The same at an update of this organisation; 404 for any other."""
    here = enter(slug, act)
    try:
        with store().reading() as session:
            row = posting.own(session, update, here.actor)
            return At(
                here, row, tuple(updates.versions(session, row.id)), tuple(updates.remarks(session, row.id))
            )
    except Refused:
        abort(404)


__all__ = ["READ", "At", "Here", "at_update", "enter", "now", "today"]
