"""Commands of a scan, from questionnaire and units to results; long ones do the work themselves and show progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app.cli import opening, slips
from app.cli.faults import in_file
from app.cli.instruments import find_instrument, read
from app.cli.opening import organisation_option
from app.cli.saying import as_json_option, progress, say
from app.core.access import Actor
from app.core.lifecycle import KINDS
from app.core.plan import MATTERS, PERSONAL

WITHOUT_VAULT = (
    "Its open questions are not asked yet: what people write is sealed to the advisers' vault, and there is none that the works "
    "council has confirmed. {then}"
)
ASKED_THEN = "They are asked from the moment there is."
NEVER_ASKED = "The page that personal links open is frozen now, so behind those they stay away."
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def scan() -> None:
    """Create, open, import, seal, release and archive scans."""


scan.add_command(slips.slips)
scan.add_command(slips.link)


@scan.command()
@click.option("--name", required=True, help="What people will see it called.")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True)
@click.option("--instrument", required=True, help="A questionnaire file, or the id of one in surveys/.")
@click.option("--units", required=True, type=FILE, help="CSV with the columns code, parent, name, headcount.")
@click.option(
    "--groupings",
    default="unit",
    show_default=True,
    help="“unit” and ids of background questions, with commas.",
)
@click.option(
    "--min-group", type=int, default=8, show_default=True, help="The smallest group shown, in answers."
)
@click.option(
    "--way", type=click.Choice(["slips", "open-link", "personal-links"]), default="slips", show_default=True
)
@click.option(
    "--exchange",
    is_flag=True,
    help="With personal links: let browsers without JavaScript in by their link too; weaker, and said on the first page.",
)
@click.option(
    "--matters",
    type=float,
    default=MATTERS,
    show_default=True,
    help="Points by which a score must differ to matter, in comparisons.",
)
@organisation_option
@as_json_option
def create(
    *,
    name: str,
    kind: str,
    instrument: str,
    units: Path,
    groupings: str,
    min_group: int,
    way: str,
    exchange: bool,
    matters: float,
    slug: str | None,
    as_json: bool,
) -> None:
    """Make a scan from a questionnaire and a file of units.

    Each unit with at least --min-group invited is reported on by itself; smaller ones join a sibling.
    """
    from app.core import instrument as instruments
    from app.core.units import decode
    from app.services import planning

    opened = opening.installation()
    by = opening.actor(opened, slug)
    path = find_instrument(instrument)
    text = read(path)
    with in_file(path):
        instruments.parse(text)
    with in_file(units):
        made = planning.create_scan(
            opened.store,
            name=name,
            kind=kind,
            instrument=text,
            units=decode(units.read_bytes()),
            groupings=tuple(part.strip() for part in groupings.split(",") if part.strip()),
            min_group=min_group,
            way=way,
            spread=1,
            matters=matters,
            exchange=exchange,
            by=by,
            now=opening.now(),
        )
    say({"scan": made, "state": "ready"}, f"Made scan {made}.", as_json=as_json)


@scan.command("open")
@click.argument("scan")
@click.option(
    "--checklist-confirmed",
    is_flag=True,
    help="Every step of the launch checklist was done; sets default dates.",
)
@click.option(
    "--overdue-reason",
    default="",
    metavar="TEXT",
    help="Why it opens while promises of the last scan are late; the board shows it.",
)
@organisation_option
@as_json_option
def open_(
    *, scan: str, checklist_confirmed: bool, overdue_reason: str, slug: str | None, as_json: bool
) -> None:
    """Freeze the settings of SCAN and take answers from now on."""
    from app.services import launching, planning

    opened = opening.installation()
    by = opening.actor(opened, slug)
    planning.open_scan(
        opened.store,
        scan=scan,
        checklist_confirmed=checklist_confirmed,
        overdue_reason=overdue_reason,
        by=by,
        now=opening.now(),
    )
    with opened.store.reading() as session:
        row = launching.own_scan(session, scan, by)
        personal = row.settings is not None and row.settings.way == PERSONAL
    if personal:
        # At once: without its keys nobody can be invited. Asked for again, it makes what is missing.
        _certify(opened, scan, by)
    with opened.store.reading() as session:
        waits = launching.waits_for_vault(opened.store, launching.own_scan(session, scan, by))
    words = f"Scan {scan} is open."
    if waits:
        words += " " + WITHOUT_VAULT.format(then=NEVER_ASKED if personal else ASKED_THEN)
    say({"scan": scan, "state": "open", "open_questions": not waits}, words, as_json=as_json)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def certify(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Make the keys of the open SCAN with personal links, and print its fingerprint; what was made stays as it is."""
    from app.crypto.personal import words
    from app.services import certifying

    opened = opening.installation()
    _certify(opened, scan, opening.actor(opened, slug))
    served = certifying.served(opened.store, scan)
    assert served is not None
    spoken = words(served.fingerprint)
    found = {"scan": scan, "fingerprint": served.fingerprint, "words": spoken}
    say(found, f"Scan {scan} is certified. Its words: {spoken}", as_json=as_json)


def _certify(opened: opening.Installation, scan: str, by: Actor) -> None:
    from app.services import certifying

    certifying.certify(
        opened.store,
        scan=scan,
        pages=opened.pages,
        by=by,
        now=opening.now(),
        progress=progress("certify"),
    )


