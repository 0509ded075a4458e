"""Searching cards: words enter; whether the note or the nickname of a card holds all of them leaves."""

from __future__ import annotations

import unicodedata

from app.core.signals.card import Card


def says(card: Card, words: str) -> bool:
    text = _plain(f"{card.note} {card.nickname}")
    return all(word in text for word in _plain(words).split())


def _plain(text: str) -> str:
    """Lower case without accents, as people type when they search."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
