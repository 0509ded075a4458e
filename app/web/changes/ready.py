"""Pages of the board made once: what a page depends on enters, its bytes leave for everybody who asks while that holds.

A page is kept under the number that goes up with every change of a board, the day, the language and its own address; a visit to
a page that was made before costs one question to the database and no template.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flask import Response, request
from flask_babel import get_locale

from app.core.days import local_day
from app.services import boarding
from app.storage.database import Store
from app.web.ui import LANGUAGES, asking, store

MOST_PAGES = 256
TYPE = "text/html; charset=utf-8"
Key = tuple[object, ...]


@dataclass(frozen=True)
class Page:
    """One page in one language, packed and plain."""

    plain: bytes
    packed: bytes
    mark: str


_pages: WeakKeyDictionary[Store, OrderedDict[Key, Page]] = WeakKeyDictionary()


def page(make: Callable[[], str], *also: object) -> Response:
    """The page at this address; `also` is whatever else it depends on, such as fields of a form in the address."""
    key = (
        boarding.number(store()),
        local_day(asking.now()),
        str(get_locale()),
        chosen(),
        request.path,
        *also,
    )
    kept = _pages.setdefault(store(), OrderedDict())
    found = kept.get(key)
    if found is None:
        found = kept[key] = cut(make())
        if len(kept) > MOST_PAGES:
            kept.popitem(last=False)
    return answer(found)


def fresh(text: str) -> Response:
    """The same for a page that is made at each visit."""
    return answer(cut(text))


def cut(text: str) -> Page:
    plain = text.encode()
    return Page(plain, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:24])


def chosen() -> str | None:
    """The language that the address asks for, for links to keep; None leaves it to the browser."""
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else None


def answer(found: Page) -> Response:
    """Browsers keep it and ask each time whether it still holds: then they get a line, not a page."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    mark = f'W/"{found.mark}"'
    if request.headers.get("If-None-Match") == mark:
        made = Response(status=304)
    else:
        made = Response(found.packed if packs else found.plain, content_type=TYPE)
        if packs:
            made.headers["Content-Encoding"] = "gzip"
    made.headers["ETag"] = mark
    made.headers["Cache-Control"] = "no-cache"
    made.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return made
