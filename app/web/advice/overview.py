"""On one page, theme by theme: what was heard, advised, decided and done; only what was released enters."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.decision import State
from app.core.refusal import Refused
from app.render import tables
from app.render.reading import Reading
from app.services import advising, condensing, deciding, opening
from app.storage.office import comment_themes, releases, scans
from app.storage.office.advice import Told
from app.storage.office.decisions import Decision
from app.storage.office.scans import Scan
from app.web.advice import blueprint, sources, texts
from app.web.advice.here import Here, enter, today
from app.web.advice.sources import RELEASED, Heard
from app.web.ui import asking, settings, store


@dataclass
class Line:
    """One theme from hearing to doing."""

    theme: str
    heard: list[Heard] = field(default_factory=list)
    advised: list[Told] = field(default_factory=list)
    decided: list[Decision] = field(default_factory=list)
    done: list[Decision] = field(default_factory=list)

    @property
    def acted_on(self) -> bool:
        return bool(self.advised or self.decided or self.done)


@blueprint.get("/<slug>/overview")
def overview(slug: str) -> str:
    here = enter(slug)
    lines: dict[str, Line] = {}

    def line(theme: str) -> Line:
        return lines.setdefault(theme, Line(theme))

    for theme, heard in (*_heard(here), *sources.heard_in_reports(here)):
        line(theme).heard.append(heard)
    for told in advising.readable(store(), by=here.actor, today=today()):
        line(told.theme).advised.append(told)
    for row in deciding.readable(store(), by=here.actor, today=today()):
        chosen = line(row.theme)
        (chosen.done if row.state == State.DONE.value else chosen.decided).append(row)
    ordered = sorted(lines.values(), key=lambda one: (not one.acted_on, texts.theme_name(one.theme)))
    return render_template("advice/overview.html", here=here, lines=ordered, texts=texts, today=today())


def _heard(here: Here) -> list[tuple[str, Heard]]:
    """What the newest released scan whose results are open says per theme, and what its comments say, each with its theme."""
    with store().reading() as session:
        every = scans.of_organisation(session, here.organisation.id)
        open_now = opening.only_readable(every, by=here.actor, now=asking.now())
        newest = next((row for row in open_now if row.state in RELEASED), None)
        digest = releases.latest_digest(session, newest.id) if newest else None
        themes = comment_themes.of_scan(session, newest.id) if newest else []
    if newest is None or digest is None:
        return []
    link = url_for("results.front", slug=here.slug, scan=newest.id) if here.may("read-results") else ""
    language = str(get_locale())
    found = [(theme, Heard(title, says, link)) for theme, title, says in _of_scan(newest, digest, language)]
    for row in themes:
        if row.part == comment_themes.WHOLE:
            words = row.words_nl if language == "nl" else row.words_en
            found.append((row.theme, Heard(_("In their own words, %(scan)s", scan=newest.name), words, link)))
    return found


_kept: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}


def _of_scan(scan: Scan, digest: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """(theme, title of the scale with the scan's name, what it says), read once per process, release and language."""
    key = (digest, language)
    if key not in _kept:
        try:
            document = condensing.condensed(store(), scan=scan.id, files=settings().files)
        except Refused:
            return ()
        if len(_kept) > 32:
            _kept.clear()
        reading = Reading(language, digest, document)
        themes = {one["id"]: str(one.get("theme") or "") for one in reading.instrument["scales"]}
        _kept[key] = tuple(
            (theme, f"{scale.title}, {scan.name}", tables.headline_words(reading, reading.whole, scale))
            for scale in reading.scales
            if (theme := themes[scale.id])
        )
    return _kept[key]
