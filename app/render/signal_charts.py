"""Pictures of signals: words and numbers of one open vault enter as JSON, an SVG leaves; for a child process only.

The words are already in the reader's language, so that nothing here reads a vault, a release or a catalogue. Nothing is
kept: these pictures show exact numbers of signals, for the adviser alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from app.render.pictures import (
    CHARACTER,
    GOOD,
    INK,
    LINE,
    MARGIN,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    SMALL,
    WASH,
    WIDE,
    canvas,
    fold,
    svg,
)

Payload = Mapping[str, Any]
COUNTS = LinearSegmentedColormap.from_list("few to many", ["#ffffff", "#cfe3ea", "#6fa8bf", GOOD, "#0d3d50"])
DOT = 0.085
NUMBERED = 0.19
LINE_TALL = SMALL * 1.25 / 72
# Where a label may stand beside its dot: steps right and down, in inches, and the side it begins at.
BESIDE = tuple(
    (side * across, down, "left" if side > 0 else "right")
    for across, down in (
        (0.14, 0.0), (0.12, -0.16), (0.12, 0.16), (0.16, -0.32), (0.16, 0.32), (0.3, -0.48), (0.3, 0.48), (0.5, -0.7),
        (0.5, 0.7), (0.7, -0.9), (0.7, 0.9), (0.9, -1.15), (0.9, 1.15),
    )
    for side in (1, -1)
)  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A rectangle in inches that a label takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Field:
    """The square that dots lie in: its place in inches and the numbers at its edges."""

    at: Box
    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (min(max(x, self.x[0]), self.x[1]) - self.x[0]) / (self.x[1] - self.x[0])
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / (self.y[1] - self.y[0])
        return (
            self.at.left + across * (self.at.right - self.at.left),
            self.at.bottom - up * (self.at.bottom - self.at.top),
        )


def quadrant(payload: Payload) -> bytes:
    """What the scan says across, what signals say upwards; the lines are the thresholds, bars are what may be so.

    `points`: label, x, x_low, x_high (how far the scan is past its threshold), y, y_low, y_high (reporters per 100 a year), sure;
    `threshold` of the rate; `regions`: words for left-top, right-top, left-bottom, right-bottom; `x_words`: under the left
    end, the line and the right end; `y_words`: above the axis; `foot`: what the marks mean.
    """
    narrow = bool(payload["narrow"])
    points: Sequence[Mapping[str, Any]] = payload["points"]
    width = NARROW if narrow else WIDE
    tall = 3.3 if narrow else 4.3
    keys = len(points) * 0.2 + 0.12 if narrow else 0.0
    left = MARGIN + 0.3
    field = Field(
        Box(left, MARGIN + 0.36, width - MARGIN, MARGIN + 0.36 + tall),
        _reach_across(points),
        _reach_up(payload),
    )
    figure, axes = canvas(width, field.at.bottom + 0.62 + keys)
    _regions(axes, field, payload, narrow=narrow)
    taken = [*_corners(field, payload, narrow=narrow)]
    spots = [field.place(point["x"], point["y"]) for point in points]
    taken += [Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in spots]
    for point in points:
        _bars(axes, field, point)
    if narrow:
        spots = _apart(spots)
    for number, (point, (x, y)) in enumerate(zip(points, spots, strict=True), 1):
        _dot(axes, x, y, str(number) if narrow else "", sure=bool(point["sure"]))
        if narrow:
            under = field.at.bottom + 0.66 + (number - 0.5) * 0.2
            _dot(axes, MARGIN + DOT, under, str(number), sure=bool(point["sure"]))
            axes.text(
                MARGIN + 0.26, under, fold(point["label"], width - 0.5, SMALL, 1), size=SMALL, va="center"
            )
        else:
            _label(axes, field, point["label"], (x, y), taken)
    return svg(figure)


def _apart(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Numbered dots that would hide each other stand one above the other."""
    placed: list[tuple[float, float]] = []
    for x, y in spots:
        while any(abs(x - other) < NUMBERED and abs(y - beside) < NUMBERED for other, beside in placed):
            y -= NUMBERED
        placed.append((x, y))
    return placed


