"""The sealed, orderless answers of a scan: strata and answers enter, sorted blocks of int8 leave, and back.

An answer is stored as the index of its code in the option set, -1 for none. The first two columns of a block
hold the stratum as hi * 128 + lo, the others the coded items in the order of the instrument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.answers_csv import read_answers_csv

MISSING = -1
MOST_ROWS = 1_000_000
MOST_STRATA = 128 * 128
STRATUM_COLUMNS = 2
Answers = NDArray[np.int8]
Numbers = NDArray[np.int32]

__all__ = ["MISSING", "MOST_ROWS", "Part", "from_ballots", "pack", "read_answers_csv", "unpack"]


@dataclass(frozen=True)
class Part:
    """At most MOST_ROWS rows; `block` holds (2 + items) columns of `rows` int8 values each."""

    rows: int
    block: bytes


def pack(strata: NDArray[np.integer], answers: Answers) -> tuple[Part, ...]:
    """Parts with rows sorted by content: the same answers give the same bytes in whatever order they came.

    strata: shape (n,), 0 to 16,383. answers: shape (n, items), indexes from -1. Raises ValueError for a
    stratum beyond that.
    """
    rows = len(strata)
    if rows and not 0 <= int(strata.min()) <= int(strata.max()) < MOST_STRATA:
        raise ValueError(f"a dataset tells strata 0 to {MOST_STRATA - 1} apart")
    columns = np.empty((STRATUM_COLUMNS + answers.shape[1], rows), dtype=np.int8)
    columns[0] = strata >> 7
    columns[1] = strata & 127
    columns[STRATUM_COLUMNS:] = answers.T
    order = _order(columns)
    parts = []
    for start in range(0, rows, MOST_ROWS):
        chosen = order[start : start + MOST_ROWS]
        parts.append(Part(len(chosen), b"".join(column[chosen].tobytes() for column in columns)))
    return tuple(parts)


def _order(columns: Answers) -> NDArray[np.intp]:
    """The order of rows by all columns, the first most significant.

    Eight columns are sorted as one 64-bit word, which is several times faster than column by column.
    """
    count, rows = columns.shape
    words = -(-count // 8)
    keys = np.zeros((rows, words * 8), dtype=np.uint8)
    for place, column in enumerate(columns):
        keys[:, place] = column.view(np.uint8) ^ 0x80  # signed order as unsigned bytes
    numbers = keys.view(">u8").astype(np.uint64)
    return np.lexsort(numbers.T[::-1])


def unpack(part: Part, items: int) -> tuple[Numbers, Answers]:
    """Strata of shape (rows,) and answers of shape (rows, items), the latter a column-major view of the block.

    Raises ValueError for a block of another size.
    """
    columns = np.frombuffer(part.block, dtype=np.int8).reshape(STRATUM_COLUMNS + items, part.rows)
    strata = columns[0].astype(np.int32) * 128 + columns[1]
    return strata, columns[STRATUM_COLUMNS:].T


def from_ballots(ballots: Iterable[tuple[int, bytes]], items: int) -> tuple[Numbers, Answers]:
    """Strata (n,) and answers (n, items) of ballots' (stratum, block): one byte an item, 0 for no answer.

    Raises ValueError when a block has another length.
    """
    found: Sequence[tuple[int, bytes]] = list(ballots)
    if any(len(block) != items for _, block in found):
        raise ValueError(f"a ballot of this instrument has {items} bytes")
    strata = np.fromiter((stratum for stratum, _ in found), dtype=np.int32, count=len(found))
    joined = b"".join(block for _, block in found)
    answers = np.frombuffer(joined, dtype=np.uint8).reshape(len(found), items)
    return strata, (answers.astype(np.int16) - 1).astype(np.int8)
