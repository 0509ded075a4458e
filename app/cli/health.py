"""The command for the health check: an instance folder enters, one line for each finding leaves."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from app.cli.saying import as_json_option, say

if TYPE_CHECKING:
    from app.services.checking_health import Finding
    from app.settings import Settings

UNWELL = 1


@click.command()
@as_json_option
def health(*, as_json: bool) -> int:
    """Check that nothing around the databases breaks a promise to respondents.

    One line for each finding, and exit code 1 when there are any: databases that are copied as they change while a scan is
    open, keys that others can read, a network file system, keys of sealed scans that are still beside a backup.
    """
    from app import settings

    found = check(settings.load())
    words = "\n".join(str(one) for one in found) or "Nothing found."
    say([asdict(one) for one in found], words, as_json=as_json)
    return UNWELL if found else 0


def check(settings: Settings) -> tuple[Finding, ...]:
    from app.services import checking_health
    from app.storage.revisions import NAMES

    return checking_health.check({name: settings.database(name) for name in NAMES}, settings.instance)


def check_before_serving(settings: Settings) -> None:
    """Say what was found; raise click.ClickException where the server may not run like this."""
    from app.services import checking_health

    found = check(settings)
    for one in found:
        click.echo(f"weerklank: health: {one}", err=True)
    sys.stderr.flush()
    if checking_health.refuses(found):
        raise click.ClickException(
            "it doesn't start while every answer is copied as it comes in; end that first."
        )
