"""Journeys of hearing back: without an account a tap is counted, what pages say moves in batches, staff see what is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import render_template_string
from werkzeug.test import TestResponse

from app.core.access import Role
from app.core.feedback import Content, Decision, State
from app.services import promising, showing_effect
from app.storage.office import organisations, updates
from app.web.changes import hearing
from app.web.changes.board import Here
from app.web.ui.asking import now
from tests.services.board import ADDRESS, BEGUN, DECIDED, a_board, post, publish
from tests.services.planned import Office
from tests.services.test_promising import new_scan
from tests.web.managing import sign_in

HERE = {"Sec-Fetch-Site": "same-origin"}
PART = "{% include 'changes/_notice.html' %}{% include 'changes/_effect.html' %}"
DAY = date(2026, 4, 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_board(tmp_path) as made:
        yield made


def tap(office: Office, update: int, answer: str = "yes", headers: dict[str, str] = HERE) -> TestResponse:
    address = f"/b/{ADDRESS}/noticed/{update}?language=en"
    return office.app.test_client().post(address, data={"noticed": answer}, headers=headers)


def seen(office: Office, update: int, content: Content = BEGUN) -> str:
    """What stands under an update on the board."""
    with office.store.reading() as session:
        owner = organisations.get(session, office.organisation)
        board = updates.board(session, office.organisation)
        about = hearing.heard(session, office.organisation).about(update, content)
    assert owner is not None and board is not None
    with office.app.test_request_context("/?language=en"):
        return render_template_string(PART, here=Here(owner, board), about=about)


def stamp(office: Office) -> str:
    with office.store.reading() as session:
        return hearing.stamp(session, office.organisation)


def test_a_tap_is_thanked_on_a_page_without_the_form_and_leaves_no_cookie(office: Office) -> None:
    update = post(office, (DAY, BEGUN))
    answer = tap(office, update)
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers
    page = office.app.test_client().get(answer.headers["Location"])
    assert page.status_code == 200 and "Set-Cookie" not in page.headers
    assert "your answer counts" in page.text and "/noticed/" not in page.text.split("<main", 1)[1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_of_another_page_counts_nothing(office: Office, headers: dict[str, str]) -> None:
    update = post(office, (DAY, BEGUN))
    assert tap(office, update, headers=headers).status_code == 403
    for _ in range(7):
        tap(office, update)
    assert "Answers are shown from 8 on" in seen(office, update)


def test_an_old_browser_that_names_its_origin_counts(office: Office) -> None:
    assert tap(office, post(office, (DAY, BEGUN)), headers={"Origin": "http://localhost"}).status_code == 303


def test_under_k_nothing_shows_and_then_only_batches_do(office: Office) -> None:
    update = post(office, (DAY, BEGUN))
    empty, before = seen(office, update), stamp(office)
    for _ in range(7):
        tap(office, update)
        assert seen(office, update) == empty and stamp(office) == before
    tap(office, update)
    shown, at_eight = seen(office, update), stamp(office)
    assert "Of at least 8 answers" in shown and at_eight != before
    for _ in range(7):
        tap(office, update, "no")
        assert seen(office, update) == shown and stamp(office) == at_eight
    tap(office, update, "no")
    assert "Of at least 16 answers" in seen(office, update) and stamp(office) != at_eight


def test_what_can_not_be_noticed_is_not_asked(office: Office) -> None:
    wont = replace(BEGUN, decision=Decision.DONT)
    heard = replace(BEGUN, state=State.HEARD, decision=None)
    for content in (wont, heard, replace(BEGUN, state=State.STOPPED)):
        update = post(office, (DAY, content))
        assert "Do you notice it?" not in seen(office, update, content)
        assert tap(office, update).status_code == 404
    update = post(office, (DAY, BEGUN))
    assert tap(office, update, "maybe").status_code == 400
    assert tap(office, update + 1).status_code == 404


def test_the_effect_says_at_the_same_time_and_never_because(office: Office) -> None:
    publish(
        office, "a", opened=date(2026, 1, 5), promised=date(2026, 2, 20), released=date(2026, 2, 9), score=55
    )
    update = post(office, (date(2026, 3, 20), DECIDED), (DAY, BEGUN))
    gone = post(office, (DAY, replace(BEGUN, unit="b")))
    showing_effect.refresh_everywhere(office.store, today=date(2026, 6, 1))
    assert "Too early to say." in seen(office, update)
    publish(
        office, "b", opened=date(2026, 8, 5), promised=date(2026, 9, 20), released=date(2026, 9, 9), score=63,
        kind="follow-up",
    )  # fmt: skip
    showing_effect.refresh_everywhere(office.store, today=date(2026, 10, 1))
    page = seen(office, update)
    assert "Clearly better." in page and "from 55 to 63 out of 100" in page and "at the same time" in page
    assert "because" not in page and "The real difference probably lies between" in page
    assert "Can&#39;t be shown." in seen(office, gone) or "Can't be shown." in seen(office, gone)
    assert "Neither scan shows this unit" in seen(office, gone)


def test_the_timeline_names_what_is_late(office: Office) -> None:
    publish(
        office, "a", opened=date(2026, 1, 5), promised=date(2026, 2, 20), released=date(2026, 2, 9), score=55
    )
    today = date(2026, 6, 1)
    lines = promising.timeline(office.store, organisation=office.organisation, today=today)
    with office.app.test_request_context("/?language=en"):
        page = render_template_string("{% include 'changes/_timeline.html' %}", lines=lines, today=today)
    assert "Promised for 17 April 2026, and not done yet." in page
    assert "Done on 20 February 2026, as promised." in page


def test_measures_are_for_the_works_council_too_and_not_for_who_runs_the_server(office: Office) -> None:
    post(office, (DAY, BEGUN))
    page = sign_in(office, Role.WORKS_COUNCIL).client.get("/changes/linde/measures")
    assert page.status_code == 200 and "Too few to say" in page.text
    assert sign_in(office, Role.ADMINISTRATOR).client.get("/changes/linde/measures").status_code == 403


def test_opening_a_scan_asks_why_and_keeps_what_was_typed(office: Office) -> None:
    publish(
        office, "a", opened=date(2026, 1, 5), promised=date(2026, 2, 20), released=date(2026, 2, 9), score=55
    )
    late = now().date() - timedelta(days=1)
    post(office, (DAY, replace(BEGUN, due_on=late, next_on=None)))
    scan = new_scan(office)
    coordinator = sign_in(office, Role.COORDINATOR)
    for step in ("dpia", "notice"):
        coordinator.client.post(f"/manage/linde/{scan}/step/{step}", data={"answer": "done"})
    soon = now().date() + timedelta(days=9)
    days = {
        "closes_on": soon,
        "promise_on": soon + timedelta(days=9),
        "destroy_on": soon + timedelta(days=99),
    }
    coordinator.client.post(f"/manage/linde/{scan}/dates", data=days)
    address = f"/manage/linde/{scan}/open"
    assert (
        "Somebody to turn to" in coordinator.client.get(address).text
        or "aanspreekpunt" in coordinator.client.get(address).text
    )
    refused = coordinator.client.post(address, data={"sure": "y", "overdue_reason": ""})
    assert "Say why a new scan starts" in refused.text and office.scan(scan).opened_on is None
    opened = coordinator.client.post(address, data={"sure": "y", "overdue_reason": "Nobody was there"})
    assert opened.status_code == 302 and office.scan(scan).overdue_reason == "Nobody was there"
