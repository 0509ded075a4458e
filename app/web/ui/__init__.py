"""What every page shares: layout, style, languages, security headers, and who is asking."""

from __future__ import annotations

from flask import Blueprint, current_app

from app.settings import Settings
from app.storage.database import Store

blueprint = Blueprint("ui", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

LANGUAGES = ("nl", "en")


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
