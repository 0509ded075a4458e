"""The public board through the client: sections, an update with its history, search, no cookie, a first visit in 30 KiB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.access import Actor, Role
from app.core.feedback import Decision, State
from app.services import posting
from app.storage.database import Store
from app.storage.office.updates import Remark
from tests.factories import a_scan, an_account, an_app, an_organisation, promise
from tests.posted import content, publish
from tests.services.journeys import NOW

MOST_BYTES = 30 * 1024


@dataclass(frozen=True)
class Site:
    app: Flask
    store: Store
    by: Actor
    address: str

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def get(self, path: str = "", status: int = 200, **more: object) -> TestResponse:
        mark = "&" if "?" in path else "?"
        answer = self.client.get(f"/b/{self.address}/{path}{mark}language=en", **more)
        assert answer.status_code == status, (path, answer.status)
        assert "Set-Cookie" not in answer.headers
        return answer


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with an_app(tmp_path) as app:
        store: Store = app.extensions["store"]
        organisation = an_organisation(store)
        a_scan(store, organisation=organisation)
        with store.reading() as session:
            from app.storage.office import updates

            board = updates.board(session, organisation)
        assert board is not None
        yield Site(app, store, an_account(store, organisation, Role.COORDINATOR), board.address)


def parts(page: str) -> dict[str, str]:
    """Head -> what stands under it."""
    found = re.split(r"<h2[^>]*>", page)
    return {re.sub(r"<[^>]+>|\s*\(.*", "", one.partition("</h2>")[0]).strip(): one for one in found[1:]}


def test_a_board_is_never_empty_the_open_scan_puts_its_thanks_and_promise_there(site: Site) -> None:
    page = site.get().text
    assert "Baseline" in page and "Thank you to everybody who takes part" in page
    assert "Everybody reads the results on" in page
    assert "Nothing is late now." in page


def test_what_was_withdrawn_stays_to_be_read_with_its_reason(site: Site) -> None:
    assert "Nothing was withdrawn." in site.get("withdrawn/").text
    update = publish(site.store, site.by, NOW, content("Eerst dit"))
    publish(site.store, site.by, NOW, content("Toch anders"), update=update)
    site.get("withdrawn/")
    posting.withdraw(site.store, update=update, reason="Dit <b>klopte</b> niet", by=site.by, now=NOW)
    page = site.get("withdrawn/").text
    assert "Dit &lt;b&gt;klopte&lt;/b&gt; niet" in page and f"/b/{site.address}/{update}/" in page
    assert "withdrawn/" in site.get().text
    assert len(re.findall("Eerst dit|Each team agrees how to report", site.get(f"{update}/").text)) >= 2


def test_each_update_stands_in_its_section_and_what_is_late_only_there(site: Site) -> None:
    told = [
        content("Eerst horen", state=State.HEARD, decision=None),
        content("Wij gaan dit doen", state=State.DECIDED),
        content("Loopt al", state=State.UNDER_WAY),
        content("Gedaan", state=State.DONE),
        content("Dit niet", state=State.DECIDED, decision=Decision.DONT, why="Te duur."),
    ]
    for one in told:
        publish(site.store, site.by, NOW, _in_english(one))
    late = _in_english(content("Te laat", state=State.UNDER_WAY))
    publish(site.store, site.by, NOW, type(late)(**{**late.__dict__, "due_on": date(2026, 1, 1)}))
    held = parts(site.get().text)
    assert "Te laat" in held["Late"] and "Te laat" not in held["Under way"]
    assert "Loopt al" in held["Under way"]
    assert "Wij gaan dit doen" in held["Decided"] and "Dit niet" not in held["Decided"]
    assert "Eerst horen" in held["What we heard"] and "Gedaan" in held["Done"]
    assert "Te duur." in held["What we won't do, and why".replace("'", "&#39;")]


def _in_english(one: object) -> object:
    """The same with the Dutch words alone, so that a page in English shows them too."""
    words = {"nl": one.words["nl"]}  # type: ignore[attr-defined]
    return type(one)(**{**one.__dict__, "words": words})


def test_an_update_shows_its_fields_all_its_versions_and_the_remark_beside_it(site: Site) -> None:
    first = publish(site.store, site.by, NOW, content(why="", changes="Alle teams."))
    publish(site.store, site.by, NOW + timedelta(days=9), content(state=State.DONE), update=first)
    with site.store.office() as session:
        session.add(Remark(update_id=first, text="Ik **merk** het nog niet.", language="nl", on=NOW.date()))
    page = site.get(f"{first}/").text
    for said in (
        "fear to report",
        "Remark of the confidential adviser",
        "<strong>merk</strong>",
        "Version 1,",
    ):
        assert said.lower() in page.lower(), said
    assert "Under way" in page and "Done" in page
    assert "With a remark" in site.get("updates/").text


def test_a_published_change_is_on_the_board_at_once_and_a_kept_page_costs_a_line(site: Site) -> None:
    before = site.get()
    again = site.get(headers={"If-None-Match": before.headers["ETag"]}, status=304)
    assert again.data == b""
    publish(site.store, site.by, NOW, content())
    after = site.get(headers={"If-None-Match": before.headers["ETag"]})
    assert "Each team agrees how to report" in after.text


def test_a_filter_search_and_pages_show_what_fits(site: Site) -> None:
    for number in range(25):
        publish(
            site.store, site.by, NOW + timedelta(minutes=number), content(heard=f"Nummer {number} zegt wat.")
        )
    assert "25 updates, page 1 of 2" in site.get("updates/").text
    assert site.get("updates/?page=2").text.count('<li class="card">') == 5
    assert "page 2 of 2" in site.get("updates/?page=99").text
    assert "1 update<" in site.get("updates/?q=nummer+17").text.replace("1 update</p>", "1 update<")
    assert "Nothing on the board fits" in site.get("updates/?theme=gossip").text
    assert "25 updates" in site.get("updates/?theme=fear-to-report&section=under-way&unit=-").text
    assert site.get("updates/?q=%3Cscript%3E&section=%22&page=-1").status_code == 200


def test_a_theme_leads_from_the_board_to_what_happened_with_it(site: Site) -> None:
    made = publish(site.store, site.by, NOW, content())
    link = re.search(r'href="([^"]+/theme/fear-to-report/[^"]*)"', site.get().text)
    assert link is not None
    assert f"/{made}/" in site.client.get(link[1]).text
    site.get("theme/nothing-like-it/", 404)


def test_a_wrong_address_says_the_same_whatever_stands_behind_it(site: Site) -> None:
    made = publish(site.store, site.by, NOW, content())
    paths = ("", "updates/", f"{made}/", "theme/fear-to-report/", "results/aaaaaaaaaa/")
    answers = [site.client.get(f"/b/nobody/{path}?language=en") for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    bodies = {re.sub(r"\?language=\w+", "", answer.text) for answer in answers}
    assert len(bodies) == 1
    site.get("99999/", 404)


def test_a_draft_is_on_no_page(site: Site) -> None:
    from app.storage.office.updates import Update, UpdateVersion

    with site.store.office() as session:
        row = Update(organisation_id=site.by.organisation, by_account=site.by.account, by_role="manager")
        session.add(row)
        session.flush()
        text = content("Nog geheim", heard="Nog geheim").to_json()
        session.add(UpdateVersion(update_id=row.id, version=1, content_json=text, by_role="manager"))
        number = row.id
    assert "Nog geheim" not in site.client.get(f"/b/{site.address}/?language=nl").text
    site.get(f"{number}/", 404)


def test_a_postponed_promise_shows_both_days_and_the_reason_for_good(site: Site) -> None:
    from app.services import postponing
    from app.storage.office import scans

    with site.store.reading() as session:
        row = scans.of_organisation(session, site.by.organisation)[0]
    later = row.promise_on + timedelta(days=10)
    postponing.postpone(
        site.store,
        scan=row.id,
        to_on=later,
        reason="De teller was ziek.",
        by=site.by,
        now=datetime(2026, 12, 1),
    )
    page = site.get().text
    assert "Postponed" in page and "De teller was ziek." in page
    not_yet = site.get(f"results/{row.id}/", 409).text
    assert "De teller was ziek." in not_yet and f"{later.day} " in not_yet


def test_a_missed_promise_is_said_by_the_board_itself(site: Site) -> None:
    from app.core.access import at_command_line
    from app.services import sealing
    from app.storage.office import scans

    with site.store.reading() as session:
        scan = scans.of_organisation(session, site.by.organisation)[0].id
    sealing.seal(site.store, scan=scan, by=at_command_line(site.by.organisation), now=NOW)
    promise(site.store, scan, date(2026, 11, 1))
    assert "were promised for 1 November 2026 and are not there yet" in site.get().text


def test_a_first_visit_is_at_most_thirty_kibibytes(site: Site) -> None:
    for number in range(60):
        state = list(State)[number % 5]
        publish(
            site.store, site.by, NOW + timedelta(minutes=number), content(state=state, why="Daarom. " * 20)
        )
    packed = {"Accept-Encoding": "gzip"}
    front = site.client.get(f"/b/{site.address}/", headers=packed)
    import gzip

    page = gzip.decompress(front.data).decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert files
    sizes = [len(front.data)] + [len(site.client.get(file, headers=packed).data) for file in files]
    heads = 600 * len(sizes)
    assert sum(sizes) + heads <= MOST_BYTES, sizes
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page)
