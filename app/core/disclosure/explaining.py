"""The rules of protection as an example: the smallest group enters, what they make of three teams and how fine numbers
are at each size leave. Made by the same functions that protect a release.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.core.disclosure import grids
from app.core.disclosure.grids import DETAIL, EXACT, FINE, Num, Size

STATEMENTS = 5
POINTS = 4 * STATEMENTS
"""An example scale: five statements with five answers each."""
SCORE = 61.3
HAPPENED = 2


@dataclass(frozen=True)
class Level:
    """How fine numbers are from `least` to `most` answers (None: no upper end). Steps are at the lower end of that;
    `share_step` in percent points, None where shares aren't shown."""

    least: int
    most: int | None
    exact_n: bool
    score_step: float
    share_step: int | None


@dataclass(frozen=True)
class Team:
    letter: str
    answers: int
    shown: bool


@dataclass(frozen=True)
class Example:
    """Three teams of one department; A is too small, and B has to be hidden with it. `hidden` is how many answers
    A and B have together; `n`, `score` and `happened` are as they would be published."""

    teams: tuple[Team, ...]
    total: int
    hidden: int
    n: Num
    true_score: float
    score: Num
    happened: int
    share: Num


def example(min_group: int) -> Example:
    """Team A has too few answers; team B has enough, but with it A could be worked out by subtraction."""
    teams = (
        Team("A", max(2, min_group - 5), shown=False),
        Team("B", 2 * min_group + 4, shown=False),
        Team("C", 3 * min_group, shown=True),
    )
    total = sum(team.answers for team in teams)
    size = grids.people(teams[-1].answers, min_group, exact=False)
    grid = grids.score_grid(size, POINTS, items=STATEMENTS)
    assert grid is not None, "24 answers to five statements are enough for a score"
    share, _band = grids.incidence(grids.people(total, max(DETAIL, min_group), exact=False), HAPPENED)
    return Example(
        teams, total, total - teams[-1].answers, size.num, SCORE, grid.cell(SCORE), HAPPENED, share
    )


def levels(min_group: int) -> tuple[Level, ...]:
    """From the smallest group up; sizes at which something becomes finer."""
    starts = [min_group, *(start for start in (DETAIL, EXACT, FINE) if start > min_group)]
    rows = [(start, nxt - 1) for start, nxt in pairwise(starts)]
    return tuple(_level(min_group, least, most) for least, most in [*rows, (starts[-1], None)])


def _level(min_group: int, least: int, most: int | None) -> Level:
    """Shares have a size of their own: nobody is told of fewer people than details need."""
    detail = grids.people(least, max(DETAIL, min_group), exact=False)
    shares = grids.share_step(detail) if least >= DETAIL else None
    return Level(least, most, least >= EXACT, _step(grids.people(least, min_group, exact=False)), shares)


def _step(size: Size) -> float:
    grid = grids.score_grid(size, POINTS, items=STATEMENTS)
    assert grid is not None, "five statements are enough for a score"
    cell = grid.cell(50)
    low, high = cell["low"], cell["high"]
    assert low is not None and high is not None
    return float(grids.plain(high - low))
