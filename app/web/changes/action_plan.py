"""The action plan: everything that was decided and the results of a scan enter, a page and a workbook leave."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import get_locale

from app.render import action_list, child
from app.services import gathering, talking
from app.web.changes import blueprint, texts
from app.web.changes.here import enter
from app.web.changes.talk import at_scan, today
from app.web.ui import store
from app.web.ui.asking import now

ACT = "read-advice"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/<slug>/action-plan/")
def action_plan(slug: str) -> str:
    here = enter(slug, ACT)
    language = str(get_locale())
    lines = gathering.actions(store(), language=language, by=here.actor, today=today())
    found = [
        (row, talking.opens_on(row, by=here.actor, now=now()))
        for row in talking.released(store(), by=here.actor)
    ]
    return render_template(
        "changes/action-plan.html", here=here, lines=lines, scans=found, words=texts, said=action_list, spoken=language
    )  # fmt: skip


@blueprint.get("/<slug>/action-plan/<scan>.xlsx")
def action_plan_xlsx(slug: str, scan: str) -> Response:
    at = at_scan(slug, scan, "read-results")
    lines = gathering.actions(store(), language=at.reading.language, by=at.here.actor, today=today())
    told = action_list.told(
        lines,
        at.reading,
        organisation=at.here.organisation.name,
        scan=at.scan.name,
        released_on=at.released_on,
        today=today(),
        themes=texts.theme_name,
    )
    answer = Response(child.office("action-plan", told), mimetype=XLSX)
    name = f"{slug}-{scan}-{at.reading.language}-{today().isoformat()}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
