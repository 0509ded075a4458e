"""Cards as rows of a spreadsheet: cards enter, rows with the names of their choices leave, that read back as the same cards."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from app.core.signals.card import Card
from app.core.signals.register import words
from app.core.signals.register.book import guarded
from app.core.signals.register.lexicon import WHOLE, Lexicon


def as_rows(cards: Iterable[Card], lexicon: Lexicon, *, language: str = "nl") -> list[list[str]]:
    """A header and a row for each card, by quarter and then nickname: the order says nothing of when they came."""
    at = 0 if language == "nl" else 1
    ordered = sorted(cards, key=lambda card: (card.quarter.index, card.nickname, card.continues))
    return [[names[at] for names in words.HEADERS.values()], *(_row(card, lexicon, at) for card in ordered)]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """For a spreadsheet: semicolons, UTF-8 with its mark, and no cell that could be taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _row(card: Card, lexicon: Lexicon, at: int) -> list[str]:
    yes = ("ja", "yes")[at]
    no = ("nee", "no")[at]
    values = {
        "quarter": str(card.quarter),
        "categories": "; ".join(lexicon["categories"].label(each) for each in card.categories),
        "themes": "; ".join(lexicon["themes"].label(each) for each in card.themes),
        "unit": lexicon["unit"].label(card.unit or WHOLE),
        **{
            axis: lexicon[axis].label(getattr(card, axis))
            for axis in ("contact", "reporter", "source", "route")
        },
        "nickname": card.nickname,
        "continues": yes if card.continues else no,
        "agrees": yes if card.agrees else no,
        "note": card.note,
    }
    return [values[field] for field in words.HEADERS]
