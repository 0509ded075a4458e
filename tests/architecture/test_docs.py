"""Pages of docs/ that describe the program are in step with it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from app.cli import COMMANDS, group
from app.settings import Smtp
from tools import commands, translations

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "surveys" / "README.md"])
EVERY = [context.command_path for context in commands.commands(group, commands.root())]


def test_the_page_of_commands_is_what_they_say_themselves() -> None:
    assert commands.PAGE.read_text("utf-8") == commands.page(), "run make fix"


@pytest.mark.parametrize("path", EVERY)
def test_every_command_explains_itself(path: str) -> None:
    page = commands.PAGE.read_text("utf-8")
    assert re.search(rf"^##+ {re.escape(path)}$", page, re.MULTILINE)


def test_the_short_help_is_the_first_line_of_the_long_one() -> None:
    context = commands.root()
    for name, (_, summary) in COMMANDS.items():
        command = group.get_command(context, name)
        assert command is not None and command.help is not None
        assert command.help.splitlines()[0] == summary


def test_help_comes_at_once_and_loads_next_to_nothing() -> None:
    check = (
        "import sys, contextlib, io\nfrom app.cli import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): assert run(['--help']) == 0\n"
        "sys.exit(','.join(m for m in ('flask', 'sqlalchemy', 'numpy', 'granian', 'huey') if m in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    for target in {one or other for one, other in targets}:
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_setting_is_on_the_page_of_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    source = (ROOT / "app" / "settings.py").read_text("utf-8")
    for name in set(re.findall(r"WEERKLANK_[A-Z_]+", source)):
        assert name in page, name
    for field in fields(Smtp):
        assert re.search(rf"^{field.name} =", page, re.MULTILINE), field.name


def test_recipes_have_at_most_six_steps() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipes = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    assert len(recipes) >= 6
    for recipe in recipes:
        steps = re.findall(r"^\d+\. ", recipe, re.MULTILINE)
        assert 1 <= len(steps) <= 6, recipe.splitlines()[0]


def test_translations_are_complete() -> None:
    assert [
        fault for package in translations.packages() for fault in translations.untranslated(package)
    ] == []


def test_the_lock_names_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?://|file:|index-url|/home/|/tmp/", lock)
    assert all(
        "--hash=sha256:" in part for part in re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    )
