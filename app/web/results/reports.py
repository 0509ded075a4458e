"""Released signal reports: everybody with a role that reads them finds the list, the page and the PDF; nobody edits them here."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, send_file
from flask_babel import get_locale

from app.core.access import Actor, can
from app.core.refusal import Refused
from app.render import child, signal_telling, signal_words
from app.services import picturing, reporting
from app.web.results import blueprint
from app.web.results.showing import enter
from app.web.ui import settings, store

ACT = "read-reports"


@blueprint.get("/<slug>/reports/")
def reports(slug: str) -> str:
    actor, organisation = enter(slug, ACT)
    found = reporting.released(store(), by=actor)
    due = reporting.due(found)
    language = str(get_locale())
    return render_template(
        "results/reports.html",
        organisation=organisation,
        reports=found,
        due=[
            (signal_words.kind(kind, language), day)
            for kind, day in sorted(due.items(), key=lambda one: one[1])
        ],
        title=lambda one: signal_words.named(one.kind, one.window, language),
    )


@blueprint.get("/<slug>/reports/<digest>/")
def report(slug: str, digest: str) -> str:
    actor, organisation = enter(slug, ACT)
    document = _found(actor, digest)
    return render_template(
        "results/report.html",
        organisation=organisation,
        digest=digest,
        told=signal_telling.told(document),
        themes=document["themes"],
        advises=can("give-advice", actor),
    )


@blueprint.get("/<slug>/reports/<digest>/report.pdf")
def report_pdf(slug: str, digest: str) -> Response:
    """Made once and kept by digest: a released report never changes."""
    actor, _organisation = enter(slug, ACT)
    document = _found(actor, digest)
    path = picturing.report_path(settings().files, digest, document["language"])
    if not path.exists():
        payload = {"told": signal_telling.told(document), "dated": document["released_on"]}
        picturing.write(path, child.pdf("signal-report", payload))
    name = f"{slug}-{document['kind']}-{document['window']}-{document['language']}.pdf"
    return send_file(path, mimetype="application/pdf", download_name=name)


def _found(actor: Actor, digest: str) -> dict[str, Any]:
    try:
        return reporting.document(store(), digest=digest, by=actor)
    except Refused:
        abort(404)
