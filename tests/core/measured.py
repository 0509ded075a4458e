"""Plans and answers for tests of the numbers: small instruments and random answers by seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.instrument import Instrument, parse
from app.core.plan import Plan
from app.core.release import Document
from app.core.strata import propose
from app.core.units import Tree

HEAD = """
id = "tiny"
version = 1
languages = ["nl", "en"]
minutes = 3
licence = "CC-BY-4.0"
source = "test"
validated = false
title.nl = "Klein"
title.en = "Tiny"

[options.agree]
codes = [1, 2, 3, 4, 5, 9]
favourable = [4, 5]
unfavourable = [1, 2]
missing = [9]
labels.nl = ["a", "b", "c", "d", "e", "weet niet"]
labels.en = ["a", "b", "c", "d", "e", "don't know"]

[options.often]
codes = [0, 1, 2]
favourable = [0]
unfavourable = [1, 2]
labels.nl = ["nooit", "soms", "vaak"]
labels.en = ["never", "sometimes", "often"]

[options.tenure]
codes = [1, 2, 3]
labels.nl = ["kort", "midden", "lang"]
labels.en = ["short", "middle", "long"]

[options.work]
codes = [1, 2]
ordered = false
labels.nl = ["zorg", "kantoor"]
labels.en = ["care", "office"]
"""
SCALES = (
    ("safety", "mean", 3, "agree", "false"),
    ("leaders", "mean", 2, "agree", "true"),
    ("seen", "incidence", 2, "often", "false"),
)


def an_instrument(
    scales: Sequence[tuple[str, str, int, str, str]] = SCALES, backgrounds: bool = True, outcome: str = ""
) -> str:
    """TOML text; each scale is (id, kind, items, options, rates_a_person). The last item of a mean scale is reversed."""
    text = HEAD.replace("validated = false", f'validated = false\noutcome = "{outcome}"') if outcome else HEAD
    for id_, kind, _, _, rates in scales:
        text += (
            f'\n[[scales]]\nid = "{id_}"\ntheme = "exclusion"\nkind = "{kind}"\nmin_answered = 0.5\n'
            f'rates_a_person = {rates}\ntitle.nl = "{id_}"\ntitle.en = "{id_}"\n'
        )
    for id_, kind, count, options, _ in scales:
        for place in range(count):
            turned = "true" if kind == "mean" and place and place == count - 1 else "false"
            text += (
                f'\n[[items]]\nid = "{id_}{place}"\nscale = "{id_}"\noptions = "{options}"\nreversed = {turned}\n'
                f'text.nl = "{id_}{place}"\ntext.en = "{id_}{place}"\n'
            )
    for name in ("tenure", "work") if backgrounds else ():
        text += (
            f'\n[[items]]\nid = "{name}"\nkind = "background"\noptions = "{name}"\n'
            f'text.nl = "{name}"\ntext.en = "{name}"\n'
        )
    return text


def a_plan(
    tree: Tree,
    *,
    groupings: tuple[str, ...] = ("unit",),
    least: int = 8,
    spread: int = 1,
    text: str = "",
    way: str = "slips",
) -> Plan:
    return Plan(text or an_instrument(), tree, propose(tree, spread * least), groupings, least, way)


def answers_of(
    instrument: Instrument, counts: Sequence[int], seed: int = 0, missing: float = 0.05
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Strata (n,) and answers (n, items): `counts[s]` people in stratum s, each answer at random."""
    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    columns = []
    for item in instrument.coded:
        options = instrument.options_of(item)
        column = rng.integers(0, len(options.codes) - bool(options.missing), len(strata))
        column[rng.random(len(strata)) < missing] = -1
        columns.append(column.astype(np.int8))
    return strata, np.array(columns, dtype=np.int8).reshape(len(columns), len(strata)).T


def a_release(plan: Plan, counts: Sequence[int], seed: int = 0, missing: float = 0.05) -> Document:
    strata, answers = answers_of(parse(plan.instrument), counts, seed, missing)
    return build_release(plan, pack(strata, answers), scan="abc2345xyz", kind="baseline")
