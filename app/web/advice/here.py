"""Where a request about advice stands: a slug and an act enter; who asks and in which organisation leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort

from app.core.access import Actor, can
from app.core.days import local_day
from app.core.refusal import Refused
from app.services import advising
from app.storage.office.advice import Told
from app.storage.office.organisations import Organisation
from app.web.ui import asking, store, unsent
from app.web.ui.asking import now

READ = "read-advice"


@dataclass(frozen=True)
class Here:
    """Who asks, and in which organisation."""

    actor: Actor
    organisation: Organisation

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return can(act, self.actor)

    @property
    def answers(self) -> bool:
        """Whether this account may answer: who advises here doesn't, whatever other roles it has."""
        return self.may("answer-advice") and not self.may("give-advice")


def today() -> date:
    return local_day(now())


def enter(slug: str, act: str = READ) -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    if asking.signed_in() is None:
        unsent.hold(unsent.SIGN_IN)
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)


def at_advice(slug: str, advice: int, act: str = READ) -> tuple[Here, Told]:
    """The same at an advice that this account may read; 404 for any other."""
    here = enter(slug, act)
    try:
        with store().reading() as session:
            return here, advising.own(session, advice, here.actor, today())
    except Refused:
        abort(404)


__all__ = ["READ", "Here", "at_advice", "enter", "now", "today"]
