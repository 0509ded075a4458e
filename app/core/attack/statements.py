"""Published numbers as linear statements: the documents of a scan enter, rows "coefficients x sums of a group >= bound" leave.

Everything that is said about a scale is linear in sums over a group's people of: 1 (people), who is scored, the
person's score on 0 to 1 (incidence: anything above the lowest) and, for each item, each answer. Those columns are
the *features* of a block. Interval ends, pooled shares of a scale and everything else computed from published
numbers say nothing new and give no rows. Alpha, omega, item-rest correlations and ICC are not linear and not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.attack.groups import Wave
from app.core.attack.published import Counts, Floats
from app.core.instrument import INCIDENCE, Instrument, Scale

# Published ends are rounded to a few decimals; a person weighs far more than this.
SLACK = 1e-6
# Participation is said to a tenth of a percent.
ROUNDED = 0.05
PEOPLE, SCORED = 0, 1
Row = tuple[int, Mapping[int, float], float]


@dataclass(frozen=True)
class Meaning:
    """How one edition scores a block. `points` holds each item's points on 0 to 1 by answer place; `favourable` and
    `unfavourable` the answer places of each item; for incidence `points` are 1 above the lowest, else 0."""

    edition: int
    scale: str
    incidence: bool
    points: tuple[tuple[float, ...], ...]
    favourable: tuple[frozenset[int], ...]
    unfavourable: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Block:
    """Items that are scored together, by the same people in every edition that has the block.

    Features: people, scored, one value a meaning, then the answers of each item. `codes` are the counted codes of
    each item, `least` how many items a scored person answered at least.
    """

    items: tuple[str, ...]
    codes: tuple[tuple[int, ...], ...]
    least: int
    meanings: tuple[Meaning, ...]

    @property
    def width(self) -> int:
        return 2 + len(self.meanings) + sum(len(codes) for codes in self.codes)

    def value(self, meaning: int) -> int:
        return 2 + meaning

    def answers(self, item: int) -> range:
        """The feature columns of an item's answers."""
        start = 2 + len(self.meanings) + sum(len(codes) for codes in self.codes[:item])
        return range(start, start + len(self.codes[item]))

    @property
    def incidence(self) -> bool:
        return self.meanings[0].incidence


@dataclass(frozen=True)
class Rows:
    """Rows of one block: `groups` (R,), `coefficients` (R, features), `bounds` (R,): coefficients . sums >= bound."""

    groups: Counts
    coefficients: Floats
    bounds: Floats


@dataclass(frozen=True)
class Statements:
    """`people` are the rows about n, with one feature; `blocks` and `rows` go together."""

    people: Rows
    blocks: tuple[Block, ...]
    rows: tuple[Rows, ...]
    count: int


def statements(wave: Wave) -> Statements:
    blocks = _blocks(wave)
    found: list[list[Row]] = [[] for _ in blocks]
    for place, block in enumerate(blocks):
        for index, meaning in enumerate(block.meanings):
            found[place].extend(_of_scale(wave, block, index, meaning))
    people = list(_of_people(wave))
    rows = tuple(_rows(own, block.width) for own, block in zip(found, blocks, strict=True))
    return Statements(_rows(people, 1), blocks, rows, len(people) + sum(len(own) for own in found))


def _rows(found: Sequence[Row], width: int) -> Rows:
    groups = np.array([row[0] for row in found], dtype=np.int64)
    coefficients = np.zeros((len(found), width))
    for row, (_, columns, _) in enumerate(found):
        for column, weight in columns.items():
            coefficients[row, column] += weight
    return Rows(groups, coefficients, np.array([row[2] for row in found], dtype=np.float64))


def _blocks(wave: Wave) -> tuple[Block, ...]:
    """Editions share a block where the same items decide who is scored."""
    found: dict[tuple[tuple[str, ...], tuple[tuple[int, ...], ...], int, str], list[Meaning]] = {}
    for place, edition in enumerate(wave.editions):
        instrument = edition.plan.questionnaire
        for scale in instrument.scales:
            items = instrument.items_of(scale.id)
            codes = tuple(instrument.options_of(item).scored for item in items)
            least = max(1, int(np.ceil(scale.min_answered * len(items) - 1e-9)))
            key = (tuple(item.id for item in items), codes, least, scale.kind)
            found.setdefault(key, []).append(_meaning(place, instrument, scale))
    return tuple(
        Block(items, codes, least, tuple(meanings)) for (items, codes, least, _), meanings in found.items()
    )


def _meaning(edition: int, instrument: Instrument, scale: Scale) -> Meaning:
    points, favourable, unfavourable = [], [], []
    incidence = scale.kind == INCIDENCE
    for item in instrument.items_of(scale.id):
        options = instrument.options_of(item)
        span = max(1, options.high - options.low)
        meant = [options.low + options.high - c if item.reversed else c for c in options.scored]
        if incidence:
            points.append(tuple(float(code > options.low) for code in options.scored))
        else:
            points.append(tuple((code - options.low) / span for code in meant))
        favourable.append(frozenset(place for place, code in enumerate(meant) if code in options.favourable))
        unfavourable.append(
            frozenset(place for place, code in enumerate(meant) if code in options.unfavourable)
        )
    return Meaning(edition, scale.id, incidence, tuple(points), tuple(favourable), tuple(unfavourable))


def _of_people(wave: Wave) -> Iterator[Row]:
    for place, group in enumerate(wave.groups):
        for entry in group.entries.values():
            yield from _between(place, {PEOPLE: 1.0}, entry["n"])
            if entry.get("participation") and group.headcount:
                rounded = {
                    "low": entry["participation"]["low"] - ROUNDED,
                    "high": entry["participation"]["high"] + ROUNDED,
                }
                yield from _between(place, {PEOPLE: 100.0 / group.headcount}, rounded)
    for edition in wave.editions:
        for slip in edition.document.get("slips", ()):
            stratum = _group_of_stratum(wave, int(slip["stratum"]))
            if slip.get("used") is not None and stratum is not None:
                yield from _between(stratum, {PEOPLE: 1.0}, slip["used"])


