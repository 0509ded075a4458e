"""`weerklank release`: a released scan enters; the attack on it, or a corrected edition, leaves."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli import opening
from app.cli.faults import in_file
from app.cli.instruments import read
from app.cli.opening import organisation_option
from app.cli.saying import as_json_option, progress, say

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def release() -> None:
    """Attack what is released, and correct it by a new edition."""


@release.command()
@click.argument("scan")
@organisation_option
@as_json_option
def attack(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Try to pin down few people in the results of SCAN, with everything ever released.

    Exit code 1 when something is found.
    """
    from app.cli.tables import attack_words
    from app.services import attacking

    opened = opening.installation()
    found = attacking.attack_release(
        opened.store,
        scan=scan,
        by=opening.actor(opened, slug),
        now=opening.now(),
        progress=progress("attack"),
    )
    opening.say_not_yet(opened, scan)
    say(found, attack_words(found), as_json=as_json)
    if found["findings"]:
        raise SystemExit(1)


@release.command()
@click.argument("scan")
@click.option("--instrument", "file", type=FILE, required=True, help="The corrected questionnaire.")
@click.option("--reason", required=True, help="What was wrong, in a sentence; readers see it.")
@organisation_option
@as_json_option
def correct(*, scan: str, file: Path, reason: str, slug: str | None, as_json: bool) -> None:
    """Publish a further edition of SCAN with a corrected questionnaire; earlier editions stay listed."""
    from app.services import releasing

    opened = opening.installation()
    by = opening.actor(opened, slug)
    with in_file(file):
        digest = releasing.correct(
            opened.store,
            scan=scan,
            instrument=read(file),
            reason=reason,
            by=by,
            now=opening.now(),
            progress=progress("correct"),
        )
    say({"scan": scan, "digest": digest}, f"Scan {scan} has a new edition.", as_json=as_json)
