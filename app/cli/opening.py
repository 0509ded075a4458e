"""An installation for a command: settings are read, the databases brought up to date, an actor found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.core.access import Actor, at_command_line

if TYPE_CHECKING:
    from app.services.certifying import PageMaker
    from app.settings import Settings
    from app.storage.database import Store
    from app.storage.office.organisations import Organisation

organisation_option = click.option(
    "--organisation",
    "slug",
    metavar="SLUG",
    help="Which organisation, where this installation serves several.",
)


@dataclass(frozen=True)
class Installation:
    """Settings, the databases they name, and what draws the pages of a scan with personal links."""

    settings: Settings
    store: Store
    pages: PageMaker


def now() -> datetime:
    """Naive UTC, as the databases hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


def installation(settings: Settings | None = None) -> Installation:
    """The databases of the instance folder, made or migrated when they need it."""
    from app import create_app
    from app import settings as settings_module
    from app.services import resealing
    from app.storage import upgrading

    settings = settings or settings_module.load()
    app = create_app(settings)
    if upgrading.upgrade_if_needed(app, lock=settings.instance / "upgrade.lock"):
        # Comments from before they were sealed at receipt.
        resealing.seal_everywhere(app.extensions["store"])
    return Installation(settings, app.extensions["store"], app.extensions["personal_pages"])


def make_ready(settings: Settings | None = None) -> Settings:
    """The same for a command that only starts others: without loading the application, unless there is something to do."""
    from app import settings as settings_module
    from app.storage.revisions import NAMES, files_are_current

    settings = settings or settings_module.load()
    if not files_are_current(
        [settings.database(name) for name in NAMES], settings_module.ROOT / "migrations"
    ):
        installation(settings).store.dispose()
    return settings


def part() -> Settings:
    """Settings of a process that only gives stamps or only takes answers; its databases are made by who does everything."""
    from app import settings as settings_module
    from app.storage.revisions import files_are_current

    settings = settings_module.load()
    urls = [settings.database(name) for name in settings.databases]
    files = [url for url in urls if url.startswith("sqlite")]
    if not files_are_current(files, settings_module.ROOT / "migrations"):
        raise click.ClickException(
            "its databases are not there or not up to date; start “weerklank serve” without --only first, with the same "
            "[databases] in its settings."
        )
    return settings


def store(settings: Settings) -> Store:
    """The databases that these settings may open, of one who does a part as well."""
    if not settings.only:
        return installation(settings).store
    from app import create_app

    found: Store = create_app(settings).extensions["store"]
    return found


def organisation(opened: Installation, slug: str | None) -> Organisation:
    """The named organisation, else the first one made. Raises click.UsageError when there is none."""
    from app.storage.office import organisations

    with opened.store.reading() as session:
        everyone = organisations.everyone(session)
    if not everyone:
        raise click.ClickException(
            "there is no organisation yet; run “weerklank init --email YOU@EXAMPLE.ORG” first"
        )
    if slug is None:
        return everyone[0]
    for found in everyone:
        if found.slug == slug:
            return found
    known = ", ".join(found.slug for found in everyone)
    raise click.ClickException(f"there is no organisation “{slug}”; this installation serves {known}")


def actor(opened: Installation, slug: str | None) -> Actor:
    return at_command_line(organisation(opened, slug).id)


def check_scan(opened: Installation, slug: str | None, scan: str) -> None:
    """Raise click.ClickException unless the scan is of this organisation."""
    from app.storage.office import scans

    owner = organisation(opened, slug)
    with opened.store.reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != owner.id:
        raise click.ClickException(
            f"there is no scan “{scan}” in {owner.name}; “weerklank scan list” shows them."
        )


def say_not_yet(opened: Installation, *wanted: str) -> None:
    """Who runs the server can release, and so reads early; that nobody else does yet stands on stderr beside it."""
    from app.core.opening import NotYet
    from app.services import opening as doors

    for scan in wanted:
        try:
            doors.check_readable(opened.store, scan=scan, by=None, now=now())
        except NotYet as error:
            click.echo(f"scan {scan}: {error}; until then only who releases reads them", err=True)
