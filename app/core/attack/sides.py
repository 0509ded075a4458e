"""Which answers count alike: a block enters, the same number for answers on the same side leaves."""

from __future__ import annotations

import numpy as np

from app.core.attack.published import Counts
from app.core.attack.statements import Block


def sides(block: Block) -> Counts:
    """(items, most codes): answers with the same number are on the same side in every edition."""
    found = np.zeros((len(block.items), max(len(codes) for codes in block.codes)), dtype=np.int64)
    for item, codes in enumerate(block.codes):
        for place in range(len(codes)):
            for meaning in block.meanings:
                above = meaning.points[item][place] > 0 if meaning.incidence else False
                side = 1 + (place in meaning.favourable[item]) - (place in meaning.unfavourable[item])
                found[item, place] = 3 * found[item, place] + (int(above) if meaning.incidence else side)
    return found
