"""The floors are a failing build: the contracts hold, and a planted violation of each kind breaks one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


def broken(folder: Path) -> set[str]:
    """Names of the broken contracts of the package in this folder."""
    done = subprocess.run(
        [LINTER, "--config", folder / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = set(re.findall(r"^(.+?) BROKEN", done.stdout, re.MULTILINE))
    assert (done.returncode != 0) == bool(found), done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("*.pyc", "static", "translations")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_holds() -> None:
    assert broken(ROOT) == set()


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/units.py", "import flask", "Core is pure"),
        ("core/units.py", "import sqlalchemy", "Core is pure"),
        ("core/units.py", "import matplotlib", "Core is pure"),
        ("core/units.py", "import app.core.plan", "Inside core"),
        ("core/attack/tables.py", "import app.core.disclosure.grids", "The attacker and"),
        ("core/disclosure/grids.py", "import app.core.attack", "The attacker and"),
        ("core/strata.py", "import app.storage.database", "Imports only go down"),
        ("storage/issuing.py", "import app.services.sealing", "Imports only go down"),
        ("storage/issuing.py", "import app.storage.ballots", "Issuing and ballots"),
        ("storage/ballots.py", "import app.storage.issuing", "Issuing and ballots"),
        ("core/signals/rates.py", "import scipy.stats", "Signals know of a scan"),
        ("core/signals/scan_side.py", "import app.core.disclosure.grids", "Signals know of a scan"),
        ("services/inviting.py", "import sqlalchemy", "Services import neither"),
        ("services/inviting.py", "import flask", "Services import neither"),
        ("services/inviting.py", "import app.storage.ballots", "Ballots are touched"),
        ("web/results/views.py", "import app.storage.datasets", "Datasets are touched"),
        ("web/results/views.py", "import app.core.scoring", "Unprotected tallies"),
        ("services/picturing.py", "import app.core.tally", "Unprotected tallies"),
        ("web/results/views.py", "import sqlalchemy", "The web floor writes no SQL"),
        ("web/results/views.py", "import app.web.manage", "Web packages but ui"),
        ("web/results/views.py", "import matplotlib", "Drawing and typesetting"),
        ("jobs/tasks.py", "import flask", "Flask lives on the web floor"),
    ],
)
def test_a_planted_violation_fails(copy: Path, module: str, line: str, contract: str) -> None:
    path = copy / "app" / module
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        assert any(name.startswith(contract) for name in broken(copy))
    finally:
        path.write_text(before, "utf-8")


def test_core_loads_neither_flask_nor_a_database() -> None:
    modules = (
        "app.core.plan, app.core.strata, app.core.access, app.core.answers, app.core.release, app.core.stored"
    )
    check = f"import sys, {modules}; sys.exit(any(m in sys.modules for m in ('flask', 'sqlalchemy', 'numpy', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0


def test_the_web_process_loads_no_numbers_and_no_drawing(tmp_path: Path) -> None:
    heavy = ("numpy", "pandas", "scipy", "matplotlib", "seaborn", "typst", "alembic")
    check = f"import sys, app.wsgi; sys.exit(','.join(m for m in {heavy} if m in sys.modules) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=ROOT,
        env={**os.environ, "WEERKLANK_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
