"""Setting up and running scans: requests of coordinators, advisers and works council enter, pages leave."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("manage", __name__, template_folder="templates")

from app.web.manage import (  # noqa: E402, F401  registers the routes
    correcting,
    documents,
    invitations,
    launch,
    new_link,
    overview,
    postponing,
    progress,
    refusals,
    rehearsal,
    running,
    scan,
    settings,
    slips,
    units,
)
