"""Letters to subscribers: who confirmed gets each digest once, in text and HTML; what is refused is tried again, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.crypto import addresses
from app.mail import Message
from app.mail.smtp import SmtpMailer
from app.services import digesting, mailing, subscribing
from app.settings import Smtp
from app.storage import subscribers
from app.storage.database import Store
from app.storage.office.scans import Scan
from tests.factories import a_store, an_account, an_organisation
from tests.posted import ADDRESS, Post, a_board, a_mail_server, publish

KEY = b"k" * 32
NOW = datetime(2026, 11, 23, 9, 0)
SITE = "https://scan.example"


@dataclass
class Kept:
    """A mailer that keeps what it gets."""

    letters: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> str:
        self.letters.append(message)
        return ""


@dataclass
class Site:
    store: Store
    by: Actor
    kept: Kept = field(default_factory=Kept)
    now: datetime = NOW

    def ask(self, email: str, language: str = "nl") -> None:
        subscribing.ask(
            self.store, key=KEY, domain="scan.example", organisation=self.by.organisation, email=email,
            language=language, now=self.now,
        )  # fmt: skip

    def send(self) -> list[Message]:
        before = len(self.kept.letters)
        mailing.send_due(self.store, mailer=self.kept, key=KEY, address=SITE, clock=lambda: self.now)
        return self.kept.letters[before:]

    def send_to(self, post: Post) -> None:
        smtp = SmtpMailer(Smtp("127.0.0.1", post.port, starttls=False, sender="bord@zorg.example"))
        with smtp.one_after_another() as line:
            mailing.send_due(self.store, mailer=line, key=KEY, address=SITE, clock=lambda: self.now)

    def subscribe(self, *emails: str, language: str = "nl") -> None:
        for email in emails:
            self.ask(email, language)
            letter = next(one for one in self.send() if one.to == email)
            confirm = token(letter.text, "confirm")
            subscribing.confirm(self.store, key=KEY, organisation=self.by.organisation, token=confirm)

    def digest(self) -> int:
        return digesting.make_due(self.store, domain="scan.example", now=self.now)

    def reached(self) -> digesting.Reached:
        return digesting.reached(self.store, by=self.by)


def token(text: str, act: str) -> str:
    found = re.search(rf"/b/{ADDRESS}/{act}/([\w-]+)", text)
    assert found is not None, text
    return found[1]


@contextmanager
def a_site(folder: Path) -> Iterator[Site]:
    with a_store(folder) as store:
        organisation = an_organisation(store)
        a_board(store, organisation)
        yield Site(store, an_account(store, organisation, Role.COORDINATOR))


def test_mail_goes_only_to_who_pressed_the_button(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.ask("Vera@Prive.example")
        site.subscribe("sam@prive.example", language="en")
        publish(site.store, site.by, NOW - timedelta(days=1))
        assert site.digest() == 1
        (letter,) = site.send()
        assert letter.to == "sam@prive.example" and letter.subject == "What changes at Zorggroep De Linde"
        assert "Each team agrees how to report (under way)" in letter.text
        assert letter.html and '<html lang="en">' in letter.html and "<strong>" not in letter.text
        headers = dict(letter.headers)
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith(f"<{SITE}/b/{ADDRESS}/unsubscribe/")
        assert letter.message_id and letter.message_id.endswith("@scan.example>")
        assert site.send() == []


def test_a_digest_comes_weekly_and_only_with_something_new(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example")
        assert site.digest() == 0
        one = publish(site.store, site.by, NOW - timedelta(hours=1))
        assert site.digest() == 1 and site.digest() == 0
        assert len(site.send()) == 1
        publish(site.store, site.by, NOW + timedelta(hours=1), update=one)
        site.now = NOW + timedelta(days=2)
        assert site.digest() == 0
        site.now = NOW + timedelta(days=7)
        assert site.digest() == 1
        assert len(site.send()) == 1
        site.now = NOW + timedelta(days=30)
        assert site.digest() == 0


def test_it_tells_of_scans_what_the_board_says_by_itself(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example", language="en")
        with site.store.office() as session:
            session.add(
                Scan(
                    id="s1", organisation_id=site.by.organisation, name="Hoe gaat het?", kind="baseline", state="sealed",
                    opened_on=date(2026, 11, 2), closes_on=date(2026, 11, 21), promise_on=date(2026, 12, 8), created_at=NOW,
                )
            )  # fmt: skip
        assert site.digest() == 1
        (letter,) = site.send()
        assert "“Hoe gaat het?” has closed: thank you" in letter.text and letter.html is not None
        assert "Everybody reads the results on 8 December 2026" in letter.text
        assert (
            "“Hoe gaat het?” has begun" in letter.html and f"{SITE}/b/{ADDRESS}/?language=en" in letter.html
        )
        site.now = NOW + timedelta(days=14)
        assert site.digest() == 0, "nothing new"
        site.now = NOW + timedelta(days=16)
        assert site.digest() == 1
        (letter,) = site.send()
        assert "are late" in letter.text and "thank you" not in letter.text


def test_an_organisation_can_have_it_daily(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example")
        digesting.choose_often(site.store, often="each", by=site.by, now=NOW)
        with pytest.raises(Refused):
            digesting.choose_often(site.store, often="hourly", by=site.by, now=NOW)
        manager = an_account(site.store, site.by.organisation, Role.MANAGER)
        with pytest.raises(NotAllowed):
            digesting.choose_often(site.store, often="weekly", by=manager, now=NOW)
        for day in range(2):
            site.now = NOW + timedelta(days=day)
            publish(site.store, site.by, site.now - timedelta(minutes=1))
            assert site.digest() == 1
        assert len(site.send()) == 2


def test_letters_that_a_crash_left_out_are_made_and_none_twice(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example", "vera@prive.example")
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        with site.store.office() as session:
            from app.storage.office import digests

            row = digests.latest(session, site.by.organisation)
            assert row is not None
            row.made = False
        with site.store.issuing() as connection:
            handle = subscribers.confirmed(connection, site.by.organisation)[0]
            subscribers.drop_letters(connection, handle, "digest")
        site.digest()
        assert sorted(one.to for one in site.send()) == ["sam@prive.example", "vera@prive.example"]


def test_what_was_on_its_way_at_a_crash_goes_again_under_the_same_id(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example")
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        with site.store.issuing() as connection:
            due = subscribers.next_due(connection, NOW)
            assert due is not None and subscribers.next_due(connection, NOW) is None
        (letter,) = site.send()
        assert letter.message_id == due.message_id


def test_a_refusal_is_retried_and_then_shown_as_a_rough_number(tmp_path: Path) -> None:
    people = [f"p{number}@prive.example" for number in range(21)]

    def answers(receiver: str) -> str | None:
        number = int(receiver[1:].partition("@")[0])
        return "550 no such user" if number < 9 else "451 not now" if number == 20 else None

    with a_site(tmp_path) as site, a_mail_server(answers=answers) as post:
        for person in people:
            site.subscribe(person)
            site.now += timedelta(minutes=1)
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        site.send_to(post)
        assert len(post.got) == 11 and len(post.refused) == 10
        seen = site.reached()
        assert (seen.sent.least, seen.refused.least, seen.retried.least) == (10, 0, 10)
        site.now += timedelta(minutes=11)
        site.send_to(post)
        seen = site.reached()
        assert (seen.sent.least, seen.refused.least, seen.retried.few) == (10, 8, True)
        for _ in range(7):
            site.now += timedelta(days=1)
            site.send_to(post)
        assert site.reached().refused.least == 10 and len(post.got) == 11
        mail = post.to("p9@prive.example")[0]
        assert mail.get_body(("plain",)) is not None and mail.get_body(("html",)) is not None
        assert mail["List-Unsubscribe"].startswith("<https://") and "<bord@zorg.example>" in mail["From"]


def test_an_address_that_refuses_three_digests_is_forgotten(tmp_path: Path) -> None:
    with a_site(tmp_path) as site, a_mail_server(answers=lambda to: "550 gone") as post:
        site.subscribe("sam@prive.example")
        for _ in range(3):
            site.now += timedelta(days=8)
            publish(site.store, site.by, site.now - timedelta(minutes=1))
            site.digest()
            site.send_to(post)
            site.now += timedelta(minutes=11)
            site.send_to(post)
        with site.store.reading_issuing() as connection:
            assert subscribers.count_confirmed(connection, site.by.organisation) == 0
        assert len(post.refused) == 6


def test_without_a_mail_server_nothing_is_lost_or_counted_as_a_try(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("sam@prive.example", "vera@prive.example")
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        with a_mail_server() as gone:
            pass
        for _ in range(20):
            site.send_to(gone)
            site.now += timedelta(minutes=6)
        assert "prive" not in caplog.text
        with a_mail_server() as post:
            site.send_to(post)
            site.now += timedelta(minutes=6)
            site.send_to(post)
            assert len(post.got) == 2


def test_whatever_is_typed_nobody_is_flooded(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        for _ in range(10):
            site.ask("vera@prive.example")
            site.send()
        assert len(site.kept.letters) == subscribing.MOST_LETTERS
        for number in range(subscribing.MOST_ASKED - 10):
            site.ask(f"p{number}@prive.example")
        with pytest.raises(Refused) as refused:
            site.ask("one.more@prive.example")
        assert refused.value.reason == "busy"
        site.now += timedelta(hours=1)
        site.ask("q@prive.example")


def test_a_subscriber_is_told_so_and_nothing_changes(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("vera@prive.example")
        site.ask("VERA@prive.example", "en")
        (letter,) = site.send()
        assert letter.subject.startswith("Je krijgt al mail")
        off = token(letter.text, "unsubscribe")
        with pytest.raises(Refused):
            subscribing.confirm(site.store, key=KEY, organisation=site.by.organisation, token=off)
        subscribing.unsubscribe(site.store, key=KEY, organisation=site.by.organisation, token=off)
        subscribing.unsubscribe(site.store, key=KEY, organisation=site.by.organisation, token=off)
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        assert site.send() == []


def test_who_unsubscribes_meanwhile_gets_nothing_more(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.subscribe("vera@prive.example")
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
        with site.store.issuing() as connection:
            subscribers.remove(connection, subscribers.confirmed(connection, site.by.organisation)[0])
        assert site.send() == []


def test_without_confirmation_an_address_goes_after_a_week(tmp_path: Path) -> None:
    with a_site(tmp_path) as site:
        site.ask("vera@prive.example")
        confirm = token(site.send()[0].text, "confirm")
        subscribing.tidy(site.store, now=NOW + timedelta(days=7))
        here = site.by.organisation
        assert subscribing.can_confirm(site.store, key=KEY, organisation=here, token=confirm)
        assert not subscribing.can_confirm(site.store, key=KEY, organisation=here + 1, token=confirm)
        subscribing.tidy(site.store, now=NOW + timedelta(days=8))
        assert not subscribing.can_confirm(site.store, key=KEY, organisation=here, token=confirm)


def test_no_file_holds_an_address_or_a_plain_hash_of_one(tmp_path: Path) -> None:
    import hashlib

    with a_site(tmp_path) as site:
        site.subscribe("vera@prive.example")
        publish(site.store, site.by, NOW - timedelta(hours=1))
        site.digest()
    traces = [b"vera", b"prive.example"]
    for kind in ("sha256", "sha1", "md5", "blake2b"):
        made = hashlib.new(kind, b"vera@prive.example").digest()
        traces += [made, made.hex().encode()]
    for file in tmp_path.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert not [one for one in traces if one in raw], file


def test_a_sealed_address_opens_under_its_own_key_only() -> None:
    sealed = addresses.seal(KEY, "vera@prive.example", b"n" * addresses.NONCE_BYTES)
    longer = addresses.seal(KEY, "v" * 200 + "@prive.example", b"n" * addresses.NONCE_BYTES)
    assert len(sealed) == len(longer) and addresses.unseal(KEY, sealed) == "vera@prive.example"
    with pytest.raises(addresses.NotOpened):
        addresses.unseal(b"q" * 32, sealed)
    made = addresses.token(KEY, "confirm", b"h" * 16)
    assert addresses.handle_of(KEY, "confirm", made) == b"h" * 16
    for act, text in (
        ("unsubscribe", made),
        ("confirm", made[:-2] + "AA"),
        ("confirm", ""),
        ("confirm", "é"),
    ):
        assert addresses.handle_of(KEY, act, text) is None
    assert addresses.handle_of(b"q" * 32, "confirm", made) is None
