"""The adviser's side: cards, comments, patterns beside the scan, reports and advice; one organisation a page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("adviser", __name__, template_folder="templates")

from app.web.adviser import card_list, cards, choosing, home, mending, patterns, unlock, vault  # noqa: E402, F401  registers the routes
