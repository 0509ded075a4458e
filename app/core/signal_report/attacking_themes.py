"""The attacker on themes: what reports name, in the order in which they left, enters; what two of them together tell leaves.

It takes a theme that is named for one of three reporters or more in the window, and one that isn't for one of fewer, as a
reader would who doesn't think of consent or of themes left out. Then a window that names a theme has more of its reporters
than one that shares quarters with it and doesn't: somebody spoke of it in what the first has more, in quarters or in time.
It shares nothing with what protects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """Somebody spoke of `theme` in the window of report `names` and wasn't counted in that of report `silent` (places, from 0).

    `quarters`: those that only the first has; empty when nothing but the time between the two reports is left.
    """

    theme: str
    names: int
    silent: int
    quarters: frozenset[int]


def attack(documents: Sequence[Mapping[str, Any]]) -> tuple[Told, ...]:
    """Documents with "figures" (their "quarters") and "named" (ids of themes), the first released first."""
    quarters = [frozenset(one["figures"]["quarters"]) for one in documents]
    named = [frozenset(one["named"]) for one in documents]
    places = range(len(documents))
    return tuple(
        Told(theme, names, silent, quarters[names] - quarters[silent])
        for theme in sorted(frozenset().union(*named))
        for names in places
        if theme in named[names] and not _known(theme, names, quarters, named)
        for silent in places
        if theme not in named[silent]
        and quarters[silent] & quarters[names]
        # A later report over as much or more can't have fewer: there the theme was left out.
        and (silent < names or not quarters[names] <= quarters[silent])
    )


def _known(
    theme: str, names: int, quarters: Sequence[frozenset[int]], named: Sequence[frozenset[str]]
) -> bool:
    """Whether a report about a part of this window says it already: then that one tells more than this one."""
    return any(theme in named[other] and quarters[other] <= quarters[names] for other in range(names))
