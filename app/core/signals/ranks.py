"""The scan's order of themes beside that of the signals: a span of each theme on both sides enters, ranks and gaps leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.priorities import Span


@dataclass(frozen=True)
class Place:
    """Where a theme stands among the others: its rank (1 is most; themes that tie share the mean of their ranks) and between
    which ranks its interval leaves it."""

    rank: float
    best: int
    worst: int
    ties: int


@dataclass(frozen=True)
class Ranked:
    """A theme that both sides place. `gap`: above 0 the scan places it higher than the signals do, below 0 the signals higher."""

    theme: str
    scan: Place
    signals: Place

    @property
    def gap(self) -> float:
        return self.signals.rank - self.scan.rank


def ranked(spans: Mapping[str, tuple[Span, Span]]) -> tuple[Ranked, ...]:
    """By theme: how unfavourable the scan is and how many signals. The largest gap first, then in the scan's order."""
    by_scan = _places([scan for scan, _ in spans.values()])
    by_signals = _places([signals for _, signals in spans.values()])
    found = [Ranked(*one) for one in zip(spans, by_scan, by_signals, strict=True)]
    return tuple(sorted(found, key=lambda one: (-abs(one.gap), one.scan.rank, one.theme)))


def _places(spans: Sequence[Span]) -> list[Place]:
    found = []
    for own in spans:
        above = sum(other.middle > own.middle for other in spans)
        ties = sum(other.middle == own.middle for other in spans)
        best = 1 + sum(other.low > own.high for other in spans)
        worst = len(spans) - sum(other.high < own.low for other in spans)
        found.append(Place(above + (ties + 1) / 2, best, worst, ties - 1))
    return found
