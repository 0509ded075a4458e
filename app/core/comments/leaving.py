"""Which themes of comments may leave: themes and parts of kept comments enter, the groups that may be named leave.

There is no join between the comments of one person, so people are counted from below: one person writes at most one
comment on a question, so as many people as the question with most comments has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.disclosure.grids import Num, people


@dataclass(frozen=True)
class Mention:
    """One reviewed comment, without its words: its question, its part of the organisation and its themes."""

    item: str
    part: int
    themes: frozenset[str]


@dataclass(frozen=True)
class Leaves:
    """A theme that may leave: for the whole organisation, and for parts of it, each with a band of people."""

    theme: str
    whole: Num
    parts: dict[int, Num]


def persons(mentions: Iterable[Mention]) -> int:
    """At least so many people wrote these comments."""
    return max(Counter(mention.item for mention in mentions).values(), default=0)


def may_leave(mentions: Iterable[Mention], least: int, parts: int) -> list[Leaves]:
    """The themes with enough people, in the order of their ids; `parts` says how many parts the scan has.

    A part is named when it has `least` people or more and all other parts together have none or as many; while the parts that
    are not named leave a smaller remainder, the smallest named one is left out. With one part there is the whole only.
    """
    everything = list(mentions)
    found = []
    for theme in sorted({theme for mention in everything for theme in mention.themes}):
        about = [mention for mention in everything if theme in mention.themes]
        if persons(about) < least:
            continue
        named = _named(about, least) if parts > 1 else {}
        found.append(
            Leaves(
                theme,
                band(persons(about), least),
                {part: band(n, least) for part, n in sorted(named.items())},
            )
        )
    return found


def _named(about: list[Mention], least: int) -> dict[int, int]:
    """Part -> people, of the parts that may be named."""
    parts = {mention.part for mention in about}
    sizes = {part: persons(mention for mention in about if mention.part == part) for part in parts}
    named = {
        part: size
        for part, size in sizes.items()
        if size >= least and _enough([mention for mention in about if mention.part != part], least)
    }
    while named and not _enough([mention for mention in about if mention.part not in named], least):
        del named[min(named, key=lambda part: (named[part], part))]
    return named


def _enough(remainder: list[Mention], least: int) -> bool:
    return not remainder or persons(remainder) >= least


def band(n: int, least: int) -> Num:
    """The number of people as it leaves: to the nearest 5, never said to be under `least`."""
    return people(n, least, exact=False).num
