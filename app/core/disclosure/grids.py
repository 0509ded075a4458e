"""How fine a number may be: a true figure and the size of its group enter, {"value", "low", "high"} leaves.

Every grid is fixed by the size of the group and the instrument, never by the answers, so that the choice of a
grid says nothing. Cells hold their lower end and not their upper one; all published ends are inclusive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

Num = dict[str, float | int | None]
DETAIL = 30
"""From this many answers shares, items, incidence, spread and scales that rate a person are shown."""
EXACT = 100
FINE = 1000
STEPS = (1, 2, 5, 10, 20)
LEAST_COUNTS = 3
"""How many head counts, or sums of points, every published figure leaves possible."""
ONE_PERSON = 75.0
"""Points one person may lie off in a band at either end: so no band says that nobody answered unfavourably."""
TWO_EXTREMES = 200.0
"""Points two people lie off on one item who chose its other end: so a band leaves 0, 1 and 2 of any answer open."""
RARE = (0, 5, 10, 15)
LEAST_ITEMS = 3
"""With fewer items a word on agreement would narrow the answers to one of them."""
LEAST_OPTIONS = 4
WORDS = ("weak", "moderate", "strong")
MODERATE, STRONG = 0.5, 0.7
"""LeBreton & Senter (2008): to .50 agreement is weak or lacking, from .51 to .70 moderate, above that strong."""


def plain(number: float) -> float | int:
    """Three decimals at most, whole numbers as int: one text for one number."""
    rounded = round(number, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def num(value: float | None, low: float, high: float) -> Num:
    return {"value": None if value is None else plain(value), "low": plain(low), "high": plain(high)}


def exactly(value: float) -> Num:
    return num(value, value, value)


@dataclass(frozen=True)
class Size:
    """A group's true `n` with what is published of it. Grids look at `n` only to tell which level it is on."""

    n: int
    value: int
    low: int
    high: int

    @property
    def num(self) -> Num:
        return num(self.value, self.low, self.high)


def people(n: int, least: int, *, exact: bool) -> Size:
    """n to the nearest 5, never said to be under `least`; exact from 100 where `exact`.

    A first cell of fewer than three counts is joined with the next.
    """
    if exact and n >= EXACT:
        return Size(n, n, n, n)
    value = (n + 2) // 5 * 5
    first = (least + 2) // 5 * 5
    if first + 2 - least + 1 < LEAST_COUNTS and value in (first, first + 5):
        return Size(n, first + 5, least, first + 7)
    return Size(n, max(value, least), max(value - 2, least), value + 2)


@dataclass(frozen=True)
class Grid:
    """Cells between rising `cuts`; cell i is from cuts[i] to cuts[i + 1] and shown as `values[i]`, None: a band."""

    cuts: tuple[float, ...]
    values: tuple[float | None, ...]

    def place(self, figure: float) -> int:
        figure = round(figure, 9)  # a tie is a tie on every machine
        low, high = 0, len(self.values) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.cuts[middle] <= figure else (low, middle - 1)
        return low

    def cell(self, figure: float) -> Num:
        place = self.place(figure)
        return num(self.values[place], self.cuts[place], self.cuts[place + 1])

    @property
    def narrowest(self) -> float:
        return min(high - low for low, high in pairwise(self.cuts))


@lru_cache(maxsize=4096)
def _grid(step: float, low_cut: float, high_cut: float, *, most: float = 100.0) -> Grid:
    """Multiples of `step`; everything under `low_cut` is one band, and everything from `high_cut` up another.

    A cut of 0, or of `most`, leaves that end as the multiples fall.
    """
    multiples = [round(step * place, 6) for place in range(round(most / step) + 1)]
    inner = [v for v in multiples if (not low_cut or v > low_cut) and (high_cut >= most or v < high_cut)]
    cuts = [0.0] if not low_cut else [0.0, low_cut]
    cuts += [round((one + two) / 2, 6) for one, two in pairwise(inner)]
    cuts += [most] if high_cut >= most else [high_cut, most]
    values: list[float | None] = [*inner]
    if low_cut:
        values.insert(0, None)
    if high_cut < most:
        values.append(None)
    return Grid(tuple(cuts), tuple(values))


