"""The poster of a board as a PDF: its address, a paper and a language enter; the three newest updates in big letters leave."""

from __future__ import annotations

import json
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import Response, abort, request

from app.core.days import local_day
from app.render import child, poster
from app.storage.office import digests
from app.web.changes import public
from app.web.changes.board import Here, at
from app.web.changes.links import front_link
from app.web.ui import store
from app.web.ui.asking import now, public_address
from app.web.ui.languages import choose

# Everybody can ask for it, and making it takes a second: one at a time, and the same one only once.
_one_at_a_time = Lock()


@public.get("/<address>/poster-<any(a4,a3):paper>.pdf")
def poster_pdf(address: str, paper: str) -> Response:
    here = at(address)
    language = choose()
    try:
        with _one_at_a_time:
            body = _made(json.dumps(_told(here, paper, language), sort_keys=True))
    except child.NotMade:
        abort(503)
    answer = Response(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="poster-{paper}-{language}.pdf"'
    return answer


def _told(here: Here, paper: str, language: str) -> dict[str, Any]:
    with store().reading() as session:
        found = digests.published(session, here.organisation.id, most=poster.MOST)
    host = public_address() or request.host_url.rstrip("/")
    return poster.told(
        [version.content for _row, version, _begun in found],
        organisation=here.organisation.name,
        link=host + front_link(here.address),
        language=language,
        paper=paper,
        today=local_day(now()),
    )


@lru_cache(maxsize=16)
def _made(payload: str) -> bytes:
    return child.pdf("poster", json.loads(payload), seconds=30)
