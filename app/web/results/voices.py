"""What people wrote, as advisers put it in words: a scan enters, the page of themes that left leaves."""

from __future__ import annotations

from flask import render_template
from flask_babel import get_locale

from app.services import voicing
from app.services.voicing import Voiced
from app.web.results import blueprint
from app.web.results.views import at_release
from app.web.ui import store


@blueprint.get("/<slug>/<scan>/own-words")
def own_words(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    return render_template(
        "results/own-words.html",
        here=here,
        reading=reading,
        voiced=voicing.of_scan(store(), scan=scan),
        title=_title,
        words=_words,
    )


def _title(voiced: Voiced) -> str:
    return voiced.title.get(str(get_locale()), voiced.theme)


def _words(voiced: Voiced) -> tuple[str, str]:
    """Language and text: the reader's own where there is one, else the other."""
    own = str(get_locale())
    language = own if own in voiced.words else next(iter(voiced.words), own)
    return language, voiced.words.get(language, "")
