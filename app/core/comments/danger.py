"""Words that point to danger: a comment enters, the kinds of danger it may speak of leave; a list, not a judgement."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

_LIST = Path(__file__).with_name("danger.toml")


def found(text: str) -> tuple[str, ...]:
    """Ids of danger.toml in its order, in either language; none for most comments."""
    plain = _plain(text)
    return tuple(id for id, pattern in _patterns().items() if pattern.search(plain))


def _plain(text: str) -> str:
    """Small letters without accents, one space between words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads(_LIST.read_text("utf-8"))
    return {
        id: re.compile("|".join(_words(phrase) for words in by_language.values() for phrase in words))
        for id, by_language in lists.items()
    }


def _words(phrase: str) -> str:
    """Whole words; a star stands for the rest of one."""
    return r"\b" + re.escape(_plain(phrase)).replace(r"\*", r"\w*") + r"\b"
