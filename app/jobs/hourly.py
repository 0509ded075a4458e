"""What has to be looked at every hour without anybody asking: databases and settings enter; each act is done by a service."""

from __future__ import annotations

from datetime import datetime

from app.jobs import daily, posting
from app.jobs.daily import Daily
from app.settings import Settings
from app.storage.database import Store

# What publishes comes before what tells of it.
ACTS: dict[str, Daily] = {"effects": daily.refresh_effects, "digests": posting.make_digests}


def run(store: Store, settings: Settings, now: datetime) -> int:
    """Do each act; returns how many failed."""
    return daily.run(store, settings, now, ACTS)
