"""Team talks and the action plan through pages: who prepares one, what is refused and why, what the files hold."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pypdf
import pytest
from flask.testing import FlaskClient
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from python_calamine import CalamineWorkbook

from app.core.access import Actor, Role
from app.core.advice import COUNCIL_TOO, MANAGEMENT, Answer
from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
from app.render.reading import Reading
from app.services import advising, answering, gathering, posting, releasing
from app.services.advising import New
from app.services.answering import Reply
from app.storage.office import scans, updates
from app.web.ui.asking import now
from tests.factories import an_account, send_form, signed_in
from tests.services.planned import Office, an_office
from tests.web.working import release_scan

THEME = "fear-to-report"
SOON = (date.today() + timedelta(days=60)).isoformat()


@dataclass(frozen=True)
class Place:
    office: Office
    folder: Path
    scan: str

    def actor(self, *roles: Role) -> Actor:
        return an_account(self.office.store, self.office.organisation, *roles)

    def client(self, *roles: Role) -> FlaskClient:
        return signed_in(self.office.app, self.actor(*roles).account or 0)

    @property
    def reading(self) -> Reading:
        document = releasing.document(self.office.store, scan=self.scan)
        return Reading("en", str(document["digest"]), document)

    def kit(self, unit: str = "house", theme: str = THEME) -> str:
        return f"/changes/linde/talk/{self.scan}/unit/{unit}/{theme}/"

    def promise(self, day: date) -> None:
        with self.office.store.office() as session:
            row = scans.get(session, self.scan)
            assert row is not None
            row.promise_on = day


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with an_office(tmp_path) as office:
        found = Place(office, tmp_path, release_scan(office, tmp_path, ("unit",)))
        found.promise(now().date())
        yield found


def numbers_of(place: Place, unit: str) -> list[str]:
    """What every file about this unit must say: its score with both ends, how sure it is, and how many answered."""
    group = place.reading.group("unit", unit)
    assert group is not None and group.n is not None
    found = group.scales["speaking-up"]
    ends = [found["interval"][0]["low"], found["interval"][1]["high"]]
    nums = [found["score"], group.n]
    return [f"{one:g}" for one in (*(num[key] for num in nums for key in ("value", "low", "high")), *ends)]


def test_advisers_coordinators_and_managers_prepare_a_talk_and_others_do_not(place: Place) -> None:
    for role in (Role.ADVISER, Role.COORDINATOR, Role.MANAGER):
        client = place.client(role)
        assert client.get("/changes/linde/talk/").status_code == 200
        assert client.get(place.kit()).status_code == 200
        assert "Prepare a team talk" in client.get(f"/results/linde/{place.scan}/unit/house").text
    for role in (Role.WORKS_COUNCIL, Role.ADMINISTRATOR):
        client = place.client(role)
        assert client.get(place.kit()).status_code == 403
        assert client.get(place.kit() + "handout").status_code == 403
    assert (
        "Prepare a team talk"
        not in place.client(Role.WORKS_COUNCIL).get(f"/results/linde/{place.scan}/unit/house").text
    )


def test_an_adviser_leads_a_talk_but_decides_nothing(place: Place) -> None:
    client = place.client(Role.ADVISER)
    assert place.kit() + "decisions" not in client.get(place.kit()).text
    assert client.get(place.kit() + "decisions").status_code == 403


def test_the_page_of_a_talk_holds_the_figures_and_the_questions(place: Place) -> None:
    page = place.client(Role.MANAGER).get(place.kit()).text
    for number in numbers_of(place, "house"):
        assert number in page
    assert "What would make it easier to report something?" in page
    assert "Fatma Yilmaz" in page
    assert place.reading.digest in page


def test_a_withheld_unit_is_refused_with_the_reason_and_the_unit_above_is_offered(place: Place) -> None:
    client = place.client(Role.MANAGER)
    group = place.reading.group("unit", "south")
    assert group is not None and not group.published
    answer = client.get(f"/changes/linde/talk/{place.scan}/?unit=unit:south&theme={THEME}")
    assert answer.status_code == 400
    assert group.reason in answer.text
    assert re.search(r"<option selected value=.unit:south.", answer.text)
    assert re.search(rf"<option selected value=.{THEME}.", answer.text)
    assert place.kit("org") in answer.text
    assert f"/changes/linde/talk/{place.scan}/stratum/0/{THEME}/" in answer.text
    for address in (place.kit("south"), place.kit("south") + "handout", place.kit("south") + "slides"):
        assert client.get(address).status_code == 302
        assert group.reason in client.get(address, follow_redirects=True).text
    assert not list((place.folder / "files").rglob("talk"))


def test_a_choice_that_leads_nowhere_is_said_and_kept(place: Place) -> None:
    client = place.client(Role.MANAGER)
    answer = client.get(f"/changes/linde/talk/{place.scan}/?unit=unit:house&theme=gossip")
    assert answer.status_code == 400 and "Choose a theme" in answer.text
    assert re.search(r"<option selected value=.unit:house.", answer.text)
    assert client.get(place.kit(theme="gossip")).status_code == 404
    assert client.get(place.kit("nowhere")).status_code == 404


def test_a_link_from_the_results_has_the_unit_filled_in(place: Place) -> None:
    answer = place.client(Role.MANAGER).get(f"/changes/linde/talk/{place.scan}/?unit=unit:house")
    assert answer.status_code == 200
    assert re.search(r"<option selected value=.unit:house.", answer.text)


def test_a_talk_leads_to_the_right_kit(place: Place) -> None:
    answer = place.client(Role.MANAGER).get(
        f"/changes/linde/talk/{place.scan}/?unit=unit:house&theme={THEME}"
    )
    assert answer.status_code == 302 and answer.location.endswith(place.kit())


def test_before_the_promise_date_only_who_releases_reads_it(place: Place) -> None:
    place.promise(now().date() + timedelta(days=3))
    workbook = f"/changes/linde/action-plan/{place.scan}.xlsx"
    kit = [place.kit(), place.kit() + "handout", place.kit() + "slides", f"/changes/linde/talk/{place.scan}/"]
    for role in (Role.ADVISER, Role.MANAGER):
        client = place.client(role)
        for address in [*kit, workbook]:
            answer = client.get(address)
            assert answer.status_code == 404 and "Not yet" in answer.text
        assert "the results open on" in client.get("/changes/linde/talk/").text
    assert place.client(Role.WORKS_COUNCIL).get(workbook).status_code == 404
    assert place.client(Role.COORDINATOR).get(place.kit()).status_code == 200
    place.promise(now().date())
    assert place.client(Role.MANAGER).get(place.kit()).status_code == 200


def test_what_was_agreed_becomes_decisions_that_every_reader_finds(place: Place) -> None:
    client = place.client(Role.MANAGER)
    answer = send_form(
        client,
        place.kit() + "decisions",
        text0="We begin each meeting with a round.",
        owner0="manager",
        due0=SOON,
        text1="We ask the adviser to visit us.",
        owner1="other",
        due1=SOON,
    )
    assert answer.status_code == 302
    page = client.get(place.kit()).text
    assert "We begin each meeting with a round." in page and "We ask the adviser to visit us." in page
    assert place.office.acts()[-1] == "record-decision"
    plan = place.client(Role.WORKS_COUNCIL).get("/changes/linde/action-plan/").text
    assert "We begin each meeting with a round." in plan and "team talk, House" in plan
    assert "We begin each meeting" not in client.get(place.kit("north")).text


def test_what_was_agreed_goes_on_the_board_with_one_button_and_once(place: Place) -> None:
    client = place.client(Role.MANAGER)
    agreed = "We begin each meeting with a round."
    send_form(client, place.kit() + "decisions", text0=agreed, owner0="manager", due0=SOON)
    found = re.search(r'href="(/changes/linde/write[^"]+)">Put it on the board', client.get(place.kit()).text)
    assert found is not None
    address = html.unescape(found[1])
    page = client.get(address).text
    assert page.count(agreed) >= 2, "title and what changes are filled in"
    assert f'value="{SOON}"' in page and fields(page)["decision"] == "do"
    typed = {name: value for name, value in fields(page).items() if name != "csrf_token"}
    answer = send_form(client, address, **typed | {"act": "publish"})
    assert answer.status_code == 302, answer.text
    update = int(answer.headers["Location"].rstrip("/").rpartition("/")[2])
    with place.office.store.reading() as session:
        row = updates.get(session, place.office.organisation, update)
        assert row is not None and row.version == 1 and row.decision_id is not None
    kit = client.get(place.kit()).text
    assert "Put it on the board" not in kit and f"/changes/linde/{update}/" in kit
    plan = client.get("/changes/linde/action-plan/").text
    assert plan.count(agreed) == 1, "one line, not two"


def test_a_decision_of_another_talk_is_not_told_here(place: Place) -> None:
    client = place.client(Role.MANAGER)
    address = f"/changes/linde/write?from=scan&ref={place.scan}&theme={THEME}&decision=99"
    assert client.get(address).status_code == 400


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    root = lxml.html.fromstring(page)
    form = next(one for one in root.forms if one.method == "POST" and "title_en" in one.fields)
    return dict(form.form_values())


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"text1": ""}, "text1", "Write down what you will do."),
        ({"owner1": ""}, "owner1", "Choose who sees to it."),
        ({"due1": ""}, "due1", "Choose by when"),
        ({"due1": "2001-01-01"}, "due1", "Choose by when"),
    ],
)
def test_a_row_that_is_not_complete_is_named_and_everything_typed_is_kept(
    place: Place, changes: dict[str, str], field: str, said: str
) -> None:
    client = place.client(Role.MANAGER)
    typed = {"text0": "First thing", "owner0": "manager", "due0": SOON}
    typed |= {"text1": "Second thing", "owner1": "other", "due1": SOON} | changes
    answer = send_form(client, place.kit() + "decisions", **typed)
    assert answer.status_code == 400
    assert f'href="#{field}">{said}' in answer.text
    for name, value in typed.items():
        if name.startswith("text") and value:
            assert value in answer.text
    assert "Nothing is recorded" in client.get(place.kit()).text


def test_an_empty_form_records_nothing(place: Place) -> None:
    answer = send_form(place.client(Role.MANAGER), place.kit() + "decisions")
    assert answer.status_code == 400 and "at least one thing" in answer.text


def test_the_hand_out_says_what_was_published(place: Place) -> None:
    client = place.client(Role.MANAGER)
    answer = client.get(place.kit() + "handout")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    made = pypdf.PdfReader(io.BytesIO(answer.data))
    text = " ".join(page.extract_text() for page in made.pages)
    for number in numbers_of(place, "house"):
        assert number in text
    assert "What would make it easier to report something?" in text and "Fatma Yilmaz" in text
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert made.metadata is not None and made.metadata.title == "Team talk: fear to report, House"
    assert len(list((place.folder / "files").rglob("*.pdf"))) == 1
    assert client.get(place.kit() + "handout").data == answer.data


def test_the_slides_have_titles_words_for_pictures_and_notes(place: Place) -> None:
    answer = place.client(Role.MANAGER).get(place.kit() + "slides")
    assert answer.status_code == 200
    made = Presentation(io.BytesIO(answer.data))
    assert made.slide_width * 9 == pytest.approx(made.slide_height * 16, rel=0.001)
    assert len(made.slides) == 10
    texts = []
    for slide in made.slides:
        assert slide.shapes.title.text.strip()
        assert slide.notes_slide.notes_text_frame.text.strip()
        for shape in slide.shapes:
            if shape.is_placeholder:
                assert shape.text_frame.text.strip()
            if shape.shape_type in (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.TABLE):
                words = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                assert words and "Speaking up" in words
            assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= made.slide_height
            texts += [cell.text for cell in shape.table.iter_cells()] if shape.has_table else []
            texts += [shape.text_frame.text] if shape.has_text_frame else []
        for run in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}r"):
            assert run.rPr.get("lang") == "en-GB"
    said = " ".join(texts)
    for number in numbers_of(place, "house"):
        assert number in said
    assert "Don't ask who said" not in said
    assert made.core_properties.author == "De Linde"
    assert "Canny" not in answer.data.decode("latin-1")


def sheets(raw: bytes) -> tuple[dict[str, list[list[Any]]], dict[str, str]]:
    """Values of each sheet by its name, and its XML."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        xml = {
            name: file.read(f"xl/worksheets/sheet{place}.xml").decode()
            for place, name in enumerate(book.sheet_names, 1)
        }
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}, xml


