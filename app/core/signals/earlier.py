"""Years whose cards are counts by now: counts enter; what they add to tables, to a theme and to rising themes leaves.

Of such a year a reporter is told apart within a quarter, and for one theme within the year. Over more than that somebody who
came back may be counted again, and where it matters both ends are given: at least so many, and at most so many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.signals.card import Quarter
from app.core.signals.counting import BY_CATEGORY, BY_ROUTE, BY_THEME, NONE, Cell, Table
from app.core.signals.retention import Counts

CROSSED = {BY_THEME: "themes", BY_CATEGORY: "categories", BY_ROUTE: "routes"}
"""What was counted by quarter; parts of the organisation are known by year only."""


@dataclass(frozen=True)
class Between:
    """Reporters: at least and at most so many."""

    least: int = 0
    most: int = 0

    @property
    def perhaps(self) -> int:
        return self.most - self.least

    def and_also(self, other: Between) -> Between:
        """With those of another time: the same people perhaps, or none of them."""
        return Between(max(self.least, other.least), self.most + other.most)


@dataclass(frozen=True)
class Earlier:
    """Counts by year, as `retaining_signals.counts` gives them."""

    years: Mapping[int, Counts] = field(default_factory=dict)

    @property
    def first(self) -> Quarter | None:
        """The first quarter with a contact."""
        return min(
            (Quarter.read(one) for counts in self.years.values() for one in counts.quarters), default=None
        )

    def among(self, quarters: Iterable[Quarter]) -> tuple[Quarter, ...]:
        """Those of which only counts are left, in their order."""
        return tuple(one for one in quarters if one.year in self.years)

    def firsts(self) -> dict[tuple[str, str], int]:
        """With how many reporters a theme came up first, by quarter and theme; as `rising` takes it."""
        return {key: number for counts in self.years.values() for key, number in counts.firsts.items()}

    def total(self, quarters: Sequence[str]) -> Cell:
        """Of a whole year each reporter once; of a part of one, once a quarter."""
        return _sum(
            counts.total if whole else _sum(counts.quarters.get(one, NONE) for one in these)
            for counts, these, whole in self._asked(quarters)
        )

    def theme(self, theme: str, quarters: Sequence[str]) -> tuple[Between, int]:
        """Reporters of one theme, and contacts."""
        found, contacts = Between(), 0
        for counts, these, whole in self._asked(quarters):
            cells = [counts.themes.get((one, theme), NONE) for one in these]
            first = sum(counts.firsts.get((one, theme), 0) for one in these)
            least = max([first, *(cell.reporters for cell in cells)])
            most = first if whole else sum(cell.reporters for cell in cells)
            found = found.and_also(Between(least, max(least, most)))
            contacts += sum(cell.contacts for cell in cells)
        return found, contacts

    def themes(self, quarters: Sequence[str]) -> tuple[str, ...]:
        """Those that came up, by name."""
        return tuple(
            sorted(
                {
                    theme
                    for counts, these, _ in self._asked(quarters)
                    for one, theme in counts.themes
                    if one in these
                }
            )
        )

    def units(self, quarters: Sequence[str]) -> dict[int, Mapping[str, Cell]]:
        """By whole year, the parts of the organisation that kept their counts."""
        return {
            counts.year: counts.units for counts, _, whole in self._asked(quarters) if whole and counts.units
        }

    def added(self, table: Table, which: str, quarters: Sequence[str]) -> Table:
        """The table of the cards by theme, category or route, with these quarters of counts in it. Rows anew by reporters."""
        cells, columns, rows = dict(table.cells), dict(table.column_totals), dict(table.row_totals)
        for counts, these, _ in self._asked(quarters):
            for (quarter, row), cell in getattr(counts, CROSSED[which]).items():
                if quarter in these:
                    cells[row, quarter] = _sum((cells.get((row, quarter), NONE), cell))
                    rows[row] = _sum((rows.get(row, NONE), cell))
            for quarter in these:
                if quarter in counts.quarters:
                    columns[quarter] = _sum((columns.get(quarter, NONE), counts.quarters[quarter]))
        order = sorted(rows, key=lambda row: (-rows[row].reporters, -rows[row].contacts, row))
        return Table(
            tuple(order), table.columns, cells, rows, columns, _sum((table.total, self.total(quarters)))
        )

    def _asked(self, quarters: Sequence[str]) -> list[tuple[Counts, tuple[str, ...], bool]]:
        """By year: its counts, the quarters that were asked for, and whether that is all that has any contact."""
        asked = set(quarters)
        found = []
        for year in sorted(self.years):
            counts = self.years[year]
            these = tuple(one for one in _quarters_of(year) if one in asked)
            if these:
                found.append((counts, these, set(counts.quarters) <= asked))
        return found


NO_YEARS = Earlier()


def _quarters_of(year: int) -> tuple[str, ...]:
    return tuple(str(Quarter(year, number)) for number in (1, 2, 3, 4))


def _sum(cells: Iterable[Cell]) -> Cell:
    found = tuple(cells)
    return Cell(sum(cell.reporters for cell in found), sum(cell.contacts for cell in found))