def _group_of_stratum(wave: Wave, stratum: int) -> int | None:
    for place, group in enumerate(wave.groups):
        if group.region.strata == {stratum} and not group.region.answers:
            return place
    return None


def _between(group: int, columns: Mapping[int, float], num: Mapping[str, Any]) -> Iterator[Row]:
    """low <= columns <= high."""
    yield group, columns, num["low"] - SLACK
    yield group, {column: -weight for column, weight in columns.items()}, -num["high"] - SLACK


def _share(
    group: int, part: Mapping[int, float], whole: Mapping[int, float], num: Mapping[str, Any]
) -> Iterator[Row]:
    """low <= 100 x part / whole <= high, made linear."""
    for sign, end in ((1.0, num["low"]), (-1.0, num["high"])):
        columns = {column: sign * 100 * weight for column, weight in part.items()}
        for column, weight in whole.items():
            columns[column] = columns.get(column, 0.0) - sign * (end + -sign * SLACK) * weight
        yield group, columns, -SLACK


def _of_scale(wave: Wave, block: Block, index: int, meaning: Meaning) -> Iterator[Row]:
    edition = wave.editions[meaning.edition]
    for place, group in enumerate(wave.groups):
        entry = group.entries.get(meaning.edition)
        if entry is None:
            continue
        scale = entry["scales"].get(meaning.scale)
        if scale is not None:
            yield from _of_figures(place, block, index, scale)
        for number, item in enumerate(block.items):
            if item in entry["items"]:
                yield from _of_item(place, block, meaning, number, entry["items"][item])
    reliability = edition.document.get("reliability", {}).get(meaning.scale)
    if reliability:
        yield from _of_reliability(block, reliability["n"])


def _of_figures(place: int, block: Block, index: int, scale: Mapping[str, Any]) -> Iterator[Row]:
    yield from _between(place, {SCORED: 1.0}, scale["n"])
    value = {block.value(index): 1.0}
    figure = scale.get("score", scale.get("share"))
    if figure is not None:
        yield from _share(place, value, {SCORED: 1.0}, figure)
    if scale.get("people"):
        low, high = scale["people"]
        yield from _between(place, value, {"low": low, "high": high})
    if scale.get("spread") and scale.get("score"):
        yield from _of_spread(place, block, index, scale["score"], scale["spread"])


def _of_spread(
    place: int, block: Block, index: int, score: Mapping[str, Any], spread: Mapping[str, Any]
) -> Iterator[Row]:
    """Linear consequences of spread^2 x (n - 1) = sum of squares - n x mean^2, on 0 to 1.

    The mean lies within the published score, so its square lies under the chord and over a tangent. With several
    items a person's squared mean is at most the mean of the squares of the answered items (Jensen), and 1 for each
    item skipped; that gives the lower end only.
    """
    meaning, items = block.meanings[index], len(block.items)
    squares: dict[int, float] = {SCORED: 1.0}
    for item, points in enumerate(meaning.points):
        for column, each in zip(block.answers(item), points, strict=True):
            squares[column] = (each * each - 1.0) / items
    low, high = score["low"] / 100 - SLACK, score["high"] / 100 + SLACK
    middle = (low + high) / 2
    least, most = (max(0.0, spread["low"] / 100 - SLACK)) ** 2, (spread["high"] / 100 + SLACK) ** 2
    value = block.value(index)
    # sum of squares - (2 m0 S - m0^2 N) >= least (N - 1)
    yield place, _sum(squares, {value: -2 * middle, SCORED: middle * middle - least}), -least - SLACK
    if items == 1:
        # most (N - 1) >= sum of squares - ((low + high) S - low high N)
        turned = {column: -weight for column, weight in squares.items()}
        yield place, _sum(turned, {value: low + high, SCORED: most - low * high}), most - SLACK


def _sum(one: Mapping[int, float], two: Mapping[int, float]) -> dict[int, float]:
    return {column: one.get(column, 0.0) + two.get(column, 0.0) for column in {*one, *two}}


def _of_item(
    place: int, block: Block, meaning: Meaning, number: int, item: Mapping[str, Any]
) -> Iterator[Row]:
    columns = block.answers(number)
    whole = dict.fromkeys(columns, 1.0)
    yield from _between(place, whole, item["n"])
    if "share" in item:
        above = {columns[i]: 1.0 for i, point in enumerate(meaning.points[number]) if point > 0}
        yield from _share(place, above, whole, item["share"])
        if item.get("people"):
            yield from _between(place, above, {"low": item["people"][0], "high": item["people"][1]})
        return
    yes, no = meaning.favourable[number], meaning.unfavourable[number]
    for name, chosen in (
        ("favourable", yes),
        ("unfavourable", no),
        ("neutral", frozenset(range(len(columns))) - yes - no),
    ):
        part = {columns[i]: 1.0 for i in chosen}
        yield from _share(place, part, whole, item[name])


def _of_reliability(block: Block, num: Mapping[str, Any]) -> Iterator[Row]:
    """People of the organisation who answered every item: at most those of any item, at least all but who skipped one."""
    for item in range(len(block.items)):
        yield 0, dict.fromkeys(block.answers(item), 1.0), num["low"] - SLACK
    columns: dict[int, float] = {SCORED: len(block.items) - 1.0}
    for item in range(len(block.items)):
        columns.update(dict.fromkeys(block.answers(item), -1.0))
    yield 0, columns, -num["high"] - SLACK
