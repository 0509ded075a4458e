"""Digests: what was published on a board since the last one enters; a letter for each subscriber waits to be sent after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core import reach
from app.core.access import Actor, check
from app.core.reach import About
from app.core.refusal import Refused
from app.services import announcing
from app.services.subscribing import new_letter
from app.storage import subscribers
from app.storage.database import Session, Store
from app.storage.office import audit, digests, organisations, updates
from app.storage.office.digests import Digest

WEEKLY, EACH = "weekly", "each"
OFTEN = (WEEKLY, EACH)
# A run an hour may come a little early; a digest that waited for the next would shift by an hour each time.
EARLY = timedelta(minutes=30)
BETWEEN = {WEEKLY: timedelta(days=7) - EARLY, EACH: timedelta(days=1) - EARLY}
FIRST_SPAN = timedelta(days=30)
"""What the first digest of a board looks back on."""
NOBODY = reach.about(0)


def make_due(store: Store, *, domain: str, now: datetime) -> int:
    """Make the digests that are due, of every organisation with a board; returns how many.

    The digest is noted first and its letters after it, in another database; one that was left without them gets them here.
    """
    with store.reading() as session:
        boards = [one.id for one in organisations.everyone(session) if updates.board(session, one.id)]
    return sum(_make(store, organisation, domain, now) for organisation in boards)


def _make(store: Store, organisation: int, domain: str, now: datetime) -> bool:
    with store.office() as session:
        digest = digests.latest(session, organisation)
        if digest is None or digest.made:
            digest = _begin(session, organisation, digest, now)
    if digest is None:
        return False
    with store.issuing() as connection:
        handles = subscribers.confirmed(connection, organisation)
        subscribers.put(
            connection,
            [new_letter(organisation, handle, "digest", digest.id, domain, now) for handle in handles],
        )
    with store.office() as session:
        row = digests.get(session, digest.id)
        if row is not None:
            row.made = True
    return True


def _begin(session: Session, organisation: int, last: Digest | None, now: datetime) -> Digest | None:
    """The next digest, if it is time and there is something to tell."""
    if last is not None and now - last.made_at < BETWEEN[digests.often(session, organisation)]:
        return None
    since = last.until if last is not None else now - FIRST_SPAN
    moments = [
        version.published_at
        for _, version, _ in digests.published(session, organisation, since=since, until=now, most=1)
    ]
    moments += [post.at for post in announcing.announced(session, organisation, since=since, now=now)[:1]]
    newest = max((moment for moment in moments if moment is not None), default=None)
    if newest is None:
        return None
    digest = Digest(organisation_id=organisation, since=since, until=newest, made_at=now, made=False)
    session.add(digest)
    session.flush()
    return digest


def choose_often(store: Store, *, often: str, by: Actor, now: datetime) -> None:
    """How often subscribers of the own board get mail. Raises NotAllowed, or Refused("often")."""
    check("set-board", by)
    if often not in OFTEN:
        raise Refused("often", "choose once a week, or once a day")
    with store.office() as session:
        if digests.often(session, by.organisation) != often:
            digests.choose(session, by.organisation, often)
            audit.record(session, by=by, now=now, act="set-board", detail=f"digest: {often}")


@dataclass(frozen=True)
class Reached:
    """What staff see of a mailing: rough numbers and never an address."""

    often: str
    subscribers: About
    made_at: datetime | None = None
    waiting: About = NOBODY
    sent: About = NOBODY
    refused: About = NOBODY
    retried: About = NOBODY


def reached(store: Store, *, by: Actor) -> Reached:
    """Raises NotAllowed."""
    check("read-drafts", by)
    with store.reading() as session:
        often, last = digests.often(session, by.organisation), digests.latest(session, by.organisation)
    with store.reading_issuing() as connection:
        count = subscribers.count_confirmed(connection, by.organisation)
        found = subscribers.standing(connection, by.organisation, last.id) if last is not None else None
    if last is None or found is None:
        return Reached(often, reach.about(count))
    return Reached(
        often,
        reach.about(count),
        last.made_at,
        waiting=reach.about(found.waiting),
        sent=reach.about(found.sent),
        refused=reach.about(found.refused),
        retried=reach.about(found.retried),
    )
