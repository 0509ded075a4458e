"""Names of choices and units: id -> names enters; the id of what somebody wrote leaves, or the names closest to it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.core.signals.register import words
from app.core.signals.register.columns import plain

WHOLE = "*"
"""Stands for the whole organisation where a choice among units is made."""
AXES = ("categories", "themes", "unit", "contact", "reporter", "source", "route")
_CLOSE = 0.6
_LEAST_PART = 4
_SEPARATES = re.compile(r"[;\n\r|]")
_SEPARATES_TOO = re.compile(r"[,/+&]")
_AND = re.compile(r"\s+(?:en|and)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Axis:
    """One column of choices. `names` gives every id its names, the one to show first."""

    names: Mapping[str, Sequence[str]]
    also: Mapping[str, str]
    """Other words -> id; weaker than a name."""

    @cached_property
    def _ids(self) -> dict[str, str]:
        """Compared form -> id. A name of two ids is nobody's; ids themselves always work."""
        found: dict[str, set[str]] = {}
        for id, names in self.names.items():
            for name in names:
                found.setdefault(plain(name), set()).add(id)
        ids = {word: id for word, id in self.also.items() if word not in found and id in self.names}
        ids |= {word: next(iter(several)) for word, several in found.items() if len(several) == 1}
        return ids | {plain(id): id for id in self.names if plain(id) not in found}

    def find(self, text: str) -> str | None:
        """The id of a name, whatever its capitals, accents and signs; a number before it is no part of it."""
        if text in self.names:
            return text
        compared = plain(text)
        if not compared:
            return None
        return self._ids.get(compared) or self._ids.get(re.sub(r"^\d+ ", "", compared))

    def closest(self, text: str, most: int = 3) -> list[str]:
        """Ids of the names most like it, best first; before others one of whose name it is a part, or that is a part of it."""
        compared = plain(text)
        within = [name for name in self._ids if _is_part(compared, name) or _is_part(name, compared)]
        within.sort(key=lambda name: abs(len(name) - len(compared)))
        alike = difflib.get_close_matches(compared, list(self._ids), n=most * 3, cutoff=_CLOSE)
        return list(dict.fromkeys(self._ids[name] for name in (*within, *alike)))[:most]

    def name(self, id: str) -> str:
        return self.names[id][0] if self.names.get(id) else id

    def label(self, id: str) -> str:
        """A name that is read back as this very id, also between others in one cell; else the id."""
        name = self.name(id)
        return name if self.find(name) == id and not _SEPARATES.search(name) else id

    def parts(self, text: str) -> list[str]:
        """The choices named in one cell; a name that holds a comma or “and” stays whole."""
        found: list[str] = []
        for part in _SEPARATES.split(text):
            found += self._known_parts(part.strip())
        return list(dict.fromkeys(each for each in found if each))

    def _known_parts(self, text: str) -> list[str]:
        if not text or self.find(text):
            return [text]
        pieces = [piece.strip() for piece in _SEPARATES_TOO.split(text)]
        if len(pieces) > 1:
            return [known for piece in pieces for known in self._known_parts(piece)]
        both = _AND.split(text)
        return both if len(both) > 1 and all(self.find(each) for each in both) else [text]


def _is_part(one: str, other: str) -> bool:
    """Whether all words of one are words of the other."""
    return len(one) >= _LEAST_PART and set(one.split()) <= set(other.split())


@dataclass(frozen=True)
class Lexicon:
    """Every axis of a card. Ids of units are their codes, or WHOLE."""

    axes: Mapping[str, Axis]

    def __getitem__(self, axis: str) -> Axis:
        return self.axes[axis]


def lexicon(
    *,
    categories: Mapping[str, Mapping[str, str]],
    themes: Mapping[str, Mapping[str, str]],
    units: Mapping[str, str],
    inside: Mapping[str, str] | None = None,
    language: str = "nl",
) -> Lexicon:
    """From names by language of categories and themes, names of broad units by code, and code of the broad unit -> by name of a
    unit inside it (`inside`: name -> code)."""
    whole = words.WHOLE if language == "nl" else (words.WHOLE[1], words.WHOLE[0], *words.WHOLE[2:])
    fixed = {
        "contact": words.CONTACTS,
        "reporter": words.REPORTERS,
        "source": words.SOURCES,
        "route": words.ROUTES,
    }
    axes = {
        "categories": Axis(_named(categories, language), _also(words.CATEGORIES)),
        "themes": Axis(_named(themes, language), {}),
        "unit": Axis(
            {WHOLE: whole[:2], **{code: (name,) for code, name in units.items()}},
            {
                **{plain(word): WHOLE for word in whole[2:]},
                **{plain(name): code for name, code in (inside or {}).items()},
            },
        ),
        **{axis: _fixed(table, language) for axis, table in fixed.items()},
    }
    return Lexicon(axes)


def _fixed(table: Mapping[str, tuple[str, ...]], language: str) -> Axis:
    at = 0 if language == "nl" else 1
    return Axis({id: (names[at], names[1 - at]) for id, names in table.items()}, _also(table))


def _named(names: Mapping[str, Mapping[str, str]], language: str) -> dict[str, list[str]]:
    return {
        id: [by[language] for language in sorted(by, key=lambda each: each != language) if by[language]]
        for id, by in names.items()
    }


def _also(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for id, names in table.items():
        for name in names:
            found.setdefault(plain(name), id)
    return found
