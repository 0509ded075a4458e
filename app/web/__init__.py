"""The web application: settings enter, a Flask application with every page leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from app import settings as settings_module
from app.settings import ROOT, Settings
from app.storage import database
from app.web.respond import parts, personal
from app.web.respond.counter import Counter
from app.web.ui import LANGUAGES, errors, headers, languages, sessions, uploads

TRANSLATIONS = (
    "web/ui",
    "web/respond",
    "web/manage",
    "web/results",
    "web/account",
    "web/adviser",
    "web/advice",
    "web/changes",
    "render",
)
MOST_BYTES = 8 * 1024 * 1024
csrf = CSRFProtect()


def build(settings: Settings | None = None) -> Flask:
    settings = settings or settings_module.load()
    if settings.only:
        return parts.build(settings, configuration(settings))
    app = Flask("app", root_path=str(Path(__file__).resolve().parent.parent), static_folder=None)
    app.config.update(configuration(settings))
    app.extensions["settings"] = settings
    app.session_interface = sessions.StaffOnly()
    app.request_class = uploads.InMemory
    database.init_app(app)
    Babel(app, locale_selector=languages.choose)
    csrf.init_app(app)
    register(app)
    headers.init_app(app)
    errors.init_app(app)
    app.extensions["personal_pages"] = personal.page_maker(app)
    app.wsgi_app = Counter(app.wsgi_app, app.extensions["store"], settings.secret)  # type: ignore[method-assign]
    return app


def configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret,
        "SQLALCHEMY_DATABASE_URI": settings.database("office"),
        "SQLALCHEMY_BINDS": {
            name: settings.database(name) for name in settings.databases if name != "office"
        },
        # A failing statement is logged without what it carried.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "MIGRATIONS": str(ROOT / "migrations"),
        "INSTANCE": str(settings.instance),
        "SCAN_KEYS": str(settings.scan_keys),
        "BABEL_DEFAULT_LOCALE": LANGUAGES[0],
        "BABEL_TRANSLATION_DIRECTORIES": ";".join(f"{folder}/translations" for folder in TRANSLATIONS),
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "SESSION_COOKIE_NAME": "staff",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.address.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=10),
        "WTF_CSRF_TIME_LIMIT": None,
    }


def register(app: Flask) -> None:
    from app.web import account, advice, adviser, changes, manage, respond, results, ui

    app.register_blueprint(ui.blueprint)
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(account.blueprint, url_prefix="/account")
    app.register_blueprint(manage.blueprint, url_prefix="/manage")
    app.register_blueprint(results.blueprint, url_prefix="/results")
    app.register_blueprint(adviser.blueprint, url_prefix="/adviser")
    app.register_blueprint(advice.blueprint, url_prefix="/advice")
    app.register_blueprint(changes.public, url_prefix="/b")
    app.register_blueprint(changes.blueprint, url_prefix="/changes")
    csrf.exempt(respond.blueprint)
    csrf.exempt(changes.public)
