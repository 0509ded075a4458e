"""Pictures of an open vault: words and numbers enter, an image in the answer leaves, drawn by a child and kept nowhere."""

from __future__ import annotations

from typing import Any

from flask import Response, abort

from app.render import child
from app.render.child import NotMade

NARROW = "narrow"


def drawn(kind: str, payload: dict[str, Any], width: str) -> Response:
    """The answer says no-store, as every page here; 503 where the child made nothing, and the page's table stands alone then."""
    try:
        picture = child.svg(kind, {**payload, "narrow": width == NARROW})
    except NotMade:
        abort(503)
    answer = Response(picture, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "no-store"
    return answer
