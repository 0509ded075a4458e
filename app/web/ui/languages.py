"""Which language a page is in: the account's, else what was chosen, else what the browser asks for."""

from __future__ import annotations

from flask import g, request

from app.web.ui import LANGUAGES


def choose() -> str:
    chosen = getattr(g, "language", None) or request.args.get("language") or request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
