"""Inviting by mail: everybody gets every letter, who refuses is tried again, and nothing can be learned about who answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core import reach
from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.crypto import codes, personal
from app.mail import Message
from app.mail.outbox import Outbox
from app.mail.smtp import SmtpMailer
from app.services import addressing, inviting, inviting_by_mail, mailing_invitations, overseeing, reissuing
from app.services.addressing import Given
from app.settings import Smtp
from app.storage import invitations, invited, issuing, scan_keys
from app.storage.database import Store
from app.storage.office import audit, mail_rounds, scans
from tests.factories import NOW, a_store, an_account, an_adviser
from tests.mailed import SITE, LinkScan, a_link_scan, invite, listed
from tests.posted import Post, a_mail_server
from tests.services.test_mailing import Kept

LINK = re.compile(r"https://scan\.example/u/(\w+)/#([\w-]{22})\.(\d+)\.([\w-]{22})\b")


@dataclass
class Site:
    store: Store
    scan: LinkScan
    kept: Kept = field(default_factory=Kept)
    now: datetime = NOW

    def start(self) -> None:
        inviting_by_mail.start(self.store, scan=self.scan.id, site=SITE, by=self.scan.by, now=self.now)

    def send(self) -> list[Message]:
        before = len(self.kept.letters)
        mailing_invitations.send_due(self.store, mailer=self.kept, site=SITE, clock=lambda: self.now)
        return self.kept.letters[before:]

    def send_to(self, post: Post) -> None:
        smtp = SmtpMailer(Smtp("127.0.0.1", post.port, starttls=False, sender="scan@zorg.example"))
        with smtp.one_after_another() as line:
            mailing_invitations.send_due(self.store, mailer=line, site=SITE, clock=lambda: self.now)

    def standing(self) -> overseeing.Standing:
        return overseeing.standing(self.store, scan=self.scan.id, by=self.scan.by, now=self.now)

    def replace(self, email: str, by: Actor | None = None) -> None:
        reissuing.replace_link(
            self.store, scan=self.scan.id, email=email, site=SITE, by=by or self.scan.by, now=self.now
        )

    def works(self, token: str) -> bool:
        mark = personal.invitation_mark(token)
        with self.store.reading_issuing() as connection:
            found = connection.execute(
                select(invitations.Invitation.mark).where(invitations.Invitation.mark == mark)
            )
            return found.first() is not None


@contextmanager
def a_site(folder: Path, *, noord: int = 3, zuid: int = 0, **more: int) -> Iterator[Site]:
    with a_store(folder) as store:
        scan = a_link_scan(store, **more)
        site = Site(store, scan)
        if noord + zuid:
            text = listed(noord) + listed(zuid, "zuid").partition("\n")[2]
            assert invite(store, scan, text) == noord + zuid
        yield site


def token_of(letter: Message) -> str:
    found = LINK.search(letter.text)
    assert found is not None, letter.text
    return found[2]


def test_everybody_gets_a_letter_with_a_link_of_their_own(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=3, zuid=2) as site:
        site.start()
        letters = site.send()
        assert Counter(one.to for one in letters) == Counter(
            [f"noord{n}@prive.example" for n in range(3)] + [f"zuid{n}@prive.example" for n in range(2)]
        )
        for one in letters:
            found = LINK.search(one.text)
            assert (
                found is not None
                and found[1] == site.scan.id
                and found[3] == ("0" if "noord" in one.to else "1")
            )
            assert one.html is not None and found[0] in one.html and site.works(found[2])
            assert one.message_id is not None and found[2] not in one.message_id
        assert len({token_of(one) for one in letters}) == len({one.message_id for one in letters}) == 5
        assert site.send() == []


def test_nothing_is_stored_while_a_row_is_wrong_unless_chosen(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=0) as site:
        text = "address,stratum\nA@x.example,noord\nno address,noord\na@X.example,zuid\n"
        first = addressing.load(site.store, scan=site.scan.id, given=Given(text), by=site.scan.by, now=NOW)
        assert first.stored == 0 and [fault.line for fault in first.found.faults] == [3, 4]
        again = addressing.load(
            site.store, scan=site.scan.id, given=Given(text), only_good=True, by=site.scan.by, now=NOW
        )
        assert again.stored == 1
        third = addressing.load(site.store, scan=site.scan.id, given=Given(text), by=site.scan.by, now=NOW)
        assert [fault.reason for fault in third.found.faults] == ["there", "address", "again"]


def test_a_wrong_list_can_be_taken_away_until_a_letter_went_out(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        common = {"scan": site.scan.id, "by": site.scan.by, "now": NOW}
        addressing.clear(site.store, **common)
        assert site.standing().addresses == {}
        with site.store.reading_issuing() as connection:
            assert not invitations.has_invitations(connection, site.scan.id)
        invite(site.store, site.scan, listed(2))
        site.start()
        with pytest.raises(Refused) as refused:
            addressing.clear(site.store, **common)
        assert refused.value.reason == "letters-out" and site.standing().addresses == {0: 2}


def test_never_more_tokens_than_people_invited_and_new_links(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=8, each=8) as site:
        more = addressing.load(
            site.store, scan=site.scan.id, given=Given("one@more.example", all_of=0), by=site.scan.by, now=NOW
        )
        assert [fault.reason for fault in more.found.faults] == ["over"]
        site.start()
        site.send()
        for _ in range(5):
            site.replace("noord1@prive.example")
            site.send()
        with site.store.reading_issuing() as connection:
            good = connection.execute(
                select(invitations.Invitation.mark).where(invitations.Invitation.scan == site.scan.id)
            ).all()
            granted = invited.reissued(connection, site.scan.id)
        assert len(good) == 8 and granted == {0: reissuing.MOST_FOR_ONE}


def test_slips_are_for_those_without_an_address(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=3, each=8) as site:
        run = inviting.print_slips(site.store, scan=site.scan.id, by=site.scan.by, now=NOW, local_ok=True)
        assert [len(sheet.codes) for sheet in run.sheets] == [5, 8]
        assert [len(sheet.reserve_codes) for sheet in run.sheets] == [2, 2]
        more = addressing.load(
            site.store, scan=site.scan.id, given=Given("one@more.example", all_of=0), by=site.scan.by, now=NOW
        )
        assert [fault.reason for fault in more.found.faults] == ["over"]


def test_a_new_link_leaves_room_beside_slips_that_were_printed_again(tmp_path: Path) -> None:
    """Ballots are capped after a second print run; somebody who took part by both links must not cost another their slip."""
    with a_site(tmp_path, noord=3, each=8) as site:
        for _ in range(2):
            run = inviting.print_slips(site.store, scan=site.scan.id, by=site.scan.by, now=NOW, local_ok=True)
        slip = codes.slip_mark(run.sheets[0].codes[0])
        found = issuing.find(site.store, slip)
        assert found is not None and found.reprinted and found.spare == 2
        site.start()
        site.send()
        site.replace("noord1@prive.example")
        found = issuing.find(site.store, slip)
        assert found is not None and found.spare == 3


def test_a_reminder_goes_to_everybody_with_the_same_link_and_says_why(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        first = {one.to: one for one in site.send()}
        with pytest.raises(Refused) as soon:
            inviting_by_mail.remind(site.store, scan=site.scan.id, site=SITE, by=site.scan.by, now=site.now)
        assert soon.value.reason == "too-soon"
        for _ in range(inviting_by_mail.MOST_REMINDERS):
            site.now += timedelta(days=3)
            inviting_by_mail.remind(site.store, scan=site.scan.id, site=SITE, by=site.scan.by, now=site.now)
            second = {one.to: one for one in site.send()}
            assert set(second) == set(first)
            for to, one in second.items():
                assert token_of(one) == token_of(first[to]) and one.message_id != first[to].message_id
                assert "Iedereen krijgt deze herinnering" in one.text
        site.now += timedelta(days=3)
        with pytest.raises(Refused) as many:
            inviting_by_mail.remind(site.store, scan=site.scan.id, site=SITE, by=site.scan.by, now=site.now)
        assert many.value.reason == "too-many-reminders"


def test_a_planned_reminder_goes_on_its_day_and_can_be_called_off(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        site.send()
        common = {"scan": site.scan.id, "by": site.scan.by, "now": NOW}
        for days in (4, 8):
            day = (NOW + timedelta(days=days)).date()
            inviting_by_mail.plan(site.store, day=day, site=SITE, **common)
        for day, reason in ((NOW, "in-the-past"), (NOW + timedelta(days=99), "after-closing")):
            with pytest.raises(Refused) as refused:
                inviting_by_mail.plan(site.store, day=day.date(), site=SITE, **common)
            assert refused.value.reason == reason
        inviting_by_mail.call_off(site.store, number=2, **common)
        assert inviting_by_mail.begin_planned(site.store, now=NOW + timedelta(days=3)) == 0
        site.now = NOW + timedelta(days=9)
        assert inviting_by_mail.begin_planned(site.store, now=site.now) == 1
        assert inviting_by_mail.begin_planned(site.store, now=site.now) == 0
        assert len(site.send()) == 3


def test_what_is_refused_is_tried_again_and_told_only_in_groups(tmp_path: Path) -> None:
    def answers(receiver: str) -> str | None:
        number = int(re.sub(r"\D", "", receiver.partition("@")[0]))
        if receiver.startswith("zuid"):
            return "550 no such user" if number < 3 else None
        return "550 no such user" if number < 9 else "451 not now" if number == 9 else None

    with a_site(tmp_path, noord=12, zuid=6) as site, a_mail_server(answers=answers) as post:
        site.start()
        site.send_to(post)
        assert len(post.got) == 5 and len(post.refused) == 13
        site.send_to(post)
        assert len(post.refused) == 13
        site.now += mailing_invitations.PASSES[0]
        site.send_to(post)
        (one,) = site.standing().rounds
        assert one.refused == {0: reach.about(9)} and one.state == "going"
        for _ in range(8):
            site.now += timedelta(days=1)
            site.send_to(post)
        (one,) = site.standing().rounds
        assert (
            one.state == "done"
            and set(one.refused) == {0}
            and post.refused.count("noord9@prive.example") == 8
        )
        assert post.refused.count("zuid0@prive.example") == 2 and len(post.got) == 5


def test_without_a_mail_server_nothing_is_lost_or_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_site(tmp_path) as site:
        site.start()
        with a_mail_server() as gone:
            pass
        for _ in range(10):
            site.send_to(gone)
            assert site.standing().rounds[0].waits_for_server
            site.now += timedelta(minutes=6)
        assert "prive" not in caplog.text
        with a_mail_server() as post:
            site.send_to(post)
            assert Counter(to for to, _ in post.got) == Counter(f"noord{n}@prive.example" for n in range(3))


def test_without_the_key_of_the_scan_letters_wait(tmp_path: Path) -> None:
    """A restored server may get its file of keys later."""
    with a_site(tmp_path) as site:
        site.start()
        key = scan_keys.path(site.store.scan_keys, site.scan.id)
        key.rename(tmp_path / "elsewhere")
        assert site.send() == [] and site.standing().rounds[0].waits_for_server
        (tmp_path / "elsewhere").rename(key)
        site.now += timedelta(minutes=6)
        assert len(site.send()) == 3


def test_what_was_on_its_way_at_a_crash_goes_again_as_the_same_letter(tmp_path: Path) -> None:
    class Dies(Kept):
        def send(self, message: Message) -> str:
            super().send(message)
            if len(self.letters) == 2:
                raise KeyboardInterrupt
            return ""

    with a_site(tmp_path, noord=4) as site:
        site.start()
        dying = Dies()
        with pytest.raises(KeyboardInterrupt):
            mailing_invitations.send_due(site.store, mailer=dying, site=SITE, clock=lambda: NOW)
        rest = site.send()
        assert rest[0] == dying.letters[1] and len(rest) == 3
        assert {one.to for one in dying.letters + rest} == {f"noord{n}@prive.example" for n in range(4)}


def test_a_run_ends_after_a_while_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=5) as site:
        site.start()
        ticks = iter(range(100))
        common = {"mailer": site.kept, "site": SITE, "clock": lambda: site.now}
        assert mailing_invitations.send_due(site.store, seconds=3, ticks=lambda: next(ticks), **common)
        assert 0 < len(site.kept.letters) < 5
        assert not mailing_invitations.send_due(site.store, **common)
        assert len(site.kept.letters) == len({one.to for one in site.kept.letters}) == 5


def test_addresses_that_came_later_get_their_invitation_too(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        site.send()
        with pytest.raises(Refused) as refused:
            site.start()
        assert refused.value.reason == "all-invited"
        invite(site.store, site.scan, "address,stratum\nlate@prive.example,zuid\n")
        assert site.standing().uninvited == 1
        site.start()
        assert [one.to for one in site.send()] == ["late@prive.example"]


def test_a_new_link_replaces_the_old_one_and_whoever_asks_learns_nothing(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        old = {one.to: token_of(one) for one in site.send()}
        adviser = an_adviser(site.store, site.scan.organisation)
        site.replace(" Noord1@Prive.example", adviser)
        site.replace("nobody@prive.example", adviser)
        with pytest.raises(NotAllowed):
            site.replace(
                "noord1@prive.example", an_account(site.store, site.scan.organisation, Role.COORDINATOR)
            )
        (letter,) = site.send()
        new = token_of(letter)
        assert letter.to == "noord1@prive.example" and "De oude link werkt niet meer" in letter.text
        assert (
            site.works(new)
            and not site.works(old["noord1@prive.example"])
            and site.works(old["noord2@prive.example"])
        )
        with site.store.reading() as session:
            said = [
                row.detail for row in audit.rows(session, site.scan.organisation) if row.act == "replace-link"
            ]
        assert said == ["", ""] and reissuing.bounds(site.store, scan=site.scan.id) == ()
        with site.store.reading_issuing() as connection:
            assert invited.reissued(connection, site.scan.id) == {0: 1}


def test_a_link_replaced_while_its_letter_was_on_its_way_is_not_lost(tmp_path: Path) -> None:
    with a_site(tmp_path, noord=1) as site:
        site.start()
        site.send()
        site.replace("noord0@prive.example")

        class Again(Kept):
            def send(self, message: Message) -> str:
                if not self.letters:
                    site.replace("noord0@prive.example")
                return super().send(message)

        again = Again()
        mailing_invitations.send_due(site.store, mailer=again, site=SITE, clock=lambda: NOW)
        again.letters += site.send()
        assert len(again.letters) == 2 and site.works(token_of(again.letters[-1]))


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        (replace(SITE, address="http://scan.example"), "no-https"),
        (replace(SITE, address=""), "no-https"),
        (replace(SITE, can_mail=False), "no-mail"),
    ],
)
def test_inviting_needs_https_and_mail(tmp_path: Path, site: inviting_by_mail.Site, reason: str) -> None:
    refused = inviting_by_mail.why_not(site)
    assert refused is not None and refused.reason == reason and refused.message
    assert inviting_by_mail.why_not(replace(SITE, address="http://localhost:8000", is_local=True)) is None


def test_without_https_what_waits_goes_on_waiting(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        plain = replace(SITE, address="http://scan.example")
        mailing_invitations.send_due(site.store, mailer=site.kept, site=plain, clock=lambda: NOW)
        assert site.kept.letters == [] and len(site.send()) == 3


def test_after_the_last_day_no_letter_goes(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.start()
        site.now += timedelta(days=40)
        assert site.send() == [] and site.standing().rounds[0].state == "done"
        with pytest.raises(Refused) as refused:
            site.replace("noord1@prive.example")
        assert refused.value.reason == "closed"


def test_what_was_left_on_the_last_day_goes_when_there_are_more_days(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        with site.store.issuing() as connection:
            invited.put_letters(connection, site.scan.id, 0)  # and then the server was killed
        assert site.standing().uninvited == 3
        site.start()
        assert site.standing().uninvited == 0
        site.now += timedelta(days=30)
        assert site.send() == [] and site.standing().uninvited == 3
        with site.store.office() as session:
            row = scans.get(session, site.scan.id)
            assert row is not None
            row.closes_on = (site.now + timedelta(days=1)).date()
        site.start()
        assert len(site.send()) == 3 and site.standing().uninvited == 0


def test_the_example_letter_opens_no_scan(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        for language in ("nl", "en"):
            seen = inviting_by_mail.preview(
                site.store, scan=site.scan.id, language=language, reminder=True, site=SITE, by=site.scan.by
            )
            assert "https://scan.example/u/example/" in seen.text and not LINK.search(seen.text)
        inviting_by_mail.send_trial(
            site.store, scan=site.scan.id, language="nl", to="me@zorg.example", mailer=site.kept, site=SITE,
            by=site.scan.by, now=NOW,
        )  # fmt: skip
        assert site.kept.letters[0].to == "me@zorg.example" and "voorbeeld" in site.kept.letters[0].text


def test_letters_that_became_files_go_at_sealing(tmp_path: Path) -> None:
    """On a machine to look around on nothing is mailed; a file with an address and its link must not outlive the scan."""
    from app.services import sealing

    with a_site(tmp_path) as site:
        outbox = Outbox(site.store.outbox)
        outbox.send(Message("hr@zorg.example", "Something else", "of staff"))
        site.start()
        mailing_invitations.send_due(site.store, mailer=outbox, site=SITE, clock=lambda: NOW)
        assert len([*site.store.outbox.rglob("*noord*.eml")]) > 1
        sealing.seal(site.store, scan=site.scan.id, by=site.scan.by, now=NOW + timedelta(days=30))
        assert [len([*site.store.outbox.rglob(f"*{name}*")]) for name in ("noord", "hr@zorg")] == [0, 1]
        raw = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert b"prive.example" not in raw


def test_sealing_leaves_no_address_and_no_way_to_read_one(tmp_path: Path) -> None:
    from app.services import sealing

    with a_site(tmp_path) as site:
        site.start()
        tokens = [token_of(one) for one in site.send()]
        raw = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert not [one for one in (b"prive.example", *(token.encode() for token in tokens)) if one in raw]
        site.replace("noord1@prive.example")
        with site.store.reading_issuing() as connection:
            kept = [person.sealed for person in connection.execute(select(invitations.Invited.sealed))]
        sealing.seal(site.store, scan=site.scan.id, by=site.scan.by, now=NOW + timedelta(days=30))
        assert scan_keys.read(site.store.scan_keys, site.scan.id) is None
        raw = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert kept and not [one for one in kept if one in raw]
        (bound,) = reissuing.bounds(site.store, scan=site.scan.id)
        assert (bound.name, bound.new_links, bound.twice) == ("Team Noord", 1, 1)
        with site.store.reading() as session:
            assert mail_rounds.get(session, site.scan.id, 0) is not None
