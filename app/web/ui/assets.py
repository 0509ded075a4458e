"""Files of the pages: static folders enter at first use, answers that may be kept for a year leave."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, abort, request

WEB = Path(__file__).resolve().parent.parent
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
KEPT = "public, max-age=31536000, immutable"
HASH_DIGITS = 10


@dataclass(frozen=True)
class Asset:
    """One file. `address` changes with its content; `packed` is the same bytes in gzip."""

    address: str
    type: str
    plain: bytes
    packed: bytes


@cache
def everything() -> dict[str, Asset]:
    """Name -> asset, of app/web/*/static; names are unique over all packages."""
    found: dict[str, Asset] = {}
    for path in sorted(WEB.glob("*/static/*")):
        if path.suffix not in TYPES:
            continue
        if path.name in found:
            raise ValueError(f"two packages have a static file called {path.name}; rename one")
        plain = path.read_bytes()
        digest = hashlib.sha256(plain).hexdigest()[:HASH_DIGITS]
        address = f"/static/{path.name}?{digest}"
        found[path.name] = Asset(address, TYPES[path.suffix], plain, gzip.compress(plain, 9, mtime=0))
    return found


def asset(name: str) -> str:
    """The address of a static file, for templates; raises KeyError for a file that doesn't exist."""
    return everything()[name].address


def serve(name: str) -> Response:
    found = everything().get(name)
    if found is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(found.packed if packed else found.plain, content_type=found.type)
    answer.headers["Cache-Control"] = KEPT
    answer.headers["Vary"] = "Accept-Encoding"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