def test_the_workbook_holds_every_number_of_the_release_and_no_other(place: Place) -> None:
    answer = place.client(Role.COORDINATOR).get(f"/changes/linde/action-plan/{place.scan}.xlsx")
    assert answer.status_code == 200
    values, xml = sheets(answer.data)
    assert list(values) == ["Action plan", "Results", "Explanation"]
    rows = {row[0]: row for row in values["Results"][1:]}
    assert len(rows) == len(place.reading.tree)
    for group in place.reading.tree:
        row = rows[group.name]
        if not group.published:
            assert not any(isinstance(cell, int | float) for cell in row)
            assert row[-1] == group.reason
            continue
        found = group.scales["speaking-up"]
        nums = [found["score"], found.get("n") or group.n]
        ends = [found["interval"][0]["low"], found["interval"][1]["high"]]
        score, n = ([num[key] for key in ("value", "low", "high")] for num in nums)
        assert row[5:13] == [*score, *ends, *n]
    for one in xml.values():
        assert "<f>" not in one and 'orientation="landscape"' in one
        assert 'state="frozen"' in one and "<autoFilter" in one


def test_the_workbook_holds_what_was_decided_with_real_dates_and_no_formula(place: Place) -> None:
    client = place.client(Role.MANAGER)
    wicked = '=HYPERLINK("http://bad.example","x")'
    send_form(client, place.kit() + "decisions", text0=wicked, owner0="manager", due0=SOON)
    manager, adviser = place.actor(Role.MANAGER), place.actor(Role.ADVISER)
    for what, audience in (("Advice for all", COUNCIL_TOO), ("Advice for management", MANAGEMENT)):
        new = New("gossip", what, "Now", audience=audience)
        advice = advising.give(place.office.store, new=new, by=adviser, now=now())
        reply = Reply(
            Answer.DO, decision=f"Done with {what}", owner="coordinator", due=date.fromisoformat(SOON)
        )
        answering.answer(place.office.store, advice=advice, reply=reply, by=manager, now=now())
    address = f"/changes/linde/action-plan/{place.scan}.xlsx"
    raw = client.get(address).data
    values, xml = sheets(raw)
    rows = {row[2]: row for row in values["Action plan"][1:]}
    assert set(rows) == {wicked, "Done with Advice for all", "Done with Advice for management"}
    assert rows[wicked][6] == now().date() and rows[wicked][7] == date.fromisoformat(SOON)
    assert rows[wicked][9:] == ["no", "team talk, House"]
    assert rows["Done with Advice for all"][10] == "advice of the adviser"
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        assert 'quotePrefix="1"' in file.read("xl/styles.xml").decode()
    assert "<f>" not in xml["Action plan"]
    council, _xml = sheets(place.client(Role.WORKS_COUNCIL).get(address).data)
    assert {row[2] for row in council["Action plan"][1:]} == {wicked, "Done with Advice for all"}


def test_another_organisation_finds_no_talk_and_no_plan(place: Place) -> None:
    client = place.client(Role.MANAGER)
    assert client.get("/changes/elsewhere/talk/").status_code == 404
    assert client.get("/changes/linde/talk/abcdefghij/").status_code == 404
    assert client.get("/changes/linde/action-plan/abcdefghij.xlsx").status_code == 404


def test_what_an_update_says_stands_in_the_action_plan_without_its_marks(place: Place) -> None:
    content = Content(
        theme="exclusion",
        words={"nl": Words("Een vast punt", "Gehoord", "Waarom *nu*", "Op **elke locatie** komt iemand")},
        source=Source(SourceKind.OTHER),
        state=State.DECIDED,
        decision=Decision.DO,
        owner="manager",
        due_on=now().date() + timedelta(days=60),
        next_on=now().date() + timedelta(days=30),
    )
    by = place.actor(Role.COORDINATOR)
    update = posting.save(place.office.store, content=content, by=by, now=now())
    posting.publish(place.office.store, update=update, by=by, now=now())
    (made,) = gathering.actions(place.office.store, language="nl", by=by, today=now().date())
    assert made.what == "Een vast punt\nOp elke locatie komt iemand"
    assert made.why == "Waarom nu"
