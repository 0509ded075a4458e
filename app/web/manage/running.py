"""Running a scan: a later closing date, and long acts given to the worker."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core import lifecycle
from app.core.checklist import BadDate
from app.core.lifecycle import State, WrongState
from app.services import asking, planning
from app.web.manage import blueprint
from app.web.manage.forms import ExtendForm, SureForm
from app.web.manage.here import HereScan, at_scan, now, today
from app.web.manage.refusals import sentence
from app.web.manage.say import _, day
from app.web.ui import store

LONG_ACTS = {"seal": "seal-scan", "release": "release-scan", "archive": "archive-scan"}


@blueprint.route("/<slug>/<scan>/extend", methods=["GET", "POST"])
def extend(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan, "extend-scan")
    if here.state is not State.OPEN or here.scan.closes_on is None:
        raise WrongState("extend", here.state)
    form = ExtendForm(data={"closes_on": max(here.scan.closes_on, today()) + timedelta(days=7)})
    if form.validate_on_submit():
        try:
            planning.extend(store(), scan=scan, closes_on=form.closes_on.data, by=here.actor, now=now())
        except BadDate as error:
            form.closes_on.errors = [sentence(error)]
        else:
            flash(_("The scan now closes on %(day)s.", day=day(form.closes_on.data)), "done")
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template("manage/extend.html", here=here, form=form)


@blueprint.route("/<slug>/<scan>/<any(seal, release, archive):act>", methods=["GET", "POST"])
def long_act(slug: str, scan: str, act: str) -> str | Response:
    """Explain, ask whether it is sure, then give it to the worker."""
    here = at_scan(slug, scan, LONG_ACTS[act])
    if not lifecycle.may(act, here.state):
        raise WrongState(act, here.state)
    form = SureForm()
    form.sure.label.text = _sure(act)
    if form.validate_on_submit():
        queue: asking.Queue = current_app.extensions["queue"]
        asking.ask(store(), queue, act=act, scan=scan, by=here.actor, now=now())
        return redirect(url_for("manage.progress", slug=slug, scan=scan, act=act))
    return render_template("manage/long_act.html", here=here, form=form, act=act, early=_early(here, act))


def _sure(act: str) -> str:
    return {
        "seal": _("I understand that no answers come in after this"),
        "release": _("I understand that a release can't be changed or taken back"),
        "archive": _("I understand that the answers are destroyed and can't be brought back"),
    }[act]


def _early(here: HereScan, act: str) -> bool:
    """Whether this comes before a date that was promised to those who take part."""
    promised = {"seal": here.scan.closes_on, "release": None, "archive": here.scan.destroy_on}[act]
    return promised is not None and today() <= promised