@scan.command()
@click.argument("scan")
@click.option(
    "--until", "closes_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The new last day."
)
@organisation_option
@as_json_option
def extend(*, scan: str, closes_on: datetime, slug: str | None, as_json: bool) -> None:
    """Keep SCAN open until a later day."""
    from app.services import planning

    opened = opening.installation()
    day = closes_on.date()
    planning.extend(opened.store, scan=scan, closes_on=day, by=opening.actor(opened, slug), now=opening.now())
    say({"scan": scan, "closes_on": day}, f"Scan {scan} is open until {day}.", as_json=as_json)


@scan.command("import")
@click.argument("scan")
@click.argument("file", type=FILE)
@organisation_option
@as_json_option
def import_(*, scan: str, file: Path, slug: str | None, as_json: bool) -> None:
    """Take the answers of an earlier survey from a CSV FILE into the open SCAN.

    Columns: the ids of the questions, “unit”, and ids of background questions. An empty cell is a missing answer.
    """
    from app.services import importing

    opened = opening.installation()
    by = opening.actor(opened, slug)
    with in_file(file):
        rows = importing.import_answers(
            opened.store, scan=scan, path=file, by=by, now=opening.now(), progress=progress("import")
        )
    say({"scan": scan, "rows": rows}, f"Imported {rows} rows; row order was dropped.", as_json=as_json)


def _act(
    name: str,
    state: str,
    work: Callable[..., Any],
    scan: str,
    slug: str | None,
    *,
    as_json: bool,
    after: Callable[..., None] | None = None,
) -> None:
    """The three long acts differ only in what they call; `after` makes files of what was done."""
    opened = opening.installation()
    by = opening.actor(opened, slug)
    given = work(opened.store, scan=scan, by=by, now=opening.now(), progress=progress(name))
    if after is not None:
        after(opened.store, scan=scan, files=opened.settings.files)
    more = {"digest": given} if given else {}
    say({"scan": scan, "state": state, **more}, f"Scan {scan} is {state}.", as_json=as_json)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def seal(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Close SCAN for good: ballots become an orderless dataset, codes are destroyed."""
    from app.cli import backups
    from app.services import backing_up, sealing

    _act("seal", "sealed", sealing.seal, scan, slug, as_json=as_json)
    for line in backups.left_words(backing_up.keys_left(opening.installation().store)):
        click.echo(line, err=True)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def release(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Compute, protect and publish the results of the sealed SCAN."""
    from app.services import condensing, releasing

    act, after = releasing.release, condensing.condense
    _act("release", "released", act, scan, slug, as_json=as_json, after=after)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def rehearse(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Protect and attack simulated answers to SCAN, to see before launch what would be published."""
    from app.cli.tables import rehearsal_words
    from app.services import rehearsing

    opened = opening.installation()
    found = rehearsing.rehearse(
        opened.store, scan=scan, by=opening.actor(opened, slug), progress=progress("rehearse")
    )
    say(found, rehearsal_words(found), as_json=as_json)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def archive(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Destroy the answers of SCAN; what was released stays."""
    from app.services import retaining

    _act("archive", "archived", retaining.archive, scan, slug, as_json=as_json)


@scan.command()
@click.argument("scan")
@organisation_option
@as_json_option
def results(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Print the released results of SCAN."""
    from app.cli.tables import results_table
    from app.services import releasing

    opened = opening.installation()
    opening.check_scan(opened, slug, scan)
    document = releasing.document(opened.store, scan=scan)
    opening.say_not_yet(opened, scan)
    say(document, "" if as_json else results_table(document), as_json=as_json)


@scan.command()
@click.argument("old")
@click.argument("new")
@click.option("--unit-map", type=FILE, help="CSV with the columns old,new: units that got another code.")
@organisation_option
@as_json_option
def compare(*, old: str, new: str, unit_map: Path | None, slug: str | None, as_json: bool) -> None:
    """Hold the results of scan NEW against those of the earlier scan OLD.

    Only groups and scales that are defined the same in both are compared; the others are listed with the reason.
    """
    from app.cli.tables import comparison_table
    from app.core.units import decode
    from app.services import comparing

    opened = opening.installation()
    by = opening.actor(opened, slug)
    with in_file(unit_map or Path()):
        text = decode(unit_map.read_bytes()) if unit_map else None
        found = comparing.compare_scans(
            opened.store, old=old, new=new, unit_map=text, by=by, now=opening.now()
        )
    opening.say_not_yet(opened, old, new)
    say(found, "" if as_json else comparison_table(found), as_json=as_json)


@scan.command("list")
@organisation_option
@as_json_option
def list_(*, slug: str | None, as_json: bool) -> None:
    """List the scans of an organisation, the newest first."""
    from app.storage.office import scans

    opened = opening.installation()
    owner = opening.organisation(opened, slug)
    with opened.store.reading() as session:
        rows = [
            {
                "scan": row.id,
                "name": row.name,
                "kind": row.kind,
                "state": row.state,
                "closes_on": row.closes_on,
            }
            for row in scans.of_organisation(session, owner.id)
        ]
    words = "\n".join(f"{row['scan']}  {row['state']:<9} {row['kind']:<10} {row['name']}" for row in rows)
    say(rows, words or "There are no scans yet; make one with “weerklank scan create”.", as_json=as_json)
