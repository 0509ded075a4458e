"""What the explanation of protection shows: the smallest group enters, its rules as an example and a table leave."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.core.disclosure import explaining
from app.core.disclosure.explaining import Example, Level


@dataclass(frozen=True)
class Rules:
    """`k` is the fewest answers of a group that is shown."""

    k: int
    example: Example
    levels: tuple[Level, ...]


@lru_cache(maxsize=32)
def rules(k: int) -> Rules:
    return Rules(k, explaining.example(k), explaining.levels(k))
