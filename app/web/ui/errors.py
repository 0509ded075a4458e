"""Error pages: what went wrong enters, a page that says what to do leaves; nothing of the request is kept."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

from flask import Flask, Response, current_app, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.access import NotAllowed
from app.web.ui import unsent

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    say_little(app)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(NotAllowed, lambda _error: _page(403))
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(InternalServerError, _broken)


def say_little(app: Flask) -> None:
    """No text of an error in the log: it could hold what somebody sent."""
    app.log_exception = _where  # type: ignore[method-assign]


def _known(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Redirects and answers somebody made on purpose pass; the rest gets a page."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _broken(error: InternalServerError) -> tuple[str, int]:
    """The log gets the kind of error only: its text could hold what somebody typed."""
    cause = error.original_exception
    log.error("a page failed: %s", type(cause).__name__ if cause else "500")
    return _page(500)


def _where(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    """In the place of Flask's own traceback, which ends in the error's text: only where in the program it broke."""
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(exc_info[2])]
    log.error("a page broke at %s", " > ".join(places[-6:]))


def _expired(_error: CSRFError) -> tuple[str, int] | Response:
    """For a form whose proof of origin is of another session: what was written in it comes back, else a page says what to do."""
    if held := unsent.stale():
        return held
    title, advice = (
        _("This form is too old"),
        _("Go back, load the page again and send the form once more. Nothing was changed."),
    )
    return render_template("ui/error.html", title=title, advice=advice), 400


def _page(status: int) -> tuple[str, int]:
    title, advice = _words(status)
    return render_template("ui/error.html", title=title, advice=advice), status


def _words(status: int) -> tuple[str, str]:
    megabytes = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // (1024 * 1024)
    match status:
        case 401 | 403:
            return _("You have no access to this"), _(
                "This page needs another role. Ask your administrator if you think you should have it."
            )
        case 404 | 410:
            return _("This page doesn't exist"), _("Check the address, or go back to where you came from.")
        case 413:
            return _("This file is too large"), _(
                "At most %(megabytes)d MB fits. Choose a smaller file; nothing was stored.",
                megabytes=megabytes,
            )
        case 429:
            return _("Too many attempts"), _("Wait a few minutes and try again.")
        case 400 | 405 | 415 | 422:
            return _("That is not possible here"), _("Go back and use the buttons of the page.")
        case _:
            return _("Something went wrong"), _(
                "It is not your fault. Try again in a minute. If it stays, tell your administrator."
            )
