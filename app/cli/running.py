"""Commands that keep running: the server, the worker, and the demo."""

from __future__ import annotations

import os
import socket
import sys
import time
from typing import TYPE_CHECKING

import click

from app.settings import ONLY, PARTS

if TYPE_CHECKING:
    from app.settings import Settings

SECONDS_FOR_PORT = 3.0
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
port_option = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)


@click.command()
@host_option
@port_option
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
@click.option(
    "--only",
    type=click.Choice(PARTS),
    help="Only give stamps for personal links, or only serve their page and take answers: without the other's database.",
)
def serve(*, host: str, port: int, workers: int, only: str | None) -> None:
    """Start web server and worker, and keep both running.

    Listens on this machine only: put a web server with HTTPS in front of it (docs/operations.md). Stop with Ctrl-C or SIGTERM.
    """
    from app.cli import health, opening

    if only:
        os.environ[ONLY] = only
        settings = opening.part()
    else:
        settings = opening.make_ready()
        health.check_before_serving(settings)
    settle(settings)
    start(host, port, workers)


def settle(settings: Settings) -> None:
    """What a killed server left waiting is mixed before anything new comes in; the application is loaded only for that."""
    from app.cli import opening
    from app.storage import waiting

    if not any(waiting.unmixed(settings.database(name)) for name in settings.databases if name != "office"):
        return
    from app.services import settling
    from app.storage.mixing import NotMixed

    store = opening.store(settings)
    try:
        settling.settle(store)
    except NotMixed as error:
        click.echo(f"The ballots could not be mixed yet ({error}); the next ones will do it.", err=True)
    finally:
        store.dispose()


def start(host: str, port: int, workers: int) -> None:
    """Become the supervisor: the same process, without anything that this command has loaded."""
    check_port(host, port)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "app.serving.supervisor", host, str(port), str(workers)]
    os.execv(command[0], command)


def check_port(host: str, port: int) -> None:
    """Wait a moment for a server that is just ending; raise when somebody else keeps the port."""
    last = time.monotonic() + SECONDS_FOR_PORT
    while True:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            return
        except OSError as error:
            if (
                time.monotonic() > last
                or not isinstance(error, OSError)
                or isinstance(error, socket.gaierror)
            ):
                raise click.ClickException(
                    f"can't listen at {host}:{port}: {error.strerror}; choose another --port."
                ) from error
            time.sleep(0.1)


@click.command()
def worker() -> None:
    """Run the worker alone, for long work asked for on pages.

    “weerklank serve” has one already; this is for installations where the web server is started another way.
    """
    from app.cli import opening

    opening.make_ready()
    os.execv(sys.executable, [sys.executable, "-m", "app.jobs.worker"])


@click.command()
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and make it anew.")
@click.option("--code", is_flag=True, help="Print the code that the adviser's app shows now, and stop.")
def demo(*, host: str, port: int, fresh: bool, code: bool) -> None:
    """Serve a seeded care organisation of 220 people, to look around in.

    Has an instance folder of its own (instance/demo); a second start uses what the first one made.
    With --code, in another terminal, it gives the adviser's second step of signing in: a code works once, for about a minute.
    """
    from app import demo as seeding
    from app.cli import opening

    if code:
        try:
            click.echo(seeding.code_now())
        except (FileNotFoundError, KeyError) as error:
            raise click.ClickException(
                "there is no demo with codes yet; run “weerklank demo” first."
            ) from error
        return
    check_port(host, port)
    shown = seeding.prepare(
        address=f"http://{host}:{port}",
        fresh=fresh,
        say=lambda line: click.echo(line, err=True),
        open_store=lambda settings: opening.installation(settings).store,
    )
    settle(opening.make_ready())
    click.echo(shown)
    start(host, port, workers=2)
