"""What advice grew out of, and what reports name: advice or an organisation enters, names and links of what is released leave."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.lifecycle import State as ScanState
from app.render import signal_words
from app.services import reporting
from app.storage.office import scans
from app.storage.office.advice import Told
from app.storage.office.signal_reports import ListedReport
from app.web.advice import texts
from app.web.advice.here import Here
from app.web.ui import store

RELEASED = frozenset({ScanState.RELEASED.value, ScanState.ARCHIVED.value})
LEAST = 8
"""Characters of a report's digest that are enough to find it by."""
NEWEST = 3
"""Reports whose themes stand on the page from heard to done."""


@dataclass(frozen=True)
class Heard:
    """Something that was released: where it stands, and what it says."""

    where: str
    says: str
    link: str = ""


def grown_from(here: Here, told: Told) -> tuple[str, str] | None:
    """Name and link of the report or scan, for who may read it; None when there is none."""
    ref = told.source_ref or ""
    if told.source == "report" and len(ref) >= LEAST and here.may("read-reports"):
        for one in reporting.released(store(), by=here.actor):
            if one.digest.startswith(ref):
                return _name(one), _at(here, one)
    if told.source in ("comments", "scan") and here.may("read-results"):
        with store().reading() as session:
            row = scans.get(session, ref)
        if row is not None and row.organisation_id == here.organisation.id and row.state in RELEASED:
            page = "results.own_words" if told.source == "comments" else "results.front"
            return row.name, url_for(page, slug=here.slug, scan=row.id)
    return None


def heard_in_reports(here: Here) -> list[tuple[str, Heard]]:
    """Each theme that one of the newest signal reports names, in the language of the page where the report has it."""
    if not here.may("read-reports"):
        return []
    newest: dict[tuple[str, str], ListedReport] = {}
    for one in reporting.released(store(), by=here.actor):
        key = one.kind, one.window
        if key not in newest or one.language == str(get_locale()):
            newest[key] = one
    found = []
    for one in list(newest.values())[:NEWEST]:
        document = reporting.document(store(), digest=one.digest, by=here.actor)
        for name in document["themes"]:
            says = _("the adviser names this theme")
            found.append((texts.theme_id(name), Heard(_name(one), says, _at(here, one))))
    return found


def _name(one: ListedReport) -> str:
    return signal_words.named(one.kind, one.window, str(get_locale()))


def _at(here: Here, one: ListedReport) -> str:
    return url_for("results.report", slug=here.slug, digest=one.digest)
