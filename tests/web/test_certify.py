"""Opening a scan with personal links: the worker makes the keys, the page shows how far it is, again makes what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.core.access import Role
from app.crypto import personal
from app.jobs import performing
from app.services import certifying
from app.web.ui.asking import now
from tests.services.planned import Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import Never, plan_scan


@dataclass(frozen=True)
class AtOnce:
    """A queue whose worker has done the work before the page is back."""

    office: Office

    def put(self, act: str, task: int) -> None:
        pages = self.office.app.extensions["personal_pages"]
        performing.perform(self.office.store, task, files=Path("unused"), now=now(), pages=pages)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        yield found


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def a_ready_scan(office: Office, ina: Somebody) -> str:
    scan = plan_scan(office, ("unit",))
    chosen = {"min_group": "8", "matters": "5", "groupings": ["unit"], "way": "personal-links"}
    assert ina.post(f"{scan}/choices", chosen).status_code == 302
    assert "personal links by mail" in ina.reads(f"{scan}/").lower()
    steps = {"dpia": "done", "notice": "told", "works-council": "asked"}
    for step, said in steps.items():
        ina.post(f"{scan}/step/{step}", {"answer": said})
    dates = {"closes_on": "2031-01-10", "promise_on": "2031-02-10", "destroy_on": "2032-01-10"}
    ina.post(f"{scan}/dates", dates)
    return scan


def test_opening_has_the_keys_made_and_shows_the_words(office: Office, ina: Somebody) -> None:
    office.app.extensions["queue"] = AtOnce(office)
    scan = a_ready_scan(office, ina)
    answer = ina.post(f"{scan}/open", {"sure": "y"})
    assert answer.headers["Location"].endswith(f"{scan}/progress/certify")
    assert "Done." in ina.reads(f"{scan}/progress/certify")
    served = certifying.served(office.store, scan)
    assert served is not None
    assert json.loads(served.document)["settings"] == office.scan(scan).plan_digest
    assert personal.words(served.fingerprint) in ina.reads(f"{scan}/")
    assert "certify-scan" in office.acts()
    assert office.app.test_client().get(f"/u/{scan}/").data == served.pages.page


def test_the_draft_assessment_says_what_is_shown_of_participation(office: Office, ina: Somebody) -> None:
    scan = a_ready_scan(office, ina)
    assessment = ina.reads(f"{scan}/dpia.md")
    assert "counted once a night" in assessment and "no participation figures" not in assessment
    slips = plan_scan(office, ("unit",))
    assert "no participation figures while the scan is open" in ina.reads(f"{slips}/dpia.md")


def test_while_they_are_made_nobody_gets_a_page_and_it_can_be_asked_for_again(
    office: Office, ina: Somebody
) -> None:
    office.app.extensions["queue"] = Never()
    scan = a_ready_scan(office, ina)
    ina.post(f"{scan}/open", {"sure": "y"})
    assert "Waiting for its turn." in ina.reads(f"{scan}/progress/certify")
    assert office.app.test_client().get(f"/u/{scan}/").status_code == 503
    assert "before anybody can be invited" in ina.reads(f"{scan}/")
    assert "Making the keys of the scan" in ina.reads(f"{scan}/")
    with office.store.office() as session:
        from app.storage.office.tasks import Task

        for task in session.query(Task):
            task.state = "failed"
    office.app.extensions["queue"] = AtOnce(office)
    assert f"/{scan}/certify" in ina.reads(f"{scan}/progress/certify")
    assert "Make the keys" in ina.reads(f"{scan}/certify")
    assert ina.post(f"{scan}/certify").status_code == 302
    assert office.app.test_client().get(f"/u/{scan}/").status_code == 200
    assert "Making the keys of the scan" not in ina.reads(f"{scan}/")


def test_a_scan_with_slips_has_no_keys_to_make(office: Office, ina: Somebody) -> None:
    scan = plan_scan(office)
    assert ina.get(f"{scan}/certify").status_code == 302
    assert certifying.served(office.store, scan) is None
