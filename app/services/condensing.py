"""Condensing: a release leaves out the items of its groups, which no page of a group shows, and is kept as a file.

A large release takes a page longer to parse than everything else it does. What was left out is there all the same: whoever
asks for it has the whole release read, once per process.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.core.release import Document, canonical
from app.services import picturing, releasing
from app.storage.database import Store

NAME = "condensed.json"
LEFT_OUT = "items"
MOST_KEPT = 8
_kept: dict[str, Document] = {}


class LeftOut(Mapping[str, Mapping[str, Any]]):
    """The items of one group, read from the whole release when somebody asks for them. There is at least one."""

    def __init__(self, whole: Callable[[], Document], place: int) -> None:
        self._whole, self._place = whole, place

    def _items(self) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = self._whole()["groups"][self._place][LEFT_OUT]
        return found

    def __getitem__(self, item: str) -> Mapping[str, Any]:
        return self._items()[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __bool__(self) -> bool:
        return True


def condensed(store: Store, *, scan: str, files: Path) -> Document:
    """The latest release of a scan, with LeftOut for the items of every group but the organisation itself.

    Parsed once per process; read it, don't change it. Raises Refused when nothing was released.
    """
    digest = releasing.latest_digest(store, scan=scan)
    found = _kept.get(digest)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        found = _kept[digest] = _restored(
            _text(store, digest, files), lambda: releasing.of_digest(store, digest)
        )
    return found


def condense(store: Store, *, scan: str, files: Path) -> None:
    """Make the file now, so that the first reader needn't wait for it. Raises Refused when nothing was released."""
    _text(store, releasing.latest_digest(store, scan=scan), files)


def _text(store: Store, digest: str, files: Path) -> bytes:
    """The condensed release as JSON, in its file after a line with its checksum: a damaged file is made again."""
    path = files / digest / NAME
    try:
        mark, _, raw = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        mark = raw = b""
    if not mark or mark != _mark(raw):
        raw = _condensed(releasing.of_digest(store, digest)).encode()
        picturing.write(path, _mark(raw) + b"\n" + raw)
    return raw


def _mark(raw: bytes) -> bytes:
    return b"%08x" % zlib.crc32(raw)


def _condensed(document: Document) -> str:
    """The first group, the organisation, keeps its items; of others only the fact that there are some stays."""
    first, *others = document["groups"]
    groups = [{**group, LEFT_OUT: bool(group[LEFT_OUT])} for group in others]
    return canonical({**document, "groups": [first, *groups]})


def _restored(raw: bytes, whole: Callable[[], Document]) -> Document:
    document: Document = json.loads(raw)
    for place, group in enumerate(document["groups"]):
        if place:
            group[LEFT_OUT] = LeftOut(whole, place) if group[LEFT_OUT] else {}
    return document
