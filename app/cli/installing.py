"""Commands that make an installation and say what it keeps."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import click

from app.cli import opening
from app.cli.saying import as_json_option, say

DEFAULT_ORGANISATION = "Weerklank"


@click.command()
@click.option("--email", help="E-mail address of the first administrator.")
@click.option("--address", help="Where people reach this server, such as https://scan.example.org.")
@click.option("--organisation", "name", help="Name of the organisation, as people know it.")
@click.option("--name", "person", help="Name of the first administrator.")
@as_json_option
def init(
    *, email: str | None, address: str | None, name: str | None, person: str | None, as_json: bool
) -> None:
    """Make the databases, the first organisation and its administrator.

    Asks for what is missing. Without a terminal it takes the password from WEERKLANK_PASSWORD, leaves the address unset
    and makes one organisation, the default of later commands.
    """
    from app.services import setting_up
    from app.settings import FILE
    from app.storage.office import organisations

    terminal = sys.stdin.isatty()
    if email is None and not terminal:
        raise click.UsageError("--email is needed.")
    opened = opening.installation()
    with opened.store.reading() as session:
        existing = organisations.everyone(session)
    if existing:
        raise click.ClickException(
            f"this installation was made before, for {existing[0].name}; colleagues are invited on its pages."
        )
    email = email or click.prompt("Your e-mail address", err=True)
    if name is None:
        name = click.prompt("Name of the organisation", err=True) if terminal else DEFAULT_ORGANISATION
    person = person or (click.prompt("Your name", err=True) if terminal else email.partition("@")[0])
    if address is None and terminal and not opened.settings.address:
        address = click.prompt(
            "Public address (https://…; empty if not known yet)", default="", err=True, show_default=False
        )
    if address:
        address = checked_address(address)
    organisation_id, _ = setting_up.set_up(
        opened.store,
        organisation=name,
        email=email,
        name=person,
        password=_password(terminal=terminal),
        now=opening.now(),
    )
    if address:
        write_address(opened.settings.instance / FILE, address)
    with opened.store.reading() as session:
        made = organisations.get(session, organisation_id)
    assert made is not None
    slug = made.slug
    data: dict[str, Any] = {
        "organisation": slug,
        "email": email,
        "address": address or opened.settings.address,
    }
    words = f"{made.name} is set up ({slug}). Start it with “weerklank serve” and sign in as {email}."
    if not data["address"]:
        words += '\nSlips need a public address: set it in settings.toml in the instance folder (address = "https://…").'
    say(data, words, as_json=as_json)


def checked_address(address: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", address.rstrip("/")):
        raise click.UsageError(f"address “{address}” must look like https://scan.example.org.")
    return address.rstrip("/")


def write_address(path: Path, address: str) -> None:
    """Set `address` in a settings file, leaving every other line as it is; keys of the top come before any table."""
    line = f"address = {json.dumps(address)}"
    kept = path.read_text("utf-8").splitlines() if path.exists() else []
    others = [old for old in kept if not re.match(r"\s*address\s*=", old)]
    path.write_text("\n".join([line, *others]) + "\n", "utf-8")


def _password(*, terminal: bool) -> str:
    password = os.environ.get("WEERKLANK_PASSWORD")
    if password:
        return password
    if not terminal:
        raise click.ClickException(
            "without a terminal the password is taken from WEERKLANK_PASSWORD; set it."
        )
    asked: str = click.prompt(
        "A password of at least 12 characters", hide_input=True, confirmation_prompt=True, err=True
    )
    return asked


@click.command("what-is-stored")
@as_json_option
def what_is_stored(*, as_json: bool) -> None:
    """Show exactly what is kept of somebody who fills in a scan."""
    from dataclasses import asdict

    from app.core.stored import KEPT, NEVER

    lines = ["Kept of somebody who fills in a scan:"]
    for kept in KEPT:
        lines.append(f"\n{kept.database}.{kept.table}: {kept.what}")
        lines.extend(f"  {column:<10} {holds}" for column, holds in kept.columns.items())
        lines.append(f"  until      {kept.until}")
    lines.append("\nNever kept:")
    lines.extend(f"  - {line}" for line in NEVER)
    data = {"kept": [asdict(kept) for kept in KEPT], "never": list(NEVER)}
    say(data, "\n".join(lines), as_json=as_json)
