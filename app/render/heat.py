"""The heat map: units and scales enter, pictures of at most forty units leave, hatched where withheld."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from app.render import numbers, reasons
from app.render.pictures import (
    BAD,
    GOOD,
    INK,
    MARGIN,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    SMALL,
    WASH,
    WIDE,
    canvas,
    cut,
    fold,
    hatched,
    svg,
)
from app.render.reading import Group, Reading, Scale
from app.render.texts import speak

ROW = 0.27
LEAST, MOST = 20, 80
COLORS = LinearSegmentedColormap.from_list("low to high", [BAD, "#f7e6d3", "#f4f6f6", "#cfe3ea", GOOD])


def heat(
    reading: Reading, groups: Sequence[Group], scales: Sequence[Scale], *, narrow: bool = False
) -> bytes:
    """Scores of these groups by scale: blue is more favourable, orange less, hatched is withheld."""
    _ = speak(reading.language)
    width = NARROW if narrow else WIDE
    names = 1.3 if narrow else 2.2
    head = 1.55 if narrow else 1.4
    height = head + len(groups) * ROW + 0.42
    figure, axes = canvas(width, height)
    right = width - (0.55 if narrow else 0.75)
    body = figure.add_axes((names / width, 1 - (head + len(groups) * ROW) / height,
                            (right - names) / width, len(groups) * ROW / height))  # fmt: skip
    values, texts = _cells(reading, groups, scales)
    sns.heatmap(
        values, mask=np.isnan(values), ax=body, cmap=COLORS, vmin=LEAST, vmax=MOST, cbar=False, annot=texts,
        fmt="", annot_kws={"size": SMALL if narrow else NORMAL - 0.5}, linewidths=1.2, linecolor=PAPER,
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    body.set_axis_off()
    axes.set_zorder(body.get_zorder() + 1)
    step = (right - names) / len(scales)
    write_heads(axes, scales, names, step, head, narrow=narrow)
    for row, group in enumerate(groups):
        y = head + (row + 0.5) * ROW
        indent = 0.1 * min(3, max(0, group.depth - 1))
        strong = group.depth <= 1
        size = SMALL if narrow else NORMAL - 0.5
        label = cut(group.name, names - 0.16 - indent, size)
        axes.text(MARGIN + indent, y, label, size=size, va="center", weight="bold" if strong else "normal")
        for column, scale in enumerate(scales):
            if reading.headline(group, scale) is None:
                x = names + column * step
                hatched(axes, x + 0.02, y - ROW / 2 + 0.02, step - 0.04, ROW - 0.04)
        if not group.published:
            axes.text((names + right) / 2, y, reasons.in_brief(group.reason_id, reading.language), size=SMALL,
                      color=QUIET, ha="center", va="center",
                      bbox={"facecolor": WASH, "edgecolor": "none", "pad": 1.2})  # fmt: skip
    axes.text(MARGIN, MARGIN + 0.08, _("Scores from 0 to 100"), size=SMALL, color=QUIET, va="center")
    _key(axes, reading.language, height)
    return svg(figure)


def write_heads(
    axes: Axes, scales: Sequence[Scale], names: float, step: float, head: float, *, narrow: bool
) -> None:
    """Titles of subjects over the columns of a heat map, `step` inches wide from `names` on; the map begins at `head`."""
    for column, scale in enumerate(scales):
        title = fold(scale.title, 1.3 if narrow else 1.4, SMALL, 1 if narrow else 2)
        axes.text(names + (column + 0.5) * step, head - 0.06, title, size=SMALL,
                  rotation=62 if narrow else 45, rotation_mode="anchor", ha="left", va="center", linespacing=0.95)  # fmt: skip


def _cells(
    reading: Reading, groups: Sequence[Group], scales: Sequence[Scale]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    values = np.full((len(groups), len(scales)), np.nan)
    texts = np.full((len(groups), len(scales)), "", dtype=object)
    for row, group in enumerate(groups):
        for column, scale in enumerate(scales):
            num = reading.headline(group, scale)
            if num is not None:
                values[row, column] = numbers.middle(num)
                texts[row, column] = numbers.short(num, reading.language)
    return values, texts


def _key(axes: Axes, language: str, height: float) -> None:
    _ = speak(language)
    y, x = height - 0.2, MARGIN
    for color, ink, word in (
        (COLORS(0.05), INK, _("lower")),
        (COLORS(0.5), INK, _("middle")),
        (COLORS(0.95), PAPER, _("higher")),
    ):
        wide = len(word) * SMALL * 0.5 / 72 + 0.16
        axes.text(x + wide / 2, y, word, size=SMALL, color=ink, va="center", ha="center",
                  bbox={"facecolor": color, "edgecolor": "none", "pad": 2.5})  # fmt: skip
        x += wide + 0.06
    hatched(axes, x + 0.04, y - 0.08, 0.22, 0.16)
    axes.text(x + 0.32, y, _("withheld"), size=SMALL, color=QUIET, va="center")
