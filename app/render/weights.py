"""Pictures of what weighs most: subjects with their factors enter, bars of severity, the part of it that is
widespread dark, leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from app.core.priorities import RISK, TOP
from app.render import numbers
from app.render.charts import Frame, frame, track_of, write_label, write_note
from app.render.pictures import BAD, GOOD, INK, LINE, MARGIN, NORMAL, QUIET, SMALL, canvas, rule, svg
from app.render.texts import speak
from app.render.working_on import Weighed

HEAD, AXIS, TALL = 0.8, 0.32, 0.2
PALE = {BAD: "#f3d3b3", GOOD: "#bcdbe5"}
VALUE = 1.2


def bars(rows: Sequence[Weighed], language: str, *, note: str, narrow: bool = False) -> bytes:
    """The length of a bar is how severe a subject is; its dark part is its weight, with a line for how sure.

    The first three have bold names: they are what the page is about.
    """
    _ = speak(language)
    at = frame(narrow, value=VALUE)
    bottom = HEAD + len(rows) * at.row
    figure, axes = canvas(at.width, bottom + AXIS)
    write_note(axes, at, note)
    risk = all(row.kind == RISK for row in rows)
    color = BAD if risk else GOOD
    words = (
        _("weight: how unfavourable × how widespread")
        if risk
        else _("weight: how favourable × how widespread"),
        _("the rest of how unfavourable it is") if risk else _("the rest of how favourable it is"),
    )
    _key(axes, at, words, color, narrow)
    for value in (0, 25, 50, 75, 100):
        rule(axes, at.x(value), HEAD, bottom + 0.04)
        axes.text(at.x(value), bottom + 0.17, f"{value}", size=SMALL, color=QUIET, ha="center", va="center")
    for place, row in enumerate(rows):
        top = HEAD + place * at.row
        write_label(axes, at, top, row.scale.title, strong=place < TOP)
        _bar(axes, at, track_of(at, top), row, color, language)
    return svg(figure)


def _key(axes: Axes, at: Frame, words: tuple[str, str], color: str, narrow: bool) -> None:
    x, y = MARGIN if narrow else at.left, 0.42
    for fill, word in zip((color, PALE[color]), words, strict=True):
        axes.add_patch(Rectangle((x, y - 0.065), 0.13, 0.13, facecolor=fill, linewidth=0))
        axes.text(x + 0.19, y, word, size=SMALL, color=QUIET, va="center")
        y += 0.2


def _bar(axes: Axes, at: Frame, y: float, row: Weighed, color: str, language: str) -> None:
    severity, weight = numbers.middle(row.severity), numbers.middle(row.weight)
    axes.plot([at.left, at.right], [y, y], color=LINE, linewidth=0.8, zorder=1)
    for end, fill in ((severity, PALE[color]), (weight, color)):
        axes.add_patch(
            Rectangle(
                (at.left, y - TALL / 2), at.x(end) - at.left, TALL, facecolor=fill, linewidth=0, zorder=2
            )
        )
    low, high = at.x(row.weight["low"]), at.x(row.weight["high"])
    axes.plot([low, high], [y, y], color=INK, linewidth=1.1, zorder=3, solid_capstyle="butt")
    for end in (low, high):
        axes.plot([end, end], [y - 0.05, y + 0.05], color=INK, linewidth=1.1, zorder=3)
    made = f"{numbers.short(row.severity, language)} × {numbers.short(row.reach, language, numbers.SHARE)}"
    axes.text(
        at.right + 0.12, y, numbers.short(row.weight, language), size=NORMAL + 0.5, weight="bold", va="center"
    )
    axes.text(at.width - MARGIN, y, made, size=SMALL, color=QUIET, va="center", ha="right")
