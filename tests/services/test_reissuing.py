"""Once only, at the side of invitations: stamps never exceed the people invited plus the new links that are published."""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.core.refusal import Refused
from app.mail import Message
from app.services import addressing, inviting_by_mail, mailing_invitations, reissuing, sealing, stamping
from app.services.addressing import Given
from app.storage import invitations, invited, mixing, scan_keys
from app.web.ui.asking import now
from tests.factories import an_app
from tests.mailed import SITE
from tests.services.journeys import NOW, Place
from tests.services.linked import Visitor, a_linked_scan
from tests.services.test_mailing import Kept

PEOPLE = [f"p{number}@prive.example" for number in range(15)]
LOST = PEOPLE[:2]


def tokens_in(letters: list[Message]) -> dict[str, str]:
    found = {}
    for one in letters:
        link = re.search(r"/#([\w-]{22})\.", one.text)
        assert link is not None
        found[one.to] = link[1]
    return found


def send(place: Place) -> dict[str, str]:
    kept = Kept()
    mailing_invitations.send_due(place.store, mailer=kept, site=SITE, clock=lambda: NOW)
    return tokens_in(kept.letters)


def test_stamps_never_exceed_invited_and_new_links(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        place = a_linked_scan(app)
        given = Given("\n".join([*PEOPLE, "one.more@prive.example"]), all_of=0)
        here = {"scan": place.scan, "by": place.command_line, "now": NOW}
        refused = addressing.load(place.store, given=given, **here)
        assert refused.stored == 0 and [fault.reason for fault in refused.found.faults] == ["over"]
        assert addressing.load(place.store, given=given, only_good=True, **here).stored == len(PEOPLE)
        inviting_by_mail.start(place.store, site=SITE, **here)
        first = send(place)
        stamped = [Visitor(place, token).ask() for token in first.values()]
        for email in (*LOST, "one.more@prive.example"):
            reissuing.replace_link(place.store, email=email, site=SITE, **here)
        second = send(place)
        assert set(second) == set(LOST)
        # Each tries with every link it ever had, and with another value.
        every = (*first.values(), *second.values(), *second.values())
        stamped += [Visitor(place, token).ask() for token in every]
        granted = [one for one in stamped if isinstance(one, stamping.Stamped)]
        assert len(granted) == len(PEOPLE) + len(LOST)
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=now())
        (bound,) = reissuing.bounds(place.store, scan=place.scan)
        assert bound.twice == bound.new_links == len(granted) - len(PEOPLE)


def test_a_reader_in_the_way_takes_no_new_link_away(tmp_path: Path) -> None:
    """Whoever was told that it failed would ask again, and be at the most for one address without a mail."""
    with an_app(tmp_path) as app:
        place = a_linked_scan(app)
        here = {"scan": place.scan, "by": place.command_line, "now": NOW}
        addressing.load(place.store, given=Given("\n".join(PEOPLE), all_of=0), **here)
        with closing(sqlite3.connect(tmp_path / "issuing.db")) as reader:
            reader.execute("BEGIN").execute("SELECT count(*) FROM invited").fetchone()
            reissuing.replace_link(place.store, email=PEOPLE[0], site=SITE, **here)
        assert set(send(place)) == {PEOPLE[0]}
        assert mixing.waiting(place.store, "issuing") == 0


def test_addresses_that_are_being_loaded_while_a_scan_is_sealed_are_not_stored(tmp_path: Path) -> None:
    with an_app(tmp_path) as app, ThreadPoolExecutor(1) as elsewhere:
        place = a_linked_scan(app)
        given = Given("\n".join(PEOPLE), all_of=0)
        with place.store.issuing():
            loading = elsewhere.submit(
                addressing.load, place.store, scan=place.scan, given=given, by=place.command_line, now=NOW
            )
            with pytest.raises(TimeoutError):
                loading.result(0.5)
            scan_keys.destroy(place.store.scan_keys, place.scan)
        with pytest.raises(Refused, match="keys of this scan"):
            loading.result(20)
        with place.store.reading_issuing() as connection:
            assert not invited.counts(connection, place.scan)
            assert not invitations.has_invitations(connection, place.scan)
