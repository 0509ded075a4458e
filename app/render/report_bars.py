"""Bars of numbers of reporters: rows with the ends of their bands enter, an SVG leaves. Neither colour nor order says bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from app.render.pictures import INK, NORMAL, QUIET, SMALL, SURE, fold, svg

WIDE = 6.9
ROW, AXIS = 0.34, 0.4
LABEL = 2.5
BAR = "#1b6c8a"


def bars(rows: Sequence[Mapping[str, Any]], axis: str, most: int) -> bytes:
    """Up to the lower end of a band in full, and pale on to its higher end, with the words of the band beside it.

    `most`: where the axis ends.
    """
    tall = ROW * len(rows) + AXIS
    figure = Figure(figsize=(WIDE, tall), dpi=96)
    axes = figure.add_axes((LABEL / WIDE, AXIS / tall, 1 - (LABEL + 0.9) / WIDE, 1 - AXIS / tall))
    names = [fold(one["name"], LABEL - 0.15, lines=1) for one in rows]
    places = list(range(len(rows)))
    sns.barplot(
        x=[one["high"] for one in rows], y=places, orient="h", color=SURE, saturation=1, width=0.62, ax=axes
    )
    sns.barplot(
        x=[one["low"] for one in rows], y=places, orient="h", color=BAR, saturation=1, width=0.62, ax=axes
    )
    for place, one in enumerate(rows):
        axes.annotate(
            one["people"],
            (one["high"], place),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=NORMAL,
            color=INK,
        )
    axes.set_yticks(places, names, size=NORMAL, color=INK)
    axes.set_xlim(0, most)
    axes.xaxis.set_major_locator(MultipleLocator(_step(most)))
    axes.tick_params(axis="x", labelsize=SMALL, labelcolor=QUIET, pad=1)
    axes.set_xlabel(axis, size=SMALL, color=QUIET, labelpad=1)
    axes.set_ylabel("")
    sns.despine(ax=axes, left=True)
    return svg(figure)


def _step(high: int) -> int:
    return next(step for step in (5, 10, 20, 50, 100, 500, 5000) if high <= 8 * step)
