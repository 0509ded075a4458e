"""The picture of a team talk: its rows as plain data enter, an SVG or a PNG leaves."""

from __future__ import annotations

from typing import Any

from app.render import charts
from app.render.charts import Row
from app.render.typesetting import png as as_png

PIXELS_AN_INCH = 160.0
TEMPLATE = "talk_picture.typ"


def svg(told: dict[str, Any], *, narrow: bool = False) -> bytes:
    """The same data gives the same bytes."""
    rows = [
        Row(
            one["label"],
            one["num"],
            tuple(one["interval"]) if one["interval"] else None,
            kind=one["kind"],
            whole=one["whole"],
        )
        for one in told["picture"]["rows"]
    ]
    return charts.dots(rows, told["language"], note=told["picture"]["note"], narrow=narrow)


def png(told: dict[str, Any], *, inches: float) -> bytes:
    """The picture of a phone's width, large enough to read across a room; slides can't hold an SVG everywhere."""
    data = {"svg": svg(told, narrow=True).decode(), "width": inches * 72}
    return as_png(TEMPLATE, data, an_inch=PIXELS_AN_INCH)
