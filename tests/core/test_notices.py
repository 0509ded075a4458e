"""What is shown of “do you notice it?” moves in batches, in bands, and tells nobody's answer."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.notices import (
    COARSE,
    FINE,
    MOST_ODDS,
    Answer,
    Counts,
    Shown,
    blurred,
    closes,
    show,
    smallest,
)

ANSWERS = st.lists(st.sampled_from(list(Answer)), max_size=160)
ONE = {Answer.YES: Counts(yes=1), Answer.LITTLE: Counts(little=1), Answer.NO: Counts(no=1)}


def pages(answers: list[Answer], k: int, chance: random.Random) -> list[tuple[int, Shown | None]]:
    """After each answer: how many are in what is shown, and what the page says."""
    given_, closed, drawn, found = Counts(), Counts(), Counts(), []
    for answer in answers:
        given_ = given_.plus(ONE[answer])
        if closes(given_.total, closed.total, k):
            drawn = drawn.plus(blurred(given_.minus(closed), lambda: chance.random() < 0.5))
            closed = given_
        found.append((closed.total, show(drawn, closed.total, k)))
    return found


@given(ANSWERS, st.integers(8, 15), st.integers(0, 99))
def test_between_two_batches_a_page_never_changes_and_a_batch_has_at_least_k(answers, k, seed):
    before: tuple[int, Shown | None] = (0, None)
    for number, now in enumerate(pages(answers, k, random.Random(seed)), start=1):
        if now[0] == before[0]:
            assert now == before
        else:
            assert now[0] - before[0] >= k and now[0] == number
        if now[1] is not None:
            assert now[0] >= now[1].at_least >= k and now[1].at_least % k == 0
        else:
            assert now[0] < k
        before = now


def _chance_of(added: int) -> float:
    """Of heads in a row minus heads in a row: (1/3) x 2^-|added|."""
    return 2.0 ** -abs(added) / 3


def _chance(real: Counts, seen: Counts) -> float:
    apart = seen.minus(real)
    return _chance_of(apart.yes) * _chance_of(apart.little) * _chance_of(apart.no)


@given(
    st.tuples(*[st.integers(0, 12)] * 3),
    st.tuples(*[st.integers(-6, 18)] * 3),
    st.sampled_from(list(Answer)),
    st.sampled_from(list(Answer)),
)
def test_who_gave_all_answers_but_one_can_not_tell_that_one(others, seen, one, other):
    """Whatever is drawn, it is at most four times as likely with one last answer as with another."""
    rest, drawn = Counts(*others), Counts(*seen)
    likely, unlikely = (_chance(rest.plus(ONE[last]), drawn) for last in (one, other))
    assert likely <= MOST_ODDS * unlikely * (1 + 1e-9)


def test_the_tosses_give_the_chances_that_this_was_worked_out_with():
    chance, seen = random.Random(4), {}
    for _ in range(30_000):
        added = blurred(Counts(), lambda: chance.random() < 0.5).yes
        seen[added] = seen.get(added, 0) + 1
    for added in range(-3, 4):
        assert seen[added] / 30_000 == pytest.approx(_chance_of(added), abs=0.01)


def test_without_chance_the_last_answer_of_a_batch_would_show():
    """The attack that the tosses are there for: the same seven answers, and pages that differ by the eighth."""
    said = {
        last: show(Counts(yes=5, little=0, no=2).plus(ONE[last]), 8, 8) for last in (Answer.YES, Answer.NO)
    }
    assert said[Answer.YES] != said[Answer.NO]


@given(st.tuples(*[st.integers(-5, 200)] * 3), st.integers(0, 300), st.integers(8, 12))
def test_what_is_shown_are_bands_and_nothing_under_k(counts, answers, k):
    found = show(Counts(*counts), answers, k)
    assert (found is None) == (answers < k)
    if found is not None:
        assert {found.yes, found.little, found.no} <= set(FINE if answers >= 4 * k else COARSE)


def test_k_is_never_under_eight():
    assert [smallest(k) for k in (0, 5, 8, 12)] == [8, 8, 8, 12]


def test_each_option_has_the_band_of_its_share():
    bands = {
        (yes, no): show(Counts(yes, 0, no), 40, 8) for yes, no in product((0, 20, 40), repeat=2) if yes + no
    }
    assert bands[40, 0].yes == "nearly-all" and bands[40, 0].no == "hardly"
    assert bands[20, 20].yes == bands[20, 20].no == "half"
