"""Pages of comparisons on real databases: another scan, the rest, a group's own past and all scans; who may read them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from flask.testing import FlaskClient

from app.core.access import Role
from app.services import comparing, preparing
from app.services.preparing import Asked
from app.storage.office import tasks
from tests.services.compared import NEW, OLD, a_release, publish, two_scans
from tests.services.planned import NOW, Office
from tests.web.managing import sign_in

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/comparison.schema.json").read_text())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with two_scans(tmp_path) as made:
        yield made


def make(office: Office, against: str, picture: str = "") -> int:
    """What the worker does when a page asks for it."""
    files = office.app.extensions["settings"].files
    asked = preparing.asked_from(Asked(against, picture).argument)
    return preparing.make(
        office.store, scan=NEW, asked=asked, files=files, by=office.actor(Role.MANAGER), now=NOW
    )


def reader(office: Office, role: Role = Role.MANAGER, language: str = "en") -> FlaskClient:
    return sign_in(office, role, language=language).client


def page(client: FlaskClient, path: str, status: int = 200, scan: str = NEW) -> str:
    answer = client.get(f"/results/linde/{scan}/{path}", follow_redirects=True)
    assert answer.status_code == status, (path, answer.status)
    return answer.text


def test_a_comparison_is_asked_for_once_and_then_says_its_verdicts(office: Office) -> None:
    manager = reader(office)
    for _ in range(2):
        assert "is being worked out" in page(manager, "change/")
    with office.store.reading() as session:
        (task,) = tasks.unfinished(session)
    assert (task.act, task.scan_id) == ("compare", NEW)
    assert make(office, OLD) == 9
    assert make(office, OLD) == 0
    said = page(manager, "change/")
    assert "What changed since “Scan 3”" in said
    assert "Clearly better: Upward, from 55 to 63." in said
    assert "No clear difference: Downward." in said
    assert "imported answers" in said
    assert "Not shown in either scan, to keep answers anonymous. (1)" in said
    assert "picture is being drawn" not in said


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    ["change/", f"change/{OLD}/", f"change/{OLD}/unit/a", f"change/{OLD}/unit/b", "change/?grouping=unit&code=a", "rest/",
     "rest/unit/a", "rest/unit/b", "trend/"],
)  # fmt: skip
def test_every_page_answers_in_both_languages_made_or_not(office: Office, path: str, language: str) -> None:
    client = reader(office, language=language)
    assert f'<html lang="{language}">' in page(client, path)
    for against in (OLD, "rest", "trend"):
        make(office, against)
    assert f'<html lang="{language}">' in page(client, path)


def test_a_chart_its_table_and_the_data_show_the_same_numbers(office: Office) -> None:
    make(office, OLD)
    manager = reader(office)
    data = json.loads(page(manager, f"change/{OLD}/comparison.json"))
    jsonschema.validate(data, SCHEMA)
    assert data == comparing.compare_scans(
        office.store, old=OLD, new=NEW, by=office.actor(Role.MANAGER), now=NOW
    )
    one = next(one for one in data["differences"] if (one["group"], one["scale"]) == ("org", "up"))
    low, high = (end["value"] for end in one["interval"])
    said = page(manager, f"change/{OLD}/")
    assert f'<td class="number">+8 (between +{low:g} and +{high:g})</td>' in said
    assert '<td class="number">55 (54.5 to 55.5)</td><td class="number">63 (62.5 to 63.5)</td>' in said


def test_pictures_come_in_both_widths_once_they_are_drawn(office: Office) -> None:
    manager = reader(office)
    main = ((OLD, "whole"), ("trend", "unit-org"), ("rest", "heat-1"))
    for against, name in (*main, (OLD, "unit-a"), ("rest", "unit-a")):
        page(manager, f"against/{against}/wide/{name}.svg", 404)
        make(office, against, "" if (against, name) in main else name)
        for width in ("wide", "narrow"):
            assert "<svg" in page(manager, f"against/{against}/{width}/{name}.svg")
    page(manager, f"against/{OLD}/wide/nonsense.svg", 404)
    page(manager, "against/cccccccccc/wide/whole.svg", 404)


def test_a_group_beside_the_rest_says_where_it_stands_out(office: Office) -> None:
    make(office, "rest")
    manager = reader(office)
    data = json.loads(page(manager, "rest/comparison.json"))
    assert data["old"] == "rest" and data["differences"][0]["verdict"] == "clearly better"
    assert "Clearly better: Upward, 85 against" in page(manager, "rest/unit/a")
    assert "These groups likely differ from everybody else" in page(manager, "rest/")
    assert "This group can't be compared with the rest." in html.unescape(page(manager, "rest/unit/b"))


def test_a_trend_has_every_scan_of_the_series_up_to_this_one(office: Office) -> None:
    make(office, "trend")
    manager = reader(office)
    said = page(manager, "trend/")
    assert "Scan 3, Mar 2026" in said and "Scan 9, Sep 2026" in said
    assert "one scan with this questionnaire so far" in page(manager, "trend/", scan=OLD)
    assert "first scan with this questionnaire" in page(manager, "change/", scan=OLD)


def test_who_may_read_results_may_compare_and_nobody_else(office: Office) -> None:
    for role in (Role.ADVISER, Role.COORDINATOR, Role.WORKS_COUNCIL, Role.MANAGER):
        page(reader(office, role), "rest/")
    administrator = reader(office, Role.ADMINISTRATOR)
    for path in (
        "change/",
        f"change/{OLD}/",
        "rest/",
        "trend/",
        "rest/comparison.json",
        f"against/{OLD}/wide/whole.svg",
    ):
        page(administrator, path, 403)
        answer = office.app.test_client().get(f"/results/linde/{NEW}/{path}")
        assert answer.status_code in (302, 401), path


def test_a_scan_that_is_not_there_or_is_itself_is_not_compared(office: Office) -> None:
    manager = reader(office)
    for old in ("cccccccccc", NEW):
        page(manager, f"change/{old}/", 404)
    page(manager, "rest/unit/nowhere", 404)
    page(manager, f"change/{OLD}/unit/nowhere", 404)


def renamed(office: Office) -> None:
    """A third scan in which team a is called x."""
    made = a_release("cccccccccc", 63, 85)
    for each in made["groups"]:
        if each["group"] == "a":
            each["group"], each["name"] = "x", "Team X"
    publish(office, "cccccccccc", made, 11)


def test_a_coordinator_says_what_became_of_units_and_comparisons_go_by_it(office: Office) -> None:
    renamed(office)
    scan = "cccccccccc"
    files = office.app.extensions["settings"].files
    asked = Asked(OLD)

    def compared() -> dict[tuple[str, str], str]:
        by = office.actor(Role.MANAGER)
        preparing.make(office.store, scan=scan, asked=asked, files=files, by=by, now=NOW)
        key = preparing.change_key(office.store, scan=scan, against=OLD, by=by, now=NOW)
        found = preparing.read(files, key)
        assert found is not None
        return {(one["group"], one["scale"]): one["verdict"] for one in found["differences"]}

    assert ("x", "up") not in compared()
    hanna = reader(office, Role.COORDINATOR)
    path = f"/results/linde/{scan}/change/{OLD}/units"
    assert path in page(hanna, f"change/{OLD}/", scan=scan)
    shown = page(hanna, f"change/{OLD}/units", scan=scan)
    assert "<code>x</code>" in shown and "<code>a</code>" in shown
    bad = hanna.post(path, data={"rows": "old,new\na,y\n"})
    assert bad.status_code == 400 and "“y” is no unit of the later scan" in html.unescape(bad.text)
    assert "a,y" in bad.text
    assert hanna.post(path, data={"rows": "old,new\na,x\n"}).status_code == 302
    assert compared()[("x", "up")] == "clearly better"
    by = office.actor(Role.MANAGER)
    trend = preparing.trend_of(office.store, scan=scan, language="en", by=by, now=NOW)
    team = trend.group("group-unit~x") or trend.group("unit-x")
    assert team is not None
    assert trend.points(team, trend.scales(team)[0])[0].num is not None
    hanna.post(path, data={"rows": ""})
    assert ("x", "up") not in compared()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WORKS_COUNCIL, Role.ADVISER])
def test_only_a_coordinator_says_what_became_of_units(office: Office, role: Role) -> None:
    client = reader(office, role)
    path = f"/results/linde/{NEW}/change/{OLD}/units"
    assert client.get(path).status_code == 403
    assert client.post(path, data={"rows": "old,new\na,a\n"}).status_code == 403
    assert path not in page(client, f"change/{OLD}/")
