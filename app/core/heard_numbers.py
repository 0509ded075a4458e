"""Numbers in what staff type: their text and what was filled in from released numbers enter, those from elsewhere leave.

Only a hint: a number of a plan or a date is fine, one about people or answers has to come from what was released.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = (
    "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|one|two|three|four|five|six|seven|eight|nine|ten"
)
_NUMBER = re.compile(
    rf"\b(?:{_WORDS}|\d+)\s+(?:op|van|out\s+of|in|of)\s+(?:de\s+|elke\s+|every\s+|the\s+)?(?:tien|ten|honderd|hundred|\d+)\b"
    r"|\d+(?:[.,]\d+)*(?:\s?%)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def numbers(text: str) -> tuple[str, ...]:
    """Numbers and shares in words ("6 op de 10", "six in ten"), each once, as typed; years are none."""
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(text):
        written = " ".join(match[0].split())
        if not _YEAR.fullmatch(written):
            found.setdefault(written)
    return tuple(found)


def from_elsewhere(text: str, released: Iterable[str]) -> tuple[str, ...]:
    """The numbers of `text` that stand in none of the released texts."""
    known = {_bare(number) for one in released for number in numbers(one)}
    loose = {part for number in known for part in re.findall(r"\d+(?:[.,]\d+)*", number)}
    return tuple(number for number in numbers(text) if _bare(number) not in known | loose)


def _bare(number: str) -> str:
    return re.sub(r"\s+", " ", number.lower()).replace(" %", "%")
