"""Correcting a release: a corrected questionnaire and a reason enter; the worker is asked for a further edition."""

from __future__ import annotations

import json

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.instrument import InstrumentFaults
from app.core.lifecycle import State, WrongState
from app.core.refusal import Refused
from app.services import asking, releasing
from app.storage.office import tasks
from app.storage.office.tasks import Task
from app.web.manage import blueprint
from app.web.manage.forms import CorrectionForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.refusals import sentence
from app.web.manage.say import _
from app.web.manage.settings import uploaded
from app.web.ui import store

ACT = "correct"


@blueprint.route("/<slug>/<scan>/correct", methods=["GET", "POST"])
def correct(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan, "correct-release")
    if here.state is not State.RELEASED:
        raise WrongState(ACT, here.state)
    present = releasing.questionnaire(store(), scan=scan, by=here.actor)
    form = CorrectionForm(data={"text": present})
    form.sure.label.text = _(
        "I understand that this edition can't be taken back, and that earlier ones stay readable"
    )
    faults: list[tuple[int, str]] = []
    if form.is_submitted():
        # The file first: who chooses a file means it. It is shown in the field, to be mended there.
        form.text.data = uploaded(form.file.data) or form.text.data or ""
    if form.validate_on_submit():
        faults = _check(here, form, present)
        if not form.errors:
            return _ask(here, form)
    return render_template(
        "manage/correct.html",
        here=here,
        form=form,
        faults=faults,
        editions=releasing.editions(store(), scan=scan),
        failed=_failed(scan),
    )


def _check(here: HereScan, form: CorrectionForm, present: str) -> list[tuple[int, str]]:
    """Put what stands in the way beside its field; gives the faults of the file by line."""
    if _lines(form.text.data) == _lines(present):
        form.text.errors = [_("This is the questionnaire as it is. Correct it first.")]
        return []
    try:
        releasing.check_correction(
            store(), scan=here.scan.id, instrument=form.text.data, reason=form.reason.data, by=here.actor
        )
    except InstrumentFaults as error:
        form.text.errors = [_("This questionnaire can't be used yet: see the lines named above.")]
        return [(fault.line, fault.message) for fault in error.faults]
    except Refused as error:
        field = form.reason if error.reason == "no-reason" else form.text
        field.errors = [sentence(error)]
    return []


def _lines(given: str) -> list[str]:
    """A browser ends lines in its own way."""
    return given.strip().splitlines()


def _ask(here: HereScan, form: CorrectionForm) -> Response:
    queue: asking.Queue = current_app.extensions["queue"]
    wanted = {"instrument": "\n".join(form.text.data.splitlines()) + "\n", "reason": form.reason.data}
    asking.ask(
        store(),
        queue,
        act=ACT,
        scan=here.scan.id,
        by=here.actor,
        now=now(),
        argument=json.dumps(wanted, ensure_ascii=False),
    )
    return redirect(url_for("manage.progress", slug=here.slug, scan=here.scan.id, act=ACT))


def _failed(scan: str) -> Task | None:
    """The last correction, if it did not work."""
    with store().reading() as session:
        task = tasks.latest(session, scan, ACT)
    return task if task is not None and task.state == "failed" else None
