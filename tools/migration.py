"""Writes the migration that brings the tables as they are in the code: a few words about it enter, a file to read over leaves.

python -m tools.migration "what changes"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import flask_migrate

from app import create_app
from app.settings import load
from app.storage import upgrading


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write('usage: python -m tools.migration "what changes"\n')
        return 2
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"WEERKLANK_INSTANCE": str(Path(folder) / "instance")}))
        upgrading.upgrade(app)
        with app.app_context():
            flask_migrate.migrate(directory=app.config["MIGRATIONS"], message=sys.argv[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
