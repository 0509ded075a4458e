"""When a backup may take newer answers: counts per part of then and now enter, yes or how many are still missing leaves.

Two copies of a server with one ballot between them tell whose it is, so copies differ by none or by enough.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST_NEW = 20
"""New ballots of a scan between two copies of it; its smallest group, where that is larger."""
LEAST_IN_A_PART = 3
"""In a scan with personal links also in each part of the organisation: a guess is then right at most once in three."""

Counts = Mapping[int, int]
"""Ballots by stratum."""


def may_renew(before: Counts, now: Counts, *, min_group: int, personal: bool) -> bool:
    """Whether a copy of now may come after one of then.

    Nothing new is no reason against it: new links and invitations are in it then.
    """
    new = [now.get(stratum, 0) - before.get(stratum, 0) for stratum in {*before, *now}]
    added = [number for number in new if number]
    if not added:
        return True
    if sum(added) < max(LEAST_NEW, min_group) or min(added) < 0:
        return False
    return not personal or min(added) >= LEAST_IN_A_PART
