"""The rehearsal: a scan whose settings are complete enters; what would be published leaves, and the way to find out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.lifecycle import WrongState
from app.core.plan import Plan
from app.core.refusal import Refused
from app.render import protection
from app.services import asking
from app.storage.office import tasks
from app.web.manage import blueprint
from app.web.manage.forms import NothingForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.say import language
from app.web.manage.texts import grouping_name
from app.web.ui import store

ACT = "rehearse"


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal in words. `groups` holds what it is shown by, how many groups are shown, and of how many;
    `current` is False when the settings were changed since."""

    response: int
    answers: int
    covered: int
    groups: tuple[tuple[str, int, int], ...]
    method: str
    given_up: tuple[str, ...]
    current: bool


def outcome(here: HereScan) -> dict[str, Any] | None:
    """What the last finished rehearsal left; None before the first."""
    with store().reading() as session:
        task = tasks.latest_done(session, here.scan.id, ACT)
    return json.loads(task.outcome) if task is not None and task.outcome else None


def is_rehearsed(here: HereScan) -> bool:
    """Whether exactly the present settings were rehearsed."""
    found = outcome(here)
    return found is not None and found["plan"] == here.scan.plan_digest


def _rehearsed(here: HereScan, plan: Plan) -> Rehearsed | None:
    found = outcome(here)
    if found is None:
        return None
    current = found["plan"] == here.scan.plan_digest
    return Rehearsed(
        response=round(100 * found["response"]),
        answers=found["answers"],
        covered=round(100 * found["covered"]),
        # Questions of other settings may have no words here any more.
        groups=tuple((grouping_name(plan, one), shown, all_) for one, shown, all_ in found["groups"])
        if current
        else (),
        method=protection.method(found["method"], language()),
        given_up=protection.given_up(found["given_up"], language()),
        current=current,
    )


@blueprint.route("/<slug>/<scan>/rehearsal", methods=["GET", "POST"])
def rehearsal(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan)
    plan = here.scan.settings
    form = NothingForm()
    if form.validate_on_submit():
        if here.frozen:
            raise WrongState(ACT, here.state)
        if plan is None:
            raise Refused("plan-incomplete", "choose a questionnaire and load the units first")
        queue: asking.Queue = current_app.extensions["queue"]
        asking.ask(store(), queue, act=ACT, scan=scan, by=here.actor, now=now())
        return redirect(url_for("manage.progress", slug=slug, scan=scan, act=ACT))
    return render_template(
        "manage/rehearsal.html",
        here=here,
        form=form,
        plan=plan,
        found=_rehearsed(here, plan) if plan is not None else None,
    )