def score_grid(size: Size, points: int, *, items: int, fine: bool = True) -> Grid | None:
    """Cells of a score, or None when even the widest step holds too few sums.

    `points` is what one person's answers can add up to: items x (options - 1). Steps: 5 under 30, 2 from 30,
    1 from 100, 0.01 from 1,000 where `fine`; widened under 1,000 until each cell holds three sums. Both ends
    are bands in which one person may be 75 points off, and two may have chosen the other end of one item;
    under 30 they reach to 10 and 90 at least.
    """
    band = max(ONE_PERSON, TWO_EXTREMES / items) / size.low
    if size.n >= FINE and fine:
        return _fine_grid(band)
    first = 5 if size.n < DETAIL else 2 if size.n < EXACT else 1
    for step in STEPS:
        if step < first:
            continue
        grid = _score_cells(step, size, band)
        if grid is not None and grid.narrowest * size.low * points / 100 >= LEAST_COUNTS:
            return grid
    return None


def _score_cells(step: int, size: Size, band: float) -> Grid | None:
    """Ends lie beyond `band`, not on it: a cell holds its lower end, so the lowest doesn't hold its cut."""
    if size.n < DETAIL:
        edge = max(10.0, (math.floor(band / 5) + 1) * 5.0)
    else:
        edge = next(cut for cut in (step * (place + 0.5) for place in range(100)) if cut > band)
    grid = _grid(step, edge, 100 - edge) if edge < 50 else None
    return grid if grid and len(grid.values) > 2 else None


class _FineGrid(Grid):
    """Steps of 0.01 without 10,000 cells in memory."""

    def cell(self, figure: float) -> Num:
        low, high = self.cuts[1], self.cuts[-2]
        if figure < low:
            return num(None, 0, low)
        if figure >= high:
            return num(None, high, 100)
        value = math.floor(round(figure, 9) * 100 + 0.5) / 100
        return num(value, max(low, value - 0.005), min(high, value + 0.005))


def _fine_grid(band: float) -> Grid:
    edge = math.ceil(band * 100) / 100 + 0.005
    return _FineGrid((0.0, edge, 100 - edge, 100.0), (None, None, None))


def share_grid(size: Size) -> Grid | None:
    """Cells of a share in percent: the finest step on which a cell holds three people; None where none does.

    The first cell holds 0, 1 and 2 people, the last as few who are left.
    """
    step = share_step(size)
    if step is None:
        return None
    first = step / 2 if step * size.low / 200 > 2 else step * 1.5
    return _grid(step, first if first > step else 0, 100 - first if first > step else 100)


def share_step(size: Size) -> int | None:
    return next((step for step in STEPS if step * size.low / 100 >= LEAST_COUNTS), None)


def spread_grid(size: Size) -> Grid:
    """Cells of a standard deviation (0 to 51), for 30 or more: steps of 5, from 100 of 2, from 1,000 of 0.01.

    The first cell leaves room for one person 75 points off.
    """
    step = 5.0 if size.n < EXACT else 2.0 if size.n < FINE else 0.01
    band = ONE_PERSON / math.sqrt(size.low)
    first = next(cut for cut in (round(step * (place + 0.5), 6) for place in range(1000)) if cut >= band)
    return _grid(step, first, 60, most=60)


def agreement_grid(size: Size, items: int, options: int, score: Num) -> Grid | None:
    """Cells of rwg(J), for 30 or more: steps of 0.1, from 100 of 0.05, from 1,000 of 0.01; None where none is left.

    All weak agreement is one band. With a published score near an end people can't differ much, and the most
    they can would mean that nobody chose an answer in the middle: the band reaches up to three quarters of that
    variance. The band at the top leaves room for two people at the other end of one item.
    """
    if items < LEAST_ITEMS or options < LEAST_OPTIONS:
        return None
    step = 0.1 if size.n < EXACT else 0.05 if size.n < FINE else 0.01
    chance = (options + 1) / (12 * (options - 1))  # of the square of an item's range
    top = _agreement(2 / (chance * items * size.low), items)
    low, high, _ = _ends(score)
    most = min(low * (100 - low), high * (100 - high)) / 10_000 / chance
    under = max(MODERATE, _agreement(0.75 * most, items))
    first = round((math.ceil(under / step - 0.5) + 0.5) * step, 6) if under > MODERATE else MODERATE
    last = round((math.floor(top / step - 0.5) + 0.5) * step, 6)
    return _grid(step, first, last, most=1.0) if last > first + 1.01 * step else None


def _agreement(ratio: float, items: int) -> float:
    """rwg(J) where the variance is `ratio` of that of chance."""
    agreed = items * (1 - min(1.0, ratio))
    return agreed / (agreed + ratio) if ratio else 1.0


