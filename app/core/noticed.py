"""Questions about updates of the board: a questionnaire and titles enter, the questionnaire that asks about them too leaves.

They are a part of the frozen questionnaire, so what staff answer is counted, protected, attacked and released like any other
answer. They stand under scales of their own theme: no subject of the organisation is judged by them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.instrument import Instrument, parse

THEME = "noticed"
"""Of the scales of such questions, and of nothing else; not one of the themes of signals and results."""
MOST_ASKED = 5
KINDS = ("follow-up", "pulse")
NO, A_LITTLE, YES = 1, 2, 3
_BEGINS = "# Questions about updates of the board; made by the product from here on."
_QUESTION = {"nl": "Merk je hier iets van: “{title}”?", "en": "Do you notice anything of this: “{title}”?"}
_TITLE = {"nl": "Gemerkt: {title}", "en": "Noticed: {title}"}
_LABELS = {"nl": ["nee", "een beetje", "ja"], "en": ["no", "a little", "yes"]}
_SECTION = {"nl": "Wat er veranderde", "en": "What changed"}
_OTHERWISE = "en"
"""For languages of a questionnaire that the product itself doesn't speak."""


@dataclass(frozen=True)
class Asked:
    """An update to ask about, with its title in each language it is written in."""

    update: int
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()))


def scale_of(update: int) -> str:
    """The id of the scale, and of its one item."""
    return f"{THEME}-{update}"


def update_of(scale: str) -> int | None:
    """The update that a scale asks about; None for any other scale."""
    begins, _, number = scale.rpartition("-")
    return int(number) if begins == THEME and number.isdecimal() else None


def asks(scale: Mapping[str, object]) -> bool:
    """Whether a scale of a release asks about an update."""
    return scale.get("theme") == THEME


def with_questions(text: str, asked: Sequence[Asked]) -> str:
    """The questionnaire with a question about each of these, in place of those that were there; last of all.

    Raises InstrumentFaults for a questionnaire to which nothing can be added, such as one with its items in one list.
    """
    bare = without_questions(text)
    if not asked:
        return bare
    instrument = parse(bare)
    parts = [bare.rstrip("\n"), "", _BEGINS, *_options(instrument)]
    if instrument.starts:
        parts += ["[[sections]]", f'id = "{THEME}"', f'first = "{scale_of(asked[0].update)}"']
        parts += [f"title.{one} = {_quoted(_in(_SECTION, one))}" for one in instrument.languages]
    for one in asked:
        parts += _question(instrument, one)
    made = "\n".join(parts) + "\n"
    parse(made)
    return made


def without_questions(text: str) -> str:
    """The questionnaire as it was chosen."""
    before, begins, _ = text.partition(f"\n\n{_BEGINS}\n")
    return f"{before}\n" if begins else text


def _options(instrument: Instrument) -> list[str]:
    return [
        f"[options.{THEME}]",
        f"codes = [{NO}, {A_LITTLE}, {YES}]",
        f"favourable = [{YES}]",
        f"unfavourable = [{NO}]",
        *(f"labels.{one} = {_quoted(_in(_LABELS, one))}" for one in instrument.languages),
    ]


def _question(instrument: Instrument, asked: Asked) -> list[str]:
    id = scale_of(asked.update)
    titles = {one: asked.title(one) for one in instrument.languages}
    return [
        "[[scales]]",
        f'id = "{id}"',
        f'theme = "{THEME}"',
        'kind = "mean"',
        "min_answered = 1.0",
        "rates_a_person = false",
        *(f"title.{one} = {_quoted(_in(_TITLE, one).format(title=titles[one]))}" for one in titles),
        "[[items]]",
        f'id = "{id}"',
        f'scale = "{id}"',
        f'options = "{THEME}"',
        *(f"text.{one} = {_quoted(_in(_QUESTION, one).format(title=titles[one]))}" for one in titles),
    ]


def _in(words: Mapping[str, Any], language: str) -> Any:
    return words.get(language, words[_OTHERWISE])


def _quoted(value: object) -> str:
    """As TOML, which writes strings and lists of them as JSON does, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
