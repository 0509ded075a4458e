"""What an update can begin from: released scans, reports, advice and themes of comments enter, lists to choose from leave."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.access import can
from app.core.feedback import SourceKind
from app.services import advising, hearing, reporting, voicing
from app.services.hearing import Place
from app.storage.office.advice import Told
from app.storage.office.scans import Scan
from app.web.changes import texts
from app.web.changes.here import Here, now, today
from app.web.ui import store

MOST_REPORTS = 4


@dataclass(frozen=True)
class FromScan:
    scan: Scan
    themes: tuple[str, ...]
    places: tuple[Place, ...]
    comments: tuple[tuple[str, str], ...]
    """Theme and name of what comments said."""


@dataclass(frozen=True)
class FromReport:
    digest: str
    name: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Starts:
    scans: tuple[FromScan, ...]
    reports: tuple[FromReport, ...]
    advice: tuple[Told, ...]


def starts(here: Here) -> Starts:
    return Starts(_scans(here), _reports(here), _advice(here))


def _scans(here: Here) -> tuple[FromScan, ...]:
    language = texts.spoken()
    return tuple(
        FromScan(
            row,
            hearing.themes_of(store(), scan=row.id, language=language),
            hearing.places(store(), scan=row.id, language=language),
            tuple(
                (one.theme, one.title.get(language, one.theme))
                for one in voicing.of_scan(store(), scan=row.id)
            ),
        )
        for row in hearing.released_scans(store(), by=here.actor, now=now())
    )


def _reports(here: Here) -> tuple[FromReport, ...]:
    if not can("read-reports", here.actor):
        return ()
    from app.render import signal_words

    found = []
    for one in reporting.released(store(), by=here.actor)[:MOST_REPORTS]:
        document = reporting.document(store(), digest=one.digest, by=here.actor)
        named = hearing.report_themes(document, texts.known_themes())
        name = signal_words.named(one.kind, one.window, texts.spoken())
        found.append(FromReport(one.digest, name, tuple(named)))
    return tuple(one for one in found if one.themes)


def _advice(here: Here) -> tuple[Told, ...]:
    if not can("read-advice", here.actor):
        return ()
    return tuple(advising.readable(store(), by=here.actor, today=today()))


__all__ = ["SourceKind", "Starts", "starts"]
