"""The attack on a release: what its document says of it, and what the last repetition found, leave as a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.core.access import check
from app.render import protection
from app.render.reading import Reading
from app.services import asking as work
from app.storage.office import tasks
from app.web.results import blueprint, showing
from app.web.results.showing import Here
from app.web.ui import asking, store

ACT, REPEAT = "attack", "attack-release"


@dataclass(frozen=True)
class Repeated:
    """The last repetition: when, the figures of its report, and the groups whose numbers its findings rest on.

    `current` is False when the results were corrected since.
    """

    when: datetime
    report: dict[str, Any]
    groups: tuple[str, ...]
    current: bool


@blueprint.route("/<slug>/<scan>/attack", methods=["GET", "POST"])
def attack(slug: str, scan: str) -> str | Response:
    here = showing.at_scan(slug, scan)
    reading = here.reading
    if reading is None:
        abort(404)
    form = FlaskForm()
    if form.is_submitted():
        check(REPEAT, here.actor)
    if form.validate_on_submit():
        queue: work.Queue = current_app.extensions["queue"]
        work.ask(store(), queue, act=ACT, scan=scan, by=here.actor, now=asking.now())
        return redirect(url_for("manage.progress", slug=slug, scan=scan, act=ACT))
    stored = reading.document.get("attack") or {}
    return render_template(
        "results/attack.html",
        here=here,
        reading=reading,
        form=form,
        stored=stored,
        given_up=protection.given_up(stored.get("given_up", ()), reading.language),
        repeated=_repeated(here, reading) if here.may(REPEAT) else None,
    )


def _repeated(here: Here, reading: Reading) -> Repeated | None:
    with store().reading() as session:
        task = tasks.latest_done(session, here.scan.id, ACT)
    if task is None or not task.outcome:
        return None
    report = json.loads(task.outcome)
    used = {tuple(key) for finding in report["findings"] for key in finding["because"]}
    named = (reading.group(grouping, code) for scan, grouping, code in sorted(used) if scan == here.scan.id)
    return Repeated(
        when=task.created_at,
        report=report,
        groups=tuple(group.name for group in named if group is not None),
        current=report["digest"] == here.latest.digest,
    )
