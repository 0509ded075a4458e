"""The adviser's side: cards, comments, patterns beside the scan, reports and advice; one organisation a page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("adviser", __name__, template_folder="templates")

from app.web.adviser import (  # noqa: E402  registers the routes, one a line so that parts don't collide
    beside,  # noqa: F401
    card_list,  # noqa: F401
    cards,  # noqa: F401
    choosing,  # noqa: F401
    comments,  # noqa: F401
    council,  # noqa: F401
    home,  # noqa: F401
    keeping_time,  # noqa: F401
    key,  # noqa: F401
    mending,  # noqa: F401
    patterns,  # noqa: F401
    register,  # noqa: F401
    register_check,  # noqa: F401
    register_export,  # noqa: F401
    reports,  # noqa: F401
    unlock,  # noqa: F401
    vault,  # noqa: F401
)
