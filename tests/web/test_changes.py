"""Journeys through the pages on which the board is written: each role does what it may, and nothing typed is ever lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.core.access import Role
from app.storage.office import updates
from app.web.ui.asking import now
from tests.services.planned import Office, an_office
from tests.web.boards import HIDDEN, THEME, open_scan
from tests.web.managing import Somebody, sign_in

MARKER = "zebrapad"


def soon(days: int = 30) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def typed(**other: str) -> dict[str, str]:
    fields = {
        "theme": THEME,
        "title_en": f"A place to go {MARKER}",
        "heard_en": "People do not dare to report.",
        "decision": "do",
        "why_en": "",
        "changes_en": "Everybody finds **one person** to go to.",
        "owner": "manager",
        "due_on": soon(60),
        "next_on": soon(),
        "state": "decided",
        "unit": "",
        "act": "publish",
    }
    return {**fields, **other}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as made:
        yield made


class At:
    """A colleague at the pages of the board."""

    def __init__(self, office: Office, *roles: Role, language: str = "en") -> None:
        self.somebody: Somebody = sign_in(office, *roles, language=language)
        self.client = self.somebody.client

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(f"/changes/linde/{path}")

    def reads(self, path: str = "") -> str:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return html.unescape(answer.text)

    def post(self, path: str, **data: str) -> TestResponse:
        return self.client.post(f"/changes/linde/{path}", data=data)

    def sends(self, path: str, **data: str) -> str:
        """Post, and go where it leads."""
        answer = self.post(path, **data)
        assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.text)[:900]
        return answer.headers["Location"].removeprefix("/changes/linde/")

    def seen(self, page: str) -> str:
        found = re.search(r'name="seen"[^>]*value="([^"]+)"', self.get(page).text)
        assert found is not None
        return found[1]


def shown(office: Office) -> list[str]:
    with office.store.reading() as session:
        rows = updates.published(session, office.organisation)
    return [version.content.in_language("en")[1].title for _, version in rows]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.MANAGER])
def test_from_a_theme_of_the_results_to_the_board(office: Office, tmp_path: Path, role: Role) -> None:
    scan = open_scan(office, tmp_path)
    at = At(office, role)
    assert "Updates that you write come here" in at.reads()
    assert f"/changes/linde/write?from=scan&ref={scan}&theme={THEME}" in at.reads("new")
    start = f"write?from=scan&ref={scan}&theme={THEME}"
    form = at.reads(start)
    filled = re.search(r'<textarea[^>]*name="heard_en"[^>]*>\s*([^<]+)<', form)
    assert filled is not None and " in 10 answers about “Speaking up” are favourable" in filled[1]
    page = at.sends(start, **typed(heard_en=filled[1]))
    told = at.reads(page)
    assert MARKER in told and "<strong>one person</strong>" in told
    assert "From the results of the scan “First scan”" in told
    assert shown(office) == [f"A place to go {MARKER}"]


def test_a_withheld_number_is_refused_with_its_reason_and_cant_be_sent_by_hand(
    office: Office, tmp_path: Path
) -> None:
    scan = open_scan(office, tmp_path)
    at = At(office, Role.COORDINATOR)
    assert "Garden (not shown)" in at.reads("new")
    start = f"write?from=scan&ref={scan}&theme={THEME}&unit={HIDDEN}"
    for answer in (at.get(start), at.post(start, **typed())):
        assert answer.status_code == 400
        assert "joined with others before the scan opened" in answer.text
    answer = at.post(f"write?from=scan&ref={scan}&theme={THEME}", **typed(unit=HIDDEN))
    assert answer.status_code == 400 and MARKER in answer.text
    assert shown(office) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"decision": "dont"}, "Write down why. People want to know."),
        ({"decision": "partly"}, "Write down why. People want to know."),
        ({"decision": ""}, "Choose what was decided."),
        ({"owner": ""}, "Choose who sees to it."),
        ({"due_on": ""}, "Fill in by when it is done."),
        ({"next_on": ""}, "Fill in when people hear more."),
        ({"heard_en": " "}, "Write down what was heard, in your own words."),
        ({"title_en": " "}, "Give it a title."),
        ({"publish_on": soon(-1)}, "Choose today or a day to come."),
    ],
)
def test_what_misses_something_is_refused_and_nothing_typed_is_lost(
    office: Office, wrong: dict[str, str], says: str
) -> None:
    at = At(office, Role.COORDINATOR)
    answer = at.post("write", **typed(**wrong))
    assert answer.status_code == 400
    assert says in answer.text
    assert "Everybody finds **one person** to go to." in answer.text
    with office.store.reading() as session:
        assert updates.everything(session, office.organisation) == []


def test_a_second_language_is_there_when_it_is_written_and_not_by_what_was_filled_in(
    office: Office, tmp_path: Path
) -> None:
    scan = open_scan(office, tmp_path)
    at = At(office, Role.COORDINATOR)
    start = f"write?from=scan&ref={scan}&theme={THEME}"
    dutch = re.search(r'<textarea[^>]*name="heard_nl"[^>]*>\s*([^<]+)<', at.reads(start))
    assert dutch is not None
    at.sends(start, **typed(heard_nl=dutch[1].replace("\n", "\r\n")))
    at.sends(start, **typed(heard_nl=dutch[1], title_nl="Een plek om heen te gaan"))
    answer = at.post(start, **typed(heard_nl="Iets heel anders"))
    assert answer.status_code == 400 and 'href="#title_nl"' in answer.text
    with office.store.reading() as session:
        written = [
            set(version.content.words) for _, version in updates.published(session, office.organisation)
        ]
    assert written == [{"en", "nl"}, {"en"}]


def test_a_draft_a_second_reader_and_a_later_day(office: Office) -> None:
    marjan, hanna, wim = (
        At(office, Role.MANAGER),
        At(office, Role.COORDINATOR),
        At(office, Role.WORKS_COUNCIL),
    )
    hanna.sends("settings", public="no", second_reader="y")
    assert "Offer to a second reader" in marjan.reads("write")
    page = marjan.sends("write", **typed(act="draft"))
    assert "A draft. Nobody sees it" in marjan.reads(page)
    assert "Approve" not in hanna.reads(page)
    marjan.sends(f"{page}publish", seen=marjan.seen(page))
    assert shown(office) == []
    assert "Approve" not in marjan.reads(page) and "Approve" in hanna.reads(page)
    assert "waits for you" in hanna.reads() and "waits for you" not in marjan.reads()
    marjan.sends(f"{page}approve", seen=hanna.seen(page))
    assert shown(office) == []
    assert wim.post(f"{page}approve", seen="x").status_code == 403
    hanna.sends(f"{page}approve", seen="old")
    assert shown(office) == []
    hanna.sends(f"{page}approve", seen=hanna.seen(page))
    assert len(shown(office)) == 1


def test_a_later_day_is_said_and_can_be_held_back(office: Office) -> None:
    at = At(office, Role.ADVISER)
    page = at.sends("write", **typed(publish_on=soon(3)))
    assert "It comes out by itself on" in at.reads(page) and shown(office) == []
    assert "Come out by themselves" in at.reads()
    at.sends(f"{page}hold")
    assert "A draft." in at.reads(page)
    at.sends(f"{page}drop")
    assert at.get(page).status_code == 404


def test_history_shows_both_versions_and_what_changed(office: Office) -> None:
    at = At(office, Role.COORDINATOR)
    page = at.sends("write", **typed())
    form = at.reads(f"{page}change")
    assert MARKER in form and "stays in the history" in form
    at.sends(
        f"{page}change",
        **typed(state="under-way", heard_en="People do dare to report.", seen=at.seen(f"{page}change")),
    )
    told = at.reads(f"{page}history")
    assert "Version 1, " in told and "Version 2, " in told
    assert re.search(r"<del>\s*not\s*</del>", told)
    assert "decided" in told and "under way" in told


def test_managers_change_their_own_and_an_adviser_remarks(office: Office) -> None:
    marjan, piet, fatma = At(office, Role.MANAGER), At(office, Role.MANAGER), At(office, Role.ADVISER)
    page = marjan.sends("write", **typed())
    assert "Change it" in marjan.reads(page) and "Change it" not in piet.reads(page)
    for path in ("change", "withdraw"):
        assert piet.get(f"{page}{path}").status_code == 403
        assert piet.post(f"{page}{path}", **typed(reason="x")).status_code == 403
    assert marjan.get(f"{page}remark").status_code == 403
    assert marjan.post(f"{page}remark", text="x").status_code == 403
    assert fatma.post(f"{page}remark", text=" ").status_code == 400
    fatma.sends(f"{page}remark", text="It was asked *three times*.")
    assert "<em>three times</em>" in marjan.reads(page)
    wrong = marjan.post(f"{page}withdraw", reason="")
    assert wrong.status_code == 400 and "Write down why." in wrong.text
    marjan.sends(f"{page}withdraw", reason="It was no decision yet")
    assert "It was no decision yet" in fatma.reads(page) and shown(office) == []
    assert marjan.get(f"{page}change").status_code in (403, 404)


def test_two_at_once_keep_what_the_second_typed(office: Office) -> None:
    one, other = At(office, Role.COORDINATOR), At(office, Role.ADVISER)
    page = one.sends("write", **typed(act="draft"))
    seen = other.seen(f"{page}change")
    one.sends(f"{page}change", **typed(act="draft", owner="coordinator", seen=seen))
    answer = other.post(f"{page}change", **typed(act="draft", heard_en="Something else entirely", seen=seen))
    assert answer.status_code == 400 and "Something else entirely" in answer.text
    assert "Somebody changed this in the meantime" in answer.text


def test_the_preview_is_harmless_and_warns_of_numbers_from_elsewhere(office: Office, tmp_path: Path) -> None:
    scan = open_scan(office, tmp_path)
    at = At(office, Role.ADVISER)
    query = f"?from=scan&ref={scan}&theme={THEME}&main=en"
    filled = re.search(r'name="heard_en"[^>]*>\s*([^<]+)<', at.reads(f"write{query}"))
    assert filled is not None
    heard = f"{filled[1]} And 37 % of nurses. <script>window.hit=1</script>"
    told = at.post(f"preview{query}", **typed(heard_en=heard)).text
    assert "&lt;script&gt;" in told and "<script" not in told
    assert "37 %" in told.partition("If they are about people")[0]
    assert "<html" not in told
    without = at.post(f"preview{query}", **typed(heard_en=filled[1])).text
    assert "If they are about people" not in without
    page = at.post(f"write{query}", **typed(heard_en=heard, act="preview"))
    assert page.status_code == 200 and "37 %" in page.text and shown(office) == []


def test_who_may_not_write_gets_no_page(office: Office) -> None:
    for role in (Role.WORKS_COUNCIL, Role.ADMINISTRATOR):
        at = At(office, role)
        for path in ("", "new", "write", "settings"):
            assert at.get(path).status_code == 403, path
    adviser = At(office, Role.ADVISER)
    assert adviser.get("settings").status_code == 403
    assert adviser.post("settings/address").status_code == 403


def test_the_address_of_the_board_is_chosen_and_made_anew(office: Office) -> None:
    at = At(office, Role.COORDINATOR)

    def address() -> str:
        found = re.search(r'href="(/b/[^"]+)"', at.reads("settings"))
        assert found is not None
        return found[1]

    first = address()
    assert len(first) >= len("/b/") + 16
    at.sends("settings/address")
    second = address()
    assert second != first
    assert at.client.get(first).status_code == 404 and at.client.get(second).status_code == 200
    at.sends("settings", public="yes")
    assert address() == "/b/linde/"
