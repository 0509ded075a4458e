"""The page of commands: what each says with --help enters, docs/commands.md leaves.

python -m tools.commands          prints it
python -m tools.commands --write  writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli import group

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Made from the program's own help by `make fix`; a test keeps it in step. Every command takes `--help`. Where a command prints
data it takes `--json`. Bad input gives one line on the error output (`file:line: message` where a file is wrong) and
exit code 2. `WEERKLANK_INSTANCE` names another instance folder than `instance/` in the clone.
"""
WIDTH = 100


def commands(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """The contexts of a command and of everything under it, in the order of --help."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            below = click.Context(
                found, info_name=name, parent=context, terminal_width=WIDTH, max_content_width=WIDTH
            )
            yield from commands(found, below)


def root() -> click.Context:
    """With its own settings, as when it runs: a command keeps the help option that it was first asked for."""
    wide = {**group.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return click.Context(group, info_name="weerklank", **wide)


def page() -> str:
    parts = [HEAD]
    for context in commands(group, root()):
        depth = "##" if context.parent is None or context.parent.parent is None else "###"
        parts.append(f"{depth} {context.command_path}\n\n```\n{context.get_help()}\n```\n")
    return "\n".join(parts)


def main() -> int:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
