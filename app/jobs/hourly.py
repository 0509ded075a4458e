"""What has to be looked at every hour without anybody asking: databases and settings enter; each act is done by a service."""

from __future__ import annotations

from datetime import UTC, datetime

from app.core.days import PLACE
from app.jobs import daily, posting
from app.jobs.daily import Daily
from app.jobs.locking import is_at_work
from app.settings import Settings
from app.storage.database import Store

MAIL_FROM, MAIL_UNTIL = 7, 20
"""Hours of the day here between which digests are made."""


def _fulfil(store: Store, settings: Settings, now: datetime) -> None:
    from app.jobs import connect
    from app.mail import mailer
    from app.services import fulfilling

    fulfilling.tell(store, mailer=mailer(settings), address=settings.address, now=now)
    if fulfilling.ask_due(store, connect(settings), now=now) and not is_at_work(settings):
        _perform_all(store, settings, now)


def _perform_all(store: Store, settings: Settings, now: datetime) -> None:
    """Without a worker, from cron, nobody else would: the same tasks, one after another."""
    from app.jobs import performing
    from app.services import fulfilling

    for task, act in performing.unfinished(store):
        if act == fulfilling.ACT:
            performing.perform(store, task, files=settings.files, now=now)


def _publish_due(store: Store, settings: Settings, now: datetime) -> None:
    from app.services import posting as updates

    updates.publish_due(store, now=now)


def _digests(store: Store, settings: Settings, now: datetime) -> None:
    """Not at night: what came out at 00:00 is told when people are up."""
    if _by_day(now):
        posting.make_digests(store, settings, now)


def _reminders(store: Store, settings: Settings, now: datetime) -> None:
    if _by_day(now):
        posting.begin_reminders(store, settings, now)


def _by_day(now: datetime) -> bool:
    return MAIL_FROM <= now.replace(tzinfo=UTC).astimezone(PLACE).hour < MAIL_UNTIL


# What publishes comes before what tells of it.
ACTS: dict[str, Daily] = {
    "fulfil": _fulfil,
    "publish-due-updates": _publish_due,
    "effects": daily.refresh_effects,
    "digests": _digests,
    "reminders": _reminders,
}


def run(store: Store, settings: Settings, now: datetime) -> int:
    """Do each act; returns how many failed."""
    return daily.run(store, settings, now, ACTS)
