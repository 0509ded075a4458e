"""The demo's organisation is the one it says it is, and its people answer like people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from app.core.strata import propose
from app.storage.office import scans
from tests.factories import a_scan, a_store, a_tree, an_instrument, ballots, send


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


def test_a_ballot_is_taken(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        scan = a_scan(store)
        receipt = send(store, scan, scan.codes[0][0], ballots(1)[0])
        assert len(receipt) == 64
        with store.reading() as session:
            row = scans.get(session, scan.id)
        assert row is not None and row.state == "open"
