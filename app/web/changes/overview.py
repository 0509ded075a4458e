"""The start of who writes on the board: a slug enters, updates and drafts leave."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from app.core.access import Actor, can
from app.storage.office.organisations import Organisation
from app.web.changes import blueprint
from app.web.ui import asking


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


def enter(slug: str, act: str = "read-drafts") -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    return render_template("changes/overview.html", here=enter(slug))
