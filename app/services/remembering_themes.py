"""Remembering themes: what released reports named, and in the vault who had spoken of each theme when they left.

So that a later report doesn't tell, by a theme that an earlier one left out, that one person came in between.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from app.core.signal_report import document as parts
from app.core.signal_report import kinds, naming
from app.core.signal_report.kinds import Kind, Window
from app.core.signal_report.naming import Earlier
from app.core.signals.card import Card
from app.services import keeping
from app.services.keeping import OpenVault
from app.storage.database import Session
from app.storage.office import signal_reports

WHAT = "came"
PAGE = 65_536
"""What advisers write lies in blocks of so many bytes before it is sealed: one, whatever a report holds, so that its size doesn't
tell how many rows are told in it."""
MOST = 8 * 1024 * 1024


def remember(
    session: Session, opened: OpenVault, *, digest: str, kind: str, window: Window, cards: Iterable[Card]
) -> None:
    """Sealed, beside the drafts: marks of who had spoken of each theme when this report left."""
    values = {
        "what": WHAT,
        "digest": digest,
        "kind": kind,
        "window": window.id,
        "themes": naming.came(cards, window, digest),
    }
    keeping.keep(session, organisation=opened.organisation, kind=keeping.DRAFT, bodies=[as_body(values)])


def earlier(session: Session, opened: OpenVault) -> list[Earlier]:
    """Of every released report, the first released first; of the same one in two languages once."""
    known = {values["digest"]: values["themes"] for _key, values in _remembered(session, opened)}
    found: dict[tuple[str, str], Earlier] = {}
    for text in signal_reports.documents(session, opened.organisation):
        document = parts.read(text)
        digest, themes = document["digest"], known.get(document["digest"])
        found.setdefault(
            (document["kind"], document["window"]),
            Earlier(
                frozenset(document["figures"]["quarters"]),
                frozenset(document.get("named", ())),
                digest,
                None if themes is None else {id: frozenset(marks) for id, marks in themes.items()},
            ),
        )
    return list(found.values())


def forget(session: Session, opened: OpenVault, years: Collection[int]) -> None:
    """What tells of reporters of years of which only counts are left."""
    gone = [
        key
        for key, values in _remembered(session, opened)
        if any(kinds.touches(kinds.read(Kind(values["kind"]), values["window"]), year) for year in years)
    ]
    keeping.forget(session, opened, kind=keeping.DRAFT, keys=gone)


def as_body(values: Mapping[str, Any]) -> bytes:
    raw = zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 9)
    return raw + bytes(-len(raw) % PAGE)


def bodies(session: Session, opened: OpenVault, what: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """What advisers write in this vault, of one sort, by the keys it is kept under."""
    for key, body in keeping.kept(session, opened, keeping.DRAFT).items():
        try:
            values = json.loads(_unpacked(body))
        except (ValueError, zlib.error):
            continue  # sealed to the public key by something else than the program
        if isinstance(values, dict) and values.pop("what", "") == what:
            yield key, values


def _unpacked(body: bytes) -> bytes:
    """Raises zlib.error, ValueError for more than a report can hold."""
    if body.startswith(b"{"):
        return body.rstrip(b"\0")  # as it was kept before it was made smaller
    opener = zlib.decompressobj()
    raw = opener.decompress(body, MOST)
    if not opener.eof:
        raise ValueError("this is no report of ours")
    return raw


def _remembered(session: Session, opened: OpenVault) -> Iterator[tuple[bytes, dict[str, Any]]]:
    return bodies(session, opened, WHAT)
