"""What this browser knows of vaults: the fingerprint of each key it opened enters a cookie; whether one is another now leaves.

Who may write in the database can put another key there; what lies in an adviser's browser they can't change.
"""

from __future__ import annotations

import re

from flask import Response, after_this_request, current_app, request

COOKIE = "vaults"
PATH = "/adviser"
LASTS = 400 * 24 * 3600
MOST = 50
_ENTRY = re.compile(r"(\d{1,10})-([0-9a-f]{20})")


def remember(organisation: int, fingerprint: str) -> None:
    """Keep it in this browser, when it isn't there yet."""
    known, digits = _known(), fingerprint.replace(" ", "")
    if known.get(organisation) == digits:
        return
    kept = {**{id: each for id, each in known.items() if id != organisation}, organisation: digits}
    value = ".".join(f"{id}-{each}" for id, each in list(kept.items())[-MOST:])

    @after_this_request
    def _hold(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            value,
            max_age=LASTS,
            path=PATH,
            httponly=True,
            samesite="Strict",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
        return response


def differs(organisation: int, fingerprint: str) -> bool:
    """Whether this browser knows another key; False where it never opened this vault."""
    return _known().get(organisation, fingerprint.replace(" ", "")) != fingerprint.replace(" ", "")


def _known() -> dict[int, str]:
    entries = request.cookies.get(COOKIE, "").split(".")
    return {int(found[1]): found[2] for each in entries if (found := _ENTRY.fullmatch(each))}
