"""What can be worked out from sums: nothing small is ever missed, checked by trying every set of people."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.disclosure.derivable import leaks
from tests.core import trees  # noqa: F401  (hypothesis without deadline)


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def derivable_few(labels: list[np.ndarray], people: np.ndarray, least: int) -> bool:
    """Whether some function of the labels is nonzero for 1 to `least` - 1 people: leaving those out loses rank."""
    there = np.flatnonzero(people > 0)
    columns = [label[there, None] == np.unique(label) for label in labels]
    rows = np.hstack(columns).astype(float)
    rank = np.linalg.matrix_rank(rows)
    for size in range(1, len(there) + 1):
        for some in combinations(range(len(there)), size):
            if people[there[list(some)]].sum() < least:
                rest = np.delete(rows, some, axis=0)
                if (np.linalg.matrix_rank(rest) if len(rest) else 0) < rank:
                    return True
    return False


def test_a_rest_of_three_is_found_and_weighs_three():
    found = leaks([array(0, 1)], array(3, 20), 8)
    assert [leak.weight.tolist() for leak in found] == [[1.0, 0.0]]
    assert leaks([array(0, 1)], array(0, 20), 8) == []
    assert leaks([array(0, 1)], array(8, 20), 8) == []


def test_two_groupings_that_nearly_coincide_give_their_difference_away():
    unit, tenure = array(0, 0, 1, 1), array(0, 1, 0, 1)
    assert leaks([unit, tenure], array(20, 1, 2, 20), 8)
    assert not leaks([unit, tenure], array(20, 5, 4, 20), 8)


def test_three_groupings_give_away_what_no_two_of_them_do():
    """Who has x = y = z: 4 people; each pair of groupings is well mixed, the three together are not."""
    cube = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    people = np.where((cube.sum(axis=1) % 2) == 1, 20, 1)
    labels = [cube[:, 0], cube[:, 1], cube[:, 2]]
    assert derivable_few(labels, people, 8) == bool(leaks(labels, people, 8))


@st.composite
def crossed(draw: st.DrawFn) -> tuple[list[np.ndarray], np.ndarray, int]:
    count = draw(st.integers(1, 9))
    labels = [
        np.array(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)), dtype=np.int64)
        for _ in range(draw(st.integers(1, 4)))
    ]
    people = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    return labels, np.array(people, dtype=np.int64), draw(st.integers(2, 9))


@given(crossed())
@settings(max_examples=200)
def test_every_group_of_few_is_found_and_nothing_else(case):
    labels, people, least = case
    found = leaks(labels, people, least)
    assert derivable_few(labels, people, least) == bool(found)
    for leak in found:
        there = people > 0
        rows = np.hstack([label[there, None] == np.unique(label) for label in labels]).astype(float)
        fitted = rows @ np.linalg.lstsq(rows, leak.weight[there], rcond=None)[0]
        np.testing.assert_allclose(fitted, leak.weight[there], atol=1e-5)  # it is derivable
        assert 0 < people[leak.weight != 0].sum() < least  # and of few people
