"""Pictures of a trend: a series and a group's name enter, an SVG leaves: one small panel a scale, with bands."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from app.render import numbers
from app.render.figures import NoFigure
from app.render.pictures import (
    GOOD,
    INK,
    LINE,
    MARGIN,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    SMALL,
    SURE,
    WIDE,
    canvas,
    fold,
    svg,
)
from app.render.reading import Group, Scale
from app.render.trends import Point, Trend

TALL, HEAD, FOOT, BETWEEN = 1.0, 0.42, 0.3, 0.3


def draw(trend: Trend, name: str, *, narrow: bool = False) -> bytes:
    """Two panels beside each other, on a phone one. Raises NoFigure."""
    group = trend.group(name)
    if group is None:
        raise NoFigure(name)
    scales = trend.scales(group)
    columns = 1 if narrow else 2
    width = NARROW if narrow else WIDE
    rows = -(-len(scales) // columns)
    tall = HEAD + TALL + FOOT
    drawing, axes = canvas(width, MARGIN + 0.3 + rows * tall + MARGIN)
    axes.text(
        MARGIN,
        MARGIN + 0.08,
        fold(group.name, width - 2 * MARGIN, SMALL, 1),
        size=SMALL,
        color=QUIET,
        va="center",
    )
    wide = (width - 2 * MARGIN - (columns - 1) * BETWEEN) / columns
    for place, scale in enumerate(scales):
        left = MARGIN + place % columns * (wide + BETWEEN)
        _panel(axes, trend, group, scale, (left, MARGIN + 0.3 + place // columns * tall, wide))
    return svg(drawing)


def _panel(axes: Axes, trend: Trend, group: Group, scale: Scale, at: tuple[float, float, float]) -> None:
    """Scores from 0 to 100 over time; a moment without a number leaves a gap in the line."""
    left, top, wide = at
    axes.text(left, top + 0.18, fold(scale.title, wide, NORMAL, 1), size=NORMAL, weight="bold", va="center")
    inner = left + 0.28
    high, low = top + HEAD, top + HEAD + TALL
    for value in (0, 50, 100):
        y = low - (low - high) * value / numbers.TOP
        axes.plot([inner, left + wide], [y, y], color=LINE, linewidth=0.7, zorder=0)
        axes.text(inner - 0.06, y, f"{value}", size=SMALL, color=QUIET, ha="right", va="center")
    moments = trend.points(group, scale)
    step = (left + wide - inner) / max(1, len(moments))
    xs = [inner + (place + 0.5) * step for place in range(len(moments))]
    for x, label in zip(xs, trend.labels, strict=True):
        axes.text(
            x,
            low + 0.16,
            fold(label, max(step, 0.6), SMALL, 1),
            size=SMALL,
            color=QUIET,
            ha="center",
            va="center",
        )
    _series(axes, moments, xs, (high, low), trend.language)


def _series(
    axes: Axes, moments: tuple[Point, ...], xs: list[float], ends: tuple[float, float], language: str
) -> None:
    high, low = ends

    def y(value: float) -> float:
        return low - (low - high) * value / numbers.TOP

    rows = []
    for run, (x, point) in enumerate(zip(xs, moments, strict=True)):
        if point.num is None or point.interval is None:
            rows.append((x, float("nan"), float("nan"), float("nan"), run))
            continue
        first, last = numbers.span(point.interval)
        rows.append((x, y(numbers.middle(point.num)), y(first), y(last), run))
        text = numbers.short(point.num, language)
        axes.text(x, y(last) - 0.1, text, size=NORMAL, color=INK, weight="bold", ha="center", va="center",
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6, "alpha": 0.8}, zorder=6)  # fmt: skip
        axes.plot([x, x], [y(first), y(last)], color=SURE, linewidth=5, solid_capstyle="round", zorder=2)
    shown = pd.DataFrame(rows, columns=["x", "y", "low", "high", "run"])
    axes.fill_between(shown["x"], shown["low"], shown["high"], color=SURE, alpha=0.35, linewidth=0, zorder=1)
    axes.plot(shown["x"], shown["y"], color=GOOD, linewidth=1.6, zorder=3)
    sns.scatterplot(
        shown.dropna(), x="x", y="y", ax=axes, color=GOOD, s=46, edgecolor=PAPER, linewidth=1.2, zorder=4
    )
