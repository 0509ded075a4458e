"""A signal report through pages: drafted and edited in the open vault, released, read by who may and edited by none."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import demo
from app.core import release as release_core
from app.core.access import NotAllowed, Role, at_command_line
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.core.signal_report.document import Named
from app.core.signals.card import Quarter
from app.render import signal_telling
from app.services import planning, remembering_themes, reporting, retaining_signals, signalling
from app.services.keeping import OpenVault
from app.storage.database import Store
from app.storage.office import scans, vaults
from app.storage.office.releases import Release
from app.web.ui.asking import now
from tests.core.released import group, num, scored
from tests.core.signal_cards import cards
from tests.factories import (
    SURVEYS,
    a_scan,
    an_account,
    an_actor,
    an_app,
    an_open_adviser,
    an_organisation,
    send_form,
    signed_in,
)

SLUG = "zorggroep-de-linde"
REPORTS = f"/adviser/{SLUG}/reports/"
READ = f"/results/{SLUG}/reports/"
YEAR = "yearly|2025-Q1--2025-Q4"
NOTE = "onthouden-woord"


@dataclass(frozen=True)
class Place:
    app: Flask
    client: FlaskClient
    vault: OpenVault
    organisation: int
    folder: Path

    @property
    def store(self) -> Store:
        found: Store = self.app.extensions["store"]
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with an_app(tmp_path) as app:
        organisation = an_organisation(app.extensions["store"])
        client, vault = an_open_adviser(app, organisation)
        yield Place(app, client, vault, organisation, tmp_path)


def fill(place: Place, reporters: int) -> None:
    by = replace(an_actor(place.organisation, Role.ADVISER), account=place.vault.account)
    for card in cards(seed=8, reporters=reporters, quarters=4):
        signalling.add(place.store, card=card, by=by)


def draft(place: Place, what: str = YEAR, language: str = "nl") -> str:
    answer = send_form(place.client, REPORTS, what=what, language=language)
    assert answer.status_code == 302, answer.text
    return answer.location


def fields(html: str) -> dict[str, object]:
    """What a browser would send of the page of words as it stands."""
    found: dict[str, object] = {
        name: re.sub(r"&#39;", "'", text).strip("\r\n")
        for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    }
    found |= {
        name: value
        for tag in re.findall(r"<input[^>]*>", html)
        if (name := _of(tag, "name"))
        and 'type="checkbox"' not in tag
        and (value := _of(tag, "value")) is not None
    }
    found["themes"] = re.findall(r'<input checked[^>]*name="themes"[^>]*value="([^"]+)"', html)
    return found


def _of(tag: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else None


def release(place: Place, address: str) -> str:
    page = place.client.get(f"{address}preview").text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    answer = send_form(place.client, f"{address}preview", digest=digest[1], confirmed="y")
    assert answer.status_code == 302, answer.text
    return digest[1]


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_from_cards_to_a_report_that_others_read_and_nobody_edits(place: Place) -> None:
    fill(place, 40)
    address = draft(place)
    page = place.client.get(address)
    sent = {**fields(page.text), "finding_3": "Mijn **eigen** zin."}
    assert place.client.post(address, data=sent).status_code == 302
    preview = place.client.get(f"{address}preview").text
    assert "Mijn <strong>eigen</strong> zin." in preview
    digest = release(place, address)
    assert place.client.get(address).status_code == 404
    for role in (Role.COORDINATOR, Role.MANAGER, Role.WORKS_COUNCIL):
        reader = an_account(place.store, place.organisation, role, name=f"Reader{role}")
        client = signed_in(place.app, reader.account)
        assert digest in client.get(READ).text
        told = client.get(f"{READ}{digest}/")
        assert "Mijn <strong>eigen</strong> zin." in told.text and "<form" not in told.text.split("<main")[1]
        pdf = client.get(f"{READ}{digest}/report.pdf").data
        assert "Mijn eigen zin." in words_of(pdf)
        assert 2 <= len(pypdf.PdfReader(io.BytesIO(pdf)).pages) <= 4
        assert client.get(REPORTS).status_code == 403
        assert client.post(address, data=sent).status_code in (400, 403)
    administrator = an_account(place.store, place.organisation, Role.ADMINISTRATOR, name="Ad")
    assert signed_in(place.app, administrator.account).get(READ).status_code == 403


def test_every_number_in_the_pdf_stands_in_the_data_and_none_is_under_the_floor(place: Place) -> None:
    fill(place, 60)
    digest = release(place, draft(place))
    pdf = words_of(place.client.get(f"{READ}{digest}/report.pdf").data)
    document = reporting.document(place.store, digest=digest, by=an_actor(place.organisation, Role.MANAGER))
    figures = json.dumps(document["figures"])
    rows = [row for table in document["figures"]["tables"] for row in table["rows"] or ()]
    assert rows, "with sixty reporters a year something is told"
    assert all(row["count"]["value"] is None and row["count"]["low"] >= 5 for row in rows)
    assert '"value": 1' not in figures and document["figures"]["reporters"]["low"] >= 5
    pages = re.findall(r"\d+ / \d+", pdf)
    text = re.sub(r"\d+ / \d+|\b[0-9a-f]{64}\b", "", pdf)
    known = set(re.findall(r"\d+", json.dumps(document)))
    places, axis = {"1", "2", "3"}, set(range(0, 200, 5))
    for number in re.findall(r"\d+", text):
        day = number in {str(int(part)) for one in _days(document) for part in one.split("-")}
        assert number in known or number in places or int(number) in axis or day, number
    assert pages


def _days(document: dict[str, object]) -> list[str]:
    return re.findall(r"\d{4}-\d\d-\d\d", json.dumps(document))


def test_an_empty_window_reads_the_same_as_one_with_four_reporters(place: Place) -> None:
    nobody = reporting.previewed(one(place, draft(place)), now().date()).document
    place.client.post(f"{draft(place)}drop")
    fill(place, 4)
    four = reporting.previewed(one(place, draft(place)), now().date()).document
    named = list(four["themes"])
    assert nobody["figures"] == four["figures"]
    assert [*nobody["texts"]] == [*four["texts"]]
    if not named:
        assert nobody == four


def one(place: Place, address: str) -> reporting.Draft:
    by = an_actor(place.organisation, Role.ADVISER)
    return reporting.one_draft(place.store, place.vault, id=address.rstrip("/").split("/")[-1], by=by)


def test_words_that_may_tell_of_a_person_have_to_be_looked_at_again(place: Place) -> None:
    address = draft(place)
    sent = {
        **fields(place.client.get(address).text),
        "heard": "Op 3 maart kwamen twee collega's met Jan de Vries.",
    }
    place.client.post(address, data=sent)
    page = place.client.get(f"{address}preview").text
    assert "twee collega" in page and "3 maart" in page and "Jan de Vries" in page
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    assert send_form(place.client, f"{address}preview", digest=digest[1]).status_code == 400
    assert send_form(place.client, f"{address}preview", digest=digest[1], confirmed="y").status_code == 302


def test_the_size_of_what_is_sealed_does_not_tell_how_many_came(place: Place) -> None:
    def sizes() -> set[int]:
        with place.store.reading() as session:
            return {
                len(row.body) for row in vaults.everything(session, place.organisation) if row.kind == "draft"
            }

    draft(place)
    assert len(sizes()) == 1
    fill(place, 60)
    address = draft(place)
    assert len(one(place, address).pictures) == 5 and len(sizes()) == 1
    release(place, address)
    assert len(sizes()) == 1


def test_a_report_of_long_ago_does_not_say_when_the_next_is_due(place: Place) -> None:
    by = an_actor(place.organisation, Role.ADVISER)
    listed = []
    for window in ("2025-Q2", "2024-Q4"):
        release(place, drafted(place, "quarterly", window))
        (new,) = (one for one in reporting.released(place.store, by=by) if one.window == window)
        assert new.next_due >= now().date()
        listed.append(new)
    earlier, later = (
        replace(listed[0], next_due=date(2027, 1, 31)),
        replace(listed[1], next_due=date(2025, 4, 30)),
    )
    assert reporting.due([later, earlier]) == {"quarterly": date(2027, 1, 31)}


def test_a_report_is_in_no_cache_after_signing_out(place: Place) -> None:
    digest = release(place, draft(place))
    pdf = place.client.get(f"{READ}{digest}/report.pdf")
    assert pdf.mimetype == "application/pdf" and pdf.headers["Cache-Control"] == "no-store"
    about = pypdf.PdfReader(io.BytesIO(pdf.data)).metadata
    assert about is not None and about.author == "Vertrouwenspersoon van Zorggroep De Linde"
    assert str(about.creation_date).startswith(f"{now().date()} 00:00:00")


def test_words_of_another_tab_are_not_lost_without_a_word(place: Place) -> None:
    address = draft(place)
    opened = fields(place.client.get(address).text)
    assert place.client.post(address, data={**opened, "heard": "Het eerste tabblad."}).status_code == 302
    late = place.client.post(address, data={**opened, "heard": "Het tweede tabblad."})
    assert late.status_code == 409 and "in another tab" in late.text and "Het tweede tabblad." in late.text
    assert one(place, address).texts["heard"] == "Het eerste tabblad."
    assert place.client.post(address, data=fields(late.text)).status_code == 302
    assert one(place, address).texts["heard"] == "Het tweede tabblad."


def test_words_that_name_a_theme_the_report_leaves_out_are_pointed_out(place: Place) -> None:
    of_theme(place, "gossip", 3)
    of_theme(place, "sexism", 1)
    address = draft(place)
    sent = {**fields(place.client.get(address).text), "heard": "Klaar.", "numbers": "Ook Seksisme speelde."}
    place.client.post(address, data=sent)
    page = place.client.get(f"{address}preview").text
    assert "“Seksisme”: a theme that this report doesn't name".replace("'", "&#39;") in page
    assert "“roddelen”: a theme" not in page
    # The ready sentences still name what the adviser unticks.
    place.client.post(address, data={**sent, "numbers": "", "themes": [], "seen": ""})
    page = place.client.get(f"{address}preview").text
    assert "“roddelen”: a theme" in page and "seksisme" not in page.lower()
    document = reporting.previewed(one(place, address), now().date()).document
    assert "unnamed" not in document and "seksisme" not in json.dumps(document).lower()


def test_what_was_not_previewed_does_not_leave(place: Place) -> None:
    address = draft(place)
    answer = send_form(place.client, f"{address}preview", digest="0" * 64, confirmed="y")
    assert answer.status_code == 400
    assert reporting.released(place.store, by=an_actor(place.organisation, Role.ADVISER)) == []


def test_a_report_is_released_once_and_never_of_a_period_that_runs(place: Place) -> None:
    by, vault = an_actor(place.organisation, Role.ADVISER), place.vault
    release(place, draft(place))
    again = send_form(place.client, REPORTS, what=YEAR, language="nl")
    assert again.status_code == 400
    release(place, draft(place, language="en"))
    with pytest.raises(Refused, match="over"):
        reporting.draft(
            place.store, vault, kind="quarterly", window="2026-Q4", language="nl", names={}, by=by,
            now=datetime(2026, 11, 23),
        )  # fmt: skip


def of_theme(place: Place, theme: str, reporters: int, *, quarter: str = "2025-Q4") -> None:
    by = replace(an_actor(place.organisation, Role.ADVISER), account=place.vault.account)
    card = cards(seed=3, reporters=1, quarters=1)[0]
    known = len(signalling.cards(place.store, opened=place.vault, by=by))
    for number in range(known, known + reporters):
        fresh = replace(
            card, quarter=Quarter.read(quarter), themes=(theme,), nickname=f"{theme} {number}", agrees=False
        )
        signalling.add(place.store, card=fresh, by=by)


def drafted(place: Place, kind: str, window: str) -> str:
    """Also of a period that is too long ago to be offered."""
    by = an_actor(place.organisation, Role.ADVISER)
    id = reporting.draft(
        place.store, place.vault, kind=kind, window=window, language="nl", names={}, by=by, now=now()
    )
    return f"{REPORTS}{id}/"


def named(place: Place, digest: str) -> list[str]:
    by = an_actor(place.organisation, Role.MANAGER)
    found: list[str] = reporting.document(place.store, digest=digest, by=by)["named"]
    return found


def test_another_language_says_the_same_whatever_came_since(place: Place) -> None:
    fill(place, 40)
    of_theme(place, "gossip", 2)
    first = release(place, draft(place))
    by = an_actor(place.organisation, Role.MANAGER)
    dutch = reporting.document(place.store, digest=first, by=by)
    of_theme(place, "gossip", 9)
    address = draft(place, language="en")
    page = place.client.get(address).text
    assert 'name="themes"' not in page
    second = release(place, address)
    english = reporting.document(place.store, digest=second, by=by)
    assert english["figures"] == dutch["figures"]
    assert english["named"] == dutch["named"] and "gossip" not in english["named"]
    assert len(english["themes"]) == len(dutch["themes"]) and english["themes"] != dutch["themes"]
    assert english["language"] == "en" and english["texts"] != dutch["texts"]


def test_two_languages_drafted_apart_do_not_leave_with_other_figures(place: Place) -> None:
    of_theme(place, "gossip", 9)
    dutch = draft(place)
    of_theme(place, "gossip", 9)
    english = draft(place, language="en")
    release(place, dutch)
    page = place.client.get(f"{english}preview").text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    answer = send_form(place.client, f"{english}preview", digest=digest[1], confirmed="y")
    assert (
        answer.status_code == 400
        and len(reporting.released(place.store, by=an_actor(place.organisation, Role.MANAGER))) == 1
    )


def test_a_theme_left_out_by_one_report_waits_for_three_more_in_the_next(place: Place) -> None:
    """A quarter with two reporters on a theme, and the half-year with a third one: naming it would tell of that one."""
    of_theme(place, "gossip", 2, quarter="2025-Q1")
    of_theme(place, "sexism", 2, quarter="2025-Q1")
    assert named(place, release(place, drafted(place, "quarterly", "2025-Q1"))) == []
    of_theme(place, "gossip", 1, quarter="2025-Q2")
    of_theme(place, "sexism", 2, quarter="2025-Q2")
    of_theme(place, "sexism", 1, quarter="2025-Q1")  # came late, and counts as come since
    half = drafted(place, "half-yearly", "2025-Q1--2025-Q2")
    assert named(place, release(place, half)) == ["sexism"]


def test_a_draft_does_not_leave_when_a_report_since_makes_its_themes_tell(place: Place) -> None:
    of_theme(place, "gossip", 2, quarter="2025-Q1")
    of_theme(place, "gossip", 1, quarter="2025-Q2")
    half = drafted(place, "half-yearly", "2025-Q1--2025-Q2")
    assert [one.id for one in one_themes(place, half)] == ["gossip"]
    release(place, drafted(place, "quarterly", "2025-Q1"))
    page = place.client.get(f"{half}preview").text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    assert send_form(place.client, f"{half}preview", digest=digest[1], confirmed="y").status_code == 400


def test_a_theme_that_falls_away_after_a_longer_report_has_to_be_looked_at(place: Place) -> None:
    of_theme(place, "gossip", 2, quarter="2025-Q1")
    of_theme(place, "gossip", 1, quarter="2025-Q2")
    half = drafted(place, "half-yearly", "2025-Q1--2025-Q2")
    assert named(place, release(place, half)) == ["gossip"]
    quarterly = drafted(place, "quarterly", "2025-Q1")
    page = place.client.get(f"{quarterly}preview").text
    assert "from one or two people" in page
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    assert send_form(place.client, f"{quarterly}preview", digest=digest[1]).status_code == 400
    document = reporting.previewed(one(place, quarterly), now().date()).document
    assert "fragile" not in document and "gossip" not in str(document["themes"])


def one_themes(place: Place, address: str) -> tuple[Named, ...]:
    return one(place, address).themes


def test_what_is_remembered_of_reporters_goes_when_their_year_becomes_counts(place: Place) -> None:
    of_theme(place, "gossip", 4)
    release(place, draft(place))
    with place.store.reading() as session:
        (known,) = remembering_themes.earlier(session, place.vault)
    assert known.came is not None and {len(marks) for marks in known.came.values()} == {4}
    by = replace(an_actor(place.organisation, Role.ADVISER), account=place.vault.account)
    retaining_signals.reduce_due(place.store, place.vault, by=by, now=datetime(2028, 1, 2))
    with place.store.reading() as session:
        (known,) = remembering_themes.earlier(session, place.vault)
    assert known.came is None and known.named == {"gossip"}


def test_readers_do_not_learn_that_an_attack_found_something(place: Place) -> None:
    draft_ = one(place, draft(place))
    with_finding = replace(draft_, given_up=("reporters", "route"))
    today = now().date()
    documents = [reporting.previewed(one, today).document for one in (draft_, with_finding)]
    assert documents[0] == documents[1] and "given_up" not in documents[0]
    assert signal_telling.told(documents[0]) == signal_telling.told(documents[1])


def test_a_theme_that_is_left_out_supports_no_risk(place: Place) -> None:
    """As if it had not been heard of: neither its row nor the order of the risks tells that it was."""
    _a_released_scan(place)
    of_theme(place, "trust", 6)
    address = drafted(place, "culture", "2025-Q1--2025-Q4")
    before = one(place, address)
    assert [(risk["id"], risk["heard"]) for risk in before.risks] == [("calm", True), ("speak", False)]
    sent = {**fields(place.client.get(address).text), "themes": []}
    sent |= {f"risk_{place_}": risk["id"] for place_, risk in enumerate(before.risks, 1)}
    assert place.client.post(address, data=sent).status_code == 302
    after = one(place, address)
    assert [(risk["id"], risk["heard"]) for risk in after.risks] == [("speak", False), ("calm", False)]
    assert after.risk_reason == ""


def _a_released_scan(place: Place) -> None:
    """A release by hand: what is worst isn't heard of, what comes next has the theme “trust”."""
    found = a_scan(place.store, organisation=place.organisation)
    scores = {"speak": ("fear", 30), "calm": ("trust", 45), "clear": ("follow", 80), "kind": ("gossip", 85)}
    scales = [
        {"id": id, "kind": "mean", "theme": theme, "title": {"nl": id, "en": id}}
        for id, (theme, _score) in scores.items()
    ]
    figures = {id: scored(num(score), num(100)) for id, (_theme, score) in scores.items()}
    whole = group("org", None, 220, figures)
    document = {"instrument": {"scales": scales}, "groups": [whole]}
    digest = release_core.digest_of(document)
    with place.store.office() as session:
        row = scans.get(session, found.id)
        assert row is not None
        row.state, row.promise_on = State.RELEASED.value, date(2026, 1, 1)
        text = release_core.canonical({**document, "digest": digest})
        session.add(Release(scan_id=found.id, edition=1, digest=digest, document=text, released_at=now()))


