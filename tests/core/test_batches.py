"""Two copies of a server differ by no ballot or by enough of them, in each part too where links are personal."""

from __future__ import annotations

import pytest

from app.core.batches import LEAST_IN_A_PART, LEAST_NEW, may_renew


@pytest.mark.parametrize(
    ("before", "now", "min_group", "personal", "renews"),
    [
        ({}, {}, 8, True, True),
        ({0: 30}, {0: 30}, 8, True, True),  # nothing new: links and invitations may be newer
        ({}, {0: 1}, 8, False, False),
        ({}, {0: 19}, 8, False, False),
        ({}, {0: 20}, 8, False, True),
        ({}, {0: 24}, 25, False, False),
        ({}, {0: 25}, 25, True, True),
        ({0: 5}, {0: 24}, 8, False, False),
        ({0: 5}, {0: 24, 1: 1}, 8, False, True),
        ({0: 5}, {0: 24, 1: 1}, 8, True, False),  # one new ballot in a part tells whose it is
        ({0: 5}, {0: 24, 1: 2}, 8, True, False),
        ({0: 5}, {0: 24, 1: 3}, 8, True, True),
        ({0: 40, 1: 3}, {0: 60, 1: 3}, 8, True, True),
        ({0: 40}, {0: 20}, 8, True, False),  # fewer than before: a database that was put back
    ],
)
def test_a_copy_waits_for_enough(
    before: dict[int, int], now: dict[int, int], min_group: int, personal: bool, renews: bool
) -> None:
    assert may_renew(before, now, min_group=min_group, personal=personal) is renews


def test_the_numbers_are_those_that_are_published() -> None:
    assert (LEAST_NEW, LEAST_IN_A_PART) == (20, 3)
