"""How well the organisation keeps its word, on one page: a slug enters, a few shares, a median and beliefs by scan leave."""

from __future__ import annotations

from flask import render_template
from flask_babel import get_locale

from app.core.days import local_day
from app.services import measuring
from app.web.changes import blueprint, hearing
from app.web.changes.here import enter
from app.web.ui import LANGUAGES, store
from app.web.ui.asking import now


@blueprint.get("/<slug>/measures")
def measures(slug: str) -> str:
    here = enter(slug, "see-measures")
    today = local_day(now())
    language = str(get_locale() or LANGUAGES[0])
    return render_template(
        "changes/measures.html",
        here=here,
        found=measuring.measure(store(), by=here.actor, language=language, today=today),
        lines=hearing.timeline(here.organisation, today),
        today=today,
    )
