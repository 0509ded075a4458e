"""Commands on files of signals that an adviser exported: a sealed file enters, its rows leave; no database is needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.group()
def signals() -> None:
    """Open files of signal cards that an adviser exported."""


@signals.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def open_sealed(*, file: Path) -> None:
    """Print the rows of a sealed FILE as CSV, after its passphrase.

    Works offline. Without a terminal it takes the passphrase from WEERKLANK_PASSPHRASE. What it prints is plain text: redirect it
    to a place where only you can read it.
    """
    from app.crypto.sealed_file import NoSealedFile, check_file, open_file
    from app.crypto.vault import NotOpened

    raw = file.read_bytes()
    try:
        check_file(raw)
        body = open_file(raw, _passphrase())
    except NoSealedFile as error:
        raise click.ClickException(f"{file}: {error}.") from None
    except NotOpened:
        raise click.ClickException(
            f"{file}: this passphrase doesn't open it, or the file was altered."
        ) from None
    click.echo(body.decode("utf-8-sig"), nl=False)


def _passphrase() -> str:
    passphrase = os.environ.get("WEERKLANK_PASSPHRASE")
    if passphrase:
        return passphrase
    if not sys.stdin.isatty():
        raise click.ClickException(
            "without a terminal the passphrase is taken from WEERKLANK_PASSPHRASE; set it."
        )
    asked: str = click.prompt("Passphrase of this file", hide_input=True, err=True)
    return asked
