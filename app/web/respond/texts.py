"""Two languages in one document: an English text enters, sibling spans in each language leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from markupsafe import Markup, escape

from app.web.ui import LANGUAGES
from app.web.ui.saying import N_ as N_
from app.web.ui.saying import translated

_PHONE = re.compile(r"\+?[\d][\d ()-]{1,18}\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Speech:
    """The languages of one page; `chosen` is the one shown first."""

    languages: tuple[str, ...]
    chosen: str

    def say(self, message: str, **values: object) -> Markup:
        """An interface text, translated; a date among the values is written out in each language."""
        return self._spans({language: _translated(language, message, values) for language in self.languages})

    def of(self, texts: Mapping[str, str]) -> Markup:
        """A text of the instrument; a language it lacks falls back to its first."""
        first = next(iter(texts.values()), "")
        return self._spans({language: texts.get(language, first) for language in self.languages})

    def one(self, message: str) -> str:
        """Plain text in the preselected language, for the title."""
        return _translated(self.chosen, message, {})

    def in_language(self, message: str, language: str) -> str:
        return _translated(language, message, {})

    def _spans(self, texts: Mapping[str, str]) -> Markup:
        if len(set(texts.values())) == 1:
            return escape(next(iter(texts.values())))
        return Markup("").join(
            Markup('<span class="{0}" lang="{0}">{1}</span>').format(language, text)
            for language, text in texts.items()
        )


def speech(languages: tuple[str, ...], chosen: str) -> Speech:
    """The languages an instrument shares with the interface, or the interface's first if it shares none."""
    shared = tuple(language for language in LANGUAGES if language in languages) or LANGUAGES[:1]
    return Speech(shared, chosen if chosen in shared else shared[0])


def _translated(language: str, message: str, values: Mapping[str, object]) -> str:
    with force_locale(language):
        return translated(message, values)


def contact(text: str) -> Markup:
    """How to reach a help line: numbers and e-mail addresses as links; “ / ” stands between ways."""
    return Markup(" ").join(_linked(part.strip()) for part in text.split(" / "))


def _linked(part: str) -> Markup:
    if _PHONE.fullmatch(part):
        return Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", part), part)
    if _EMAIL.fullmatch(part):
        return Markup('<a href="mailto:{0}">{0}</a>').format(part)
    return escape(part)