def test_only_an_adviser_drafts_and_the_command_line_never_does(place: Place) -> None:
    for by in (an_actor(place.organisation, Role.MANAGER), an_actor(place.organisation)):
        with pytest.raises(NotAllowed):
            reporting.draft(
                place.store, place.vault, kind="yearly", window="2025-Q1--2025-Q4", language="nl", names={}, by=by,
                now=now(),
            )  # fmt: skip


def test_nothing_of_a_draft_touches_the_disk(place: Place) -> None:
    address = draft(place)
    sent = {**fields(place.client.get(address).text), "activities": NOTE}
    place.client.post(address, data=sent)
    pdf = place.client.get(f"{address}draft.pdf")
    assert NOTE in words_of(pdf.data) and pdf.headers["Cache-Control"] == "no-store"
    for path in place.folder.rglob("*"):
        if path.is_file():
            assert NOTE.encode() not in path.read_bytes(), path


def test_the_newest_scan_says_how_many_people_work_here(place: Place) -> None:
    by, text = at_command_line(place.organisation), (SURVEYS / "social-safety.toml").read_text("utf-8")
    for year, units in (
        (2024, demo.UNITS),
        (2026, demo.UNITS.replace(",Zorggroep De Linde,220", ",De Linde,640")),
    ):
        planning.create_scan(
            place.store, name=f"Scan {year}", kind="baseline", instrument=text, units=units, groupings=("unit",),
            min_group=8, by=by, now=datetime(year, 3, 1),
        )  # fmt: skip
    found = reporting.employees(place.store, by=an_actor(place.organisation, Role.ADVISER))
    assert found == 640


def test_a_report_of_another_organisation_is_not_found(place: Place) -> None:
    digest = release(place, draft(place))
    other = an_organisation(place.store, "Stichting Elders")
    with pytest.raises(Refused):
        reporting.document(place.store, digest=digest, by=an_actor(other, Role.ADVISER))
