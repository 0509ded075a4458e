"""Promising results for a later day: a scan enters, a form that asks for the day and the reason leaves."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.opening import MOST_REASON
from app.core.refusal import Refused
from app.services import opening, postponing
from app.web.manage import blueprint
from app.web.manage.here import at_scan, now, today
from app.web.manage.refusals import sentence
from app.web.manage.say import _, day
from app.web.ui import store

FIELDS = {"no-reason": "reason", "too-long": "reason"}
USUAL_DAYS = 14


class PostponeForm(FlaskForm):
    """A later day, and why."""

    to_on = DateField(
        lazy_gettext("New day for the results"), [InputRequired(lazy_gettext("Fill in a date."))]
    )
    reason = TextAreaField(
        lazy_gettext("Why later?"),
        [
            InputRequired(lazy_gettext("Say why. Everybody reads it.")),
            Length(max=MOST_REASON, message=lazy_gettext("At most %(max)d characters.")),
        ],
        description=lazy_gettext(
            "One or two sentences. They stand on the board beside both days, and they stay there."
        ),
        render_kw={"rows": 3},
    )


@blueprint.route("/<slug>/<scan>/postpone", methods=["GET", "POST"])
def postpone(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here = at_scan(slug, scan, postponing.ACT)
    promised = here.scan.promise_on
    if promised is None or not postponing.may_be_postponed(here.scan, now=now()):
        raise Refused("no-promise", "there is no promise to move")
    form = PostponeForm(data={"to_on": max(promised, today()) + timedelta(days=USUAL_DAYS)})
    if form.validate_on_submit():
        try:
            postponing.postpone(
                store(), scan=scan, to_on=form.to_on.data, reason=form.reason.data, by=here.actor, now=now()
            )
        except Refused as error:
            if error.reason == "no-promise":
                raise
            form[FIELDS.get(error.reason, "to_on")].errors = [sentence(error)]
        else:
            flash(_("The results are now promised for %(day)s.", day=day(form.to_on.data)), "done")
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    moved = opening.postponed(store(), scan=scan)
    page = render_template("manage/postpone.html", here=here, form=form, moved=moved)
    return (page, 400) if form.errors else page
