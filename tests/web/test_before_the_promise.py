"""Before the promised day every way to results says "not yet", without a number, to all but who releases; then all read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from app.core.access import Role
from app.services import picturing
from app.storage.office.updates import Board
from app.web.ui.asking import now
from tests.factories import promise
from tests.services.compared import NEW, OLD, two_scans
from tests.services.planned import Office
from tests.web.managing import sign_in

ADDRESS = "abcdefghij"
LATER = now().date() + timedelta(days=40)
READERS = (Role.ADVISER, Role.MANAGER, Role.WORKS_COUNCIL)
VALUES = {
    "slug": "linde", "scan": NEW, "old": OLD, "code": "a", "grouping": "unit", "id": "up", "name": "overview",
    "width": "wide", "edition": 1, "address": ADDRESS,
}  # fmt: skip
# Numbers of the later release that stand in no date, name or address.
NUMBERS = re.compile(r"\b(?:63|62[.,]5|63[.,]5|85|130)\b")


@dataclass(frozen=True)
class Site:
    office: Office

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(endpoint, address) of every page, picture and download of the later scan's results, each edition's too."""
        with self.office.app.test_request_context():
            adapter = self.office.app.url_map.bind("localhost")
            for rule in self.office.app.url_map.iter_rules():
                about = rule.endpoint.startswith(("results.", "board.results"))
                if about and "scan" in rule.arguments and "GET" in (rule.methods or ()):
                    yield rule.endpoint, adapter.build(rule.endpoint, _values(rule), append_unknown=False)

    def readers(self) -> Iterator[tuple[str, FlaskClient]]:
        yield "nobody", self.office.app.test_client()
        for role in READERS:
            yield role.value, sign_in(self.office, role).client


def _values(rule: Rule) -> dict[str, object]:
    found: dict[str, object] = {name: VALUES[name] for name in rule.arguments if name in VALUES}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            found[name] = sorted(converter.items)[0]
    return {**(rule.defaults or {}), **found}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with two_scans(tmp_path) as office:
        with office.store.office() as session:
            session.add(
                Board(organisation_id=office.organisation, address=ADDRESS, public=False, second_reader=False)
            )
        # Everything is made already, so that nothing stays away for want of a file.
        picturing.make(office.store, scan=NEW, files=office.app.extensions["settings"].files)
        yield Site(office)


def without_dates(text: str) -> str:
    return re.sub(r"\b\d{1,2} \w+ \d{4}\b|/static/[^\"]+|Scan \d+", "", text)


def test_every_address_of_results_says_not_yet_to_everybody_who_does_not_release(site: Site) -> None:
    promise(site.office.store, NEW, LATER)
    tried = 0
    for who, client in site.readers():
        for endpoint, address in site.addresses():
            answer = client.get(address)
            told = f"{who} {address} ({endpoint}) answered {answer.status_code}"
            if who == "nobody" and not address.startswith("/b/"):
                assert answer.status_code == 302, told
                continue
            tried += 1
            assert answer.status_code in (403, 409), told
            assert not NUMBERS.search(without_dates(answer.text)), told
            if answer.status_code == 409:
                assert str(LATER.year) in answer.text, told
    assert tried > 100


def test_who_releases_reads_them_and_is_told_that_others_do_not_yet(site: Site) -> None:
    promise(site.office.store, NEW, LATER)
    ina = sign_in(site.office, Role.COORDINATOR).client
    page = ina.get(f"/results/linde/{NEW}/")
    assert page.status_code == 200 and "Only you can read this now" in page.text
    assert "opens for everybody on" in ina.get("/results/linde/").text
    assert NEW not in sign_in(site.office, Role.MANAGER).client.get("/results/linde/").text


@pytest.mark.parametrize("role", READERS)
def test_an_open_scan_is_not_held_against_one_that_is_not(site: Site, role: Role) -> None:
    promise(site.office.store, OLD, LATER)
    client = sign_in(site.office, role).client
    assert client.get(f"/results/linde/{NEW}/").status_code == 200
    for path in (
        f"change/{OLD}/",
        f"change/{OLD}/unit/a",
        f"change/{OLD}/comparison.json",
        f"against/{OLD}/wide/whole.svg",
    ):
        answer = client.get(f"/results/linde/{NEW}/{path}")
        assert answer.status_code in (404, 409), path
        assert not re.search(r"\b(55|54[.,]5|55[.,]5)\b", without_dates(answer.text)), path
    trend = client.get(f"/results/linde/{NEW}/trend/")
    assert not re.search(r"\b55\b", without_dates(trend.text))


@pytest.mark.parametrize("on", [now().date() - timedelta(days=1), None])
def test_from_the_promised_day_on_the_same_numbers_are_everybodys(site: Site, on: date | None) -> None:
    if on is not None:
        promise(site.office.store, NEW, on)
    texts = dict(site.readers())
    anyone = texts["nobody"].get(f"/b/{ADDRESS}/results/{NEW}/?language=en").text
    manager = texts["manager"].get(f"/results/linde/{NEW}/").text
    assert texts["nobody"].get(f"/b/{ADDRESS}/results/{NEW}/results.json").data == (
        texts["manager"].get(f"/results/linde/{NEW}/results.json").data
    )
    report = texts["nobody"].get(f"/b/{ADDRESS}/results/{NEW}/report.pdf?language=en")
    assert report.data == texts["manager"].get(f"/results/linde/{NEW}/document.pdf").data
    figures = set(
        re.findall(
            r'<td class="number">([^<]+)</td>', manager.partition("Per subject")[2].partition("</table>")[0]
        )
    )
    assert figures and figures <= set(re.findall(r'<span class="number[^"]*">([^<]+)</span>', anyone))
