"""The launch checklist, the works council's confirmation, and opening."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core import checklist
from app.core.checklist import BadDate
from app.core.lifecycle import State
from app.core.plan import PERSONAL
from app.core.refusal import Refused
from app.services import asking, launching, planning
from app.web.manage import blueprint, health
from app.web.manage.forms import ConfirmForm, DatesForm, NothingForm, OpenForm, StepForm
from app.web.manage.here import HereScan, at_scan, now, today
from app.web.manage.overview import say_saved
from app.web.manage.refusals import sentence
from app.web.manage.say import _
from app.web.manage.settings import at_draft
from app.web.manage.texts import step_asks, step_name, step_says
from app.web.manage.units import seen
from app.web.ui import store


@blueprint.route("/<slug>/<scan>/dates", methods=["GET", "POST"])
def dates(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    shown = launching.dates_of(here.scan) or checklist.default_dates(today())
    form = DatesForm(
        data={"closes_on": shown.closes_on, "promise_on": shown.promise_on, "destroy_on": shown.destroy_on}
    )
    if form.validate_on_submit():
        try:
            planning.set_dates(
                store(),
                scan=scan,
                closes_on=form.closes_on.data,
                promise_on=form.promise_on.data,
                destroy_on=form.destroy_on.data,
                by=here.actor,
                now=now(),
            )
        except BadDate as error:
            form[error.field].errors = [sentence(error)]
        else:
            say_saved()
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template("manage/dates.html", here=here, form=form)


@blueprint.route("/<slug>/<scan>/step/<step>", methods=["GET", "POST"])
def step(slug: str, scan: str, step: str) -> str | Response:
    here = at_draft(slug, scan)
    found = checklist.BY_ID.get(step)
    if found is None or found.asks is not checklist.Asks.TEXT:
        raise NotFound
    said = here.scan.steps.get(step, "")
    form = StepForm(data={"answer": said})
    form.answer.label.text = step_asks(step)
    if form.validate_on_submit():
        try:
            planning.complete_step(
                store(), scan=scan, step=step, answer=form.answer.data, by=here.actor, now=now()
            )
        except Refused as error:
            form.answer.errors = [sentence(error)]
        else:
            say_saved()
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template(
        "manage/step.html",
        here=here,
        form=form,
        step=step,
        title=step_name(step),
        says=step_says(step),
        said=said,
        back=NothingForm(),
    )


@blueprint.post("/<slug>/<scan>/step/<step>/undo")
def undo_step(slug: str, scan: str, step: str) -> Response:
    here = at_draft(slug, scan)
    planning.complete_step(store(), scan=scan, step=step, answer="", by=here.actor, now=now())
    say_saved()
    return redirect(url_for("manage.scan", slug=slug, scan=scan))


@blueprint.route("/<slug>/<scan>/confirm", methods=["GET", "POST"])
def confirm(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan)
    if not here.scan.plan:
        return render_template("manage/nothing_to_confirm.html", here=here)
    if here.frozen:
        return redirect(url_for("manage.frozen", slug=slug, scan=scan))
    form = ConfirmForm()
    form.sure.label.text = _("I have read these settings and confirm them for the works council")
    if form.validate_on_submit():
        try:
            planning.confirm_by_council(store(), scan=scan, digest=form.digest.data, by=here.actor, now=now())
        except Refused as error:
            flash(sentence(error), "error")
        else:
            flash(
                _("Confirmed. Everybody who takes part can read that."),
                "done",
            )
        return redirect(url_for("manage.confirm", slug=slug, scan=scan))
    form.digest.data = here.scan.plan_digest
    return render_template("manage/confirm.html", form=form, plan=here.scan.settings, **seen(here))


@blueprint.route("/<slug>/<scan>/open", methods=["GET", "POST"])
def open_it(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan, "open-scan")
    if here.frozen:
        return redirect(url_for("manage.scan", slug=slug, scan=scan))
    form = OpenForm()
    late = launching.late_promises(store(), scan=scan, by=here.actor, today=today())
    form.sure.label.text = _("I understand that nobody can change these settings once the scan is open")
    if form.validate_on_submit():
        try:
            planning.open_scan(
                store(),
                scan=scan,
                overdue_reason=form.overdue_reason.data or "",
                by=here.actor,
                now=now(),
            )
        except (Refused, BadDate) as error:
            _at_its_field(form, error)
        else:
            flash(_("The scan is open."), "done")
            return (
                _certify(here) if _by_link(here) else redirect(url_for("manage.scan", slug=slug, scan=scan))
            )
    missing = [step_name(step) for step in here.missing]
    return render_template(
        "manage/open.html",
        here=here,
        form=form,
        missing=missing,
        plan=here.scan.settings,
        waits=launching.waits_for_vault(store(), here.scan),
        late=late,
        health=health.of_scan(here),
    )


@blueprint.route("/<slug>/<scan>/certify", methods=["GET", "POST"])
def certify(slug: str, scan: str) -> str | Response:
    """Have the keys of an open scan made, where that was stopped halfway; what was made stays as it is."""
    here = at_scan(slug, scan, "open-scan")
    if here.state is not State.OPEN or not _by_link(here):
        return redirect(url_for("manage.scan", slug=slug, scan=scan))
    form = NothingForm()
    if form.validate_on_submit():
        return _certify(here)
    return render_template("manage/certify.html", here=here, form=form)


def _by_link(here: HereScan) -> bool:
    plan = here.scan.settings
    return plan is not None and plan.way == PERSONAL


def _certify(here: HereScan) -> Response:
    """Long work: the worker does it, and the page shows how far it is."""
    queue: asking.Queue = current_app.extensions["queue"]
    scan = here.scan.id
    asking.ask(store(), queue, act="certify", scan=scan, by=here.actor, now=now())
    return redirect(url_for("manage.progress", slug=here.slug, scan=scan, act="certify"))


def _at_its_field(form: OpenForm, error: Refused | BadDate) -> None:
    about_reason = isinstance(error, Refused) and error.reason in ("promises-overdue", "too-long")
    (form.overdue_reason if about_reason else form.sure).errors = [sentence(error)]
