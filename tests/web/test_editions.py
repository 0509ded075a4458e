"""Editions: a coordinator corrects a release with a reason; readers see the latest, the reason, and every earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from app.core.access import Role
from app.jobs import performing
from app.services import releasing
from app.storage.office import tasks
from app.web.ui.asking import now
from tests.services.planned import INSTRUMENT, Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import CORRECTED, AtOnce, plan_scan, release_scan

REASON = "“Others speak up” was scored the wrong way round"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        found.app.extensions["queue"] = AtOnce(found, tmp_path)
        yield found


@pytest.fixture
def released(office: Office, tmp_path: Path) -> str:
    return release_scan(office, tmp_path)


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def correct(ina: Somebody, scan: str, **changes: object) -> str:
    data = {"text": CORRECTED, "reason": REASON, "sure": "y", **changes}
    return ina.client.post(f"/manage/linde/{scan}/correct", data=data, follow_redirects=True).text


def read(who: Somebody, scan: str, path: str = "", status: int = 200) -> str:
    answer = who.client.get(f"/results/linde/{scan}/{path}")
    assert answer.status_code == status, (path, answer.status)
    return answer.text


def test_a_first_edition_says_nothing_of_editions(office: Office, released: str, ina: Somebody) -> None:
    assert "Edition 1" not in read(ina, released)
    assert "It was corrected" not in read(ina, released, "edition/1/")


def test_a_worker_killed_after_the_correction_makes_no_second_one(
    office: Office, released: str, ina: Somebody, tmp_path: Path
) -> None:
    correct(ina, released)
    with office.store.office() as session:
        task = tasks.latest(session, released, "correct")
        assert task is not None
        task.state = "running"
        again = task.id
    performing.perform(office.store, again, files=tmp_path / "files", now=now())
    assert [edition.edition for edition in releasing.editions(office.store, scan=released)] == [1, 2]
    with office.store.reading() as session:
        assert tasks.latest_done(session, released, "correct") is not None


def test_a_correction_is_listed_with_its_reason_and_the_first_edition_stays(
    office: Office, released: str, ina: Somebody
) -> None:
    assert "Read the results" in correct(ina, released)
    latest = read(ina, released)
    assert "Edition 2" in latest and REASON in latest
    listed = read(ina, released, "editions")
    assert "The first publication" in listed and REASON in listed
    first = read(ina, released, "edition/1/")
    assert "This is edition 1" in first and "It was corrected" in first and REASON in first
    assert read(ina, released, "edition/1/results.json") != read(ina, released, "results.json")
    assert read(ina, released, "edition/2/results.json") == read(ina, released, "results.json")


def test_links_on_an_earlier_edition_stay_in_it(office: Office, released: str, ina: Somebody) -> None:
    correct(ina, released)
    how = read(ina, released, "edition/1/how")
    assert f"/results/linde/{released}/edition/1/withheld" in how
    assert f'href="/results/linde/{released}/"' in how  # to the latest one


def test_pictures_of_an_earlier_edition_are_drawn_from_it(
    office: Office, released: str, ina: Somebody
) -> None:
    correct(ina, released)
    read(ina, released, "edition/1/unit/north")
    assert "being drawn" not in read(ina, released, "edition/1/unit/north")
    with office.store.reading() as session:
        task = tasks.latest(session, released, "pictures")
    assert task is not None
    assert task.argument.startswith("unit-north@")


@pytest.mark.parametrize("edition", ["0", "3", "x"])
def test_an_edition_that_is_not_there_has_no_page(
    office: Office, released: str, ina: Somebody, edition: str
) -> None:
    read(ina, released, f"edition/{edition}/", 404)


def test_faults_are_named_with_their_line_and_everything_typed_is_kept(
    office: Office, released: str, ina: Somebody
) -> None:
    broken = CORRECTED.replace('scale = "speaking-up"', 'scale = "unheard-of"', 1)
    page = ina.client.post(
        f"/manage/linde/{released}/correct",
        data={
            "file": (BytesIO(broken.encode()), "corrected.toml"),
            "text": "",
            "reason": REASON,
            "sure": "y",
        },
    ).text
    assert "Line " in page
    assert "unheard-of" in page.split("<textarea")[1]
    assert "scored the wrong way round" in page.split('name="reason"')[1].split(">")[0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "Say in a sentence what was wrong"),
        ({"reason": "   "}, "Say in a sentence what was wrong"),
        ({"sure": ""}, "Tick the box"),
        ({"text": INSTRUMENT}, "This is the questionnaire as it is"),
        ({"text": CORRECTED.replace('id = "speak2"', 'id = "speak3"')}, "Question “speak2” isn"),
        ({"text": CORRECTED.replace('id = "tenure"', 'id = "years"')}, "Question “tenure” isn"),
    ],
)  # fmt: skip
def test_what_can_not_be_a_correction_is_refused_beside_its_field(
    office: Office, released: str, ina: Somebody, changes: dict[str, str], says: str
) -> None:
    page = correct(ina, released, **changes)
    assert says in page
    assert "error-summary" in page
    with office.store.reading() as session:
        assert tasks.latest(session, released, "correct") is None


def test_only_a_coordinator_corrects_and_only_what_is_released(
    office: Office, released: str, ina: Somebody
) -> None:
    for role in (Role.ADVISER, Role.WORKS_COUNCIL):
        assert sign_in(office, role).get(f"{released}/correct").status_code == 403
    assert ina.get(f"{plan_scan(office)}/correct").status_code == 409
    assert f"{released}/correct" in ina.reads(f"{released}/")
