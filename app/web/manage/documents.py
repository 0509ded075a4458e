"""Texts to start from: facts of a scan enter, a privacy assessment and a notice leave as Markdown."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core.draft import Draft
from app.core.instrument import Instrument, parse, text
from app.core.plan import OPEN_LINK
from app.services import launching
from app.storage.database import BALLOTS
from app.web.manage import blueprint
from app.web.manage.here import at_scan, today
from app.web.manage.say import _, day, language
from app.web.manage.texts import grouping_says
from app.web.ui import LANGUAGES, settings, store

DOCUMENTS = ("dpia", "notice")


@blueprint.get("/<slug>/<scan>/<any(dpia, notice):name>.md")
def document(slug: str, scan: str, name: str) -> Response:
    """A whole text per language, because its sentences follow each other; no catalogue could hold it."""
    here = at_scan(slug, scan)
    spoken = language()
    if name not in DOCUMENTS or spoken not in LANGUAGES:
        raise NotFound
    draft = here.draft
    instrument = parse(draft.instrument) if draft.instrument else None
    dates = launching.dates_of(here.scan)
    body = render_template(
        f"manage/{name}.{spoken}.txt",
        here=here,
        organisation=here.organisation.name,
        chosen=here.organisation.settings,
        scan=here.scan,
        draft=draft,
        strata=draft.strata,
        instrument=instrument,
        title=text(instrument.title, spoken) if instrument else "",
        backgrounds=[text(i.text, spoken) for i in instrument.backgrounds] if instrument else [],
        shown_by=_shown_by(draft, instrument) if instrument else [],
        dates=dates,
        day=day,
        today=today(),
        address=settings().address,
        weaker=store().engine(BALLOTS).dialect.name != "sqlite",
    )
    answer = FlaskResponse(body, content_type="text/markdown; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{here.scan.id}.md"'
    return answer


def _shown_by(draft: Draft, instrument: Instrument) -> list[str]:
    """What the results will be shown by, in words."""
    if draft.way == OPEN_LINK:
        return [_("Organisation as a whole only")]
    return [grouping_says(instrument, grouping) for grouping in draft.groupings]
