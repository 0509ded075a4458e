"""Pages for respondents: enter a code, fill in, send, look up a receipt, see what is kept."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("respond", __name__, template_folder="templates")

from app.web.respond import exchange_views, personal_views, views  # noqa: E402, F401  registers the routes
