"""Which day it is for people: a moment in UTC enters, the day in the Netherlands leaves.

Promises, closing days, scheduled publication and reminders all count in these days; databases and logs keep moments in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PLACE = ZoneInfo("Europe/Amsterdam")


def local_day(now: datetime) -> date:
    """The day in the Netherlands at a moment in naive UTC, as the databases keep it."""
    return now.replace(tzinfo=UTC).astimezone(PLACE).date()
