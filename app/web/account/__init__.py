"""Accounts: requests of staff enter; pages to sign in, invite, choose roles and change settings leave."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__, template_folder="templates")

from app.web.account import (  # noqa: E402  registers the routes
    colleagues,  # noqa: F401
    organisation,  # noqa: F401
    own,  # noqa: F401
    second_factors,  # noqa: F401
    second_step,  # noqa: F401
    views,  # noqa: F401
)
