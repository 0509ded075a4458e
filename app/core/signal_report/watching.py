"""What to look at again in an adviser's own words before they leave: texts enter, marks leave. Nothing is changed or kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.core.signal_report.bands import SIGNAL_MIN

FEW, MAIL, DAY, PHONE, NAME = "few", "e-mail", "date", "telephone", "name"
UNFINISHED, FALLS_AWAY, LEFT_OUT = "unfinished", "falls-away", "left-out"
THEMES = "themes"
_WORDS = "een|één|twee|drie|vier|one|two|three|four"
_PEOPLE = (
    r"(?:mensen|personen|medewerkers?|collega.?s?|melders?|melding(?:en)?|signalen|signaal|gesprek(?:ken)?|vrouw(?:en)?|man(?:nen)?|"
    r"people|persons?|employees?|colleagues?|reporters?|reports?|signals?|talks?|wom[ae]n|m[ae]n)"
)
_MONTHS = (
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|may|june|july|"
    r"august|october"
)
_RULES = {
    FEW: re.compile(rf"\b(?:[0-{SIGNAL_MIN - 1}]|{_WORDS})\s+(?:\w+\s+)?{_PEOPLE}\b", re.IGNORECASE),
    MAIL: re.compile(r"\S+@\S+\.\w+"),
    DAY: re.compile(rf"\b\d{{1,2}}(?:[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\s+(?:{_MONTHS}))\b", re.IGNORECASE),
    PHONE: re.compile(r"(?<!\d)(?:\+31|0)[\s-]?(?:\d[\s-]?){8,9}(?!\d)"),
    UNFINISHED: re.compile(r"\S+ (?:…|\.\.\.)$", re.MULTILINE),
    NAME: re.compile(
        r"(?<=[a-z,;] )(?:[A-Z][a-zé]+ ){1,2}(?:(?:van|de|der|den) )*[A-Z][a-zé]+\b|"
        r"\b(?:mevrouw|meneer|dhr\.?|mw\.?|Mrs?\.?|Ms\.?) [A-Z]\w+"
    ),
}


@dataclass(frozen=True)
class Mark:
    """Where something stands that may tell of a person: its section, what it looks like, and the words."""

    section: str
    kind: str
    words: str


def marks(texts: Mapping[str, str]) -> tuple[Mark, ...]:
    """In the order of the sections. Silence is no proof: the adviser knows more than a pattern does."""
    return tuple(mark for section, text in texts.items() for mark in _marks(section, text))


def left_out(texts: Mapping[str, str], themes: Iterable[str]) -> tuple[Mark, ...]:
    """Where words name a theme that this report doesn't name. A theme said in other words is not seen."""
    rules = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) for name in themes]
    return tuple(
        Mark(section, LEFT_OUT, found[0])
        for section, text in texts.items()
        for rule in rules
        if (found := rule.search(text))
    )


def fallen(themes: Iterable[str]) -> tuple[Mark, ...]:
    """Themes that tell by being left out; see naming.fragile."""
    return tuple(Mark(THEMES, FALLS_AWAY, theme) for theme in themes)


def _marks(section: str, text: str) -> Iterator[Mark]:
    for kind, rule in _RULES.items():
        for found in rule.finditer(text):
            yield Mark(section, kind, found[0].strip())
