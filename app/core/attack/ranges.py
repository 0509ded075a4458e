"""What the worlds found so far say: for every target the least and greatest size and count of each kind of answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.attack.statements import Block, Statements
from app.core.attack.targets import Target

FAVOURABLE, UNFAVOURABLE, ABOVE = "favourable", "unfavourable", "above"
# Fewer possible whole numbers than this pin a count.
LEAST_NUMBERS = 3
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Quantity:
    """People who gave one of these answers (places among the counted codes) to an item of a block. `answer` is a code or the
    name of a side; `off` is True for everybody who is not on that side."""

    block: int
    item: int
    answer: str
    places: frozenset[int]
    off: bool = False


def quantities(block: Block, place: int) -> tuple[Quantity, ...]:
    """Each answer and each side once; then who isn't on a side."""
    found: list[Quantity] = []
    for item, codes in enumerate(block.codes):
        everything = frozenset(range(len(codes)))
        own = {frozenset({number}): str(code) for number, code in enumerate(codes)}
        sides = {places: name for name, places in _sides(block, item) if places and places != everything}
        for places, name in sides.items():
            own.setdefault(places, name)
        found.extend(Quantity(place, item, name, places) for places, name in own.items())
        found.extend(Quantity(place, item, name, everything - places, True) for places, name in sides.items())
    return tuple(found)


def _sides(block: Block, item: int) -> list[tuple[str, frozenset[int]]]:
    if block.incidence:
        points = block.meanings[0].points[item]
        return [(ABOVE, frozenset(place for place, point in enumerate(points) if point > 0))]
    sides = []
    for meaning in block.meanings:
        sides.append((FAVOURABLE, meaning.favourable[item]))
        sides.append((UNFAVOURABLE, meaning.unfavourable[item]))
    return sides


class Incidence:
    """The members of each target in a world, as a sparse (targets, persons) matrix."""

    def __init__(self, wave: Wave, targets: tuple[Target, ...]) -> None:
        shape = (len(targets), len(wave.groups))
        self._first = np.array([target.inside[0] for target in targets], dtype=np.int64)
        self._inside = _indicator([target.inside[1:] for target in targets], shape)
        self._outside = _indicator([target.outside for target in targets], shape)
        self._needed = np.asarray(self._inside.sum(axis=1)).ravel()

    def of(self, membership: sparse.csr_matrix) -> sparse.csr_matrix:
        members = membership[self._first]
        others = (self._needed > 0).nonzero()[0]
        if len(others):
            # Inside all further groups: as many of them as the target needs.
            hits = (self._inside[others] @ membership).multiply(members[others]).tocsr()
            hits.data = (hits.data >= np.repeat(self._needed[others], np.diff(hits.indptr))).astype(float)
            members = _replaced(members, others, hits)
        cut = np.diff(self._outside.indptr).nonzero()[0]
        if len(cut):
            taken = (self._outside[cut] @ membership).multiply(members[cut]).tocsr()
            taken.data[:] = 1
            members = _replaced(members, cut, members[cut] - taken)
        members.eliminate_zeros()
        return members


def _indicator(groups: list[tuple[int, ...]], shape: tuple[int, int]) -> sparse.csr_matrix:
    rows = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    columns = np.array([group for each in groups for group in each], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _replaced(matrix: sparse.csr_matrix, rows: Counts, by: sparse.csr_matrix) -> sparse.csr_matrix:
    kept = np.ones(matrix.shape[0])
    kept[rows] = 0
    place = sparse.csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))), (len(kept), len(rows)))
    return (sparse.diags(kept) @ matrix + place @ by).tocsr()


class Ranges:
    """Least and greatest of everything over the worlds that were recorded."""

    def __init__(self, said: Statements, count: int, limit: int, colluders: int) -> None:
        self.said, self.limit, self.colluders = said, limit, colluders
        self.quantities = tuple(
            quantity for place, block in enumerate(said.blocks) for quantity in quantities(block, place)
        )
        self.of_block = [
            np.array([i for i, q in enumerate(self.quantities) if q.block == place], dtype=np.int64)
            for place in range(len(said.blocks))
        ]
        self._columns = [self._column_matrix(place) for place in range(len(said.blocks))]
        self.size_low = np.full(count, np.iinfo(np.int32).max, dtype=np.int64)
        self.size_high = np.full(count, -1, dtype=np.int64)
        self.low = np.full((count, len(self.quantities)), np.iinfo(np.int32).max, dtype=np.int32)
        self.high = np.full((count, len(self.quantities)), -1, dtype=np.int32)

    def _column_matrix(self, place: int) -> Floats:
        """(features, quantities of the block)."""
        block = self.said.blocks[place]
        found = np.zeros((block.width, len(self.of_block[place])))
        for column, index in enumerate(self.of_block[place]):
            quantity = self.quantities[index]
            found[[block.answers(quantity.item)[each] for each in quantity.places], column] = 1
        return found

    @cached_property
    def off(self) -> Flags:
        return np.array([quantity.off for quantity in self.quantities], dtype=bool)

    def counts(self, place: int, members: sparse.csr_matrix, features: Floats) -> NDArray[np.int32]:
        """(targets, quantities of the block) in a world."""
        return np.asarray(np.rint(members @ (features @ self._columns[place])), dtype=np.int32)

    def record_sizes(self, targets: Counts, sizes: Counts) -> None:
        self.size_low[targets] = np.minimum(self.size_low[targets], sizes)
        self.size_high[targets] = np.maximum(self.size_high[targets], sizes)

    def record(self, targets: Counts, place: int, counts: NDArray[np.int32]) -> None:
        where = np.ix_(targets, self.of_block[place])
        self.low[where] = np.minimum(self.low[where], counts)
        self.high[where] = np.maximum(self.high[where], counts)

    def open_sizes(self) -> Flags:
        """Targets whose size the worlds don't clear: nobody in it, three numbers or a large size do."""
        return (
            (self.size_low > 0)
            & (self.size_high - self.size_low < LEAST_NUMBERS - 1)
            & (self.size_high <= self.limit)
        )

    def open_answers(self) -> Flags:
        """(targets, quantities) that the worlds don't clear."""
        narrow = self.high - self.low < LEAST_NUMBERS - 1
        found: Flags = np.where(self.off, self.high <= self.colluders, narrow)
        return found
