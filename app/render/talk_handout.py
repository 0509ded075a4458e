"""The hand-out of a team talk: what a kit says enters as JSON, a tagged PDF of two to four pages leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.render import talk_picture
from app.render.typesetting import typeset

TEMPLATE = "talk_handout.typ"


def pdf(told: dict[str, Any]) -> bytes:
    """`told` as app.render.talk makes it. The same gives the same bytes."""
    data = {**told, "svg": talk_picture.svg(told).decode()}
    return typeset(TEMPLATE, data, dated=datetime.fromisoformat(told["released_on"]).replace(tzinfo=UTC))
