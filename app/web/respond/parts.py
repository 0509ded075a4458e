"""An application that does one part of a personal link and has nothing else: no other route, no other database, no secret.

Started with `weerklank serve --only issuing` or `--only receiving`, each as a user of its own (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from app.settings import Settings
from app.storage import database
from app.web.respond import personal_views
from app.web.ui import errors, headers, uploads


def build(settings: Settings, configuration: Mapping[str, object]) -> Flask:
    app = Flask("app.part", static_folder=None)
    app.config.update(configuration)
    app.extensions["settings"] = settings
    app.request_class = uploads.InMemory
    database.init_app(app)
    if settings.only == "issuing":
        app.add_url_rule("/u/<scan>/issue", view_func=personal_views.issue, methods=["POST"])
    else:
        app.add_url_rule("/u/<scan>/", "respond.personal_page", personal_views.certified_page)
        app.add_url_rule("/u/<scan>/<name>", view_func=personal_views.personal_file)
        app.add_url_rule("/u/<scan>/receive", view_func=personal_views.receive, methods=["POST"])
    headers.init_app(app)
    errors.say_little(app)
    return app
