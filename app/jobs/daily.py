"""What has to be done every day without anybody asking: databases and settings enter; each act is done by a service."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from app.settings import Settings
from app.storage.database import Store

log = logging.getLogger(__name__)
Daily = Callable[[Store, Settings, datetime], object]


def _remind(store: Store, settings: Settings, now: datetime) -> None:
    from app.mail import mailer
    from app.services import reminding

    reminding.remind(store, mailer=mailer(settings), address=settings.address, now=now)


def _drop_unopened(store: Store, settings: Settings, now: datetime) -> None:
    from app.services import retaining_signals

    retaining_signals.drop_unopened(store, now=now)


def _remind_owners(store: Store, settings: Settings, now: datetime) -> None:
    from app.mail import mailer
    from app.services import reminding_owners

    reminding_owners.remind(store, mailer=mailer(settings), address=settings.address, now=now)


def _gauge(store: Store, settings: Settings, now: datetime) -> None:
    from app.core.days import local_day
    from app.services import gauging

    gauging.gauge_all(store, today=local_day(now))


def refresh_effects(store: Store, settings: Settings, now: datetime) -> None:
    """Results that everybody can read since today may show something of an update, and so may an update that is new."""
    from app.core.days import local_day
    from app.services import showing_effect

    showing_effect.refresh_everywhere(store, today=local_day(now))


def _empty_log(store: Store, settings: Settings, now: datetime) -> None:
    """Where a reader was in the way after the last answer about an update; see services.noticing."""
    store.empty_log()


ACTS: dict[str, Daily] = {
    "remind": _remind,
    "remind-owners": _remind_owners,
    "gauge-participation": _gauge,
    "effects": refresh_effects,
    "drop-unopened-signals": _drop_unopened,
    "empty-log": _empty_log,
}


def run(store: Store, settings: Settings, now: datetime, acts: Mapping[str, Daily] = ACTS) -> int:
    """Do each act; one that fails doesn't keep the others from being done. Returns how many failed."""
    failed = 0
    for name, act in acts.items():
        try:
            act(store, settings, now)
        except Exception:
            log.exception("the daily act “%s”", name)
            failed += 1
    return failed
