"""Commands on questionnaires: a file enters, its faults by line or a preview in words leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.faults import Faults
from app.cli.saying import as_json_option, say

if TYPE_CHECKING:
    from app.core.instrument import Instrument, Item

SURVEYS = Path(__file__).resolve().parent.parent.parent / "surveys"


def find_instrument(name: str) -> Path:
    """A file, or the id of a questionnaire in surveys/. Raises click.UsageError when it is neither."""
    path = Path(name)
    if path.is_file():
        return path
    own = SURVEYS / f"{name}.toml"
    if own.is_file():
        return own
    known = ", ".join(sorted(found.stem for found in SURVEYS.glob("*.toml") if found.stem != "themes"))
    raise click.UsageError(
        f"there is no file “{name}”, and no questionnaire of that name (there are {known})."
    )


@click.group()
def instrument() -> None:
    """Check and preview questionnaires."""


@instrument.command()
@click.argument("file")
@as_json_option
def check(*, file: str, as_json: bool) -> None:
    """Name the line of every fault in a questionnaire FILE; a notice is no fault."""
    from app.core import instrument as instruments

    path = find_instrument(file)
    found = instruments.check(read(path), themes=_themes())
    faults = [fault for fault in found if not fault.notice]
    if as_json:
        say([{"line": f.line, "message": f.message, "notice": f.notice} for f in found], "", as_json=True)
    else:
        for notice in (fault for fault in found if fault.notice):
            click.echo(f"{path}:{notice.line}: notice: {notice.message}", err=True)
    if faults:
        raise Faults([] if as_json else [f"{path}:{fault.line}: {fault.message}" for fault in faults])
    if not as_json:
        click.echo(f"{path}: no faults")


def _themes() -> frozenset[str]:
    from app.core.instrument import load_themes

    path = SURVEYS / "themes.toml"
    return frozenset(load_themes(path.read_text("utf-8"))) if path.exists() else frozenset()


def read(path: Path) -> str:
    """The text of a questionnaire file, with or without the mark that some editors put in front. Raises Faults."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Faults([f"{path}:{line}: the file must be saved as UTF-8"]) from error


@instrument.command()
@click.argument("file")
@click.option("--language", help="One of the questionnaire's languages; its first one if left out.")
@as_json_option
def preview(*, file: str, language: str | None, as_json: bool) -> None:
    """Show a questionnaire FILE as people will read it, screen by screen."""
    from app.cli.faults import in_file
    from app.core import instrument as instruments

    path = find_instrument(file)
    with in_file(path):
        parsed = instruments.parse(read(path))
    chosen = language or parsed.languages[0]
    if chosen not in parsed.languages:
        raise click.UsageError(f"this questionnaire is in {', '.join(parsed.languages)}, not “{chosen}”.")
    screens = [[_question(parsed, item, chosen) for item in section.items] for section in parsed.sections]
    data = {"id": parsed.id, "version": parsed.version, "language": chosen, "screens": screens}
    say(data, _words(parsed, screens, chosen), as_json=as_json)


def _question(parsed: Instrument, item: Item, language: str) -> dict[str, Any]:
    answers = list(parsed.options_of(item).labels[language]) if item.options else []
    return {
        "id": item.id,
        "kind": item.kind,
        "scale": item.scale,
        "text": item.text[language],
        "answers": answers,
    }


def _words(parsed: Instrument, screens: list[list[dict[str, Any]]], language: str) -> str:
    lines = [f"{parsed.title[language]} ({parsed.minutes} min)"]
    if not parsed.validated:
        lines.append("Not validated: own questions.")
    number = 0
    for place, screen in enumerate(screens, start=1):
        lines.append(f"\n[{place} of {len(screens)}]")
        for question in screen:
            number += 1
            lines.append(f"{number}. {question['text']}")
            answers = question["answers"]
            lines.append("   " + (" / ".join(answers) if answers else "..."))
    return "\n".join(lines)
