"""The PDF of a signal report: what a reader is told enters as JSON, a tagged PDF of two to four pages leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from app.render.signal_telling import most
from app.render.typesetting import typeset

TEMPLATE = "signal_report.typ"


def pdf(payload: dict[str, Any]) -> bytes:
    """`payload`: {"told": as signal_telling makes it, "dated": an ISO day, "pictures": SVG by axis, else drawn}.

    The same payload gives the same bytes.
    """
    told = payload["told"]
    tables = told["numbers"]["tables"]
    for table in tables:
        table["svg"] = payload.get("pictures", {}).get(table["id"]) or _picture(table, most(tables))
    dated = datetime.fromisoformat(payload["dated"]).replace(tzinfo=UTC)
    return typeset(TEMPLATE, told, dated=dated)


def pictures(tables: list[dict[str, Any]]) -> bytes:
    """JSON of {axis: SVG} of the tables with rows."""
    end = most(tables)
    return json.dumps({one["id"]: _picture(one, end) for one in tables if one["rows"]}).encode()


def _picture(table: dict[str, Any], end: int) -> str:
    """Empty without rows; drawing is loaded only for a report with a picture."""
    if not table["rows"]:
        return ""
    from app.render import report_bars

    return report_bars.bars(table["rows"], table["axis"], end).decode()
