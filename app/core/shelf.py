"""A board put in order: published updates, the day and what somebody looks for enter; sections and pages of them leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import compress

from app.core.feedback import Content, Decision, State, is_late
from app.core.word_index import WordIndex

A_PAGE = 20
MOST_SOUGHT = 80


class Section(StrEnum):
    """Where an update stands on the board. What is late stands there and nowhere else, so that it can't be overlooked."""

    LATE = "late"
    HEARD = "heard"
    DECIDED = "decided"
    UNDER_WAY = "under-way"
    DONE = "done"
    WONT = "wont"


@dataclass(frozen=True)
class Entry:
    """One update as the board lists it. `words` holds all it says, in small letters, for who searches."""

    update: int
    content: Content
    published_at: datetime
    remarked: bool = False

    @cached_property
    def words(self) -> str:
        parts = (
            part
            for words in self.content.words.values()
            for part in (words.title, words.heard, words.why, words.changes)
        )
        return "\n".join((*parts, self.content.source.name)).casefold()


def section(content: Content, today: date) -> Section:
    if is_late(content, today):
        return Section.LATE
    if content.state is State.STOPPED or (
        content.decision is Decision.DONT and content.state is not State.DONE
    ):
        return Section.WONT
    return {
        State.HEARD: Section.HEARD,
        State.DECIDED: Section.DECIDED,
        State.UNDER_WAY: Section.UNDER_WAY,
        State.DONE: Section.DONE,
    }[content.state]


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; "" is anything. `units`: codes that count as the chosen unit, with those below it."""

    section: str = ""
    theme: str = ""
    units: Collection[str] = ()
    words: str = ""
    whole: bool = False
    """Only what is about the organisation as a whole."""


def index(entries: Sequence[Entry]) -> WordIndex:
    return WordIndex([one.words for one in entries])


def find(
    entries: Sequence[Entry], sought: Sought, today: date, words: Callable[[], WordIndex] | None = None
) -> list[Entry]:
    """Those that fit, in the same order. Every word sought stands somewhere in what an update says.

    `words` gives the index of these very entries; without it one is made where words are sought.
    """
    looked_for = sought.words[:MOST_SOUGHT]
    found = list(entries)
    if looked_for.split():
        known = words() if words is not None else index(entries)
        found = list(compress(entries, known.holding(looked_for)))
    if sought.theme:
        found = [one for one in found if one.content.theme == sought.theme]
    if sought.units:
        found = [one for one in found if one.content.unit in sought.units]
    if sought.whole:
        found = [one for one in found if one.content.unit is None]
    if sought.section:
        found = [one for one in found if section(one.content, today) == sought.section]
    return found


def sections(entries: Iterable[Entry], today: date) -> dict[Section, list[Entry]]:
    """Every section, empty ones too."""
    found: dict[Section, list[Entry]] = {one: [] for one in Section}
    for entry in entries:
        found[section(entry.content, today)].append(entry)
    return found


def pages(found: Sequence[Entry]) -> int:
    return max(1, -(-len(found) // A_PAGE))


def page(found: Sequence[Entry], number: int) -> Sequence[Entry]:
    """Page `number` from 1; one that isn't there is the nearest that is."""
    start = (min(max(1, number), pages(found)) - 1) * A_PAGE
    return found[start : start + A_PAGE]
