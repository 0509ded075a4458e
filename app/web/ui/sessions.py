"""Who gets a session: staff do; pages of respondents and of the board can open none, so that no cookie can ever be set."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

WITHOUT = ("/v/", "/u/", "/b/")


class StaffOnly(SecureCookieSessionInterface):
    """None becomes Flask's null session: reading finds nothing, writing raises RuntimeError."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(WITHOUT):
            return None
        return super().open_session(app, request)