def _reach_across(points: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Both sides of the threshold as wide, so that it stands in the middle."""
    far = max([10.0, *(abs(point[end]) for point in points for end in ("x_low", "x_high"))])
    return -far * 1.08, far * 1.08


def _reach_up(payload: Payload) -> tuple[float, float]:
    tops = [float(point["y_high"]) for point in payload["points"]]
    return 0.0, max([payload["threshold"] * 2, *tops]) * 1.04


def _regions(axes: Axes, field: Field, payload: Payload, *, narrow: bool) -> None:
    at = field.at
    middle, many = field.place(0, payload["threshold"])
    axes.add_patch(
        Rectangle((at.left, at.top), at.right - at.left, at.bottom - at.top, facecolor=WASH, linewidth=0)
    )
    axes.plot([middle, middle], [at.top, at.bottom], color=QUIET, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.plot([at.left, at.right], [many, many], color=QUIET, linewidth=1.0, linestyle=(0, (4, 3)))
    _ticks(axes, field)
    for (x, y, side), words in zip(_region_places(field), payload["regions"], strict=True):
        axes.text(
            x,
            y,
            words,
            size=NORMAL if not narrow else SMALL,
            weight="bold",
            color=QUIET,
            ha=side,
            va="center",
            bbox={"facecolor": WASH, "edgecolor": "none", "pad": 1.0},
            zorder=3,
        )
    axes.text(MARGIN, MARGIN + 0.1, payload["y_words"], size=SMALL, color=QUIET, va="center")
    for x, words, side in zip(
        (at.left, middle, at.right), payload["x_words"], ("left", "center", "right"), strict=True
    ):
        axes.text(x, at.bottom + 0.16, words, size=SMALL, color=QUIET, ha=side, va="center")
    axes.text(at.left, at.bottom + 0.4, fold(payload["foot"], at.right - at.left, SMALL, 2 if narrow else 1),
              size=SMALL, color=QUIET, va="center", linespacing=1.0)  # fmt: skip


def _ticks(axes: Axes, field: Field) -> None:
    top = field.y[1]
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 1000) if top / step <= 6)
    for value in np.arange(0, top, step):
        _, y = field.place(0, float(value))
        axes.text(field.at.left - 0.07, y, f"{value:g}", size=SMALL, color=QUIET, ha="right", va="center")


def _region_places(field: Field) -> tuple[tuple[float, float, str], ...]:
    at = field.at
    return (
        (at.left + 0.1, at.top + 0.14, "left"),
        (at.right - 0.1, at.top + 0.14, "right"),
        (at.left + 0.1, at.bottom - 0.14, "left"),
        (at.right - 0.1, at.bottom - 0.14, "right"),
    )


def _corners(field: Field, payload: Payload, *, narrow: bool) -> list[Box]:
    size = SMALL if narrow else NORMAL
    return [
        _box(x, y, words, size, side)
        for (x, y, side), words in zip(_region_places(field), payload["regions"], strict=True)
    ]


def _bars(axes: Axes, field: Field, point: Mapping[str, Any]) -> None:
    """How sure both numbers are; faint where nothing can be said yet."""
    shade = 0.9 if point["sure"] else 0.45
    for ends in (
        ((point["x_low"], point["y"]), (point["x_high"], point["y"])),
        ((point["x"], point["y_low"]), (point["x"], point["y_high"])),
    ):
        (first_x, first_y), (last_x, last_y) = (field.place(*end) for end in ends)
        axes.plot([first_x, last_x], [first_y, last_y], color="#8fa5b0", linewidth=1.3, alpha=shade,
                  solid_capstyle="butt", zorder=2)  # fmt: skip


def _dot(axes: Axes, x: float, y: float, text: str, *, sure: bool) -> None:
    size = 150 if text else 60
    axes.scatter(
        [x],
        [y],
        s=size,
        facecolor=GOOD if sure else PAPER,
        edgecolor=GOOD if sure else QUIET,
        linewidth=1.4,
        zorder=4,
    )
    if text:
        axes.text(
            x,
            y,
            text,
            size=SMALL - 1,
            color=PAPER if sure else INK,
            ha="center",
            va="center_baseline",
            zorder=5,
        )


def _label(axes: Axes, field: Field, text: str, dot: tuple[float, float], taken: list[Box]) -> None:
    """Beside its dot where no other label or dot is; a thin line leads to it when it stands further off."""
    words = fold(text, 1.9, SMALL, 2)
    x, y = dot
    found = None
    for across, down, side in BESIDE:
        box = _box(x + across, y + down, words, SMALL, side)
        if box.within(field.at) and not any(box.meets(other) for other in taken):
            found = (across, down, side, box)
            break
    across, down, side, box = found or (*BESIDE[0], _box(x + BESIDE[0][0], y, words, SMALL, BESIDE[0][2]))
    taken.append(box)
    if abs(down) > 0.2 or abs(across) > 0.2:
        axes.plot([x, x + across], [y, y + down], color=QUIET, linewidth=0.6, zorder=3)
    axes.text(x + across, y + down, words, size=SMALL, color=INK, ha=side, va="center", linespacing=0.95, zorder=6,
              bbox={"facecolor": WASH, "edgecolor": "none", "pad": 0.8, "alpha": 0.75})  # fmt: skip


def _box(x: float, y: float, words: str, size: float, side: str) -> Box:
    lines = words.split("\n")
    wide = max(map(len, lines)) * size * (CHARACTER + 0.02) / 72
    tall = len(lines) * size * 1.25 / 72
    left = x if side == "left" else x - wide
    return Box(left, y - tall / 2, left + wide, y + tall / 2)


def ranks(payload: Payload) -> bytes:
    """Two orders of the same themes beside each other; `rows`: left and right (words), left_at and right_at (places
    from 0), strong. `heads` stand over both sides."""
    narrow = bool(payload["narrow"])
    rows: Sequence[Mapping[str, Any]] = payload["rows"]
    width = NARROW if narrow else WIDE
    names = 1.32 if narrow else 2.55
    step = 0.42 if narrow else 0.34
    head = MARGIN + 0.5
    figure, axes = canvas(width, head + len(rows) * step + MARGIN)
    left, right = MARGIN + names, width - MARGIN - names
    for x, side, words in ((left, "right", payload["heads"][0]), (right, "left", payload["heads"][1])):
        axes.text(x, MARGIN + 0.2, fold(words, names, SMALL, 2), size=SMALL, color=QUIET, weight="bold", ha=side,
                  va="center", linespacing=0.95)  # fmt: skip
    for row in sorted(rows, key=lambda row: bool(row["strong"])):
        first, last = (head + (row[end] + 0.5) * step for end in ("left_at", "right_at"))
        strong = bool(row["strong"])
        color, weight = (GOOD, "bold") if strong else (QUIET, "normal")
        axes.plot([left + 0.1, right - 0.1], [first, last], color=GOOD if strong else LINE,
                  linewidth=2.6 if strong else 1.4, zorder=3 if strong else 2)  # fmt: skip
        for x, y, side, words in ((left, first, "right", row["left"]), (right, last, "left", row["right"])):
            axes.scatter([x + (0.1 if side == "right" else -0.1)], [y], s=34, color=color, zorder=4)
            axes.text(x, y, fold(words, names, SMALL, 2), size=SMALL, color=INK if strong else QUIET, weight=weight,
                      ha=side, va="center", linespacing=0.92)  # fmt: skip
    return svg(figure)


def themes(payload: Payload) -> bytes:
    """Reporters by theme (`rows`: label, counts) and quarter (`heads`); `note` stands above. Darker is more people."""
    narrow = bool(payload["narrow"])
    rows: Sequence[Mapping[str, Any]] = payload["rows"]
    heads: Sequence[str] = payload["heads"]
    width = NARROW if narrow else WIDE
    names = 1.25 if narrow else 2.5
    tall = 0.36 if narrow else 0.29
    head = MARGIN + 0.3 + 0.36
    figure, axes = canvas(width, head + len(rows) * tall + MARGIN)
    height = head + len(rows) * tall + MARGIN
    body = figure.add_axes((names / width, 1 - (head + len(rows) * tall) / height,
                            (width - MARGIN - names) / width, len(rows) * tall / height))  # fmt: skip
    counts = np.array([row["counts"] for row in rows], dtype=float)
    texts = np.array([[f"{count:.0f}" if count else "·" for count in row] for row in counts], dtype=object)
    sns.heatmap(counts, ax=body, cmap=COUNTS, vmin=0, vmax=max(6.0, float(counts.max())), cbar=False, annot=texts, fmt="",
                annot_kws={"size": SMALL if narrow else NORMAL}, linewidths=1.2, linecolor=PAPER,
                xticklabels=False, yticklabels=False)  # fmt: skip
    body.set_axis_off()
    axes.set_zorder(body.get_zorder() + 1)
    axes.text(
        MARGIN,
        MARGIN + 0.08,
        fold(payload["note"], width - 2 * MARGIN, SMALL, 1),
        size=SMALL,
        color=QUIET,
        va="center",
    )
    step = (width - MARGIN - names) / len(heads)
    for column, words in enumerate(heads):
        axes.text(names + (column + 0.5) * step, head - 0.2, words.replace(" ", "\n"), size=SMALL - (1 if narrow else 0),
                  color=QUIET, ha="center", va="center", linespacing=0.95)  # fmt: skip
    size = SMALL if narrow else NORMAL
    for place, row in enumerate(rows):
        label = fold(row["label"], names - 0.2, size, 2)
        fitting = SMALL if "\n" in label else size
        axes.text(MARGIN, head + (place + 0.5) * tall, label, size=fitting, va="center", linespacing=0.9)
    return svg(figure)
