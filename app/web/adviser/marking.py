"""What may name somebody in a text: a text enters, its pieces with what each may be, or the text without them, leave."""

from __future__ import annotations

from app.core.signals import notes

GONE = "[…]"
"""What stands where something was taken out, in every language."""


def pieces(text: str) -> list[tuple[str, str]]:
    """(piece, what it may be) in order; "" for a piece in which nothing was found."""
    found: list[tuple[str, str]] = []
    at = 0
    for one in _in_order(text):
        if one.start > at:
            found.append((text[at : one.start], ""))
        found.append((text[one.start : one.end], one.kind))
        at = one.end
    return [*found, (text[at:], "")] if at < len(text) else found


def kinds(text: str) -> list[str]:
    """What was found, each once, in order."""
    return list(dict.fromkeys(one.kind for one in _in_order(text)))


def masked(text: str) -> str:
    """The text with each of them taken out."""
    return "".join(GONE if kind else piece for piece, kind in pieces(text))


def _in_order(text: str) -> list[notes.Found]:
    """What was found, without overlaps, the first and longest first."""
    kept: list[notes.Found] = []
    for one in sorted(notes.find(text), key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
