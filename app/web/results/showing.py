"""What a results page shows: a scan and a language enter; its release, ready to read, and its pictures as
parts of a page leave.

A release never changes, so whatever is made from one is kept per digest and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from flask import Response, abort, render_template
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.core.access import Actor, can
from app.core.lifecycle import State
from app.core.refusal import Refused
from app.render import naming, reasons, story, tables
from app.render.reading import INCIDENCE, MEAN, UNIT, Group, Reading
from app.services import condensing, picturing, releasing
from app.services.opening import only_readable, postponed, readable
from app.storage.office import organisations, scans
from app.storage.office.organisations import Organisation
from app.storage.office.releases import Listed
from app.storage.office.scans import Scan
from app.web.results import editions
from app.web.ui import asking, settings, store
from app.web.ui.tabling import as_html as as_html

ACT = "read-results"
READABLE = frozenset({State.RELEASED, State.ARCHIVED})
KEPT = 8
# Deeper units are indented no further.
DEEPEST = 4
# The day they open is known and hasn't come: a conflict with the clock, not a page that isn't there.
NOT_YET = 409
_readings: dict[tuple[str, str], Reading] = {}


@dataclass(frozen=True)
class Here:
    """Who reads which scan; `reading` is None while there is no release. `editions` is empty then, else in order.

    `early`: everybody else has to wait for the promised day.
    """

    actor: Actor
    organisation: Organisation
    scan: Scan
    reading: Reading | None
    editions: tuple[Listed, ...] = ()
    early: bool = False

    @property
    def slug(self) -> str:
        return self.organisation.slug

    @property
    def edition(self) -> Listed:
        """The edition that is read."""
        assert self.reading is not None
        digest = self.reading.digest
        return next(one for one in self.editions if one.digest == digest)

    @property
    def latest(self) -> Listed:
        return self.editions[-1]

    def may(self, act: str) -> bool:
        return can(act, self.actor)


def enter(slug: str, act: str = ACT) -> tuple[Actor, Organisation]:
    """Who may read results of this organisation, or do another act here; else the sign-in page, 403 or 404."""
    actor = asking.require(act, slug).actor
    with store().reading() as session:
        organisation = organisations.by_slug(session, slug)
    if organisation is None:
        abort(404)
    return actor, organisation


def at_scan(slug: str, scan: str, *, read: bool = True) -> Here:
    """The same at a scan of this organisation; 404 for any other. Without `read` the release is left unread.

    Every page, picture and download of a scan begins here, and here is where none of them is given before results are open.
    Only once it is known who asks, is it known in which language.
    """
    actor, organisation = enter(slug)
    with store().reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != organisation.id:
        abort(404)
    if State(row.state) not in READABLE:
        return Here(actor, organisation, row, None)
    now = asking.now()
    if not readable(row, by=actor, now=now):
        not_yet(organisation, row)
    early = not readable(row, by=None, now=now)
    listed = tuple(releasing.editions(store(), scan=scan))
    return Here(actor, organisation, row, _read(scan, listed) if read else None, listed, early)


def not_yet(organisation: Organisation, row: Scan) -> NoReturn:
    """The page that says when, the same whether the release was made already or not."""
    moved = postponed(store(), scan=row.id)
    page = render_template("results/not-yet.html", organisation=organisation, scan=row, moved=moved)
    abort(Response(page, NOT_YET))


def _read(scan: str, listed: Sequence[Listed]) -> Reading | None:
    """The latest edition, or the one the address names; 404 when there is no such edition."""
    language = str(get_locale())
    if editions.asked() is None:
        return reading_of(scan, language)
    return reading(releasing.of_digest(store(), _digest(listed)), language)


def _digest(listed: Sequence[Listed]) -> str:
    """Of the edition the address names, else of the latest; 404 when there is no such edition."""
    number = editions.asked()
    found = [one.digest for one in listed if number is None or one.edition == number]
    if not found:
        abort(404)
    return found[-1]


def published_text(here: Here) -> str | None:
    """The release as it was stored, without reading it: a large one takes longer to parse than to send."""
    if not here.editions:
        return None
    return releasing.published_text(store(), digest=_digest(here.editions))


def released(organisation: Organisation, actor: Actor) -> list[Scan]:
    """Scans whose results this reader may have now, the newest first."""
    with store().reading() as session:
        found = scans.of_organisation(session, organisation.id)
    return only_readable(found, by=actor, now=asking.now())


def open_to_all(rows: Iterable[Scan]) -> list[Scan]:
    """Those of these scans whose results everybody reads by now."""
    return only_readable(rows, by=None, now=asking.now())


def reading_of(scan: str, language: str) -> Reading | None:
    """The latest release of a scan, prepared once per process and language; None when an archived scan has
    none.
    """
    try:
        document = condensing.condensed(store(), scan=scan, files=settings().files)
    except Refused:
        return None
    return reading(document, language)


def reading(document: dict[str, Any], language: str) -> Reading:
    key = (str(document["digest"]), language)
    found = _readings.get(key)
    if found is None:
        if len(_readings) >= KEPT:
            _readings.pop(next(iter(_readings)))
        found = _readings[key] = Reading(language, key[0], document)
    return found


@dataclass(frozen=True)
class Shown:
    """A picture on a page: words and table always, the drawing itself once it is made.

    `against` says of which comparison it is: the id of another scan, "rest" or "trend"; "" for the scan's own.
    """

    name: str
    title: str
    alt: str
    table: Markup
    drawn: bool
    against: str = ""


def shown(reading: Reading, name: str) -> Shown | None:
    described = _described(reading.digest, reading.language, name)
    if described is None:
        return None
    title, alt, table = described
    path = picture_path(reading, name, narrow=False)
    return Shown(name, title, alt, table, path.exists())


def picture_path(reading: Reading, name: str, *, narrow: bool) -> Path:
    return picturing.picture_path(settings().files, reading.digest, reading.language, name, narrow=narrow)


@lru_cache(maxsize=1024)
def _described(digest: str, language: str, name: str) -> tuple[str, str, Markup] | None:
    reading = _readings.get((digest, language))
    found = naming.figure(reading, name) if reading else None
    if found is None:
        return None
    return found.described.title, found.described.alt, as_html(found.described.table)


@dataclass(frozen=True)
class Opening:
    """The parts of the front page that take time: what matters, and rows of subjects and of units with their
    links. `reasons`: what the short reasons beside withheld units mean, once each.
    """

    sentences: tuple[str, ...]
    subjects: Markup
    units: Markup
    reasons: tuple[tuple[str, str], ...]


@lru_cache(maxsize=KEPT)
def opening(digest: str, language: str) -> Opening:
    reading = _readings[digest, language]
    scales = (*tables.of_kind(reading, MEAN), *tables.of_kind(reading, INCIDENCE))
    subjects = (
        _row(_link(f"scale/{scale.id}", scale.title), tables.headline_words(reading, reading.whole, scale))
        for scale in scales
    )
    units = _lines(_unit_row(reading, one) for one in reading.parts)
    return Opening(story.sentences(reading), _lines(subjects), units, _reasons(reading))


def _reasons(reading: Reading) -> tuple[tuple[str, str], ...]:
    withheld = (one for one in reading.parts if not one.published)
    return tuple({reasons.in_brief(one.reason_id, reading.language): one.reason for one in withheld}.items())


def _unit_row(reading: Reading, group: Group) -> Markup:
    inside = f"in-{min(group.depth, DEEPEST)}"
    if not group.published:
        brief = reasons.in_brief(group.reason_id, reading.language)
        return _row(escape(group.name), brief, inside=inside, style="withheld")
    return _row(_link(_address(group), group.name), tables.count(group, reading.language), inside=inside)


def _address(group: Group) -> str:
    return f"unit/{group.code}" if group.grouping == UNIT else f"group/{group.grouping}/{group.code}"


def _link(address: str, text: str) -> Markup:
    """Relative to the front page, so that it can be kept for every scan and reader."""
    return Markup(f'<a href="{escape(quote(address))}">{escape(text)}</a>')


def _row(name: Markup, said: str, *, inside: str = "in-0", style: str = "number") -> Markup:
    """Written out rather than formatted: a front page may have hundreds of rows."""
    return Markup(
        f'<tr><th scope="row" class="{inside}">{name}</th><td class="{style}">{escape(said)}</td></tr>'
    )


def _lines(rows: Iterable[Markup]) -> Markup:
    return Markup("\n").join(rows)
