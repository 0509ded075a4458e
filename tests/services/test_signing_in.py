"""Signing in, staying signed in, and new passwords."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.core.refusal import Refused
from app.crypto import passwords
from app.mail import Message
from app.mail.outbox import Outbox
from app.services import signing_in
from app.services.signing_in import resume, sign_in
from app.services.throttling import waiting
from app.storage.database import Store
from app.storage.office import accounts
from tests.services.staff import ADDRESS, EMAIL, NOW, PASSWORD, a_house, link_in

MINUTE = timedelta(minutes=1)
OTHER = "heel andere losse woorden"


def reason(store: Store, email: str, password: str, after: timedelta = timedelta()) -> str:
    try:
        sign_in(store, email=email, password=password, now=NOW + after)
    except Refused as refused:
        return refused.reason
    return ""


def test_a_session_ends_when_idle_and_after_ten_hours(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    token = sign_in(store, email=f" {EMAIL.upper()} ", password=PASSWORD, now=NOW)
    moment = NOW
    while moment < NOW + timedelta(hours=9, minutes=40):
        moment += 29 * MINUTE
        found = resume(store, token=token, now=moment)
        assert found is not None
        assert found.email == EMAIL
    assert resume(store, token=token, now=NOW + timedelta(hours=10)) is None
    assert resume(store, token=token, now=moment + 31 * MINUTE) is None

    idle = sign_in(store, email=EMAIL, password=PASSWORD, now=NOW)
    assert resume(store, token=idle, now=NOW + 30 * MINUTE) is None


def test_signing_out_ends_that_session_only(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    one, two = (sign_in(store, email=EMAIL, password=PASSWORD, now=NOW) for _time in range(2))
    assert one != two
    signing_in.sign_out(store, token=one)
    assert resume(store, token=one, now=NOW) is None
    assert resume(store, token=two, now=NOW) is not None


def test_the_database_holds_neither_token_nor_password(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    token = sign_in(store, email=EMAIL, password=PASSWORD, now=NOW)
    store.dispose()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("office.db*"))
    assert token.encode() not in held
    assert PASSWORD.encode() not in held
    assert b"$argon2id$" in held


def test_the_wait_grows_and_is_the_same_for_an_unknown_address(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    for email in (EMAIL, "nobody@zorg.example"):
        assert [reason(store, email, "wrong") for _try in range(6)] == ["sign-in-failed"] * 5 + ["throttled"]
        assert reason(store, email, PASSWORD) == "throttled"
        after = timedelta(seconds=31)
        assert reason(store, email, "wrong", after) == "sign-in-failed"
        assert reason(store, email, "wrong", after + timedelta(seconds=59)) == "throttled"
    assert reason(store, EMAIL, PASSWORD, 3 * MINUTE) == ""
    assert reason(store, EMAIL, "wrong", 3 * MINUTE) == "sign-in-failed"
    assert reason(store, EMAIL, PASSWORD, 3 * MINUTE) == ""


def test_waits_never_shrink_and_stop_at_a_quarter_of_an_hour() -> None:
    waits = [waiting(failures) for failures in range(60)]
    assert waits == sorted(waits)
    assert waits[4] == timedelta()
    assert waits[5] == timedelta(seconds=30)
    assert waits[-1] == timedelta(minutes=15)


def test_the_throttle_keeps_no_address(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    reason(store, "stranger@elsewhere.example", "wrong")
    store.dispose()
    assert all(b"stranger@elsewhere" not in path.read_bytes() for path in tmp_path.glob("office.db*"))


def test_a_closed_account_gets_the_same_answer(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    token = sign_in(store, email=EMAIL, password=PASSWORD, now=NOW)
    with store.office() as session:
        accounts.by_email(session, EMAIL).active = False
    assert reason(store, EMAIL, PASSWORD) == "sign-in-failed"
    assert resume(store, token=token, now=NOW) is None


def test_a_hash_with_old_parameters_is_made_anew(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with store.office() as session:
        accounts.by_email(session, EMAIL).password = old
    assert reason(store, EMAIL, PASSWORD) == ""
    with store.reading() as session:
        kept = accounts.by_email(session, EMAIL).password
    assert not passwords.is_outdated(kept)
    assert passwords.matches(kept, PASSWORD)


def test_a_reset_link_works_once_for_an_hour_and_signs_out_everywhere(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    cookie = sign_in(store, email=EMAIL, password=PASSWORD, now=NOW)
    outbox = Outbox(tmp_path / "outbox")
    signing_in.ask_reset(store, email=EMAIL, now=NOW, mailer=outbox, address=ADDRESS)
    token = link_in(outbox.folder, "/account/reset/")
    assert signing_in.is_reset(store, token=token, now=NOW + 59 * MINUTE)
    assert not signing_in.is_reset(store, token=token, now=NOW + 60 * MINUTE)
    with pytest.raises(Refused) as weak:
        signing_in.reset_password(store, token=token, password="welkom2026!!", now=NOW)
    assert weak.value.reason == "password-common"

    signing_in.reset_password(store, token=token, password=OTHER, now=NOW, mailer=outbox, address=ADDRESS)
    assert resume(store, token=cookie, now=NOW) is None
    assert reason(store, EMAIL, PASSWORD) == "sign-in-failed"
    assert reason(store, EMAIL, OTHER) == ""
    with pytest.raises(Refused) as over:
        signing_in.reset_password(store, token=token, password=OTHER, now=NOW)
    assert over.value.reason == "link-over"


class Kept:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> str:
        self.messages.append(message)
        return ""


def test_a_reset_for_a_stranger_sends_and_keeps_nothing_and_nobody_is_flooded(tmp_path: Path) -> None:
    store, _anna = a_house(tmp_path)
    mailer = Kept()
    for email in ("nobody@zorg.example", "no address"):
        signing_in.ask_reset(store, email=email, now=NOW, mailer=mailer, address=ADDRESS)
    assert mailer.messages == []
    for _time in range(5):
        signing_in.ask_reset(store, email=EMAIL, now=NOW, mailer=mailer, address=ADDRESS)
    assert len(mailer.messages) == 3
    signing_in.ask_reset(store, email=EMAIL, now=NOW + timedelta(hours=1), mailer=mailer, address=ADDRESS)
    assert len(mailer.messages) == 4
    with sqlite3.connect(tmp_path / "office.db") as office:
        assert office.execute("SELECT DISTINCT email FROM mailed_link").fetchall() == [(EMAIL,)]


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    assert anna.account is not None
    elsewhere = sign_in(store, email=EMAIL, password=PASSWORD, now=NOW)
    with pytest.raises(Refused) as wrong:
        signing_in.change_password(store, account=anna.account, old="wrong", new=OTHER, now=NOW)
    assert wrong.value.reason == "wrong-password"
    fresh = signing_in.change_password(store, account=anna.account, old=PASSWORD, new=OTHER, now=NOW)
    assert resume(store, token=elsewhere, now=NOW) is None
    assert resume(store, token=fresh, now=NOW) is not None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort woord", "short"),
        ("x" * 300, "long"),
        ("anna@zorg.example", "address"),
        ("Welkom2026!!", "common"),
        ("P@ssw0rd12345", "common"),
        ("aaaaaaaaaaaaaa", "common"),
        ("kaas12kaas12kaas12", "common"),
        ("qwertyuiopasdf", "common"),
        ("123456789012", "common"),
        ("wachtwoord2026", "common"),
        ("paard accu nietje batterij", None),
        ("k8#Vq2!zLm0pXw", None),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, why: str | None) -> None:
    assert passwords.weakness(password, email=EMAIL) == why
