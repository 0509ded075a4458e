"""Typst: a template's name and its data enter, the bytes of a tagged, archivable PDF leave."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
# PDF/UA-1 for screen readers, PDF/A-2a for keeping; the compiler refuses a missing title or text alternative.
STANDARDS = ("ua-1", "a-2a")


def typeset(template: str, data: dict[str, Any], *, dated: datetime) -> bytes:
    """The same data and date give the same bytes. Raises typst.TypstError with the line of the template."""
    made: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=list(STANDARDS),  # type: ignore[arg-type]  # its stub wants a list of literals
        timestamp=dated,
    )
    return made


def png(template: str, data: dict[str, Any], *, an_inch: float) -> bytes:
    """A page as pixels, so many an inch, for what can't hold an SVG. The same data gives the same bytes."""
    made: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="png",
        ppi=an_inch,
    )
    return made
