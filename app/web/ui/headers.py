"""Headers of every answer: nothing cached, no Referer, nothing from elsewhere."""

from __future__ import annotations

from flask import Flask, Response, request

from app.web.ui import asking

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Pages with a script that asks this server how far long work is, or how what is typed looks.
ASKING = frozenset(
    {"manage.progress", "manage.invitations", "changes.write", "changes.change", "respond.personal_page"}
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_app(app: Flask) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        if "Content-Security-Policy" in response.headers:
            return response  # made with all of them, on the path every respondent takes
        if request.endpoint in ASKING:
            response.headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self'"
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(asking.STAFF_PAGES):
            # Files too: a PDF in the cache of a shared computer would still be there after signing out.
            response.headers["Cache-Control"] = "no-store"
        elif request.endpoint != "ui.static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
