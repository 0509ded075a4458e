"""Invitations by mail from the command line: addresses enter from a file, letters are put on their way; the worker sends them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import opening
from app.cli.faults import Faults
from app.cli.opening import Installation, organisation_option
from app.cli.saying import as_json_option, say

if TYPE_CHECKING:
    from app.core.access import Actor
    from app.services.inviting_by_mail import Site

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def invite() -> None:
    """Invite people by mail, with links that nobody can trace."""


@invite.command()
@click.argument("scan")
@click.argument("file", type=FILE)
@click.option(
    "--stratum", type=int, help="All of these belong to this stratum; the file then needs no such column."
)
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="Of rows without one.",
)
@click.option("--only-good", is_flag=True, help="Store the good rows, although others have a fault.")
@organisation_option
@as_json_option
def addresses(
    *,
    scan: str,
    file: Path,
    stratum: int | None,
    language: str,
    only_good: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Load the addresses of SCAN from FILE, a CSV with the columns address and stratum, and language if you like.

    A stratum is named by its name, by the name or code of a unit in it, or by its number. Nothing is stored while a row has
    a fault, unless you ask for the good ones only. Destroy the file afterwards: the program keeps every address sealed.
    """
    from app.core.units import decode
    from app.services import addressing
    from app.services.addressing import Given

    opened = opening.installation()
    loaded = addressing.load(
        opened.store,
        scan=scan,
        given=Given(decode(file.read_bytes()), stratum, language),
        only_good=only_good,
        by=opening.actor(opened, slug),
        now=opening.now(),
    )
    lines = [f"{file}:{fault.line}: {fault.message}" for fault in loaded.found.faults]
    if not loaded.stored:
        good = len(loaded.found.rows)
        raise Faults(
            [*lines, f"weerklank: nothing was stored; {good} rows are good (--only-good stores those)"]
        )
    for line in lines:
        click.echo(line, err=True)
    data = {"scan": scan, "stored": loaded.stored, "left_out": len(lines)}
    say(data, f"Stored {loaded.stored} addresses.", as_json=as_json)


@invite.command()
@click.argument("scan")
@organisation_option
@as_json_option
def clear(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Take all addresses of SCAN away again, while no letter has gone out."""
    from app.services import addressing

    opened = opening.installation()
    addressing.clear(opened.store, scan=scan, by=opening.actor(opened, slug), now=opening.now())
    say({"scan": scan, "addresses": 0}, f"Scan {scan} has no addresses any more.", as_json=as_json)


@invite.command()
@click.argument("scan")
@organisation_option
@as_json_option
def send(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Put the invitation to SCAN on its way, to every address that has none yet."""
    from app.services import inviting_by_mail

    opened, by, site = _here(slug)
    inviting_by_mail.start(opened.store, scan=scan, site=site, by=by, now=opening.now())
    _post(opened)
    say(
        {"scan": scan, "round": 0},
        "The invitations are on their way; the worker sends them.",
        as_json=as_json,
    )


@invite.command()
@click.argument("scan")
@click.option("--on", "day", metavar="YYYY-MM-DD", help="On this day instead of now.")
@organisation_option
@as_json_option
def remind(*, scan: str, day: str | None, slug: str | None, as_json: bool) -> None:
    """Send a reminder of SCAN, to everybody: nobody can see who took part."""
    from app.services import inviting_by_mail

    opened, by, site = _here(slug)
    if day is not None:
        on = _day(day)
        inviting_by_mail.plan(opened.store, scan=scan, day=on, site=site, by=by, now=opening.now())
        say({"scan": scan, "on": on}, f"A reminder is planned for {on}.", as_json=as_json)
        return
    inviting_by_mail.remind(opened.store, scan=scan, site=site, by=by, now=opening.now())
    _post(opened)
    say({"scan": scan}, "The reminder is on its way, to everybody.", as_json=as_json)


@invite.command()
@click.argument("scan")
@organisation_option
@as_json_option
def standing(*, scan: str, slug: str | None, as_json: bool) -> None:
    """Show how the letters of SCAN stand, in rough numbers; never who answered."""
    from app.services import overseeing

    opened, by, _site = _here(slug)
    found = overseeing.standing(opened.store, scan=scan, by=by, now=opening.now())
    rounds = [
        {"round": one.number, "day": one.day, "state": one.state, "sent": _rough(one.sent)}
        for one in found.rounds
    ]
    people = sum(found.addresses.values())
    words = [f"{people} addresses, {found.uninvited} of them without an invitation."]
    words += [f"round {one['round']}, {one['day']}: {one['state']}, sent {one['sent']}" for one in rounds]
    say({"scan": scan, "addresses": people, "rounds": rounds}, "\n".join(words), as_json=as_json)


@invite.command("new-link")
@click.argument("scan")
@click.argument("email")
@organisation_option
@as_json_option
def new_link(*, scan: str, email: str, slug: str | None, as_json: bool) -> None:
    """Send a new link for SCAN to EMAIL, for somebody who lost theirs; the old one stops working.

    Whether the address is known is not told. How many were given is published with the results.
    """
    from app.services import reissuing

    opened, by, site = _here(slug)
    reissuing.replace_link(opened.store, scan=scan, email=email, site=site, by=by, now=opening.now())
    _post(opened)
    say({"scan": scan}, "If this address was invited, a new link is on its way to it.", as_json=as_json)


def _here(slug: str | None) -> tuple[Installation, Actor, Site]:
    from app.services.inviting_by_mail import Site

    opened = opening.installation()
    return opened, opening.actor(opened, slug), Site.of(opened.settings)


def _post(opened: Installation) -> None:
    from app import jobs

    jobs.connect(opened.settings).post()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"“{text}” is no day; write it as 2027-03-31.") from error


def _rough(number: object) -> str:
    from app.core.reach import About

    assert isinstance(number, About)
    return "fewer than 8" if number.few else str(number.least)
