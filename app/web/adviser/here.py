"""Where an adviser's request stands: a slug enters; who asks, in which organisation, and its open vault leave."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.access import Actor, can
from app.storage.office.organisations import Organisation
from app.web.ui import asking


@dataclass(frozen=True)
class Here:
    """An adviser in one organisation."""

    actor: Actor
    organisation: Organisation

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return can(act, self.actor)


def enter(slug: str, act: str = "keep-signals") -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)
