"""What a team talk is led by: the text of team-talk.toml enters; agenda, questions and advice in each language leave."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("nl", "en")
MINUTES = 60
QUESTIONS = 3
LISTS = ("agreements", "before", "personal", "adviser", "dont")
Texts = Mapping[str, str]
Lists = Mapping[str, tuple[str, ...]]


class GuideFault(ValueError):
    """The file can't lead a talk; the message names what to mend."""


@dataclass(frozen=True)
class Part:
    """A part of the agenda: how long, what, and how."""

    minutes: int
    title: Texts
    how: Texts


@dataclass(frozen=True)
class Questions:
    """Three questions about a theme, and what to mind when it is a heavy one; both by language."""

    questions: Lists
    note: Texts


@dataclass(frozen=True)
class Guide:
    """All by language. `agreements` are for the team; the lists after it are for who leads the talk: what to do first,
    when somebody tells something personal, when to call the adviser, and what not to do."""

    agenda: tuple[Part, ...]
    agreements: Lists
    before: Lists
    personal: Lists
    adviser: Lists
    dont: Lists
    general: Questions
    themes: Mapping[str, Questions]

    def about(self, theme: str) -> Questions:
        """Of this theme; the general ones for a theme that has none of its own."""
        return self.themes.get(theme, self.general)


def load_guide(text: str) -> Guide:
    """Raises GuideFault for a file that is no TOML, misses a part or a language, or doesn't fit an hour."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuideFault(f"this is no TOML: {error}") from None
    agenda = tuple(_part(one, place) for place, one in enumerate(data.get("agenda", ()), 1))
    if sum(part.minutes for part in agenda) != MINUTES:
        raise GuideFault(f"the parts of the agenda must make {MINUTES} minutes")
    return Guide(
        agenda=agenda,
        **{name: _list(data.get(name), name) for name in LISTS},
        general=_questions(data.get("general"), "general"),
        themes={id: _questions(one, f"themes.{id}") for id, one in data.get("themes", {}).items()},
    )


def _part(one: Mapping[str, Any], place: int) -> Part:
    where, minutes = f"agenda {place}", one.get("minutes")
    if not isinstance(minutes, int) or minutes < 1:
        raise GuideFault(f"{where}: minutes must be a whole number from 1 up")
    return Part(minutes, _text(one.get("title"), f"{where}: title"), _text(one.get("how"), f"{where}: how"))


def _questions(one: Any, where: str) -> Questions:
    found = _list(one, where)
    if any(len(asked) != QUESTIONS for asked in found.values()):
        raise GuideFault(f"{where}: write {QUESTIONS} questions in each language")
    note = one.get("note")
    return Questions(found, _text(note, f"{where}: note") if note is not None else {})


def _text(one: Any, where: str) -> Texts:
    for language in LANGUAGES:
        said = one.get(language) if isinstance(one, Mapping) else None
        if not isinstance(said, str) or not said.strip():
            raise GuideFault(f"{where}: there is no text in “{language}”")
    return {language: one[language] for language in LANGUAGES}


def _list(one: Any, where: str) -> Lists:
    for language in LANGUAGES:
        said = one.get(language) if isinstance(one, Mapping) else None
        if (
            not isinstance(said, list)
            or not said
            or not all(isinstance(line, str) and line.strip() for line in said)
        ):
            raise GuideFault(f"{where}: there is no list of texts in “{language}”")
    return {language: tuple(one[language]) for language in LANGUAGES}
