"""Words of pictures and documents: a language enters, a function that speaks it from English texts leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

Speak = Callable[..., str]
FOLDER = Path(__file__).resolve().parent / "translations"


@cache
def speak(language: str) -> Speak:
    """`_` for one language: `_("{n} answers", n=12)`. A text without a translation stays English.

    The catalogue's source is read, not its compiled form: command line and worker have no Flask-Babel at
    hand.
    """
    catalogue = _catalogue(language)

    def say(text: str, **facts: object) -> str:
        found = catalogue.get(text, text)
        return found.format(**facts) if facts else found

    return say


def _catalogue(language: str) -> dict[str, str]:
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}