def agreement_word(items: int, options: int, score: Num, agreement: float) -> str | None:
    """rwg(J) under 30 answers in a word; None for short scales and scores in a band, where it could tell an answer.

    That depends on published numbers only, so that a missing word says nothing of its own.
    """
    if items < LEAST_ITEMS or options < LEAST_OPTIONS or score["value"] is None:
        return None
    agreement = round(agreement, 9)  # a tie is a tie on every machine
    return WORDS[(agreement > MODERATE) + (agreement > STRONG)]


def correlation_cell(r: float, size: Size) -> Num:
    """Pearson's r: one decimal, from 1,000 answers two."""
    digits = 1 if size.n < FINE else 2
    value, half = round(r, digits), 0.5 * 10**-digits
    return num(value, max(-1.0, value - half), min(1.0, value + half))


def three_shares(
    grid: Grid, favourable: int, unfavourable: int, answers: int, *, neutral: bool
) -> tuple[Num, Num, Num]:
    """Favourable, neutral and unfavourable share of `answers`, safe together.

    Placed on one grid are the favourable share and the share that is not unfavourable. The first is never more
    than the second, so two cells of one grid leave each of them everything its cell holds; the neutral share
    follows from both, and where there is no neutral answer the two shares are each other's complement.
    """
    one = grid.cell(100 * favourable / answers)
    two = grid.cell(100 * (answers - unfavourable) / answers)
    third = complement(two)
    return one, between(one, two) if neutral else exactly(0), third


def complement(share: Num) -> Num:
    """100 - share."""
    low, high, value = _ends(share)
    return num(None if value is None else 100 - value, 100 - high, 100 - low)


def between(one: Num, two: Num) -> Num:
    """Two - one, never under 0."""
    low, high, value = _ends(one)
    low2, high2, value2 = _ends(two)
    middle = None if value is None or value2 is None else value2 - value
    return num(middle, max(0.0, low2 - high), high2 - low)


def _ends(number: Num) -> tuple[float, float, float | None]:
    low, high = number["low"], number["high"]
    assert low is not None and high is not None
    return float(low), float(high), number["value"]


def pooled(shares: list[Num], sizes: list[Size]) -> Num:
    """The share of all answers to several items, known only from the items' own shares: it adds nothing."""
    ends = [_ends(share) for share in shares]
    low = _weighted([(low, size) for (low, _, _), size in zip(ends, sizes, strict=True)])
    high = 100 - _weighted([(100 - high, size) for (_, high, _), size in zip(ends, sizes, strict=True)])
    values = [value for _, _, value in ends if value is not None]
    low, high = math.floor(low * 10 + 1e-9) / 10, math.ceil(high * 10 - 1e-9) / 10
    middle = None
    if len(values) == len(ends):
        middle = min(max(round(sum(values) / len(values), 1), low), high)
    return num(middle, low, high)


def _weighted(ends: list[tuple[float, Size]]) -> float:
    """The least weighted mean of values whose weights lie anywhere between their sizes' low and high."""
    ordered = sorted(ends, key=lambda end: end[0])
    best = math.inf
    for cut in range(len(ordered) + 1):
        weights = [size.high if place < cut else size.low for place, (_, size) in enumerate(ordered)]
        best = min(
            best, sum(w * value for w, (value, _) in zip(weights, ordered, strict=True)) / sum(weights)
        )
    return best


def incidence(size: Size, count: int) -> tuple[Num, tuple[int, int] | None]:
    """The share of people, and for a rare thing in a large group how many people that is, in fives.

    Where 1 percent is five people or more, fewer than 20 people are given as a band of people.
    """
    grid = share_grid(size)
    assert grid is not None, "incidence is for 30 people or more"
    if size.low < 500:
        return grid.cell(100 * count / size.n), None
    if count < RARE[-1] + 5:
        first = count // 5 * 5
        low = math.floor(first / size.high * 10_000) / 100
        return num(None, low, math.ceil((first + 4) / size.low * 10_000) / 100), (first, first + 4)
    after = RARE[-1] + 5
    enough = next(cut for cut in grid.cuts if cut * size.n / 100 >= after + LEAST_COUNTS)
    if 100 * count / size.n < enough:
        return num(None, math.floor(after / size.high * 10_000) / 100, enough), None
    return grid.cell(100 * count / size.n), None


def outward(low: float, high: float, step: float) -> tuple[float, float]:
    """The interval on multiples of `step` around low to high, within 0 to 100 and never of zero width."""
    below = max(0.0, math.floor(low / step + 1e-9) * step)
    above = min(100.0, math.ceil(high / step - 1e-9) * step)
    if above <= below:
        below, above = max(0.0, below - step), min(100.0, above + step)
    return plain(below), plain(above)
