"""A periodic consultation of adviser and management: what is new since the last one enters, its agenda leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.agreement import Side
from app.core.refusal import Refused

MOST_NOTE = 6_000
MOST_AGREED = 1_000
POINTS = (
    "overdue-advice",
    "open-advice",
    "late-decision",
    "agreed",
    "report",
    "scan",
    "answered",
    "decision",
    "report-due",
    "date",
)
"""Kinds of points in the order in which an agenda has them: what waits longest comes first."""
ABOUT_THEMES = frozenset({"overdue-advice", "open-advice", "answered"})


@dataclass(frozen=True)
class Point:
    """One line of an agenda: `name` is what it is about, `on` the day that counts for its kind, `ref` leads to its page."""

    kind: str
    name: str
    on: date | None = None
    ref: str = ""

    @property
    def order(self) -> int:
        return POINTS.index(self.kind)

    @property
    def about_theme(self) -> bool:
        """Whether `name` is a theme."""
        return self.kind in ABOUT_THEMES


def agenda(points: Iterable[Point], *, since: date | None) -> tuple[Point, ...]:
    """Points in order. Reports, scans and answers count from the last consultation on; what stands open always does."""
    kept = (point for point in points if point.kind not in NEWS or _is_new(point, since))
    return tuple(sorted(kept, key=lambda point: (point.order, point.on or date.max, point.name)))


NEWS = frozenset({"report", "scan", "answered"})


def _is_new(point: Point, since: date | None) -> bool:
    # The day of the last consultation itself counts: something may have come out after it, that afternoon.
    return since is None or point.on is None or point.on >= since


def check_note(text: str) -> None:
    """Raise Refused: no-note, too-long."""
    if not text.strip():
        raise Refused("no-note", "write something first")
    if len(text) > MOST_NOTE:
        raise Refused("too-long", f"at most {MOST_NOTE} characters fit", most=MOST_NOTE)


def check_rewrite(*, closed: bool, side: Side, writer_side: Side, account: int | None, writer: int) -> None:
    """Raise Refused unless who wrote a note changes it, on the side it was written on, before the consultation is closed.

    So management can't change a remark of the adviser, nor the other way round.
    """
    if closed:
        raise Refused("closed", "this consultation is closed; its notes stay as they are")
    if account != writer or side is not writer_side:
        raise Refused("not-yours", "only who wrote a note can change it")
