"""What every page shares: layout, style, languages, security headers, and who is asking."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask_babel import get_locale

from app.settings import Settings
from app.storage.database import Store
from app.web.ui import assets

blueprint = Blueprint("ui", __name__, template_folder="templates")
blueprint.add_url_rule("/static/<name>", "static", assets.serve)

LANGUAGES = ("nl", "en")


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


blueprint.add_app_template_global(assets.asset, "asset")


@blueprint.app_template_global("language")
def _language() -> str:
    """The language of the page, for its lang attribute."""
    return str(get_locale() or LANGUAGES[0])
