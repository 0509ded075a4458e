import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest

from app.core.access import Role
from app.core.lifecycle import State
from app.services import planning
from app.storage.office import tasks
from app.web.ui.asking import now
from tests.services.planned import INSTRUMENT, UNITS, Office, an_office
from tests.web.managing import Somebody, sign_in

PAGES = [
    "",
    "name",
    "discard",
    "questionnaire",
    "units",
    "groups",
    "choices",
    "dates",
    "step/dpia",
    "confirm",
    "open",
]


class Heard:
    """A queue that only remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def put(self, act: str, task: int) -> None:
        self.given.append(act)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        found.app.extensions["queue"] = Heard()
        yield found


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def a_scan(office: Office, *, way: str = "slips", opened: bool = False) -> str:
    given = {"name": "First scan", "kind": "baseline", "instrument": INSTRUMENT, "units": UNITS, "way": way}
    made = planning.create_scan(office.store, **given, by=office.coordinator, now=now())  # type: ignore[arg-type]
    if opened:
        planning.open_scan(
            office.store, scan=made, checklist_confirmed=True, by=office.coordinator, now=now()
        )
    return made


def test_the_first_page_leads_to_the_first_scan(ina: Somebody) -> None:
    page = ina.reads()
    assert "To your first results" in page
    assert "There are no scans yet" in page
    assert "/manage/linde/new" in page


def test_without_signing_in_there_is_no_page(office: Office) -> None:
    answer = office.app.test_client().get("/manage/linde/")
    assert answer.status_code == 302
    assert "/account/sign-in" in answer.location


def test_a_coordinator_goes_from_an_empty_page_to_an_open_scan(office: Office, ina: Somebody) -> None:
    made = ina.post("new", {"name": "How are we?", "kind": "baseline", "previous": ""}).location.split("/")[
        -2
    ]
    ina.post(f"{made}/questionnaire", {"chosen": "own", "text": INSTRUMENT})
    ina.post(f"{made}/units", {"text": UNITS})
    ina.post(
        f"{made}/choices",
        {"min_group": "9", "matters": "4,5", "groupings": ["unit", "tenure"], "way": "slips"},
    )
    days = {"closes_on": 14, "promise_on": 40, "destroy_on": 400}
    ina.post(f"{made}/dates", {name: str(now().date() + timedelta(days=days[name])) for name in days})
    ina.post(f"{made}/step/dpia", {"answer": "M. de Wit, yesterday"})
    ina.post(f"{made}/step/notice", {"answer": "by letter"})
    assert office.scan(made).state == State.READY
    assert ina.post(f"{made}/open").status_code == 200
    assert office.scan(made).state == State.READY
    ina.post(f"{made}/open", {"sure": "y"})
    row = office.scan(made)
    assert row.state == State.OPEN
    plan = row.settings
    assert plan is not None
    assert (plan.min_group, plan.matters, plan.groupings) == (9, 4.5, ("unit", "tenure"))


def test_bad_rows_are_named_and_what_was_pasted_is_kept(office: Office, ina: Somebody) -> None:
    made = a_scan(office)
    bad = UNITS + "x,gone,Team X,3\n"
    page = ina.post(f"{made}/units", {"text": bad}).text
    assert "Line 7:" in page
    assert "parent “gone”" in page
    assert "x,gone,Team X,3" in page
    assert 'aria-describedby="text-fault"' in page or "text-fault" in page


def test_units_come_from_a_file_too(office: Office, ina: Somebody) -> None:
    made = a_scan(office)
    raw = "code;parent;name;headcount\norg;;Cliëntenzorg;80\n".encode("cp1252")
    ina.client.post(f"/manage/linde/{made}/units", data={"file": (BytesIO(raw), "units.csv"), "text": ""})
    plan = office.scan(made).settings
    assert plan is not None
    assert plan.tree.root.name == "Cliëntenzorg"


def test_units_shown_again_can_be_loaded_again_whatever_their_names(office: Office, ina: Somebody) -> None:
    scan = a_scan(office)
    names = ['"Zorg"; en meer', "Keuken, linnen", "Team 🌻", "Twee regels"]
    lines = [f't{n},org,"{name.replace(chr(34), chr(34) * 2)}",20' for n, name in enumerate(names)]
    text = "code,parent,name,headcount\norg,,De Linde,80\n" + "\n".join(lines).replace("Twee ", "Twee\n")
    for _time in range(2):
        assert ina.post(f"{scan}/units", {"text": text}).status_code == 302
        tree = planning.draft_of(office.scan(scan)).tree
        assert tree is not None and [unit.name for unit in tree.units[1:]] == names
        shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", ina.reads(f"{scan}/units"), re.DOTALL)
        assert shown
        text = unescape(shown[1])


def test_faults_of_a_questionnaire_are_shown_with_their_line_and_the_text_is_kept(
    office: Office, ina: Somebody
) -> None:
    made = a_scan(office)
    broken = INSTRUMENT.replace('scale = "speaking-up"', 'scale = "unheard-of"', 1)
    page = ina.post(f"{made}/questionnaire", {"chosen": "own", "text": broken}).text
    assert "Line " in page
    assert "unheard-of" in page.split("<textarea")[1]
    assert office.scan(made).settings is not None


def test_groups_are_put_together_and_proposed_again(office: Office, ina: Somebody) -> None:
    made = planning.start(office.store, name="N", kind="baseline", by=office.coordinator, now=now())
    ina.post(f"{made}/units", {"text": UNITS})
    assert "Tick two or more" in ina.post(f"{made}/groups", {"strata": ["0"]}).text
    ina.post(f"{made}/groups", {"strata": ["0", "1"]})
    assert "You put groups together by hand" in ina.reads(f"{made}/groups")
    ina.post(f"{made}/groups/proposal")
    assert "This is what we propose" in ina.reads(f"{made}/groups")


@pytest.mark.parametrize("min_group", ["4", "", "many"])
def test_a_smallest_group_under_five_is_refused_and_kept_in_the_field(
    office: Office, ina: Somebody, min_group: str
) -> None:
    made = a_scan(office)
    page = ina.post(
        f"{made}/choices", {"min_group": min_group, "matters": "5", "groupings": ["unit"], "way": "slips"}
    ).text
    assert 'id="min_group-fault"' in page
    assert f'value="{min_group}"' in page


def test_a_smallest_group_above_the_organisation_says_how_many_people_there_are(
    office: Office, ina: Somebody
) -> None:
    page = ina.post(
        f"{a_scan(office)}/choices",
        {"min_group": "90", "matters": "5", "groupings": ["unit"], "way": "slips"},
    ).text
    assert "has 60 people" in page


def test_an_open_link_says_what_it_costs(office: Office, ina: Somebody) -> None:
    assert "organisation as a whole" in ina.reads(f"{a_scan(office)}/choices")


def test_the_works_council_confirms_from_its_own_account(office: Office, ina: Somebody) -> None:
    made = a_scan(office)
    council = sign_in(office, Role.WORKS_COUNCIL)
    digest = office.scan(made).plan_digest
    assert digest in council.reads(f"{made}/confirm")
    assert ina.post(f"{made}/confirm", {"sure": "y", "digest": digest}).status_code == 403
    council.post(f"{made}/confirm", {"sure": "y", "digest": "0" * 64})
    assert not office.scan(made).confirmed
    council.post(f"{made}/confirm", {"sure": "y", "digest": digest})
    assert office.scan(made).confirmed
    ina.post(f"{made}/choices", {"min_group": "9", "matters": "4,5", "groupings": ["unit"], "way": "slips"})
    assert not office.scan(made).confirmed


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_roles_without_scans_see_none(office: Office, role: Role) -> None:
    made = a_scan(office)
    who = sign_in(office, role)
    assert who.get().status_code == 403
    assert all(who.get(f"{made}/{page}").status_code == 403 for page in PAGES)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.WORKS_COUNCIL])
def test_readers_read_and_change_nothing(office: Office, role: Role) -> None:
    made = a_scan(office)
    who = sign_in(office, role)
    assert "First scan" in who.reads()
    assert "First scan" in who.reads(f"{made}/")
    changes = ["name", "discard", "questionnaire", "units", "groups", "choices", "dates", "step/dpia", "open"]
    assert [who.post(f"{made}/{page}").status_code for page in changes] == [403] * len(changes)


def test_no_page_of_another_organisation_or_of_no_scan(office: Office, ina: Somebody) -> None:
    assert ina.get("aaaaaaaaaa/").status_code == 404
    assert ina.client.get("/manage/other/").status_code == 404


@pytest.mark.parametrize("page", ["questionnaire", "units", "groups", "choices", "dates", "step/dpia"])
def test_what_is_frozen_is_refused_kindly_by_page_and_by_request(
    office: Office, ina: Somebody, page: str
) -> None:
    made = a_scan(office, opened=True)
    before = office.scan(made).plan
    data = {
        "chosen": "own",
        "text": UNITS,
        "min_group": "5",
        "matters": "5",
        "groupings": ["unit"],
        "way": "slips",
        "answer": "x",
    }
    assert ina.get(f"{made}/{page}").status_code == 409
    answer = ina.post(f"{made}/{page}", data)
    assert answer.status_code == 409
    assert "frozen" in answer.text
    assert office.scan(made).plan == before


def test_an_opened_scan_can_not_be_renamed_or_removed(office: Office, ina: Somebody) -> None:
    made = a_scan(office, opened=True)
    assert ina.post(f"{made}/name", {"name": "X", "kind": "baseline", "previous": ""}).status_code == 409
    assert ina.post(f"{made}/discard").status_code == 409


def test_while_open_there_are_no_figures_about_who_took_part(office: Office, ina: Somebody) -> None:
    made = a_scan(office, opened=True)
    page = ina.reads(f"{made}/")
    assert "Nobody sees results or how many people took part" in page
    assert "%" not in page


def test_closing_moves_later_only(office: Office, ina: Somebody) -> None:
    made = a_scan(office, opened=True)
    closes = office.scan(made).closes_on
    assert closes is not None
    assert "can&#39;t close earlier" in ina.post(f"{made}/extend", {"closes_on": str(closes)}).text
    ina.post(f"{made}/extend", {"closes_on": str(closes + timedelta(days=3))})
    assert office.scan(made).closes_on == closes + timedelta(days=3)


def test_sealing_is_given_to_the_worker_and_shown_until_it_is_done(office: Office, ina: Somebody) -> None:
    made = a_scan(office, opened=True)
    assert ina.post(f"{made}/seal").status_code == 200
    assert office.app.extensions["queue"].given == []
    ina.post(f"{made}/seal", {"sure": "y"})
    assert office.app.extensions["queue"].given == ["seal"]
    waiting = ina.reads(f"{made}/progress/seal")
    assert "Waiting for its turn" in waiting
    assert "/static/progress.js" in waiting
    _finish(office, made, "failed", "the disk is full")
    failed = ina.reads(f"{made}/progress/seal")
    assert "the disk is full" in failed
    assert "Try again" in failed
    assert "/static/progress.js" not in failed
    _finish(office, made, "done", "")
    assert "Back to the scan" in ina.reads(f"{made}/progress/seal")


def _finish(office: Office, scan: str, state: str, message: str) -> None:
    with office.store.office() as session:
        task = tasks.latest(session, scan, "seal")
        assert task is not None
        task.state, task.message = state, message


@pytest.mark.parametrize("act", ["release", "archive"])
def test_an_open_scan_is_neither_released_nor_archived(office: Office, ina: Somebody, act: str) -> None:
    assert ina.post(f"{a_scan(office, opened=True)}/{act}", {"sure": "y"}).status_code == 409


def test_slips_are_made_by_an_adviser_and_a_second_run_needs_a_word(office: Office, ina: Somebody) -> None:
    made = a_scan(office, opened=True)
    adviser = sign_in(office, Role.ADVISER)
    assert ina.post(f"{made}/slips", {"strata": ["0"]}).status_code == 403
    first = adviser.post(f"{made}/slips", {"strata": ["0"]})
    assert first.data.startswith(b"%PDF")
    assert "attachment" in first.headers["Content-Disposition"]
    assert first.headers["Cache-Control"] == "no-store"
    again = adviser.post(f"{made}/slips", {"strata": ["0"]})
    assert "stop working" in again.text
    assert adviser.post(f"{made}/slips", {"strata": ["0"], "again": "y"}).data.startswith(b"%PDF")


def test_the_open_link_is_shown_once(office: Office) -> None:
    made = a_scan(office, way="open-link", opened=True)
    adviser = sign_in(office, Role.ADVISER)
    page = adviser.post(f"{made}/link", {"sure": "y"}).text
    assert "/v/linde/" in page
    assert "data:image/png" in page
    assert "/v/linde/" not in adviser.reads(f"{made}/link")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["dpia", "notice"])
def test_a_draft_text_holds_the_facts_of_the_scan(office: Office, name: str, language: str) -> None:
    made = a_scan(office, opened=True)
    answer = sign_in(office, Role.COORDINATOR, language=language).get(f"{made}/{name}.md")
    assert answer.mimetype == "text/markdown"
    assert "First scan" in answer.text
    assert "Integrity desk, 012-3456789" in answer.text
    assert "{{" not in answer.text


def test_pages_speak_dutch(office: Office) -> None:
    made = a_scan(office)
    dutch = sign_in(office, Role.COORDINATOR, language="nl")
    assert "Naar je eerste resultaten" in dutch.reads() or "Wat nu komt" in dutch.reads()
    page = dutch.post(f"{made}/units", {"text": UNITS + "x,gone,Team X,3\n"}).text
    assert "Regel 7:" in page
    assert "geen code in dit bestand" in page


def test_the_forecast_is_shown_beside_the_groups_and_stays_the_same(office: Office, ina: Somebody) -> None:
    made = a_scan(office)
    page = ina.reads(f"{made}/groups")
    assert all(f"{rate} %" in page for rate in (50, 60, 70))
    assert (
        page.split("What would be published")[1]
        == ina.reads(f"{made}/groups").split("What would be published")[1]
    )
    assert "What would be published" in sign_in(office, Role.WORKS_COUNCIL).reads(f"{made}/confirm")


def test_every_page_of_a_draft_can_be_read(office: Office, ina: Somebody) -> None:
    empty = planning.start(office.store, name="N", kind="baseline", by=office.coordinator, now=now())
    for made in (empty, a_scan(office)):
        assert all(ina.get(f"{made}/{page}").status_code in (200, 302) for page in PAGES)
