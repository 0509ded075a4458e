"""How far long work is: an act of the worker enters, its state leaves, and the way to stop it or try again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.services import asking
from app.services.asking import ACTS, STOPPABLE
from app.storage.office import tasks
from app.storage.office.tasks import Task
from app.web.manage import blueprint
from app.web.manage.forms import NothingForm
from app.web.manage.here import HereScan, at_scan
from app.web.manage.refusals import sentence
from app.web.manage.say import _
from app.web.manage.texts import stage_name, task_name
from app.web.ui import store

OWN_PAGE = {"rehearse": "rehearsal", "correct": "correct"}
SHOWN = frozenset({"certify", "seal", "release", "fulfil", "archive", "correct", "rehearse", "attack"})


@blueprint.get("/<slug>/<scan>/progress/<act>")
def progress(slug: str, scan: str, act: str) -> str | Response:
    here, task = _at_work(slug, scan, act)
    if task is None:
        return redirect(url_for("manage.scan", slug=slug, scan=scan))
    unfinished = task.state in tasks.UNFINISHED
    return render_template(
        "manage/progress.html",
        here=here,
        task=task,
        name=task_name(act),
        stage=stage_name(task.message) if unfinished else "",
        unfinished=unfinished,
        stoppable=unfinished and act in STOPPABLE and here.may(ACTS[act]),
        again=_again(here, act) if here.may(ACTS[act]) else "",
        onward=_onward(here, act),
        form=NothingForm(),
    )


@blueprint.post("/<slug>/<scan>/progress/<act>/stop")
def stop(slug: str, scan: str, act: str) -> Response:
    here, task = _at_work(slug, scan, act)
    if NothingForm().validate_on_submit() and task is not None:
        try:
            asking.stop(store(), task=task.id, by=here.actor)
        except Refused as error:  # finished in the meantime; the page says how
            flash(sentence(error), "warn")
    return redirect(url_for("manage.progress", slug=slug, scan=scan, act=act))


def _at_work(slug: str, scan: str, act: str) -> tuple[HereScan, Task | None]:
    here = at_scan(slug, scan)
    if act not in SHOWN:
        raise NotFound
    with store().reading() as session:
        return here, tasks.latest(session, scan, act)


def _results(here: HereScan, page: str = "") -> str:
    return f"/results/{here.slug}/{here.scan.id}/{page}"


def _own(here: HereScan, page: str) -> str:
    return url_for(f"manage.{page}", slug=here.slug, scan=here.scan.id)


def _again(here: HereScan, act: str) -> str:
    """Where the act can be asked for once more."""
    if act == "attack":
        return _results(here, "attack")
    if act == "certify":
        return _own(here, "certify")
    if act in OWN_PAGE:
        return _own(here, OWN_PAGE[act])
    if act == "fulfil":
        return url_for("manage.scan", slug=here.slug, scan=here.scan.id)
    return url_for("manage.long_act", slug=here.slug, scan=here.scan.id, act=act)


def _onward(here: HereScan, act: str) -> tuple[str, str]:
    """Where to go once it is done, and the words on the button."""
    if act in ("release", "fulfil", "correct"):
        return _results(here), _("Read the results")
    if act == "attack":
        return _results(here, "attack"), _("See what came out")
    if act == "rehearse":
        return _own(here, "rehearsal"), _("See what came out")
    return _own(here, "scan"), _("Back to the scan")
