"""Picturing: the latest release of a scan becomes pictures and PDFs on disk, once each; pages show them from
there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.refusal import Refused
from app.render.reading import Reading
from app.services import releasing
from app.storage.database import Store
from app.storage.office import organisations, releases, scans

if TYPE_CHECKING:
    from app.render.documents import About

LANGUAGES = ("nl", "en")
REPORT = "report"
WIDE, NARROW = "wide", "narrow"
Progress = Callable[[int, int, str], None]


def picture_path(files: Path, digest: str, language: str, name: str, *, narrow: bool) -> Path:
    return files / digest / language / (NARROW if narrow else WIDE) / f"{name}.svg"


def report_path(files: Path, digest: str, language: str) -> Path:
    return files / digest / language / f"{REPORT}.pdf"


def make(
    store: Store,
    *,
    scan: str,
    files: Path,
    only: str | None = None,
    digest: str | None = None,
    progress: Progress | None = None,
) -> int:
    """Make what is missing of the latest release of a scan, in both languages; gives how many files were
    made.

    `only` names one picture, or "report"; without it all main pictures and the report. `digest` names an earlier
    edition. A file appears whole or not at all.
    Raises Refused when the scan has no release, or no picture of that name.
    """
    document = releasing.of_digest(store, digest) if digest else releasing.document(store, scan=scan)
    report = progress or (lambda done, total, what: None)
    missing = [job for job in _jobs(document, files, only) if not job[0].exists()]
    about = _about(store, scan, str(document["digest"])) if any(job[2] == REPORT for job in missing) else None
    for done, (path, reading, name, narrow) in enumerate(missing):
        report(done, len(missing), name)
        write(path, _made(reading, name, narrow, about))
    report(len(missing), len(missing), "done")
    return len(missing)


Job = tuple[Path, Reading, str, bool]


def _jobs(document: dict[str, Any], files: Path, only: str | None) -> Iterator[Job]:
    from app.render import naming

    for language in LANGUAGES:
        reading = Reading(language, str(document["digest"]), document)
        names: Iterable[str] = (only,) if only else (*naming.main_figures(reading), REPORT)
        for name in names:
            if name == REPORT:
                yield report_path(files, reading.digest, language), reading, name, False
            elif naming.figure(reading, name) is None:
                raise Refused("no-picture", f"this release has no picture “{name}”", name=name)
            else:
                for narrow in (False, True):
                    yield (
                        picture_path(files, reading.digest, language, name, narrow=narrow),
                        reading,
                        name,
                        narrow,
                    )


def _made(reading: Reading, name: str, narrow: bool, about: About | None) -> bytes:
    """Drawing is loaded here, late: the web process reads paths from this module and must stay small."""
    if name == REPORT:
        from app.render import documents

        assert about is not None
        return documents.report(reading, about)
    from app.render import figures

    return figures.draw(reading, name, narrow=narrow).svg


def _about(store: Store, scan: str, digest: str) -> About:
    from app.render.documents import About

    with store.reading() as session:
        row = scans.get(session, scan)
        assert row is not None
        owner = organisations.get(session, row.organisation_id)
        made = releases.by_digest(session, digest)
        assert owner is not None
        assert made is not None
        return About(
            scan=row.name,
            organisation=owner.name,
            released_at=made.released_at,
            imported=row.imported,
            confirmed=row.confirmed,
        )


def write(path: Path, raw: bytes) -> None:
    """A file appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
