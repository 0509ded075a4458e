"""Accounts: requests of staff enter; pages to sign in, invite, choose roles and change settings leave."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__, template_folder="templates")

from app.web.account import colleagues, organisation, own, views  # noqa: E402, F401  registers the routes
