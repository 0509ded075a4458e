"""How well an organisation keeps its word: dates of scans and updates enter, shares and a median leave; nothing of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from app.core.cadence import DECISIONS_WITHIN
from app.core.instrument import text
from app.core.release import Num, Release

BELIEF = "no-follow-up"
"""The theme whose first item asks whether people believe that something will be done."""


@dataclass(frozen=True)
class Share:
    """So many of so many; of none there is too little to say."""

    count: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.count / self.of) if self.of else None


@dataclass(frozen=True)
class Heard:
    """A theme of a scan: since when everybody knows what was heard, and when something was decided about it."""

    theme: str
    heard_on: date
    decided_on: date | None = None


@dataclass(frozen=True)
class Promised:
    """An update with the date it was first promised for: moving the date doesn't make it kept."""

    due_on: date
    done_on: date | None = None


@dataclass(frozen=True)
class Belief:
    """One scan. `share` is the percentage that believes it, or None with `score`, the scale, where groups are too small."""

    scan: str
    name: str
    on: date
    n: Num | None = None
    share: Num | None = None
    score: Num | None = None
    question: str = ""


def decided_in_time(heard: Iterable[Heard], today: date) -> Share:
    """Of the themes whose eight weeks are over, or about which was decided before that."""
    judged = [one for one in heard if one.decided_on is not None or today > one.heard_on + DECISIONS_WITHIN]
    kept = sum(_in_time(one) for one in judged)
    return Share(kept, len(judged))


def _in_time(one: Heard) -> bool:
    return one.decided_on is not None and one.decided_on <= one.heard_on + DECISIONS_WITHIN


def days_to_decide(heard: Iterable[Heard]) -> float | None:
    """The median of those about which was decided; None where there is none yet."""
    days = [(one.decided_on - one.heard_on).days for one in heard if one.decided_on is not None]
    return float(median(days)) if days else None


def done_on_time(promised: Iterable[Promised], today: date) -> Share:
    """Of what is done, or should have been by now."""
    judged = [one for one in promised if one.done_on is not None or today > one.due_on]
    kept = sum(one.done_on is not None and one.done_on <= one.due_on for one in judged)
    return Share(kept, len(judged))


def belief(release: Release, *, name: str, on: date, language: str) -> Belief | None:
    """Of the whole organisation, as published; None where the scan doesn't ask it."""
    scale = next((one for one in release.scales if one["theme"] == BELIEF), None)
    if scale is None:
        return None
    scan, whole = str(release.document["scan"]), release.organisation
    item = next(
        (one for one in release.document["instrument"]["items"] if one["id"] == scale["items"][0]), None
    )
    shown = whole.items.get(str(item["id"])) if item is not None else None
    if item is not None and shown is not None and shown.get("favourable") is not None:
        question = text(item["text"], language)
        return Belief(scan, name, on, n=shown.get("n"), share=shown["favourable"], question=question)
    entry = whole.scales.get(str(scale["id"]), {})
    return Belief(
        scan, name, on, n=entry.get("n"), score=entry.get("score"), question=text(scale["title"], language)
    )
