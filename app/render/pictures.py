"""What all pictures share: style, size and a canvas in inches; a drawn figure enters, the bytes of its SVG
leave.

Text is drawn as outlines, so that a picture looks the same in every browser and PDF; who can't see it reads
the words
or the table, which are made from the same numbers.
"""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

FONTS = Path(__file__).resolve().parent / "fonts"
INK, QUIET, LINE, WASH, PAPER = "#16222b", "#4f5d68", "#c9d1d6", "#eef2f3", "#ffffff"
GOOD, MIDDLE, BAD = "#1b6c8a", "#c3cace", "#d9822b"
SURE = "#a9cfdc"
# Inches at 96 px: a page column, and a phone of 360 px with its margins.
WIDE, NARROW = 7.6, 3.45
MARGIN = 0.12
SMALL, NORMAL, LARGE = 8.5, 10.0, 11.5
# Average width of a character of Source Sans Pro, in parts of its size; used to fold labels.
CHARACTER = 0.475


def _style() -> None:
    """Once, at import: style contexts are not safe between threads."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    sns.set_theme(
        style="white",
        font="Source Sans Pro",
        rc={
            "svg.fonttype": "path",
            "svg.hashsalt": "weerklank",
            "text.color": INK,
            "hatch.linewidth": 0.7,
            "figure.facecolor": PAPER,
            "savefig.facecolor": PAPER,
        },
    )


_style()


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure whose coordinates are inches from the top left."""
    figure = Figure(figsize=(width, height), dpi=96)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return figure, axes


def svg(figure: Figure) -> bytes:
    """The same figure gives the same bytes."""
    raw = io.BytesIO()
    figure.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
    return raw.getvalue()


def fold(text: str, inches: float, size: float = NORMAL, lines: int = 2) -> str:
    """The text in at most `lines` lines that fit the width, shortened with an ellipsis if it must be."""
    characters = max(6, int(inches * 72 / (size * CHARACTER)))
    return "\n".join(textwrap.wrap(text, characters, max_lines=lines, placeholder=" …"))


def cut(text: str, inches: float, size: float = NORMAL) -> str:
    """The text on one line, cut in the middle of a word if it must be: names that begin alike stay apart."""
    characters = max(6, int(inches * 72 / (size * CHARACTER)))
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def rule(axes: Axes, x: float, top: float, bottom: float) -> None:
    axes.plot([x, x], [top, bottom], color=LINE, linewidth=0.7, zorder=0)


def hatched(axes: Axes, x: float, y: float, width: float, height: float, mark: str = "////") -> None:
    """A stretch that is not known or not shown, told apart by its lines as well as its colour."""
    axes.add_patch(
        mpl.patches.Rectangle(
            (x, y), width, height, facecolor=WASH, edgecolor="#8b98a1", hatch=mark, linewidth=0
        )
    )
