"""Preparing: a comparison that a page asks for is worked out once, with its pictures; pages show it from disk.

A release never changes, so neither does what is worked out from releases: files are kept under a key of their digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.access import Actor
from app.core.refusal import Refused
from app.core.release import Document
from app.services import comparing, mapping, opening, picturing, releasing
from app.storage.database import Store

if TYPE_CHECKING:
    from app.render.changes import Change
    from app.render.trends import Trend

Progress = Callable[[int, int, str], None]
REST, TREND = "rest", "trend"
FILE = "comparison.json"


@dataclass(frozen=True)
class Asked:
    """What a scan is held against: the id of another scan, "rest" or "trend"; and one picture, or "" for the main ones."""

    against: str
    picture: str = ""

    @property
    def argument(self) -> str:
        return json.dumps([self.against, self.picture])


def asked_from(argument: str) -> Asked:
    return Asked(*json.loads(argument))


def key(kind: str, *digests: str) -> str:
    """Where a comparison of these releases is kept; 64 hexadecimal digits, as a digest."""
    return hashlib.sha256(":".join((kind, *digests)).encode()).hexdigest()


def comparison_path(files: Path, key: str) -> Path:
    return files / key / FILE


def read(files: Path, key: str) -> Document | None:
    """A comparison that was worked out before."""
    path = comparison_path(files, key)
    found: Document | None = json.loads(path.read_text("utf-8")) if path.exists() else None
    return found


def change_key(store: Store, *, scan: str, against: str, by: Actor, now: datetime) -> str:
    """Of a comparison with another scan, or with the rest. Raises NotYet before their results are open to who asks."""
    opening.check_row(comparing.own_scan(store, scan, by), by=by, now=now)
    own = str(releasing.document(store, scan=scan)["digest"])
    if against == REST:
        return key(REST, own)
    old, _ = comparing.documents(store, old=against, new=scan, by=by, now=now)
    mapped = mapping.unit_map(store, earlier=against, scan=scan)
    return key("scans", str(old["digest"]), own, *([mapped] if mapped else []))


def make(
    store: Store,
    *,
    scan: str,
    asked: Asked,
    files: Path,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> int:
    """Work out what is missing, in both languages; gives how many files were made. Raises Refused."""
    report = progress or (lambda done, total, what: None)
    missing = [job for job in _jobs(store, scan, asked, files, by, now) if not job[0].exists()]
    for done, (path, draw) in enumerate(missing):
        report(done, len(missing), path.stem)
        picturing.write(path, draw())
    report(len(missing), len(missing), "done")
    return len(missing)


Job = tuple[Path, Callable[[], bytes]]


def _jobs(store: Store, scan: str, asked: Asked, files: Path, by: Actor, now: datetime) -> Iterator[Job]:
    if asked.against == TREND:
        for language in picturing.LANGUAGES:
            yield from _trend(store, scan, asked.picture, files, by, language, now)
        return
    place = change_key(store, scan=scan, against=asked.against, by=by, now=now)
    document = _compared(store, scan, asked.against, by, now)
    raw = json.dumps(document, ensure_ascii=False).encode()
    yield comparison_path(files, place), lambda: raw
    for language in picturing.LANGUAGES:
        change = change_of(store, scan=scan, document=document, language=language)
        yield from _change(change, asked.picture, files, place)


def _compared(store: Store, scan: str, against: str, by: Actor, now: datetime) -> Document:
    if against == REST:
        return comparing.compare_with_rest(store, scan=scan, by=by, now=now)
    mapped = mapping.unit_map(store, earlier=against, scan=scan) or None
    return comparing.compare_scans(store, old=against, new=scan, unit_map=mapped, by=by, now=now)


def change_of(store: Store, *, scan: str, document: Document, language: str) -> Change:
    """A comparison ready to show, in a language."""
    from app.render.changes import Change
    from app.render.reading import Reading

    release = releasing.document(store, scan=scan)
    return Change(Reading(language, str(release["digest"]), release), document)


def _change(change: Change, only: str, files: Path, place: str) -> Iterator[Job]:
    from app.render import changes

    for name in (only,) if only else changes.main_names(change):
        if changes.figure(change, name) is None:
            raise Refused("no-picture", f"this comparison has no picture “{name}”", name=name)
        for narrow in (False, True):
            path = picturing.picture_path(files, place, change.reading.language, name, narrow=narrow)
            yield path, _drawn(change, name, narrow)


def _drawn(change: Change, name: str, narrow: bool) -> Callable[[], bytes]:
    """Drawing is loaded late: the web process reads paths from this module and must stay small."""

    def draw() -> bytes:
        from app.render import change_charts

        return change_charts.draw(change, name, narrow=narrow)

    return draw


def trend_of(store: Store, *, scan: str, language: str, by: Actor, now: datetime) -> Trend:
    """All scans of a series up to and with this one, ready to show."""
    from app.render.trends import Moment, Trend

    opening.check_row(comparing.own_scan(store, scan, by), by=by, now=now)
    rows = comparing.series(store, scan=scan, by=by, now=now)
    rows = rows[: [row.id for row in rows].index(scan) + 1]
    moments = tuple(
        Moment(
            row.name,
            row.closes_on or row.opened_on,
            releasing.document(store, scan=row.id),
            mapping.unit_map(store, earlier=row.id, scan=scan),
        )
        for row in rows
    )
    return Trend(language, moments)


def _trend(
    store: Store, scan: str, only: str, files: Path, by: Actor, language: str, now: datetime
) -> Iterator[Job]:
    trend = trend_of(store, scan=scan, language=language, by=by, now=now)
    name = only or trend.main_name
    if trend.group(name) is None:
        raise Refused("no-picture", f"this comparison has no picture “{name}”", name=name)
    for narrow in (False, True):
        path = picturing.picture_path(files, trend_key(trend), language, name, narrow=narrow)
        yield path, _drawn_trend(trend, name, narrow)


def _drawn_trend(trend: Trend, name: str, narrow: bool) -> Callable[[], bytes]:
    def draw() -> bytes:
        from app.render import trend_charts

        return trend_charts.draw(trend, name, narrow=narrow)

    return draw


def trend_key(trend: Trend) -> str:
    parts = (part for moment in trend.moments for part in (str(moment.document["digest"]), moment.unit_map))
    return key(TREND, *(part for part in parts if part))
