"""The published check of a link, ten lines of Python, as the page shows it; docs/check-a-link.md has the same lines."""

from __future__ import annotations

from pathlib import Path

CODE = (Path(__file__).parent / "check_a_link.txt").read_text("utf-8")
