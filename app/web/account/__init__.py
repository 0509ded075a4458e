"""Pages for: account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__, template_folder="templates")

from app.web.account import views  # noqa: E402, F401  registers the routes
