"""Codes of an app: each works once and around its half minute only, whatever was used before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import one_time

NOW = datetime(2026, 11, 24, 9, 0, 10)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APPLICATION = b"k" * 32
HERE = one_time.step_at(NOW)


def test_codes_are_those_of_every_other_app() -> None:
    """The last six digits of the values in RFC 6238, appendix B."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        assert one_time.code_at(secret, one_time.step_at(moment)) == code


@given(away=st.integers(-6, 6), last=st.integers(HERE - 6, HERE + 6))
def test_a_code_is_taken_one_step_around_now_and_never_up_to_the_last_one_used(away: int, last: int) -> None:
    step = HERE + away
    found = one_time.step_of(SECRET, one_time.code_at(SECRET, step), now=NOW, last=last)
    assert found == (step if abs(away) <= 1 and step > last else None)


def test_a_code_works_once_and_those_before_it_no_more() -> None:
    first = one_time.code_at(SECRET, HERE)
    used = one_time.step_of(SECRET, first, now=NOW, last=0)
    assert used == HERE
    assert one_time.step_of(SECRET, first, now=NOW, last=used) is None
    assert one_time.step_of(SECRET, one_time.code_at(SECRET, HERE - 1), now=NOW, last=used) is None
    soon = NOW + timedelta(seconds=one_time.STEP_SECONDS)
    assert one_time.step_of(SECRET, first, now=soon, last=used) is None
    assert one_time.step_of(SECRET, one_time.code_at(SECRET, HERE + 1), now=soon, last=used) == HERE + 1


@given(typed=st.text(max_size=24))
def test_nothing_else_is_a_code(typed: str) -> None:
    right = {one_time.code_at(SECRET, HERE + away) for away in (-1, 0, 1)}
    if "".join(typed.split()) not in right:
        assert one_time.step_of(SECRET, typed, now=NOW, last=0) is None


def test_spaces_as_apps_show_them_are_forgiven() -> None:
    code = one_time.code_at(SECRET, HERE)
    assert one_time.step_of(SECRET, f" {code[:3]} {code[3:]} ", now=NOW, last=0) == HERE


def test_a_secret_is_read_by_its_own_account_and_application_only() -> None:
    wrapped = one_time.wrap(APPLICATION, 7, SECRET)
    assert SECRET.encode() not in wrapped
    assert len(wrapped) <= 128
    assert one_time.unwrap(APPLICATION, 7, wrapped) == SECRET
    assert one_time.unwrap(APPLICATION, 8, wrapped) is None
    assert one_time.unwrap(b"j" * 32, 7, wrapped) is None


def test_spare_codes_are_forgiven_how_they_are_typed_and_all_differ() -> None:
    codes = one_time.new_spare_codes()
    assert len({one_time.spare_mark(code) for code in codes}) == one_time.SPARE_CODES == 8
    typed = "-".join(codes[0][place : place + 4] for place in range(0, 16, 4)).lower()
    assert one_time.spare_mark(typed) == one_time.spare_mark(codes[0])
    assert one_time.spare_mark("123456") is None


def test_what_the_qr_code_holds_is_what_apps_read() -> None:
    read = pyotp.parse_uri(one_time.address(SECRET, "vera@zorg.example"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer) == (SECRET, "vera@zorg.example", "Weerklank")
    assert (read.digits, read.interval) == (one_time.DIGITS, one_time.STEP_SECONDS)
