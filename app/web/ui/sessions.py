"""Who gets a session: staff do; on the pages of respondents none can be opened, so that no cookie can ever be set."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

RESPONDENTS = "/v/"


class StaffOnly(SecureCookieSessionInterface):
    """Flask gives a null session where None is returned: reading finds nothing, writing raises RuntimeError."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(RESPONDENTS):
            return None
        return super().open_session(app, request)
