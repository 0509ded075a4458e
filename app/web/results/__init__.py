"""Pages for: results."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("results", __name__, template_folder="templates")

from app.web.results import views  # noqa: E402, F401  registers the routes
