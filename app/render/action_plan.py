"""The workbook of an action plan: sheets of texts, dates and numbers enter as JSON, the bytes of an XLSX file leave.

A text stays a text: none is ever written as a formula, and one that begins like a formula is marked so that it stays a text when
somebody edits the cell.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ACCENT, EDGE = "#0b5a66", "#c9d1d6"
A4 = 9
LINE, MOST_POINTS = 13.0, 400.0
# What one cell can hold.
MOST = 32_767


def xlsx(told: dict[str, Any]) -> bytes:
    """`told` as app.render.action_list makes it."""
    raw = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(raw, options)
    book.set_properties(
        {
            "title": told["title"],
            "author": told["organisation"],
            "company": told["organisation"],
            "created": datetime.fromisoformat(told["made_on"]),
        }
    )
    formats = _formats(book)
    for sheet in told["sheets"]:
        _write(book.add_worksheet(sheet["name"]), sheet, formats, told)
    book.close()
    return raw.getvalue()


def _formats(book: Workbook) -> dict[str, Any]:
    common = {"valign": "top", "border": 1, "border_color": EDGE, "font_size": 10}
    return {
        "head": book.add_format(
            {**common, "bold": True, "text_wrap": True, "font_color": "#ffffff", "bg_color": ACCENT}
        ),
        "text": book.add_format({**common, "text_wrap": True}),
        "marked": book.add_format({**common, "text_wrap": True, "quote_prefix": True}),
        "day": book.add_format({**common, "num_format": "yyyy-mm-dd", "align": "left"}),
        "number": book.add_format({**common, "num_format": "General", "align": "right"}),
    }


def _write(page: Any, sheet: dict[str, Any], formats: dict[str, Any], told: dict[str, Any]) -> None:
    heads, rows = sheet["heads"], sheet["rows"]
    for column, (head, width) in enumerate(zip(heads, sheet["widths"], strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, head, formats["head"])
    for place, row in enumerate(rows, 1):
        page.set_row(place, _tall(row, sheet["widths"]))
        for column, cell in enumerate(row):
            _cell(page, place, column, cell, formats)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    said = told["title"].replace("&", "&&")[:120]
    page.set_header(f"&L{said}&R{told['made_on']}")
    page.set_footer("&L&A&R&P / &N")


def _tall(row: list[Any], widths: list[int]) -> float:
    """Points that the longest cell needs; not every program works this out when it opens a file."""
    lines = max(
        sum(1 + len(line) // max(1, width - 2) for line in cell.split("\n")) if isinstance(cell, str) else 1
        for cell, width in zip(row, widths, strict=True)
    )
    return min(MOST_POINTS, LINE * lines + 3)


def _cell(page: Any, row: int, column: int, cell: Any, formats: dict[str, Any]) -> None:
    if isinstance(cell, dict):
        page.write_datetime(row, column, date.fromisoformat(cell["day"]), formats["day"])
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, formats["number"])
    else:
        risky = cell.startswith(FORMULAS)
        page.write_string(row, column, cell[:MOST], formats["marked" if risky else "text"])
