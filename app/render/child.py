"""Documents and pictures made by a child process: JSON enters on its input, a file leaves on its output, nothing
touches a disk.

The web process so never loads what typesets or draws, and neither codes nor what an open vault holds pass a queue, a
temporary file or a command line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

KINDS = {
    "sheets": "app.render.sheets:slips_pdf",
    "signal-report": "app.render.signal_reports:pdf",
    "team-talk": "app.render.talk_handout:pdf",
    "poster": "app.render.poster:pdf",
    "scan-poster": "app.render.scan_poster:pdf",
}
OFFICE = {"team-talk-slides": "app.render.talk_slides:pptx", "action-plan": "app.render.action_plan:xlsx"}
PICTURES = {
    "signal-quadrant": "app.render.signal_charts:quadrant",
    "signal-ranks": "app.render.signal_charts:ranks",
    "signal-themes": "app.render.signal_charts:themes",
}
SETS = {"report-bars": "app.render.signal_reports:pictures"}
SECONDS = 300
PICTURE_SECONDS = 30
ROOT = Path(__file__).resolve().parent.parent.parent


class NotMade(RuntimeError):
    """The child made nothing; the message says why, without anything of the payload."""


def pdf(kind: str, payload: dict[str, Any], *, seconds: int = SECONDS) -> bytes:
    """The PDF of this kind ("sheets"). Raises NotMade, and KeyError for an unknown kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    return _made(kind, payload, seconds, b"%PDF")


def office(kind: str, payload: dict[str, Any], *, seconds: int = SECONDS) -> bytes:
    """The slides or the workbook of this kind. Raises NotMade, and KeyError for an unknown kind."""
    if kind not in OFFICE:
        raise KeyError(kind)
    return _made(kind, payload, seconds, b"PK")


def svg(kind: str, payload: dict[str, Any], *, seconds: int = PICTURE_SECONDS) -> bytes:
    """The picture of this kind. Raises NotMade, and KeyError for an unknown kind."""
    if kind not in PICTURES:
        raise KeyError(kind)
    return _made(kind, payload, seconds, b"<?xml")


def drawn(kind: str, payload: list[dict[str, Any]], *, seconds: int = PICTURE_SECONDS) -> dict[str, str]:
    """Several pictures by name in one go. Raises NotMade, and KeyError for an unknown kind."""
    if kind not in SETS:
        raise KeyError(kind)
    found: dict[str, str] = json.loads(_made(kind, payload, seconds, b"{"))
    return found


def _made(kind: str, payload: dict[str, Any] | list[dict[str, Any]], seconds: int, start: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.render.child", kind],
            input=json.dumps(payload).encode(),
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotMade(f"the document was not ready in {seconds} seconds; try fewer groups at once") from None
    if done.returncode or not done.stdout.startswith(start):
        reason = done.stderr.decode(errors="replace").strip() or "no reason given"
        raise NotMade(f"the document could not be made ({reason})")
    return done.stdout


def _maker(kind: str) -> Callable[[Any], bytes]:
    module, _, name = (KINDS | OFFICE | PICTURES | SETS)[kind].partition(":")
    found: Callable[[Any], bytes] = getattr(import_module(module), name)
    return found


def main() -> int:
    """Only the kind of error is passed on: its text could quote a code."""
    try:
        made = _maker(sys.argv[1])(json.load(sys.stdin.buffer))
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__} in {sys.argv[1]}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
