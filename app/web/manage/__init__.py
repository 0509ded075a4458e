"""Pages for: manage."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("manage", __name__, template_folder="templates")

from app.web.manage import views  # noqa: E402, F401  registers the routes
