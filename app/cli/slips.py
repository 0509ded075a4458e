"""Codes from the command line: printed once, into a file that only its owner can read."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import opening
from app.cli.opening import Installation, organisation_option
from app.cli.saying import as_json_option, say
from app.core.access import Actor

if TYPE_CHECKING:
    from app.services.inviting import SlipRun

NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
COLUMNS = ("stratum", "unit", "code", "address", "reserve")


@click.command()
@click.argument("scan")
@click.option("--csv", "csv_path", type=NEW_FILE, help="Write the codes to this CSV file.")
@click.option("--pdf", "pdf_path", type=NEW_FILE, help="Write sheets to cut into slips to this PDF file.")
@click.option(
    "--stratum", "strata", type=int, multiple=True, help="Only this stratum; may be given more than once."
)
@click.option("--reserve", type=int, help="Spare slips a stratum, held by the adviser for lost ones.")
@organisation_option
@as_json_option
def slips(
    *,
    scan: str,
    csv_path: Path | None,
    pdf_path: Path | None,
    strata: tuple[int, ...],
    reserve: int | None,
    slug: str | None,
    as_json: bool,
) -> None:
    """Print the paper codes of SCAN, once.

    A second run voids the unused codes of the first and is in the audit log. The file holds the codes in plain text:
    print it, then destroy it.
    """
    if (csv_path is None) == (pdf_path is None):
        raise click.UsageError("give either --csv FILE or --pdf FILE.")
    opened = opening.installation()
    by = opening.actor(opened, slug)
    path = csv_path or pdf_path
    assert path is not None
    _can_write(path)
    run = _print(opened, scan, strata, reserve, by)
    raw = _as_csv(run, opened.settings.address) if csv_path else _as_pdf(opened, run, slug)
    write_privately(path, raw)
    total = sum(len(sheet.codes) + len(sheet.reserve_codes) for sheet in run.sheets)
    say({"scan": scan, "file": path, "slips": total}, f"Wrote {total} slips to {path}.", as_json=as_json)


@click.command()
@click.argument("scan")
@organisation_option
@as_json_option
def link(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Make the open link of SCAN; an earlier one stops working."""
    from app.services import inviting

    opened = opening.installation()
    owner = opening.organisation(opened, slug)
    code = inviting.make_open_link(
        opened.store,
        scan=scan,
        by=opening.actor(opened, slug),
        now=opening.now(),
        local_ok=opened.settings.local_slips,
        is_local=opened.settings.is_local,
    )
    address = f"{opened.settings.address}/v/{owner.slug}/{code}"
    say({"scan": scan, "code": code, "address": address}, address, as_json=as_json)


def _print(
    opened: Installation, scan: str, strata: tuple[int, ...], reserve: int | None, by: Actor
) -> SlipRun:
    from app.services import inviting

    return inviting.print_slips(
        opened.store,
        scan=scan,
        strata=strata or None,
        reserve=reserve,
        by=by,
        now=opening.now(),
        local_ok=opened.settings.local_slips,
        address=opened.settings.address,
        is_local=opened.settings.is_local,
    )


def _as_csv(run: SlipRun, address: str) -> bytes:
    from app.crypto.codes import grouped

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for sheet in run.sheets:
        for codes, spare in ((sheet.codes, ""), (sheet.reserve_codes, "reserve")):
            for code in codes:
                writer.writerow(
                    [sheet.stratum, sheet.name, grouped(code), f"{address}/v/{run.slug}/{code}", spare]
                )
    return text.getvalue().encode()


def _as_pdf(opened: Installation, run: SlipRun, slug: str | None) -> bytes:
    """In a child process: codes pass no disk, and this process loads no typesetter."""
    from app.render import child
    from app.storage.office import scans

    owner = opening.organisation(opened, slug)
    with opened.store.reading() as session:
        row = scans.get(session, run.scan)
    assert row is not None and row.settings is not None
    lines = sorted(owner.settings.help_lines, key=lambda line: not line.own)
    payload = {
        "organisation": owner.name,
        "slug": run.slug,
        "address": opened.settings.address,
        "closes_on": row.closes_on.isoformat() if row.closes_on else None,
        "minutes": row.settings.questionnaire.minutes,
        "min_group": row.settings.min_group,
        "help_lines": [{"name": line.name, "contact": line.contact} for line in lines],
        "words": _words(opened, run.scan),
        "sheets": [
            {"name": sheet.name, "codes": list(sheet.codes), "reserve_codes": list(sheet.reserve_codes)}
            for sheet in run.sheets
        ],
    }
    try:
        return child.pdf("sheets", payload)
    except child.NotMade as error:
        raise click.ClickException(f"{error}; the codes of this run are lost, print again.") from error


def _words(opened: Installation, scan: str) -> str:
    from app.crypto import personal
    from app.services import certifying

    served = certifying.served(opened.store, scan)
    return personal.words(served.fingerprint) if served else ""


def _can_write(path: Path) -> None:
    """Checked before codes are made: a second run would void them."""
    folder = path.parent
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise click.UsageError(f"{folder} can't be written to.")


def write_privately(path: Path, raw: bytes) -> None:
    """Write a file that only its owner can read, also where one stood already."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
