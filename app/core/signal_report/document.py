"""The document of a report: protected figures and an adviser's words enter, one immutable document with its digest leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from app.core import release
from app.core.refusal import Refused

FORMAT = 1
FINDINGS = DECISIONS = 3
MOST_CHARACTERS = 2_000
"""Of one section: a director reads it all in five minutes."""
FINDING, HEARD, NUMBERS, ACTIVITIES, ADVICE = "finding", "heard", "numbers", "activities", "advice"
SECTIONS = (*(f"{FINDING}-{place}" for place in range(1, FINDINGS + 1)), HEARD, NUMBERS, ACTIVITIES, ADVICE)
"""Every report has all of them, also when nothing came in: an absence tells nothing."""
Document = dict[str, Any]
INSIDE = frozenset({"id", "themes", "figures", "given_up", "fragile", "unnamed", "pictures", "same_as"})
"""What of a draft doesn't leave as it is, or not at all."""
read = release.read
canonical = release.canonical


@dataclass(frozen=True)
class Decision:
    """What is asked of management, and by when (a date as written by the adviser's form, ISO)."""

    text: str
    by: str


@dataclass(frozen=True)
class Named:
    """A theme that may be named; `chosen` is the adviser's."""

    id: str
    name: str
    chosen: bool = True


@dataclass(frozen=True)
class AdviceLine:
    """One advice as a report tells it: what, to whom, and how it stands, in words."""

    what: str
    whom: str
    state: str


@dataclass(frozen=True)
class Draft:
    """A report before it leaves. It is kept sealed; `id` is random and stays the same through all changes.

    `pictures`: an SVG of each table that has rows, by axis; drawn once, for the figures of a draft never change.
    `same_as`: the digest of the released report of which this is another language; its figures, themes and order of risks stay.
    `given_up`: what was left out because of what the attack found. It stays here: that there was something tells already.
    `fragile`: themes that tell of one or two people when they are not named here, since an earlier report did.
    `unnamed`: names of themes that may not be named, so that the adviser's own words can be held against them.
    """

    id: str
    kind: str
    window: str
    language: str
    organisation: str
    small: bool
    rules: Mapping[str, int]
    next_due: str
    figures: Mapping[str, Any]
    texts: Mapping[str, str]
    decisions: tuple[Decision, ...]
    themes: tuple[Named, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()
    fragile: tuple[Named, ...] = ()
    unnamed: tuple[str, ...] = ()
    risks: tuple[Mapping[str, Any], ...] = ()
    risk_reason: str = ""
    scan: str = ""
    advice: tuple[AdviceLine, ...] = ()
    agreement: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    same_as: str = ""

    def edited(
        self,
        *,
        texts: Mapping[str, str],
        decisions: Sequence[Decision],
        themes: Sequence[str],
        next_due: date,
        risks: Sequence[str] = (),
        risk_reason: str = "",
    ) -> Draft:
        """With other words, fewer themes and another order of risks. Figures are no words: they stay as they were protected.

        Raises Refused("too-long" or "reason-needed").
        """
        found = {id: texts.get(id, "").strip() for id in SECTIONS}
        for id, text in found.items():
            if len(text) > MOST_CHARACTERS:
                raise Refused(
                    "too-long", f"a section is at most {MOST_CHARACTERS} characters long", section=id
                )
        order = self._ordered(risks)
        changed = order != tuple(sorted(order, key=lambda one: int(one["place"])))
        if changed and not risk_reason.strip():
            raise Refused("reason-needed", "say why the risks stand in another order than the rule gives")
        return replace(
            self,
            texts=found,
            decisions=tuple(decisions),
            themes=self.themes
            if self.same_as
            else tuple(replace(one, chosen=one.id in themes) for one in self.themes),
            next_due=next_due.isoformat(),
            risks=order,
            risk_reason=risk_reason.strip() if changed else "",
        )

    @property
    def falling(self) -> tuple[str, ...]:
        """Names of themes that tell of few people by being left out."""
        named = {one.id for one in self.themes if one.chosen}
        return tuple(one.name for one in self.fragile if one.id not in named)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of themes that words should not name either: those that may not be named, and those the adviser leaves out."""
        return (*self.unnamed, *(one.name for one in self.themes if not one.chosen))

    def _ordered(self, ids: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
        if self.same_as or sorted(ids) != sorted(str(one["id"]) for one in self.risks):
            return self.risks
        return tuple(next(one for one in self.risks if one["id"] == id) for id in ids)


def to_json(draft: Draft) -> str:
    return canonical(asdict(draft))


def from_json(values: Mapping[str, Any]) -> Draft:
    return Draft(
        **{
            **values,
            "decisions": tuple(Decision(**one) for one in values["decisions"]),
            "themes": tuple(Named(**one) for one in values["themes"]),
            "advice": tuple(AdviceLine(**one) for one in values["advice"]),
            "given_up": tuple(values["given_up"]),
            "fragile": tuple(Named(**one) for one in values.get("fragile", ())),
            "unnamed": tuple(values.get("unnamed", ())),
            "risks": tuple(values["risks"]),
        }
    )


def document(draft: Draft, released_on: date) -> Document:
    """Exactly what leaves: nothing of themes that aren't named, and nothing of how a theme may be named."""
    found: Document = {
        "format": FORMAT,
        **{name: value for name, value in asdict(draft).items() if name not in INSIDE},
        "themes": [one.name for one in draft.themes if one.chosen],
        "named": [one.id for one in draft.themes if one.chosen],
        "figures": dict(draft.figures),
        "released_on": released_on.isoformat(),
    }
    # As JSON gives it back, so that a document read from the database equals the one that was shown before.
    found = json.loads(canonical(found))
    return {**found, "digest": release.digest_of(found)}
