"""The second step of signing in through the real pages: a browser after its password enters, one signed in whole leaves."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.crypto import one_time
from app.web.ui.asking import now

KEY = re.compile(r'<span class="code">([A-Z2-7 ]+)</span>')
SPARE = re.compile(r'<li class="code">([0-9A-Z-]{19})</li>')
PROOF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def send(browser: FlaskClient, address: str, page: str = "", **fields: object) -> TestResponse:
    """Open the page, take its proof, and send the form the way a browser does."""
    shown = browser.get(page or address)
    proof = PROOF.search(shown.text)
    assert proof, f"{page or address} answered {shown.status_code} without a form"
    return browser.post(address, data={"csrf_token": proof[1], **fields})


def code(secret: str, later: int = 0) -> str:
    """What the app shows; `later` steps from now, for a code works once and the next one is taken early."""
    return one_time.code_at(secret, one_time.step_at(now()) + later)


def set_up_app(browser: FlaskClient, page: str = "/account/second/app") -> tuple[str, list[str]]:
    """Set up an app; gives its secret, and the spare codes that were shown."""
    found = KEY.search(browser.get(page).text)
    assert found, "no key on the page"
    secret = found[1].replace(" ", "")
    # A step back, so that the code of now is still there for signing in.
    answer = send(browser, page, code=code(secret, -1))
    assert answer.status_code in (200, 302), answer.text
    return secret, SPARE.findall(answer.text)


def finish(browser: FlaskClient, secret: str, later: int = 0) -> None:
    """The second step with a code of the app."""
    answer = send(browser, "/account/second", code=code(secret, later))
    assert answer.status_code == 302, answer.text
