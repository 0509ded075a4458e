"""Pictures of a comparison: a comparison and a name enter, an SVG leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from app.render import charts, numbers
from app.render.changes import NO_DIFFERENCE, TOO_FEW, Change, Line, figure, heads, said_in_brief, short
from app.render.figures import NoFigure
from app.render.heat import write_heads
from app.render.pictures import (
    BAD,
    GOOD,
    INK,
    LINE,
    MARGIN,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    SMALL,
    WIDE,
    canvas,
    fold,
    hatched,
    rule,
    svg,
)
from app.render.reading import Group, Scale
from app.render.texts import speak

EARLIER = "#8b98a1"
MOST = 15.0
COLORS = LinearSegmentedColormap.from_list("worse to better", [BAD, "#f7e6d3", "#f4f6f6", "#cfe3ea", GOOD])
ROW = 0.27


def draw(change: Change, name: str, *, narrow: bool = False) -> bytes:
    """The picture `name`, in the width of a page or (narrow) of a phone. Raises NoFigure."""
    found = figure(change, name)
    if found is None:
        raise NoFigure(name)
    if found.kind == "heat":
        return _heat(change, found.groups, found.scales, narrow)
    return _dumbbell(change, found.groups[0], narrow)


def _dumbbell(change: Change, group: Group, narrow: bool) -> bytes:
    """Per scale a dot for before and one for after, joined by a line that is solid where the change is likely real."""
    language = change.reading.language
    lines = change.lines(group)
    at = charts.frame(narrow, value=0.62 if narrow else 1.72)
    at = charts.Frame(at.width, at.left, at.right, 0.7 if narrow else 0.44, at.above)
    head = MARGIN + charts.NOTE + 0.26
    bottom = head + len(lines) * at.row
    drawing, axes = canvas(at.width, bottom + charts.AXIS + MARGIN)
    axes.text(
        MARGIN,
        MARGIN + 0.08,
        fold(group.name, at.width - 2 * MARGIN, SMALL, 1),
        size=SMALL,
        color=QUIET,
        va="center",
    )
    _legend(axes, change, MARGIN + 0.34)
    for value in (0, 25, 50, 75, 100):
        rule(axes, at.x(value), head, bottom + 0.04)
        axes.text(at.x(value), bottom + 0.17, f"{value}", size=SMALL, color=QUIET, ha="center", va="center")
    _ = speak(language)
    axes.text(at.x(0), bottom + 0.36, _("score, or % of people"), size=SMALL, color=QUIET, va="center")
    for place, line in enumerate(lines):
        top = head + place * at.row
        charts.write_label(axes, at, top, line.scale.title)
        _joined(axes, at, charts.track_of(at, top), line, language, narrow)
    _dots(axes, at, lines, head)
    return svg(drawing)


def _legend(axes: Axes, change: Change, y: float) -> None:
    x = MARGIN + 0.08
    for color, word, hollow in zip((EARLIER, GOOD), heads(change), (True, False), strict=True):
        axes.scatter([x], [y], s=42, facecolor=PAPER if hollow else color, edgecolor=color, linewidth=1.6)
        axes.text(x + 0.12, y, word, size=SMALL, color=QUIET, va="center")
        x += 0.38 + len(word) * SMALL * 0.5 / 72


def _joined(axes: Axes, at: charts.Frame, y: float, line: Line, language: str, narrow: bool) -> None:
    axes.plot([at.x(0), at.x(100)], [y, y], color=LINE, linewidth=0.8, zorder=1)
    ends = at.x(numbers.middle(line.before)), at.x(numbers.middle(line.after))
    color = EARLIER if not line.real else GOOD if line.favourable > 0 else BAD
    axes.plot(ends, [y, y], color=color, linewidth=3.2 if line.real else 1.6,
              linestyle="-" if line.real else (0, (2, 1.2)), zorder=2)  # fmt: skip
    for num in (line.before, line.after):
        if num["value"] is None:
            hatched(
                axes,
                at.x(num["low"]),
                y - 0.07,
                max(0.04, at.x(num["high"]) - at.x(num["low"])),
                0.14,
                "/////",
            )
    word = short(line, language)
    axes.text(
        at.right + 0.12, y - (0 if narrow else 0.08), word, size=NORMAL + 0.5, weight="bold", va="center"
    )
    verdict = said_in_brief(line.verdict, language)
    if narrow:
        axes.text(at.left, y + 0.16, verdict, size=SMALL, color=QUIET, va="center",
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})  # fmt: skip
    else:
        axes.text(at.right + 0.12, y + 0.1, verdict, size=SMALL, color=QUIET, va="center")


def _dots(axes: Axes, at: charts.Frame, lines: Sequence[Line], head: float) -> None:
    """Before hollow, after filled, so that shape tells them apart as well as colour."""
    rows = [
        (at.x(num["value"]), charts.track_of(at, head + place * at.row), after)
        for place, line in enumerate(lines)
        for num, after in ((line.before, False), (line.after, True))
        if num["value"] is not None
    ]
    shown = pd.DataFrame(rows, columns=["x", "y", "after"])
    for after, face, edge in ((False, PAPER, EARLIER), (True, GOOD, PAPER)):
        part = shown[shown["after"] == after]
        if len(part):
            sns.scatterplot(part, x="x", y="y", ax=axes, facecolor=face, edgecolor=edge, s=56 if after else 62,
                            linewidth=1.2 if after else 1.6, zorder=4 + after, legend=False)  # fmt: skip


def _heat(change: Change, groups: Sequence[Group], scales: Sequence[Scale], narrow: bool) -> bytes:
    """Differences in points: blue better, orange worse; bold and framed where likely real, pale where too few say so."""
    language = change.reading.language
    _ = speak(language)
    width = NARROW if narrow else WIDE
    names, head = (1.12, 1.55) if narrow else (2.2, 1.4)
    height = head + len(groups) * ROW + 0.62
    drawing, axes = canvas(width, height)
    right = width - (0.55 if narrow else 0.75)
    body = drawing.add_axes((names / width, 1 - (head + len(groups) * ROW) / height,
                             (right - names) / width, len(groups) * ROW / height))  # fmt: skip
    values = _values(change, groups, scales)
    sns.heatmap(values, mask=np.isnan(values), ax=body, cmap=COLORS, vmin=-MOST, vmax=MOST, cbar=False,
                linewidths=1.2, linecolor=PAPER, xticklabels=False, yticklabels=False)  # fmt: skip
    body.set_axis_off()
    axes.set_zorder(body.get_zorder() + 1)
    step = (right - names) / len(scales)
    write_heads(axes, scales, names, step, head, narrow=narrow)
    for row, group in enumerate(groups):
        y = head + (row + 0.5) * ROW
        label = fold(group.name, names - 0.2, SMALL if narrow else NORMAL - 0.5, 1)
        axes.text(MARGIN, y, label, size=SMALL if narrow else NORMAL - 0.5, va="center",
                  weight="bold" if group.depth <= 1 else "normal")  # fmt: skip
        for column, scale in enumerate(scales):
            _cell(axes, change.line(group, scale), (names + column * step, y - ROW / 2, step), language)
    axes.text(MARGIN, MARGIN + 0.08, _("Difference in points"), size=SMALL, color=QUIET, va="center")
    _key(axes, height, width, language)
    return svg(drawing)


def _values(change: Change, groups: Sequence[Group], scales: Sequence[Scale]) -> NDArray[np.float64]:
    """A difference that may well be chance is drawn without colour: a picture must not say more than its verdict."""
    values = np.full((len(groups), len(scales)), np.nan)
    for row, group in enumerate(groups):
        for column, scale in enumerate(scales):
            line = change.line(group, scale)
            if line is not None:
                values[row, column] = line.points if line.real else 0.0
    return values


def _cell(axes: Axes, line: Line | None, at: tuple[float, float, float], language: str) -> None:
    x, y, step = at
    if line is None:
        hatched(axes, x + 0.02, y + 0.02, step - 0.04, ROW - 0.04)
        return
    dark = line.real and abs(line.points) > 0.75 * MOST and line.points > 0
    axes.text(x + step / 2, y + ROW / 2, short(line, language), size=NORMAL if line.real else SMALL,
              weight="bold" if line.real else "normal", ha="center", va="center",
              color=PAPER if dark else INK if line.verdict != TOO_FEW else QUIET,
              style="normal" if line.verdict in (TOO_FEW, NO_DIFFERENCE) or line.real else "italic")  # fmt: skip


def _key(axes: Axes, height: float, width: float, language: str) -> None:
    _ = speak(language)
    y, x = height - 0.42, MARGIN
    for color, word in ((COLORS(0.15), _("likely worse")), (COLORS(0.85), _("likely better"))):
        wide = len(word) * SMALL * 0.5 / 72 + 0.16
        axes.text(x + wide / 2, y, word, size=SMALL, color=INK, weight="bold", va="center", ha="center",
                  bbox={"facecolor": color, "edgecolor": "none", "pad": 2.5})  # fmt: skip
        x += wide + 0.1
    if width == NARROW:
        x, y = MARGIN, height - 0.16
    axes.text(x, y, _("no colour: can be chance"), size=SMALL, color=QUIET, va="center")
    x += len(_("no colour: can be chance")) * SMALL * 0.47 / 72 + 0.1
    hatched(axes, x, y - 0.08, 0.22, 0.16)
    axes.text(x + 0.28, y, _("not comparable"), size=SMALL, color=QUIET, va="center")
