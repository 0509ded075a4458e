"""Inviting on both kinds of database: rounds, refusals, a new link and sealing leave the same rows behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.services import gauging, inviting_by_mail, mailing_invitations, reissuing, sealing
from app.storage import invited
from tests.factories import NOW
from tests.mailed import SITE, a_link_scan, invite, listed
from tests.services.test_mailing import Kept
from tests.storage.stores import BACKENDS, an_app


@pytest.mark.parametrize("backend", BACKENDS)
def test_from_addresses_to_sealing(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store, kept, moment = app.extensions["store"], Kept(), NOW
        scan = a_link_scan(store)
        here = {"scan": scan.id, "site": SITE, "by": scan.by}

        def send() -> int:
            before = len(kept.letters)
            mailing_invitations.send_due(store, mailer=kept, site=SITE, clock=lambda: moment)
            return len(kept.letters) - before

        assert invite(store, scan, listed(5)) == 5
        inviting_by_mail.start(store, now=moment, **here)  # type: ignore[arg-type]
        assert send() == 5 and send() == 0
        assert invite(store, scan, "address,stratum\nlate@prive.example,zuid\n") == 1
        inviting_by_mail.start(store, now=moment, **here)  # type: ignore[arg-type]
        assert send() == 1
        moment += timedelta(days=3)
        inviting_by_mail.plan(store, day=(moment + timedelta(days=1)).date(), now=moment, **here)  # type: ignore[arg-type]
        moment += timedelta(days=1)
        assert inviting_by_mail.begin_planned(store, now=moment) == 1 and send() == 6
        for email in ("noord1@prive.example", "nobody@prive.example"):
            reissuing.replace_link(store, email=email, now=moment, **here)  # type: ignore[arg-type]
        assert send() == 1
        gauging.gauge_all(store, today=moment.date())
        with store.reading_issuing() as connection:
            assert invited.counts(connection, scan.id) == {0: 5, 1: 1}
            assert invited.standing(connection, scan.id, 1) == {"sent": {0: 5, 1: 1}}
        sealing.seal(store, scan=scan.id, by=scan.by, now=moment)
        with store.reading_issuing() as connection:
            assert invited.counts(connection, scan.id) == {} and invited.reissued(connection, scan.id) == {
                0: 1
            }
