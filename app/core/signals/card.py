"""One signal card: what an adviser fills in enters, text of a fixed length to seal leaves, and back."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from functools import total_ordering

BYTES = 3_072
"""Every card fills this many bytes before it is sealed. SQLite keeps rows this small in the page of their random key; longer ones
spill to pages whose numbers would tell the order in which they came."""
MOST_NOTE = 600
"""Characters of a private note."""
MOST_CHOSEN = 8
"""Categories, and themes, of one card."""
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


class BadCard(ValueError):
    """A card that can't be kept. `field` names what to mend."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """A quarter of a year, such as 2026-Q3; no finer time is ever kept of a signal."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def __lt__(self, other: Quarter) -> bool:
        return self.index < other.index

    @property
    def index(self) -> int:
        """Quarters since the year 0, so that two quarters can be subtracted."""
        return self.year * 4 + self.number - 1

    @classmethod
    def at(cls, index: int) -> Quarter:
        return cls(index // 4, index % 4 + 1)

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter:
        """From "2026-Q3". Raises BadCard("quarter")."""
        found = _QUARTER.fullmatch(text.strip())
        if not found:
            raise BadCard("quarter", f"quarter “{text}” must be written like 2026-Q3")
        return cls(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Card:
    """One contact with a reporter. `unit` is None for the whole organisation; `nickname` two words that stand for the reporter.

    `continues` says that an earlier card has the same nickname on purpose: together they count as one reporter.
    `agrees` is the reporter's consent to name a theme in words below the floor.
    """

    quarter: Quarter
    categories: tuple[str, ...]
    themes: tuple[str, ...]
    unit: str | None
    contact: str
    reporter: str
    source: str
    route: str
    nickname: str
    continues: bool = False
    agrees: bool = False
    note: str = ""


def encode(card: Card) -> bytes:
    """BYTES bytes: canonical JSON filled up with zeros. Raises BadCard("note") when it doesn't fit."""
    values = {**asdict(card), "quarter": str(card.quarter)}
    raw = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if len(raw) > BYTES:
        raise BadCard("note", "this card holds more than fits; shorten the note or choose fewer themes")
    return raw + bytes(BYTES - len(raw))


def decode(raw: bytes) -> Card:
    values = json.loads(raw.rstrip(b"\0"))
    return Card(
        **{
            **values,
            "quarter": Quarter.read(values["quarter"]),
            "categories": tuple(values["categories"]),
            "themes": tuple(values["themes"]),
        }
    )
