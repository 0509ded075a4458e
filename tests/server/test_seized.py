"""The seized server: whoever takes every byte of it can't tell whose ballot is whose; the same linker can on a build that leaks.

bench/seized.py plays longer, at more paces and with more seeds, and prints figures.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench import seized as bench
from bench.linking import Linker, hits
from bench.seized import A_MORNING, HALF_AN_HOUR, LEAKS, MOST_IN_A_LOG, Seizures
from tests.server.test_serving import needs_proc

pytestmark = [pytest.mark.xdist_group("server"), pytest.mark.slow]

BY_LUCK = 0.001
"""Keys are random in every run, so chance alone fails a test once in a thousand runs."""


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> Seizures:
    """Sixty people through the real server: mail, a reminder, retries, `kill -9`, three backups."""
    return bench.play(tmp_path_factory.mktemp("seized"), seed=1, often=8)


@needs_proc
def test_after_every_mix_and_after_sealing_nobody_is_linked_better_than_by_chance(seized: Seizures) -> None:
    assert len(seized.truth) > 40 and len(seized.mixed) >= 4
    assert seized.backups[1:] == ["new", "earlier"]
    for number in range(3):
        chance = random.Random(number)
        assert bench.judged(seized, seized.mixed, chance).p > BY_LUCK
        assert bench.judged(seized, seized.sealed, chance).p > BY_LUCK


@needs_proc
def test_between_mixes_the_logs_order_at_most_nine_and_say_nothing_of_the_others(seized: Seizures) -> None:
    found = bench.between(seized, random.Random(1))
    assert 0 < found.most <= MOST_IN_A_LOG
    assert found.outside.p > BY_LUCK


@needs_proc
def test_the_linker_reads_what_there_is(seized: Seizures) -> None:
    """It sees who opened a link and every ballot, so that it does find what joins them, if there is something."""
    linker = Linker(seized.scan, seized.mixed[-1:], random.Random(1), seized.known)
    held = linker.held[0]
    assert {link.person for link in held.links.values()} >= {
        person for person, key in seized.truth.items() if key in held.ballots
    }
    assert len(linker.guess()) == len(held.ballots)


@pytest.mark.parametrize("kind", ["visits", "session"])
def test_the_same_linker_links_a_build_that_leaks(tmp_path: Path, kind: str) -> None:
    found = bench.play_alone(tmp_path, kind=kind, people=60)
    guessed = Linker(found.scan, found.mixed, random.Random(1), found.known).guess()
    assert hits(guessed, found.truth) > LEAKS * len(found.truth)


@pytest.mark.parametrize(("seed", "spread"), [(2, HALF_AN_HOUR), (3, A_MORNING)])
def test_other_seeds_and_another_pace(tmp_path: Path, seed: int, spread: float) -> None:
    found = bench.play_alone(tmp_path, seed=seed, spread=spread, often=1_000)
    assert bench.judged(found, found.mixed, random.Random(seed)).p > BY_LUCK


def test_the_first_of_a_group_can_be_guessed_as_the_page_says(tmp_path: Path) -> None:
    """Who opened a link is known, and of which group a ballot is: with one of each there is nobody else."""
    found = bench.play_alone(tmp_path, seed=4, most=1)
    guessed = Linker(found.scan, found.mixed[-1:], random.Random(1), found.known).guess()
    assert len(found.truth) == 1 and guessed == found.truth
