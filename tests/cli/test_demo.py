"""The demo's organisation is the one it says it is, and its people answer like people."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from app import demo
from app.cli import run
from app.core.access import Role, at_command_line
from app.core.advice import OPEN
from app.core.signal_report import attacking
from app.core.strata import propose
from app.demo import invented, second_step
from app.services import comparing, reporting
from app.storage.database import Store
from app.storage.office import advice, effects, scans
from app.web.ui.asking import now
from tests.factories import (
    NOW,
    a_scan,
    a_store,
    a_tree,
    an_actor,
    an_app,
    an_instrument,
    ballots,
    send,
    send_form,
)


def test_two_hundred_and_twenty_people_in_teams_of_4_to_15() -> None:
    tree = a_tree()
    teams = [unit for unit in tree.units if not tree.children(unit.code)]
    departments = tree.children(tree.root.code)
    assert tree.root.headcount == sum(team.headcount for team in teams) == 220
    assert 4 <= len(departments) <= 5
    assert all(4 <= team.headcount <= 15 for team in teams)
    assert len(propose(tree, 16)) >= len(departments)


def test_the_same_seed_gives_the_same_people() -> None:
    assert ballots(12, seed=3) == ballots(12, seed=3) != ballots(12, seed=4)


def test_people_answer_nearly_everything_and_not_all_alike() -> None:
    instrument = an_instrument()
    answers = ballots(200, seed=5)
    given = sum(item.id in values for values in answers for item in instrument.coded)
    assert 0.94 < given / (200 * len(instrument.coded)) < 1
    assert len(Counter(values.get("psy-mistake") for values in answers)) >= 4


def test_between_the_demos_two_scans_one_scale_moved_eight_points_and_one_hardly() -> None:
    """In the answers actually given, before anything is protected."""
    instrument = an_instrument()
    sizes = [stratum.invited for stratum in propose(a_tree(), 16)]
    before, after = invented.two_waves(instrument, sizes)
    moved = {
        scale: invented.score(instrument, scale, after) - invented.score(instrument, scale, before)
        for scale in invented.SCALES
    }
    assert abs(moved["adviser"] - 8) < 0.05
    assert abs(moved["respect"]) < 0.5
    assert all(0.5 < abs(moved[scale]) < 5 for scale in moved.keys() - {"adviser", "respect"})


def check_reports(store: Store, organisation: int) -> None:
    """Managers and the works council have something to read, and to answer."""
    by = an_actor(organisation, Role.MANAGER)
    listed = reporting.released(store, by=by)
    assert [one.kind for one in listed] == ["monthly", "half-yearly"]
    monthly, half = (reporting.document(store, digest=one.digest, by=by) for one in listed)
    assert (
        half["named"] and half["figures"]["reporters"]["low"] >= 5 and monthly["figures"]["reporters"] is None
    )
    assert all(half["texts"][f"finding-{at}"] for at in (1, 2, 3)) and len(half["decisions"]) == 3
    assert attacking.attack([half["figures"], monthly["figures"]]) == ()
    with store.reading() as session:
        grown = [
            one.now.state
            for one in advice.of_organisation(session, organisation, now().date())
            if one.source == "report" and half["digest"].startswith(one.source_ref or "-")
        ]
    assert len(grown) == 2 and len({state in OPEN for state in grown}) == 2, "one answered, one waiting"


def test_the_demos_comparison_says_so(tmp_path: Path) -> None:
    """Made through the real services, with the published numbers."""
    with an_app(tmp_path) as app:
        store: Store = app.extensions["store"]
        notes = demo.make(store, app.extensions["settings"], lambda said: None)
        with store.reading() as session:
            row = scans.get(session, notes["follow-up"])
        assert row is not None and row.previous_id == notes["baseline"]
        by = at_command_line(row.organisation_id)
        earlier = comparing.baseline(store, scan=row.id, by=by, now=NOW)
        assert earlier is not None and earlier.id == notes["baseline"]
        found = comparing.compare_scans(store, old=earlier.id, new=row.id, by=by, now=NOW)
        with store.reading() as session:
            shown = [one.effect for one in effects.rows(session, row.organisation_id).values()]
        check_reports(store, row.organisation_id)
    whole = {one["scale"]: one["verdict"] for one in found["differences"] if one["group"] == "linde"}
    assert whole["adviser"] == "clearly better"
    assert whole["respect"] == "no clear difference"
    lines = {(line.scale, one.unit): line for one in shown for line in one.lines}
    assert lines["adviser", ""].verdict == "clearly better"
    assert lines["respect", ""].verdict == "no clear difference"
    assert lines["respect", "Bedrijfsbureau"].reason == "withheld-new"
    scores = sorted(one.noticed.score["value"] for one in shown if one.noticed and one.noticed.score)
    assert len(scores) == 2 and scores[0] < 50 < scores[1], "one measure is noticed, one hardly"


def test_the_demos_adviser_signs_in_with_what_the_demo_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through the real pages: with a printed spare code, and with the code of now."""
    monkeypatch.setenv("WEERKLANK_INSTANCE", str(tmp_path))
    assert run(["demo", "--code"]) == 2
    with an_app(tmp_path / demo.FOLDER) as app:
        store, settings = app.extensions["store"], app.extensions["settings"]
        moment = now() - timedelta(days=400)
        scene = demo.organisation.found(store, settings, moment)
        email = demo.PEOPLE[1][0]
        second = second_step.set_up(store, email=email, secret=settings.secret, now=moment)
        notes = {
            "slug": scene.slug,
            "baseline": "b",
            "follow-up": "f",
            "codes": [],
            "second": second,
            "board": "x",
        }
        (tmp_path / demo.FOLDER / demo.NOTES).write_text(json.dumps(notes), "utf-8")
        poster = demo.poster("http://127.0.0.1:8000", notes)
        printed = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", poster)
        assert len(printed) == 8
        capsys.readouterr()
        assert run(["demo", "--code"]) == 0
        for code in (printed[0], capsys.readouterr().out.strip()):
            browser = app.test_client()
            send_form(browser, "/account/sign-in", email=email, password=demo.PASSWORD)
            assert browser.get("/account/own").status_code == 302
            assert send_form(browser, "/account/second", code=code).status_code == 302
            assert browser.get("/account/own").status_code == 200


def test_a_ballot_is_taken(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        receipt = send(store, scan, scan.codes[0][0], ballots(1)[0])
        assert len(receipt) == 64
        with store.reading() as session:
            row = scans.get(session, scan.id)
        assert row is not None and row.state == "open"
