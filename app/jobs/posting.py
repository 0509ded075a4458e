"""Letters to subscribers: databases and settings enter; digests that are due are made, and what waits goes to the mail server."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.mail import Mailer
from app.settings import Settings
from app.storage.database import Store


def make_digests(store: Store, settings: Settings, now: datetime) -> None:
    """Nothing where no mail can go out: a digest that is made is one that goes."""
    from app.services import digesting, subscribing

    subscribing.tidy(store, now=now)
    if settings.can_mail and digesting.make_due(store, domain=settings.mail_domain, now=now):
        send(store, settings)


def begin_reminders(store: Store, settings: Settings, now: datetime) -> None:
    """Reminders that were planned for today; what they hold goes out with the rest."""
    from app.services import inviting_by_mail

    if settings.can_mail and inviting_by_mail.begin_planned(store, now=now):
        send(store, settings)


def send(store: Store, settings: Settings) -> bool:
    """Send what is due; whether more can go right away. Nothing where another process is at it, or no mail can go out."""
    from app.services import mailing, mailing_invitations
    from app.services.inviting_by_mail import Site

    if not settings.can_mail:
        return False
    with _alone(settings) as alone, _mailer(settings) as mailer:
        if not alone:
            return False
        key, address = settings.subscribers_key, settings.address
        until = time.monotonic() + mailing_invitations.MOST_SECONDS
        mailing.send_due(
            store,
            mailer=mailer,
            key=key,
            address=address,
            clock=_clock,
            enough=lambda: time.monotonic() >= until,
        )
        return mailing_invitations.send_due(store, mailer=mailer, site=Site.of(settings), clock=_clock)


def _clock() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def _mailer(settings: Settings) -> Iterator[Mailer]:
    from app.mail import mailer
    from app.mail.smtp import SmtpMailer

    found = mailer(settings)
    if isinstance(found, SmtpMailer):
        with found.one_after_another() as line:
            yield line
    else:
        yield found


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Held by the open file, so that it goes with the process however that ends."""
    descriptor = os.open(settings.instance / "post.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
