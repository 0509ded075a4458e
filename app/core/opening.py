"""When results open: a promised day, a release and the clock enter; whether everybody reads them by now leaves.

A release opens for everybody at one moment: at 00:00 in the Netherlands on the promised day, or when it is released if that
is later or no day was promised. Before that only who releases reads it, to see whether it can go out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.access import Actor, can
from app.core.days import local_day
from app.core.refusal import Refused

RELEASES = "release-scan"
MOST_REASON = 500
EVE = timedelta(days=1)
BETWEEN_TRIES = timedelta(weeks=1)


class NotYet(Refused):
    """Results that are not open yet; `on` is the promised day, None where none was promised."""

    def __init__(self, scan: str, on: date | None) -> None:
        self.scan, self.on = scan, on
        when = f"on {on:%Y-%m-%d}" if on else "once they are released"
        super().__init__("not-yet", f"not yet: these results open {when}", scan=scan, on=on)


@dataclass(frozen=True)
class Postponement:
    """A promise that was moved: from one day to another, on a day, for a reason that everybody reads."""

    from_on: date
    to_on: date
    reason: str
    on: date


def is_open(*, released: bool, promise_on: date | None, now: datetime) -> bool:
    """Whether everybody reads these results. A release exists only if it passed its attack."""
    return released and (promise_on is None or local_day(now) >= promise_on)


def may_read(*, released: bool, promise_on: date | None, now: datetime, by: Actor | None) -> bool:
    """The same for one reader; None is somebody without an account. Who releases reads them as soon as they are there."""
    early = by is not None and can(RELEASES, by)
    return released and (early or is_open(released=released, promise_on=promise_on, now=now))


def is_overdue(*, released: bool, promise_on: date | None, now: datetime) -> bool:
    """The promised day has come and there are no results."""
    return not released and promise_on is not None and local_day(now) >= promise_on


def is_released_by_itself(
    *, closes_on: date | None, promise_on: date | None, tried_on: date | None, today: date
) -> bool:
    """Whether the product tries to make the release today, unasked.

    From the day before the promised one, so that it is there at 00:00 and somebody can still act when it fails; once more on
    the promised day, and then once a week. Never before the closing day is over.
    """
    if promise_on is None or closes_on is None or today <= closes_on or today < promise_on - EVE:
        return False
    if tried_on is None or tried_on < promise_on - EVE or tried_on < promise_on <= today:
        return True
    return today >= max(promise_on, tried_on + BETWEEN_TRIES)


def check_postponement(
    *, promised: date, to_on: date, destroy_on: date | None, reason: str, today: date
) -> None:
    """Raise Refused for what is no new promise: no-reason, too-long, not-later, in-the-past, after-destruction."""
    if not reason.strip():
        raise Refused("no-reason", "say why; everybody reads it")
    if len(reason) > MOST_REASON:
        raise Refused("too-long", f"at most {MOST_REASON} characters fit", most=MOST_REASON)
    if to_on <= promised:
        raise Refused("not-later", f"choose a day after {promised:%Y-%m-%d}", promised=promised)
    if to_on <= today:
        raise Refused("in-the-past", "choose a day after today")
    if destroy_on is not None and to_on >= destroy_on:
        raise Refused("after-destruction", "the answers are destroyed before that day", destroy_on=destroy_on)
