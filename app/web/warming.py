"""Warming up: an application enters; what a first visit would wait for is loaded, and no database stays open.

Run once before the server forks, so that every process shares it.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale, gettext

from app.core.days import local_day
from app.render import numbers, texts
from app.services import signing_in
from app.storage.database import Store
from app.storage.office import organisations, releases, scans
from app.web.ui import LANGUAGES
from app.web.ui.asking import now


def warm_up(app: Flask) -> None:
    """Catalogues, figures and dates of every language, and the statements of a page of results, compiled."""
    with app.test_request_context("/"):
        for language in LANGUAGES:
            with force_locale(language):
                gettext("Results")
            texts.speak(language)
            numbers.figure(0.5, language)
            numbers.day(local_day(now()), language)
    store: Store = app.extensions["store"]
    signing_in.resume(store, token="", now=now())
    with store.reading() as session:
        organisations.by_slug(session, "")
        scans.get(session, "")
        scans.of_organisation(session, 0)
        releases.latest_digest(session, "")
    store.dispose()
