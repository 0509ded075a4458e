"""The `weerklank` command: words typed in a shell enter, work is done, one-line messages and an exit code leave."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from app import __version__
from app.cli.faults import BAD_INPUT, lines_for

# Name -> module and what it does in a line: `weerklank --help` loads none of them.
COMMANDS = {
    "init": ("installing", "Make the databases, the first organisation and its administrator."),
    "demo": ("running", "Serve a seeded care organisation of 220 people, to look around in."),
    "serve": ("running", "Start web server and worker, and keep both running."),
    "worker": ("running", "Run the worker alone, for long work asked for on pages."),
    "what-is-stored": ("installing", "Show exactly what is kept of somebody who fills in a scan."),
    "health": ("health", "Check that nothing around the databases breaks a promise to respondents."),
    "backup": ("backups", "Write a sealed backup of everything in FOLDER, over the one before."),
    "restore": ("backups", "Put a backup FILE back into an empty instance folder (WEERKLANK_INSTANCE)."),
    "account": ("accounts", "Help somebody who can't sign in any more."),
    "instrument": ("instruments", "Check and preview questionnaires."),
    "scan": ("scans", "Create, open, import, seal, release and archive scans."),
    "invite": ("inviting", "Invite people by mail, with links that nobody can trace."),
    "signals": ("signals", "Open files of signal cards that an adviser exported."),
    "release": ("releases", "Attack what is released, and correct it by a new edition."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="weerklank")
def group() -> None:
    """Weerklank: anonymous culture scans, with results nobody can be found in.

    WEERKLANK_INSTANCE names another instance folder than the one in the clone.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 2 bad input or refused, 130 interrupted."""
    try:
        result = group.main(args=arguments, prog_name="weerklank", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        click.echo("weerklank: stopped", err=True)
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`); pointing stdout elsewhere keeps Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        lines = lines_for(error)
        if lines is None:
            raise
        for line in lines:
            click.echo(line, err=True)
        return BAD_INPUT


SOLVING = frozenset({"scan", "release"})


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] in SOLVING:
        _keep_stdout_for_ourselves()
    sys.exit(run())


def _keep_stdout_for_ourselves() -> None:
    """HiGHS now and then writes a remark of its own to standard output, where --json must be."""
    ours = os.dup(sys.stdout.fileno())
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    os.close(silence)
    sys.stdout = os.fdopen(ours, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
