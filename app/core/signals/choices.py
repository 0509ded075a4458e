"""The categories and themes an organisation chooses from: the fixed ones and what advisers change enter, choices to show leave.

Cards keep ids, so a new name changes no card; what was used is retired, never removed, so that old cards keep their name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.core.refusal import Refused
from app.core.signals.kinds import CATEGORIES

THEME, CATEGORY = "theme", "category"
BYTES = 16_384
"""Choices are filled up to this many bytes, or to a multiple, before they are sealed."""
MOST = 60
MOST_NAME = 60
CATEGORY_NAMES: Mapping[str, tuple[str, str]] = {
    "aggression": ("agressie en geweld", "aggression and violence"),
    "threats": ("bedreiging", "threats"),
    "discrimination": ("discriminatie", "discrimination"),
    "intimidation": ("intimidatie", "intimidation"),
    "bullying": ("pesten", "bullying"),
    "sexual-harassment": ("seksuele intimidatie", "sexual harassment"),
    "stalking": ("stalking", "stalking"),
    "integrity": ("integriteit", "integrity"),
    "workload": ("werkdruk", "workload"),
    "labour-conflict": ("arbeidsconflict", "labour conflict"),
    "other": ("anders", "other"),
}


@dataclass(frozen=True)
class Choice:
    """One category or theme. Retired: no longer offered for new cards, still named on old ones."""

    id: str
    nl: str
    en: str
    retired: bool = False

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True)
class Choices:
    """What one organisation chooses from, in the order that pages show."""

    themes: tuple[Choice, ...]
    categories: tuple[Choice, ...]

    def of(self, kind: str) -> tuple[Choice, ...]:
        return self.themes if kind == THEME else self.categories

    def offered(self, kind: str) -> tuple[Choice, ...]:
        """Those for a new card."""
        return tuple(one for one in self.of(kind) if not one.retired)

    def name(self, kind: str, id: str, language: str) -> str:
        """The id itself where it is unknown: a card from elsewhere still says something."""
        return next((one.name(language) for one in self.of(kind) if one.id == id), id)

    def ids(self, kind: str) -> frozenset[str]:
        return frozenset(one.id for one in self.of(kind))

    def by_name(self, kind: str, name: str) -> Choice | None:
        """By id or either name, whatever the case and accents; for import."""
        wanted = _plain(name)
        return next(
            (
                one
                for one in self.of(kind)
                if wanted in (one.id, _plain(one.id), _plain(one.nl), _plain(one.en))
            ),
            None,
        )

    def add(self, kind: str, *, nl: str, en: str) -> Choices:
        """With a new id made of the Dutch name. Raises Refused("name"), ("name-taken"), ("too-many")."""
        if len(self.of(kind)) >= MOST:
            raise Refused("too-many", f"there are {MOST} already; retire one and use another", most=MOST)
        self._check(kind, nl, en)
        stem = re.sub(r"[^a-z0-9]+", "-", _plain(nl)).strip("-")[:40].strip("-") or kind
        id, number = stem, 2
        while id in self.ids(kind):
            id, number = f"{stem}-{number}", number + 1
        return self._with(kind, (*self.of(kind), Choice(id, nl.strip(), en.strip())))

    def rename(self, kind: str, id: str, *, nl: str, en: str) -> Choices:
        """For the same in better words; another meaning is another theme. Raises Refused as `add`, and ("no-choice")."""
        self._known(kind, id)
        self._check(kind, nl, en, but=id)
        return self._changed(kind, id, nl=nl.strip(), en=en.strip())

    def retire(self, kind: str, id: str) -> Choices:
        """Raises Refused("no-choice") and ("last-choice")."""
        self._known(kind, id)
        if [one.id for one in self.offered(kind)] == [id]:
            raise Refused("last-choice", "this is the last one; add another first")
        return self._changed(kind, id, retired=True)

    def restore(self, kind: str, id: str) -> Choices:
        self._known(kind, id)
        return self._changed(kind, id, retired=False)

    def _known(self, kind: str, id: str) -> None:
        if id not in self.ids(kind):
            raise Refused("no-choice", f"there is no {kind} “{id}”", id=id)

    def _check(self, kind: str, nl: str, en: str, but: str = "") -> None:
        for name in (nl, en):
            if not name.strip() or len(name.strip()) > MOST_NAME:
                raise Refused(
                    "name", f"write a name of 1 to {MOST_NAME} characters in both languages", most=MOST_NAME
                )
        for one in self.of(kind):
            if one.id != but and (_plain(nl) == _plain(one.nl) or _plain(en) == _plain(one.en)):
                raise Refused(
                    "name-taken", f"“{one.nl}” ({one.en}) is there already; choose another name", name=one.nl
                )

    def _changed(self, kind: str, id: str, **changes: Any) -> Choices:
        return self._with(
            kind,
            tuple(replace(one, **changes) if one.id == id else one for one in self.of(kind)),
        )

    def _with(self, kind: str, these: tuple[Choice, ...]) -> Choices:
        return replace(self, themes=these) if kind == THEME else replace(self, categories=these)


def standard(themes: Mapping[str, Mapping[str, str]]) -> Choices:
    """What every organisation starts with; `themes` as `app.core.instrument.load_themes` reads surveys/themes.toml."""
    return Choices(
        tuple(Choice(id, names["nl"], names["en"]) for id, names in themes.items()),
        tuple(Choice(id, *CATEGORY_NAMES[id]) for id in CATEGORIES),
    )


def encode(choices: Choices) -> bytes:
    """A multiple of BYTES: canonical JSON filled up with zeros."""
    raw = json.dumps(asdict(choices), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return raw + bytes(-len(raw) % BYTES)


def decode(raw: bytes, themes: Mapping[str, Mapping[str, str]]) -> Choices:
    """What was kept, with the standard themes and categories that came since behind it."""
    values = json.loads(raw.rstrip(b"\0"))
    kept = Choices(*(tuple(Choice(**one) for one in values[key]) for key in ("themes", "categories")))
    known = standard(themes)
    return Choices(_grown(kept.themes, known.themes), _grown(kept.categories, known.categories))


def _grown(kept: tuple[Choice, ...], known: tuple[Choice, ...]) -> tuple[Choice, ...]:
    there = {one.id for one in kept}
    return kept + tuple(one for one in known if one.id not in there)


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.strip().lower())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())
