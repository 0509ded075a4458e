"""Rows that became no card: a table and what was wrong enter, rows to mend in a spreadsheet leave."""

from __future__ import annotations

from collections.abc import Callable

from app.core.signals.register.columns import plain
from app.core.signals.register.header import Table
from app.core.signals.register.reading import Fault, Outcome, Reading


def failed_rows(
    table: Table,
    reading: Reading,
    outcome: Outcome,
    *,
    say: Callable[[Fault], str],
    headings: tuple[str, str, str],
) -> list[list[str]]:
    """A header and the failed rows: line, the columns taken over, the nickname instead of the number, and what is wrong.

    The nickname joins them, when they come back mended, to the rows of the same reporter that were imported already.
    `headings` names line, nickname and what is wrong.
    """
    places = [at for at, field in enumerate(reading.columns) if field and field not in ("number", "nickname")]
    joined = "number" in reading.columns or "nickname" in reading.columns
    line_heading, nickname_heading, wrong_heading = headings
    header = [line_heading, *(table.names[at] for at in places), *[nickname_heading] * joined, wrong_heading]
    rows = [header]
    for line, cells in table.rows:
        if line in outcome.faults:
            wrong = " ".join(say(fault) for fault in outcome.faults[line])
            nickname = [_nickname(cells, reading, outcome)] if joined else []
            rows.append([str(line), *(cells[at] for at in places), *nickname, wrong])
    return rows


def _nickname(cells: tuple[str, ...], reading: Reading, outcome: Outcome) -> str:
    by_field = dict(zip(reversed(reading.columns), reversed(cells), strict=True))
    return by_field.get("nickname", "") or outcome.reporters.get(plain(by_field.get("number", "")), "")


HEADINGS = {"nl": ("regel", "schuilnaam", "wat er mis is"), "en": ("line", "nickname", "what is wrong")}
