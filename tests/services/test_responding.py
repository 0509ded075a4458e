"""Filling in, from a code to a receipt, on real databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.core.access import NotAllowed, Role
from app.core.refusal import Refused
from app.crypto import codes
from app.services import inviting
from app.services.facing import face
from app.services.responding import CodeUnknown, Malformed, Received, ScanClosed, UsedBefore
from tests.services.journeys import NOW, TODAY, an_open_scan, an_organisation
from tests.storage.stores import BACKENDS, an_app


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_code_works_once_and_its_form_as_often_as_it_is_sent(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = an_open_scan(app)
        first, second = place.codes()[0][:2]
        keys, early = place.form(first), place.form(first)
        assert keys and early
        received = place.send(first, keys, place.answers(1))
        assert isinstance(received, Received) and len(received.receipt) == 64
        again = place.send(first, keys, place.answers(2))
        assert isinstance(again, Received) and again.receipt == received.receipt
        assert isinstance(place.send(first, early, place.answers(3)), UsedBefore)
        assert place.form(first) is None
        assert isinstance(place.fill_in(second, {}), Received)


def test_a_stranger_cannot_tell_a_used_code_from_an_unknown_one(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        used = place.codes()[0][0]
        place.fill_in(used, {})
        unknown = codes.new_code()
        assert place.form(used) is None and place.form(unknown) is None
        made_up = place.form(place.codes()[1][0])
        assert made_up is not None
        assert place.send(used, made_up, {}) == place.send(unknown, made_up, {}) == CodeUnknown(None)


def test_a_code_of_another_organisation_opens_nothing_here(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        here = an_open_scan(app)
        there = an_open_scan(app, owner=an_organisation(app, "Stichting Ver Weg"))
        code = there.codes()[0][0]
        keys = there.form(code)
        assert keys is not None and here.form(code) is None
        assert here.send(code, keys, {}) == CodeUnknown(None)


def test_codes_are_forgiven_what_hands_and_ears_do_to_them(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        code = place.codes()[0][0]
        typed = codes.grouped(code).lower().replace("0", "o").replace("1", "l").replace("-", " ")
        assert place.form(typed) is not None
        assert isinstance(place.fill_in(typed, {}), Received)
        assert place.form(code) is None


def test_after_closing_only_forms_opened_before_are_taken(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        code, other = place.codes()[0][:2]
        shown = face(place.store, place.scan)
        assert shown is not None and shown.closes_on is not None
        after = shown.closes_on + timedelta(days=1)
        keys = place.form(code)
        assert keys is not None
        opening = place.form(other, today=after)
        assert opening is not None, "the page says the scan is closed; it needs the face for that"
        assert isinstance(place.send(code, keys, {}, today=after), Received)
        forged = type(keys)(codes.new_nonce(), f"{place.scan}.AAAAAAAAAAAAAAAAAAAAAA")
        assert isinstance(place.send(other, forged, {}, today=after), ScanClosed)


def test_answers_that_do_not_exist_are_named_and_nothing_is_stored(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        code = place.codes()[0][0]
        keys = place.form(code)
        shown = face(place.store, place.scan)
        assert keys and shown
        item = shown.instrument.coded[3].id
        refused = place.send(code, keys, {item: "77"})
        assert isinstance(refused, Malformed) and refused.items == (item,)
        comment = shown.instrument.comments[0].id
        refused = place.send(code, keys, {comment: "x" * 5000})
        assert isinstance(refused, Malformed) and refused.too_long == ((comment, 5000, 2000),)
        assert isinstance(place.send(code, keys, {comment: "kort"}), Received)


def test_a_second_run_voids_unused_slips_and_never_lets_more_in_than_headcount_and_reserve(
    tmp_path: Path,
) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        first = place.slips(strata=[0]).sheets[0]
        assert len(first.codes) == 15 and len(first.reserve_codes) == 2
        open_form = place.form(first.codes[5])
        assert open_form is not None
        for number, code in enumerate(first.codes[:5]):
            assert isinstance(place.fill_in(code, place.answers(number)), Received)
        second = place.slips(strata=[0]).sheets[0]
        voided = place.send(first.codes[5], open_form, {})
        assert isinstance(voided, CodeUnknown) and voided.face is not None
        assert place.form(first.codes[6]) is None
        outcomes = [place.fill_in(code, {}) for code in second.codes + second.reserve_codes]
        assert sum(isinstance(outcome, Received) for outcome in outcomes) == 15 + 2 - 5


def test_a_large_neighbour_does_not_raise_the_cap_of_a_small_stratum(tmp_path: Path) -> None:
    units = "code,parent,name,headcount\norg,,All,410\na,org,A,10\nb,org,B,400\n"
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=units)
        accepted = 0
        for _ in range(3):
            sheet = place.slips().sheets[0]
            forms = [(code, place.form(code)) for code in sheet.codes + sheet.reserve_codes]
            answers = [place.send(code, form, {}) for code, form in forms if form]
            accepted += sum(isinstance(answer, Received) for answer in answers)
        assert accepted == 10 + 2


def test_strata_that_do_not_exist_are_refused_and_one_named_twice_is_printed_once(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        for number in (2, -1):
            with pytest.raises(Refused, match="0 to 1"):
                place.slips(strata=[number])
        run = place.slips(strata=[0, 0])
        assert [len(sheet.codes) for sheet in run.sheets] == [15]
        assert all(place.form(code) for code in run.sheets[0].codes)


def test_who_prints_slips(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        with pytest.raises(NotAllowed):
            inviting.print_slips(
                place.store, scan=place.scan, by=place.actor(Role.COORDINATOR), now=NOW, local_ok=True
            )
        run = inviting.print_slips(
            place.store, scan=place.scan, by=place.actor(Role.ADVISER), now=NOW, local_ok=True
        )
        assert {len(sheet.codes) for sheet in run.sheets} == {15, 20}
        with pytest.raises(Refused, match="phones can't reach"):
            inviting.print_slips(
                place.store,
                scan=place.scan,
                by=place.actor(Role.ADVISER),
                now=NOW,
                address="http://localhost:8000",
            )
        with pytest.raises(Refused, match="0 to 2"):
            place.slips(reserve=9)


def test_the_order_of_slips_says_nothing_about_the_order_of_hashes(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        marks = [codes.slip_mark(code) for code in place.codes()[1]]
        raw = (tmp_path / "issuing.db").read_bytes()
        places = sorted(marks, key=raw.index)
        assert all(mark in raw for mark in marks)
        assert places in (sorted(marks), sorted(marks, reverse=True)) and marks != places


def test_an_open_link_lets_everybody_in_and_is_not_once_only(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, way="open-link")
        code = inviting.make_open_link(place.store, scan=place.scan, by=place.command_line, now=NOW)
        receipts = {place.fill_in(code, place.answers(n)).receipt for n in range(12)}  # type: ignore[union-attr]
        assert len(receipts) == 12
        with pytest.raises(Refused, match="open link"):
            place.slips()


def test_nothing_is_asked_before_the_scan_is_open(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        assert face(place.store, "nosuchscan") is None
        assert place.form("", today=TODAY) is None
        assert place.form("0000-0000-0000-0000") is None
