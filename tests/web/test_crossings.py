"""Crossings on pages: chosen before launch with their price said, in words wherever settings stand, and shown compactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.access import Role
from app.services import planning
from app.web.ui.asking import now
from tests.services.planned import INSTRUMENT, Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import plan_scan, release_scan

TOGETHER = "Together: department or team and “How long have you worked here?”"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        yield found


@pytest.fixture
def ina(office: Office) -> Somebody:
    return sign_in(office, Role.COORDINATOR)


def groupings(office: Office, scan: str) -> tuple[str, ...]:
    plan = office.scan(scan).settings
    assert plan is not None
    return plan.groupings


def choose(ina: Somebody, scan: str, **more: object) -> str:
    data = {"min_group": "8", "way": "slips", "matters": "5", **more}
    return ina.client.post(f"/manage/linde/{scan}/choices", data=data, follow_redirects=True).text


def test_the_choices_say_what_a_crossing_costs_before_one_is_ticked(office: Office, ina: Somebody) -> None:
    page = ina.reads(f"{plan_scan(office, ('unit',))}/choices")
    assert TOGETHER in page
    assert "Most of them get too few answers" in page
    assert "other groups can fall away or get fewer details" in page


def test_a_crossing_brings_its_sides_and_says_so(office: Office, ina: Somebody) -> None:
    made = plan_scan(office, ("unit",))
    page = choose(ina, made, crossings=["unit*tenure"])
    assert groupings(office, made) == ("unit", "tenure", "unit*tenure")
    assert "also shown by itself" in page
    assert "also shown by itself" not in choose(
        ina, made, groupings=["unit", "tenure"], crossings=["unit*tenure"]
    )
    assert 'value="unit*tenure" checked' in _one_line(ina.reads(f"{made}/choices"))


def _one_line(page: str) -> str:
    """Attributes in the order they are asked about."""
    return page.replace(
        'checked id="crossings-0" name="crossings" type="checkbox" value="unit*tenure"',
        'value="unit*tenure" checked',
    )


def test_a_fault_elsewhere_keeps_a_ticked_crossing(office: Office, ina: Somebody) -> None:
    made = plan_scan(office, ("unit",))
    page = choose(ina, made, min_group="4", crossings=["unit*tenure"])
    assert 'id="min_group-fault"' in page
    assert 'value="unit*tenure" checked' in _one_line(page)
    assert groupings(office, made) == ("unit",)


@pytest.mark.parametrize("page", ["settings", "confirm", "groups", "open", "dpia.md", "notice.md"])
def test_wherever_settings_stand_a_crossing_stands_in_words(office: Office, ina: Somebody, page: str) -> None:
    made = plan_scan(office)
    planning.set_dates(office.store, scan=made, **_dates(), by=office.coordinator, now=now())
    for step in ("dpia", "notice"):
        planning.complete_step(
            office.store, scan=made, step=step, answer="x", by=office.coordinator, now=now()
        )
    found = ina.reads(f"{made}/{page}")
    assert TOGETHER in found
    assert "unit*tenure" not in found


def _dates() -> dict[str, object]:
    from app.core.checklist import default_dates

    dates = default_dates(now().date())
    return {"closes_on": dates.closes_on, "promise_on": dates.promise_on, "destroy_on": dates.destroy_on}


def test_another_questionnaire_takes_its_crossings_away(office: Office, ina: Somebody) -> None:
    made = plan_scan(office)
    without = INSTRUMENT[: INSTRUMENT.rindex("[[items]]")]
    ina.post(f"{made}/questionnaire", {"chosen": "own", "text": without})
    assert groupings(office, made) == ("unit",)


@pytest.fixture
def released(office: Office, tmp_path: Path) -> tuple[Somebody, str]:
    return sign_in(office, Role.MANAGER), release_scan(office, tmp_path)


def read(released: tuple[Somebody, str], path: str) -> str:
    who, scan = released
    answer = who.client.get(f"/results/linde/{scan}/{path}")
    assert answer.status_code == 200, (path, answer.status)
    return answer.text


def test_a_unit_shows_its_people_by_the_answers_to_a_question(released: tuple[Somebody, str]) -> None:
    page = read(released, "unit/house")
    assert "By “How long have you worked here?”" in page
    assert ">shorter</th>" in page and ">longer</th>" in page
    assert 'href="/results/linde/' in page and "group/unit*tenure/house*1" in page


def test_an_answer_shows_its_people_by_unit_and_what_is_hidden_once(released: tuple[Somebody, str]) -> None:
    page = read(released, "group/tenure/2")
    assert ">House</th>" in page and ">North</th>" not in page
    assert page.count("Not shown: North, De Linde (rest) + South. Too few answers") == 1


def test_a_crossing_has_a_page_that_leads_to_both_sides(released: tuple[Somebody, str]) -> None:
    page = read(released, "group/unit*tenure/house*1")
    assert "<h1>House, shorter</h1>" in page
    assert "unit/house" in page and "group/tenure/1" in page


def test_hidden_crossings_are_counted_and_not_listed(released: tuple[Somebody, str]) -> None:
    page = read(released, "withheld")
    assert "Together: unit and “How long have you worked here?”: 4 of 6 groups" in page
    assert "South, longer" not in page


def test_units_are_not_flooded_by_crossings(released: tuple[Somebody, str]) -> None:
    page = read(released, "")
    units = page.split("Units of the organisation")[1].split("</table>")[0]
    assert "North" in units and "shorter" not in units
    assert "groups have enough answers to be shown" in page
