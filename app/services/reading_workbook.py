"""Reading a workbook in a child process: the bytes of a file enter on its input, rows of plain texts leave on its output.

A spreadsheet of a few kilobytes can unfold to more than a machine holds. The child may use so much memory and time and no more,
writes nothing anywhere, and what it reads passes through pipes only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.refusal import Refused
from app.core.signals.register import Book, TooLarge, read_csv

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_BYTES = 6 * 1024 * 1024
MEMORY = 1024 * 1024 * 1024
SECONDS = 30
MOST_CELLS = 400_000
"""Cells of one sheet between its first and its last, the empty ones included."""
MOST_ANSWER = 64 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SENTENCES = {
    "password": "this file is locked with a password; save it without one and try again",
    "too-large": "this file holds more than a register can; leave out what is not about signals",
    "unreadable": "this file can't be read; save it as XLSX or CSV and try again",
}


def read_file(raw: bytes) -> Book:
    """The sheets of a CSV, XLSX, XLS or ODS file. Raises Refused: empty-file, file-too-large, password, unreadable."""
    if not raw.strip():
        raise Refused("empty-file", "choose the file of your register; this one is empty")
    if len(raw) > MOST_BYTES:
        raise _refused("too-large")
    try:
        if not raw.startswith((_ZIP, _OLE)):
            if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise _refused("unreadable")
            return read_csv(_utf8(raw))
        return Book.from_plain(_by_child(raw))
    except TooLarge:
        raise _refused("too-large") from None


def _utf8(raw: bytes) -> bytes:
    """Excel's “Unicode text” is UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").encode()
    return raw


def _refused(reason: str) -> Refused:
    return Refused("file-too-large" if reason == "too-large" else reason, _SENTENCES[reason])


def _by_child(raw: bytes) -> list[dict[str, Any]]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.services.reading_workbook"],
            input=raw,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused("too-large") from None
    if done.returncode < 0 or len(done.stdout) > MOST_ANSWER:  # it ran out of what it was given
        raise _refused("too-large")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise _refused("unreadable") from None
    if isinstance(answer, str):
        raise _refused(answer)
    found: list[dict[str, Any]] = answer
    return found


def main() -> int:
    """Answers a list of sheets, or the reason why not. Its error output would quote the file, so it has none."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer: object = _sheets(sys.stdin.buffer.read(MOST_BYTES + 1))
    except _TooMuch:
        answer = "too-large"
    except MemoryError:
        answer = "too-large"
    except BaseException as error:  # a panic of the reader is no Exception
        answer = "password" if type(error).__name__ == "PasswordError" else "unreadable"
    sys.stdout.write(json.dumps(answer))
    return 0


class _TooMuch(Exception):
    """More cells than a register has."""


def _sheets(raw: bytes) -> list[dict[str, Any]]:
    import io
    import zipfile

    from python_calamine import CalamineWorkbook

    if raw.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            if sum(each.file_size for each in file.infolist()) > MEMORY // 8:
                raise _TooMuch
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return [{"name": name, "rows": _rows(book, name)} for name in book.sheet_names]


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    try:
        sheet = book.get_sheet_by_name(name)
    except Exception as error:
        if type(error).__name__ in ("WorksheetNotFound", "CalamineError"):
            return []  # a sheet with only a chart
        raise
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise _TooMuch
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: object) -> str:
    """As somebody would type it: whole numbers without a point, dates as 2025-03-03."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
