"""Pictures of scores and shares: rows of protected numbers enter, a picture with words and table leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from app.render import numbers
from app.render.numbers import Num
from app.render.pictures import (
    BAD,
    GOOD,
    INK,
    LINE,
    MARGIN,
    MIDDLE,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    SMALL,
    SURE,
    WASH,
    WIDE,
    canvas,
    fold,
    hatched,
    rule,
    svg,
)
from app.render.texts import speak

LABEL = 2.55
VALUE = 1.12
AXIS = 0.5
NOTE = 0.3


@dataclass(frozen=True)
class Row:
    """One line of a picture of scores or shares-at-least-once. `num` is None when `absent` says why not; `written`
    stands for the number where its own text isn't a score's."""

    label: str
    num: Num | None
    interval: tuple[Num, Num] | None = None
    absent: str = ""
    kind: str = numbers.SCORE
    whole: Num | None = None
    strong: bool = False
    written: str = ""


@dataclass(frozen=True)
class Bars:
    """Favourable, neutral and unfavourable shares of one scale or item; None with `absent` when not shown."""

    label: str
    shares: tuple[Num, Num, Num] | None
    absent: str = ""


@dataclass(frozen=True)
class Scope:
    """What a track runs over: its marks, the first and last at its ends, and words under either end; and how many
    inches the numbers beside it need."""

    marks: tuple[float, ...]
    left: str = ""
    right: str = ""
    beside: float = VALUE


PERCENT = Scope((0, 25, 50, 75, 100))


@dataclass(frozen=True)
class Frame:
    """Where things stand, in inches: the track from `left` to `right`, rows of `row`, labels `above` the
    track or beside.
    """

    width: float
    left: float
    right: float
    row: float
    above: bool
    scope: Scope = PERCENT

    def x(self, value: float) -> float:
        low, high = self.scope.marks[0], self.scope.marks[-1]
        return self.left + (self.right - self.left) * (value - low) / (high - low)


def frame(narrow: bool, *, value: float = VALUE, label: float = LABEL) -> Frame:
    if narrow:
        return Frame(NARROW, MARGIN, NARROW - value, 0.56, above=True)
    return Frame(WIDE, MARGIN + label, WIDE - MARGIN - value, 0.36, above=False)


def dots(
    rows: Sequence[Row], language: str, *, note: str, narrow: bool = False, scope: Scope | None = None
) -> bytes:
    """Scores from 0 to 100 (or another scope) as dots on a line, how sure as a band, a number that is only
    known as a band hatched.

    `note` stands above: whose answers these are and how many.
    """
    scope = scope or _scope_of(rows, language)
    at = replace(frame(narrow, value=scope.beside), scope=scope)
    marked = any(row.whole is not None for row in rows)
    head = MARGIN + NOTE
    bottom = head + len(rows) * at.row
    figure, axes = canvas(at.width, bottom + AXIS + MARGIN + (0.24 if marked and narrow else 0))
    write_note(axes, at, note)
    for value in scope.marks:
        rule(axes, at.x(value), head, bottom + 0.04)
        written = numbers.figure(value, language)
        axes.text(at.x(value), bottom + 0.17, written, size=SMALL, color=QUIET, ha="center", va="center")
    axes.text(at.left, bottom + 0.36, scope.left, size=SMALL, color=QUIET, va="center")
    axes.text(at.right, bottom + 0.36, scope.right, size=SMALL, color=QUIET, va="center", ha="right")
    if marked:
        _mark_of_whole(axes, at, bottom + (0.6 if narrow else 0.36), language)
    for place, row in enumerate(rows):
        top = head + place * at.row
        write_label(axes, at, top, row.label, strong=row.strong)
        _dot(axes, at, track_of(at, top), row, language)
    _marks(axes, at, rows, head)
    return svg(figure)


def write_note(axes: Axes, at: Frame, note: str) -> None:
    axes.text(
        MARGIN,
        MARGIN + 0.08,
        fold(note, at.width - 2 * MARGIN, SMALL, 1),
        size=SMALL,
        color=QUIET,
        va="center",
    )


def _mark_of_whole(axes: Axes, at: Frame, y: float, language: str) -> None:
    axes.plot([MARGIN + 0.05] * 2, [y - 0.08, y + 0.08], color=INK, linewidth=1.6)
    _ = speak(language)
    axes.text(MARGIN + 0.15, y, _("whole organisation"), size=SMALL, color=QUIET, va="center")


def track_of(at: Frame, top: float) -> float:
    return top + at.row * (0.68 if at.above else 0.5)


def write_label(axes: Axes, at: Frame, top: float, label: str, *, strong: bool = False) -> None:
    weight = "bold" if strong else "normal"
    if at.above:
        folded = fold(label, at.width - 2 * MARGIN, lines=1)
        axes.text(at.left, top + at.row * 0.3, folded, size=NORMAL, va="center", weight=weight,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    else:
        size = NORMAL if len(label) * 0.475 * NORMAL / 72 < at.left - 0.3 else SMALL + 0.5
        folded = fold(label, at.left - 0.3, size)
        axes.text(at.left - 0.15, top + at.row / 2, folded, size=size, va="center", ha="right", weight=weight,
                  linespacing=1.05)  # fmt: skip


def _dot(axes: Axes, at: Frame, y: float, row: Row, language: str) -> None:
    if row.num is None:
        hatched(axes, at.left, y - 0.055, at.right - at.left, 0.11)
        _ = speak(language)
        axes.text(at.right + 0.12, y, _("not shown"), size=SMALL, color=QUIET, va="center", style="normal")
        return
    axes.plot([at.left, at.right], [y, y], color=LINE, linewidth=0.8, zorder=1)
    low, high = numbers.span(row.interval) if row.interval else (row.num["low"], row.num["high"])
    if row.num["value"] is None:
        hatched(axes, at.x(low), y - 0.075, max(0.04, at.x(high) - at.x(low)), 0.15, "/////")
    else:
        axes.plot([at.x(low), at.x(high)], [y, y], color=SURE, linewidth=7, solid_capstyle="round", zorder=2)
    if row.whole is not None:
        x = at.x(numbers.middle(row.whole))
        axes.plot([x, x], [y - 0.1, y + 0.1], color=INK, linewidth=1.6, zorder=3)
    sure = ("–" if low >= 0 else " … ").join(numbers.figure(end, language) for end in (low, high))
    text = row.written or numbers.short(row.num, language, row.kind)
    axes.text(at.right + 0.12, y, text, size=NORMAL + 0.5, weight="bold", va="center")
    if row.interval:
        axes.text(at.width - MARGIN, y, sure, size=SMALL, color=QUIET, va="center", ha="right")


def _marks(axes: Axes, at: Frame, rows: Sequence[Row], head: float) -> None:
    """The dots themselves, one layer for all rows."""
    shown = pd.DataFrame(
        [
            (at.x(row.num["value"]), track_of(at, head + place * at.row))
            for place, row in enumerate(rows)
            if row.num is not None and row.num["value"] is not None
        ],
        columns=["x", "y"],
    )
    if len(shown):
        sns.scatterplot(
            shown, x="x", y="y", ax=axes, color=GOOD, s=52, edgecolor=PAPER, linewidth=1.2, zorder=4
        )


def _scope_of(rows: Sequence[Row], language: str) -> Scope:
    _ = speak(language)
    if all(row.kind == numbers.SHARE for row in rows):
        return replace(PERCENT, left=_("% of people, at least once"))
    return replace(PERCENT, left=_("← less favourable"), right=_("more favourable →"))


def shares(bars: Sequence[Bars], language: str, *, note: str, narrow: bool = False) -> bytes:
    """Bars of favourable, neutral and unfavourable answers; what is only known as a band is hatched, never
    guessed.
    """
    at = frame(narrow, value=MARGIN, label=LABEL)
    head = NOTE + 0.42
    figure, axes = canvas(at.width, head + len(bars) * at.row + MARGIN)
    write_note(axes, at, note)
    _legend(axes, at, NOTE + 0.2, language)
    for place, bar in enumerate(bars):
        top = head + place * at.row
        write_label(axes, at, top, bar.label)
        _bar(axes, at, track_of(at, top), bar, language)
    return svg(figure)


def _legend(axes: Axes, at: Frame, y: float, language: str) -> None:
    _ = speak(language)
    x = at.left
    for color, word in ((GOOD, _("favourable")), (MIDDLE, _("neutral")), (BAD, _("unfavourable"))):
        axes.add_patch(Rectangle((x, y - 0.065), 0.13, 0.13, facecolor=color, linewidth=0))
        axes.text(x + 0.19, y, word, size=SMALL, color=QUIET, va="center")
        x += 0.32 + len(word) * SMALL * 0.5 / 72


def _bar(axes: Axes, at: Frame, y: float, bar: Bars, language: str) -> None:
    tall = 0.22
    _ = speak(language)
    if bar.shares is None:
        hatched(axes, at.x(0), y - tall / 2, at.x(100) - at.x(0), tall)
        axes.text(at.x(50), y, _("not shown"), size=SMALL, color=QUIET,
                  va="center", ha="center", bbox={"facecolor": WASH, "edgecolor": "none", "pad": 1.5})  # fmt: skip
        return
    good, middle, bad = bar.shares
    first = good["value"] if good["value"] is not None else good["low"]
    last = bad["value"] if bad["value"] is not None else bad["low"]
    last = min(last, numbers.TOP - first)
    _piece(axes, at, y, tall, (0, first), GOOD, PAPER, numbers.short(good, language, numbers.SHARE))
    _piece(axes, at, y, tall, (100 - last, 100), BAD, INK, numbers.short(bad, language, numbers.SHARE))
    known = middle["value"] is not None and good["value"] is not None and bad["value"] is not None
    between = (first, 100 - last)
    if known:
        _piece(axes, at, y, tall, between, MIDDLE, INK, numbers.short(middle, language, numbers.SHARE))
    else:
        hatched(axes, at.x(between[0]), y - tall / 2, at.x(between[1]) - at.x(between[0]), tall)


def _piece(
    axes: Axes, at: Frame, y: float, tall: float, ends: tuple[float, float], color: str, ink: str, text: str
) -> None:
    left, right = at.x(ends[0]), at.x(ends[1])
    axes.add_patch(
        Rectangle((left, y - tall / 2), right - left, tall, facecolor=color, edgecolor=PAPER, linewidth=1.2)
    )
    if right - left > len(text) * SMALL * 0.52 / 72 + 0.06:
        axes.text((left + right) / 2, y, text, size=SMALL, color=ink, va="center", ha="center", weight="bold")
