"""What commands print: results on stdout in words or as JSON, progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")


def say(data: Any, words: str, *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str) if as_json else words)


def progress(act: str) -> Callable[[int, int, str], None]:
    """A progress function that keeps one line up to date on a terminal, and writes a line a step elsewhere."""
    terminal = sys.stderr.isatty()

    def report(done: int, total: int, what: str) -> None:
        line = f"{act}: {done} of {total}, {what}"
        if terminal:
            click.echo(f"\r\x1b[K{line}" + ("\n" if done >= total else ""), err=True, nl=False)
        elif done:  # in a log only what was done; a refusal then stands by itself
            click.echo(line, err=True)

    return report
