"""A paraphrase is no quote: its text and the comments enter, the longest run of words they share leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_WORDS = 6
"""So many words in a row may be the same as in a comment; a longer run is a quote, which its writer and colleagues know again."""


def quoted(text: str, comments: Iterable[str]) -> str:
    """The first run of more than MOST_WORDS words that stands in a comment too; "" for none."""
    words = _words(text)
    length = MOST_WORDS + 1
    written = [f" {' '.join(_words(comment))} " for comment in comments]
    for place in range(len(words) - length + 1):
        run = " ".join(words[place : place + length])
        if any(f" {run} " in comment for comment in written):
            return run
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
