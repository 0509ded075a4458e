"""The published figures of one scale in every group: true counts and levels enter, protected numbers leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.disclosure import grids
from app.core.disclosure.grids import DETAIL, Num, Size
from app.core.disclosure.groups import Programme
from app.core.disclosure.intervals import UNKNOWN_SPREAD, score_interval, share_interval
from app.core.disclosure.levels import Groups, ScaleLevels, scale_levels
from app.core.instrument import Item
from app.core.scoring import Shares, agreement, group_shares, scores, spreads
from app.core.tally import ScaleColumns, Tally, points_of

Counts = NDArray[np.int64]
TOO_FEW = "too-few"
FROM_30 = "from-30"
COARSE = "too-coarse"
LEAST_ORDERED = 4
"""With fewer options a score is nearly a sum of shares: publishing both would narrow each other."""


@dataclass(frozen=True)
class ScaleFigures:
    """By group: what is published of the scale, of its items, and why the scale is absent."""

    scale: dict[int, dict[str, Any]]
    items: dict[str, dict[int, dict[str, Any]]]
    absent: dict[int, str]
    optimal: bool = True


def figures_of(
    programme: Programme,
    tally: Tally,
    number: int,
    sizes: dict[int, Size],
    least: int,
    published: Groups,
    headcounts: Mapping[int, int],
    *,
    able: Groups | None = None,
) -> ScaleFigures:
    """Everything that may leave about scale `number`. `sizes` has the published size of each published group.

    `headcounts` has how many people each group holds, for the groups of which that is known; `able` are the
    published groups that may show this scale at all, None for all of them.
    """
    scale = programme.layout.scales[number]
    counted = tally.scales[number]
    detail = max(DETAIL, least)
    needed = detail if scale.incidence or scale.scale.rates_a_person else least
    answered = tally.items[:, list(scale.columns), 1:]
    valid = np.stack([_valid(programme, column) for column in scale.columns])
    by_item = (answered * valid).sum(axis=2)
    levels = scale_levels(
        programme, counted.n.sum(axis=1), by_item, needed, detail, published if able is None else able
    )
    n = programme.add_up(counted.n.sum(axis=1))
    work = _Scale(programme, scale, levels, sizes, least, detail, n, headcounts)
    items = {column: programme.add_up(tally.items[:, column]) for column in scale.columns}
    if scale.incidence:
        shown = work.incidence(programme.add_up(counted.total)[:, 0])
        entries = work.incidence_items(items)
    else:
        entries = work.share_items(items)
        shown = work.mean(
            programme.add_up(counted.n), programme.add_up(counted.total), programme.add_up(counted.squares)
        )
        work.add_agreement(shown, items)
        work.add_shares(shown, entries, items)
    absent = {
        group: work.why(needed, sizes[group].n, group in levels.scored)
        for group in published
        if group not in shown
    }
    return ScaleFigures(shown, entries, absent, levels.optimal)


def _valid(programme: Programme, column: int) -> NDArray[np.bool_]:
    """Which answer indexes count as an answer, padded to the width of the tally."""
    options = programme.layout.instrument.options_of(programme.layout.instrument.coded[column])
    flags = [code not in options.missing for code in options.codes]
    return np.array(flags + [False] * (max(programme.layout.options) - len(flags)))


@dataclass(frozen=True)
class _Scale:
    programme: Programme
    scale: ScaleColumns
    levels: ScaleLevels
    sizes: dict[int, Size]
    least: int
    detail: int
    n: Counts
    headcounts: Mapping[int, int]

    def why(self, needed: int, people: int, safe: bool) -> str:
        """Too few here and too few beside it are one reason: which of the two would tell how many there are."""
        if safe:
            return COARSE
        return FROM_30 if people < needed == DETAIL > self.least else TOO_FEW

    def size(self, group: int, n: int, least: int) -> Size:
        """To the nearest 5 at any size, so that nobody learns how few skipped something; never above the group's."""
        found = grids.people(n, least, exact=False)
        most = self.sizes[group]
        return Size(n, min(found.value, most.high), found.low, min(found.high, most.high))

    def incidence(self, above: Counts) -> dict[int, dict[str, Any]]:
        shown = {}
        for group in self.levels.scored:
            shown[group] = self._share(group, int(self.n[group]), int(above[group]))
        return shown

    def _share(self, group: int, n: int, count: int) -> dict[str, Any]:
        size = self.size(group, n, self.detail)
        share, band = grids.incidence(size, count)
        entry: dict[str, Any] = {"n": size.num, "share": share}
        entry["interval"] = share_interval(share, size, float(grids.share_step(size) or 20))
        if band is not None:
            entry["people"] = list(band)
        return entry

    def incidence_items(self, counts: dict[int, Counts]) -> dict[str, dict[int, dict[str, Any]]]:
        found: dict[str, dict[int, dict[str, Any]]] = {}
        for item, column, groups in self._items():
            points = points_of(self.programme.layout.instrument, item)[1:]
            table = counts[column][:, 1 : len(points) + 1]
            answered, above = table[:, points >= 0].sum(axis=1), table[:, points > 0].sum(axis=1)
            found[item.id] = {
                group: self._share(group, int(answered[group]), int(above[group])) for group in groups
            }
        return found

    def _items(self) -> list[tuple[Item, int, Groups]]:
        coded = self.programme.layout.instrument.coded
        return [
            (coded[column], column, groups)
            for column, groups in zip(self.scale.columns, self.levels.items, strict=True)
        ]

    def mean(self, n: Counts, total: Counts, squares: Counts) -> dict[int, dict[str, Any]]:
        span = self.scale.span
        score, spread = scores(n, total, span), spreads(n, total, squares, span)
        spread_shown = {
            group: grids.spread_grid(self.size(group, int(self.n[group]), self.detail)).cell(
                float(spread[group])
            )
            for group in self.levels.detailed
        }
        whole = _high(spread_shown[0]) if 0 in spread_shown else UNKNOWN_SPREAD
        shown = {}
        for group in self.levels.scored:
            size = self.size(group, int(self.n[group]), self.least)
            items = len(self.scale.columns)
            grid = grids.score_grid(
                size, self._steps * items, items=items, fine=group in self.levels.detailed
            )
            if grid is None:
                continue
            figure = grid.cell(float(score[group]))
            own = _high(spread_shown[group]) if group in spread_shown else whole
            ends = score_interval(figure, size, own, self.headcounts.get(group))
            entry = {"n": size.num, "score": figure, "interval": ends}
            if group in spread_shown:
                entry["spread"] = spread_shown[group]
            shown[group] = entry
        return shown

    def add_agreement(self, shown: dict[int, dict[str, Any]], counts: dict[int, Counts]) -> None:
        """rwg(J): a number where shares may be shown too, else a word; absent where even that says too much."""
        answers = np.stack([counts[column][:, 1:] for column in self.scale.columns], axis=1)
        points = np.full(answers.shape[1:], -1, dtype=np.int64)
        for row, (item, _, _) in zip(points, self._items(), strict=True):
            own = points_of(self.programme.layout.instrument, item)[1:]
            row[: len(own)] = own
        found = np.nan_to_num(agreement(answers, points))
        items, options = len(self.scale.columns), self._steps + 1
        for group, entry in shown.items():
            if group not in self.levels.detailed:
                word = grids.agreement_word(items, options, entry["score"], float(found[group]))
                entry.update({"rwg": word} if word else {})
                continue
            size = self.size(group, int(self.n[group]), self.detail)
            grid = grids.agreement_grid(size, items, options, entry["score"])
            entry.update({"rwg": grid.cell(float(found[group]))} if grid else {})

    @property
    def _steps(self) -> int:
        """Steps between the lowest and the highest answer to an item."""
        instrument = self.programme.layout.instrument
        return min(len(instrument.options_of(item).scored) - 1 for item, _, _ in self._items())

    @property
    def has_shares(self) -> bool:
        instrument = self.programme.layout.instrument
        return all(
            len(options.scored) >= LEAST_ORDERED and bool(options.favourable)
            for options in (instrument.options_of(item) for item, _, _ in self._items())
        )

    def share_items(self, counts: dict[int, Counts]) -> dict[str, dict[int, dict[str, Any]]]:
        if not self.has_shares:
            return {}
        found: dict[str, dict[int, dict[str, Any]]] = {}
        for item, column, groups in self._items():
            shares = self._shares(item, counts[column])
            found[item.id] = {}
            for group in groups:
                size = self.size(group, int(shares.answers[group]), self.detail)
                three = self._three(shares, group, size, self._neutral(item))
                if three is not None:
                    found[item.id][group] = {"n": size.num, **three}
        return found

    def _shares(self, item: Item, counts: Counts) -> Shares:
        return group_shares(counts, self.programme.layout.instrument.options_of(item), item.reversed)

    def _neutral(self, item: Item) -> bool:
        options = self.programme.layout.instrument.options_of(item)
        return len(options.favourable) + len(options.unfavourable) < len(options.scored)

    def _three(self, shares: Shares, group: int, size: Size, neutral: bool) -> dict[str, Num] | None:
        grid = grids.share_grid(size)
        answers = int(shares.answers[group])
        if grid is None or not answers:
            return None
        three = grids.three_shares(
            grid, int(shares.favourable[group]), int(shares.unfavourable[group]), answers, neutral=neutral
        )
        return dict(zip(("favourable", "neutral", "unfavourable"), three, strict=True))

    def add_shares(
        self,
        shown: dict[int, dict[str, Any]],
        entries: dict[str, dict[int, dict[str, Any]]],
        counts: dict[int, Counts],
    ) -> None:
        """The pooled shares: from the items' own where all of them are published, else on a grid of their own."""
        if not self.has_shares:
            return
        each = [self._shares(item, counts[column]) for item, column, _ in self._items()]
        together = reduce(Shares.__add__, each)
        for group in self.levels.detailed & shown.keys():
            items = [entries[item.id].get(group) for item, _, _ in self._items()]
            if all(items):
                shown[group].update(self._pooled(group, [entry for entry in items if entry], each))
                continue
            for item, _, _ in self._items():  # one item beside the pooled shares would narrow the others
                entries[item.id].pop(group, None)
            size = self.size(group, int(together.answers[group]) // len(each), self.least)
            neutral = any(self._neutral(item) for item, _, _ in self._items())
            shown[group].update(self._three(together, group, size, neutral) or {})

    def _pooled(self, group: int, items: list[dict[str, Any]], each: list[Shares]) -> dict[str, Num]:
        sizes = [self.size(group, int(shares.answers[group]), self.detail) for shares in each]
        return {
            name: grids.pooled([entry[name] for entry in items], sizes)
            for name in ("favourable", "neutral", "unfavourable")
        }


def _high(number: Num) -> float:
    high = number["high"]
    assert high is not None
    return float(high)
