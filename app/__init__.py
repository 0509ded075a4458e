"""Weerklank: anonymous culture scans, laid beside advisers' signals, with what changed shown to everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """The web application; everything is imported here, so that `import app.core` loads neither Flask nor SQLAlchemy."""
    from app import jobs
    from app.web import build

    app = build(settings)
    if not app.extensions["settings"].only:
        app.extensions["queue"] = jobs.connect(app.extensions["settings"])
    return app
