"""Counts that can be added: parts of a dataset enter, integer counts per class of people leave."""

from app.core.tally.counting import tally, tally_rows
from app.core.tally.counts import ScaleTally, Tally
from app.core.tally.layout import Layout, ScaleColumns, layout_of, least_answered, points_of

__all__ = [
    "Layout",
    "ScaleColumns",
    "ScaleTally",
    "Tally",
    "layout_of",
    "least_answered",
    "points_of",
    "tally",
    "tally_rows",
]
