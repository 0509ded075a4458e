"""The questionnaires that come with the product: files of surveys/ enter, a short list leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.core.instrument import Instrument, InstrumentFaults, parse
from app.settings import ROOT

FOLDER = ROOT / "surveys"
THEMES = "themes.toml"
FIRST = "social-safety"


@dataclass(frozen=True)
class Choice:
    """One questionnaire of the bank."""

    instrument: Instrument

    @property
    def id(self) -> str:
        return self.instrument.id


@cache
def everything() -> dict[str, Choice]:
    """By id, the baseline first. A file with faults isn't offered; `instrument check` names them."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name == THEMES:
            continue
        try:
            found.append(Choice(parse(path.read_text("utf-8"))))
        except InstrumentFaults:
            continue
    found.sort(key=lambda choice: choice.id != FIRST)
    return {choice.id: choice for choice in found}
