"""Themes that rise: cards enter; per theme how the last quarters compare with the organisation's own earlier ones leaves.

**What is counted.** A reporter counts for a theme once: in the quarter in which the theme first came up with that reporter,
however often they come back, in this window or another. So two windows never share a reporter, and their counts are independent.

**Test.** With the same rate in both windows, of n = recent + earlier reporters the recent ones are binomial with chance
t1 / (t1 + t0), where t are the quarters of both windows (Przyborowski & Wilenski 1940): exact, one-sided, also with unequal
windows.

**Several themes.** q by Benjamini & Hochberg (1995) over the themes that have enough reporters to be tested. Which those are
depends on n only, on which the test is conditioned, so leaving the others out costs no honesty (Bourgon, Gentleman & Huber
2010). When nothing rises, the share of looks with any notice is at most LEVEL.

**Ratio.** Recent rate over earlier rate, with the interval of Clopper & Pearson (1934) for the chance, turned into a ratio.

It can't see why: more signals can mean more trust. Several reporters about one incident are a rise too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.signals.card import Card, Quarter
from app.core.signals.exact import at_least, benjamini_hochberg, clopper_pearson
from app.core.signals.nicknames import normalise

LEVEL = 0.05
"""The stated rate: the share of looks at which any theme is called rising though nothing rises, at most."""
RECENT = 2
"""Quarters that are compared with the earlier ones."""
EARLIER = 8
"""Earlier quarters that are used, at most; older ones tell of another organisation."""
LEAST_EARLIER = 4
"""With fewer earlier quarters nothing is said: a year has seasons."""
LEAST = 5
"""With fewer reporters on a theme in both windows together nothing is said of it."""


class Verdict(StrEnum):
    RISING = "rising"
    NO_CLEAR_CHANGE = "no-clear-change"
    TOO_FEW = "too-few"


@dataclass(frozen=True)
class Rise:
    """One theme. `ratio` and its ends: None is without bound (no earlier reporter), `p` and `q` None where it isn't tested."""

    theme: str
    recent: int
    earlier: int
    verdict: Verdict
    ratio: float | None = None
    low: float = 0.0
    high: float | None = None
    p: float | None = None
    q: float | None = None


@dataclass(frozen=True)
class Rising:
    """All themes, those that rise first. `quarters` is (recent, earlier): how long both windows are."""

    last: Quarter
    quarters: tuple[int, int]
    themes: tuple[Rise, ...]

    @property
    def rising(self) -> tuple[Rise, ...]:
        return tuple(one for one in self.themes if one.verdict is Verdict.RISING)

    @property
    def says_nothing(self) -> bool:
        """Nothing can be said yet of any theme."""
        return all(one.verdict is Verdict.TOO_FEW for one in self.themes)

    def of(self, theme: str) -> Rise | None:
        return next((one for one in self.themes if one.theme == theme), None)


def rising(
    cards: Iterable[Card],
    *,
    last: Quarter,
    themes: Collection[str] = (),
    since: Quarter | None = None,
    before: Mapping[tuple[str, str], int] | None = None,
    recent: int = RECENT,
    earlier: int = EARLIER,
) -> Rising:
    """The `recent` quarters up to `last` against at most `earlier` ones before them.

    `last` is the last quarter that is over: half a quarter would count as a whole one. `since` is the first quarter in which
    signals were kept, by default that of the first card. `themes` are named even without a card. `before` adds what cards that
    are counts by now held: reporters by (quarter, theme), as `retention.Counts.firsts` keeps them.
    """
    cards = tuple(cards)
    firsts = Counter((index, theme) for (_, theme), index in first_times(cards).items())
    for (quarter, theme), reporters in (before or {}).items():
        firsts[Quarter.read(quarter).index, theme] += reporters
    known = [card.quarter.index for card in cards] + [index for index, _ in firsts]
    start = since.index if since else min(known, default=last.index)
    first_recent = last.index - recent + 1
    first_earlier = max(start, first_recent - earlier)
    windows = (recent, max(0, first_recent - first_earlier))
    counted = {theme: [0, 0] for theme in themes}
    for (index, theme), reporters in firsts.items():
        found = counted.setdefault(theme, [0, 0])
        if first_recent <= index <= last.index:
            found[0] += reporters
        elif first_earlier <= index < first_recent:
            found[1] += reporters
    return Rising(
        last, windows, _judged({theme: (one, other) for theme, (one, other) in counted.items()}, windows)
    )


def first_times(cards: Iterable[Card]) -> dict[tuple[str, str], int]:
    """(reporter, theme) -> index of the quarter in which it first came up."""
    found: dict[tuple[str, str], int] = {}
    for card in cards:
        who = normalise(card.nickname)
        for theme in card.themes:
            key = (who, theme)
            found[key] = min(found.get(key, card.quarter.index), card.quarter.index)
    return found


def _judged(counted: dict[str, tuple[int, int]], windows: tuple[int, int]) -> tuple[Rise, ...]:
    tested = {theme: counts for theme, counts in counted.items() if can_be_tested(sum(counts), windows)}
    chance = windows[0] / sum(windows)
    p = {theme: at_least(recent, recent + earlier, chance) for theme, (recent, earlier) in tested.items()}
    q = dict(zip(p, benjamini_hochberg(list(p.values())), strict=True))
    found = [
        _rise(theme, *counts, windows, p[theme], q[theme])
        if theme in tested
        else Rise(theme, *counts, Verdict.TOO_FEW)
        for theme, counts in counted.items()
    ]
    return tuple(sorted(found, key=_order))


def can_be_tested(reporters: int, windows: tuple[int, int]) -> bool:
    """Whether anything may be said of a theme with this many reporters in both windows together."""
    return reporters >= LEAST and windows[1] >= LEAST_EARLIER


def _rise(theme: str, recent: int, earlier: int, windows: tuple[int, int], p: float, q: float) -> Rise:
    scale = windows[1] / windows[0]
    ends = clopper_pearson(recent, recent + earlier)
    return Rise(
        theme,
        recent,
        earlier,
        Verdict.RISING if q <= LEVEL else Verdict.NO_CLEAR_CHANGE,
        ratio=recent / earlier * scale if earlier else None,
        low=ends[0] / (1 - ends[0]) * scale,
        high=ends[1] / (1 - ends[1]) * scale if ends[1] < 1 else None,
        p=p,
        q=q,
    )


def _order(one: Rise) -> tuple[int, float, int, str]:
    """Rising first, the surest first; then what was tested, then the rest, the most reporters first."""
    return list(Verdict).index(one.verdict), one.q or 0.0, -(one.recent + one.earlier), one.theme
