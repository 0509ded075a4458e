"""Updates of the feedback board: what was heard, decided and done enters as one version after another; how it stands leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.refusal import Refused

MOST_TITLE, MOST_TEXT = 120, 4_000
LANGUAGES = ("nl", "en")
OWNERS = ("manager", "coordinator", "works-council", "adviser", "other")
"""Roles that see to what was decided; never a person's name, for people move on."""


class State(StrEnum):
    """How far an update is; that it is late is computed, see `is_late`."""

    HEARD = "heard"
    DECIDED = "decided"
    UNDER_WAY = "under-way"
    DONE = "done"
    STOPPED = "stopped"


class Decision(StrEnum):
    DO = "do"
    PARTLY = "partly"
    DONT = "dont"
    LOOK_INTO = "look-into"


OVER = frozenset({State.DONE, State.STOPPED})
NEEDS_WHY = frozenset({Decision.PARTLY, Decision.DONT, Decision.LOOK_INTO})


class SourceKind(StrEnum):
    """What an update grew out of: results of a scan, a signal report, an advice, a theme of comments, or none of these."""

    SCAN = "scan"
    REPORT = "report"
    ADVICE = "advice"
    COMMENTS = "comments"
    OTHER = "other"


@dataclass(frozen=True)
class Source:
    """`ref` is the id of the scan, report or advice, `name` what readers see, `period` when it was heard ("2026-Q3")."""

    kind: SourceKind
    ref: str = ""
    name: str = ""
    period: str = ""


@dataclass(frozen=True)
class Words:
    """An update in one language, as Markdown but for the title."""

    title: str = ""
    heard: str = ""
    why: str = ""
    changes: str = ""
    """What changes, and for whom."""


@dataclass(frozen=True)
class Content:
    """One version of an update. `unit` is a published unit of the newest scan's tree, None for the whole organisation."""

    theme: str
    words: Mapping[str, Words]
    source: Source
    state: State
    decision: Decision | None = None
    owner: str = ""
    due_on: date | None = None
    next_on: date | None = None
    unit: str | None = None
    scales: tuple[str, ...] = field(default=())
    """Scales of the instrument that the next scan's effect is read from; empty: those of the theme."""

    def to_json(self) -> str:
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )

    def in_language(self, language: str) -> tuple[str, Words]:
        """The words in this language, else in the one there is; with the language they are in."""
        found = language if language in self.words else next(iter(sorted(self.words, reverse=True)))
        return found, self.words[found]


def from_json(text: str) -> Content:
    values: dict[str, Any] = json.loads(text)
    source = values["source"]
    return Content(
        theme=values["theme"],
        words={language: Words(**words) for language, words in values["words"].items()},
        source=Source(SourceKind(source["kind"]), source["ref"], source["name"], source["period"]),
        state=State(values["state"]),
        decision=Decision(values["decision"]) if values["decision"] else None,
        owner=values["owner"],
        due_on=date.fromisoformat(values["due_on"]) if values["due_on"] else None,
        next_on=date.fromisoformat(values["next_on"]) if values["next_on"] else None,
        unit=values["unit"],
        scales=tuple(values["scales"]),
    )


def is_late(content: Content, today: date) -> bool:
    """Its own date has passed and it is not over; or the day on which more would be told has."""
    if content.state in OVER:
        return False
    return any(day is not None and today > day for day in (content.due_on, content.next_on))


def check_content(content: Content) -> None:
    """What a published update must hold. Raises Refused whose reason is the field to mend: no-title, no-heard, too-long,
    no-decision, no-why, no-owner, no-due, no-next."""
    if not content.words or any(not words.title.strip() for words in content.words.values()):
        raise Refused("no-title", "give it a title: a sentence that says what changes")
    for words in content.words.values():
        _check_words(words, content.decision)
    if content.state is State.HEARD:
        _need(content.next_on is not None, "no-next", "say when people hear what is decided")
    else:
        _need(content.decision is not None, "no-decision", "say what was decided")
        _need(content.owner in OWNERS, "no-owner", "choose who sees to it")
    if content.state in (State.DECIDED, State.UNDER_WAY) and content.decision is not Decision.DONT:
        _need(content.due_on is not None, "no-due", "say by when it is done")
        _need(content.next_on is not None, "no-next", "say when people hear more about it")


def _check_words(words: Words, decision: Decision | None) -> None:
    _need(bool(words.heard.strip()), "no-heard", "say in your own words what was heard")
    if len(words.title) > MOST_TITLE:
        raise Refused("too-long", f"a title has at most {MOST_TITLE} characters", most=MOST_TITLE)
    if any(len(text) > MOST_TEXT for text in (words.heard, words.why, words.changes)):
        raise Refused("too-long", f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
    _need(decision not in NEEDS_WHY or bool(words.why.strip()), "no-why", "say why; people want to know")


def _need(there: bool, reason: str, message: str) -> None:
    if not there:
        raise Refused(reason, message)
