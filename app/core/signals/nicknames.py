"""Nicknames of reporters: randomness enters, two plain words leave; cards enter, reporters and what is doubtful leave.

A nickname stands for a reporter and says nothing of one: a colour, shape or material and an animal or a thing. Two cards with the
same nickname are one reporter. While the vault is locked a nickname can't be looked up, so one may be drawn twice or mistyped;
once it is open, `doubts` finds these cards.
"""

from __future__ import annotations

import difflib
import random
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.core.signals.card import Card

WORDS = Path(__file__).with_name("words")
MOST_CHARACTERS = 60
_CLOSE = 0.8
_PLAIN = re.compile(r"[a-z]{1,25} [a-z]{1,25}")
_APART = re.compile(r"[^a-z0-9]+")


def draw(randomness: random.Random, taken: Collection[str] = frozenset()) -> str:
    """A nickname such as "koperen otter"; one that isn't `taken` (normalised), as far as those are known.

    `randomness` is `random.SystemRandom()` in the product, so that nicknames don't tell in which order they were drawn.
    """
    firsts, seconds = _words("first"), _words("second")
    for _ in range(10_000):
        found = f"{randomness.choice(firsts)} {randomness.choice(seconds)}"
        if normalise(found) not in taken:
            return found
    raise ValueError("nearly all nicknames are taken")


def possible() -> int:
    """How many nicknames there are."""
    return len(_words("first")) * len(_words("second"))


@lru_cache(maxsize=65_536)
def could_be_drawn(typed: str) -> bool:
    """Whether this is a nickname of this program; somebody's name is not."""
    words = normalise(typed).split()
    return len(words) == 2 and words[0] in _words("first") and words[1] in _words("second")


def normalise(typed: str) -> str:
    """What two ways of writing one nickname share: lower case, no accents, one space; "" when nothing is left."""
    if _PLAIN.fullmatch(typed):
        return typed
    plain = unicodedata.normalize("NFKD", typed.lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _APART.sub(" ", bare).strip()[:MOST_CHARACTERS].strip()


def suggest(typed: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Known nicknames that were probably meant, the nearest first. Only for pages inside an unlocked vault."""
    by_key = {normalise(one): one for one in known}
    key = normalise(typed)
    if key in by_key:
        return (by_key[key],)
    ways = [key, " ".join(reversed(key.split()))]
    scored = {
        other: max(difflib.SequenceMatcher(None, way, other).ratio() for way in ways) for other in by_key
    }
    near = sorted((other for other in scored if scored[other] >= _CLOSE), key=lambda one: (-scored[one], one))
    return tuple(by_key[other] for other in near[:most])


def by_reporter(cards: Iterable[Card]) -> dict[str, tuple[Card, ...]]:
    """Cards by normalised nickname, each reporter's in order of quarter. Cards without a nickname stand together under ""."""
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(normalise(card.nickname), []).append(card)
    return {key: tuple(sorted(these, key=lambda card: card.quarter)) for key, these in found.items()}


def reporters(cards: Iterable[Card]) -> int:
    """How many reporters these cards are of: different nicknames.

    A nickname that was drawn twice counts once until it is mended, and cards without one count once together: never more
    reporters than there are, so that a floor that counts them is not passed too early.
    """
    return len({normalise(card.nickname) for card in cards})


class DoubtKind(StrEnum):
    TWICE = "twice"
    """More than one first card has this nickname: two people, or a first card that should have continued another."""
    NO_FIRST = "no-first"
    """A card continues a nickname that no first card has: mistyped, or the first card was never made."""
    NONE = "none"
    """A card without a nickname."""


@dataclass(frozen=True)
class Doubt:
    """One nickname to mend. `cards` are the keys of its cards, `suggestions` other nicknames that may be meant."""

    kind: DoubtKind
    nickname: str
    cards: tuple[bytes, ...]
    suggestions: tuple[str, ...] = ()


def doubts(cards: Mapping[bytes, Card]) -> tuple[Doubt, ...]:
    """Nicknames to look at, by the keys of their cards as `keeping.kept` gives them; in order of nickname."""
    by_key: dict[str, list[bytes]] = {}
    for key, card in cards.items():
        by_key.setdefault(normalise(card.nickname), []).append(key)
    certain = {
        name: cards[keys[0]].nickname
        for name, keys in by_key.items()
        if name and any(not cards[key].continues for key in keys)
    }
    found = []
    for name in sorted(by_key):
        keys = tuple(sorted(by_key[name]))
        firsts = tuple(key for key in keys if not cards[key].continues)
        written = cards[keys[0]].nickname
        if not name:
            found.append(Doubt(DoubtKind.NONE, "", keys))
        elif len(firsts) > 1:
            found.append(Doubt(DoubtKind.TWICE, written, keys))
        elif not firsts:
            found.append(Doubt(DoubtKind.NO_FIRST, written, keys, suggest(written, certain.values())))
    return tuple(found)


@lru_cache(maxsize=2)
def _words(which: str) -> tuple[str, ...]:
    return tuple((WORDS / f"{which}.txt").read_text("utf-8").split())
