"""Questionnaires as data: TOML text enters, a checked Instrument leaves, or every fault by its line."""

from app.core.instrument.model import (
    BACKGROUND,
    CLOSED,
    COMMENT,
    INCIDENCE,
    MEAN,
    Instrument,
    Item,
    Options,
    Scale,
    Section,
    text,
)
from app.core.instrument.parse import check, parse
from app.core.instrument.preview import preview
from app.core.instrument.same import check_same_questions
from app.core.instrument.table import Fault, InstrumentFaults
from app.core.instrument.themes import load_themes

__all__ = [
    "BACKGROUND",
    "CLOSED",
    "COMMENT",
    "INCIDENCE",
    "MEAN",
    "Fault",
    "Instrument",
    "InstrumentFaults",
    "Item",
    "Options",
    "Scale",
    "Section",
    "check",
    "check_same_questions",
    "load_themes",
    "parse",
    "preview",
    "text",
]
