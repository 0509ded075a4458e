"""What changed between two versions of an update: both enter, the fields that differ leave, with the words that went and came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from app.core.feedback import Content, Words

PLAIN = ("theme", "state", "decision", "owner", "due_on", "next_on", "unit")
TEXTS = tuple(one.name for one in fields(Words))
_PIECES = re.compile(r"\s+|[^\s]+")


class How(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    how: How
    text: str


@dataclass(frozen=True)
class Change:
    """One field that differs. `language` is empty for a field that is no text; `before` and `after` are its pieces."""

    field: str
    language: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def was(self) -> str:
        return "".join(piece.text for piece in self.before)

    @property
    def becomes(self) -> str:
        return "".join(piece.text for piece in self.after)


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """In the order in which an update is read; empty when both say the same."""
    return (*_texts(before, after), *_plain(before, after))


def _plain(before: Content, after: Content) -> Iterator[Change]:
    for name in PLAIN:
        old, new = _as_text(getattr(before, name)), _as_text(getattr(after, name))
        if old != new:
            yield Change(name, "", _whole(How.GONE, old), _whole(How.NEW, new))
    if before.source != after.source:
        was, now = before.source, after.source
        yield Change(
            "source", "", _whole(How.GONE, was.name or was.kind), _whole(How.NEW, now.name or now.kind)
        )


def _texts(before: Content, after: Content) -> Iterator[Change]:
    for language in sorted({*before.words, *after.words}, reverse=True):
        old, new = before.words.get(language, Words()), after.words.get(language, Words())
        for name in TEXTS:
            was, becomes = getattr(old, name), getattr(new, name)
            if was != becomes:
                yield Change(name, language, *_pieces(was, becomes))


def _pieces(was: str, becomes: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Word by word; both sides together hold every word of both."""
    old, new = _PIECES.findall(was), _PIECES.findall(becomes)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = tag == "equal"
        left += _whole(How.SAME if same else How.GONE, "".join(old[a:b]))
        right += _whole(How.SAME if same else How.NEW, "".join(new[c:d]))
    return tuple(left), tuple(right)


def _whole(how: How, text: str) -> tuple[Piece, ...]:
    return (Piece(how, text),) if text else ()


def _as_text(value: date | str | None) -> str:
    return "" if value is None else str(value)
