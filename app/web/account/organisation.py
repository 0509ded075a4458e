"""The organisation itself: its settings enter and are kept; the audit log leaves."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.refusal import Refused
from app.services import setting_up
from app.storage.office import audit
from app.storage.office.organisations import HelpLine, OrganisationSettings
from app.web.account import blueprint
from app.web.account.forms import EMPTY_ROWS, HelpForm, OrganisationForm
from app.web.account.log import act_name, detail_says
from app.web.account.views import Page, put
from app.web.ui import asking, store
from app.web.ui.asking import Asked


@blueprint.route("/<slug>/settings", methods=["GET", "POST"])
def organisation(slug: str) -> Page:
    here = asking.require("edit-help", slug)
    form = _form(here)
    if request.method == "POST" and form.validate():
        try:
            name = form.name.data if "name" in form else here.organisation.name
            setting_up.change_settings(
                store(), name=name, settings=_chosen(here, form), by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form, error, "lines")
        else:
            flash(_("Saved. Pages that open from now on show it."), "done")
            return redirect(url_for("account.organisation", slug=slug))
    page = render_template("account/organisation.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.get("/<slug>/audit")
def audit_log(slug: str) -> Page:
    here = asking.require("read-audit", slug)
    with store().reading() as session:
        rows = audit.rows(session, here.organisation.id)
    return render_template(
        "account/audit.html", here=here, rows=rows, act_name=act_name, detail_says=detail_says
    )


def _form(here: Asked) -> HelpForm:
    kept = here.organisation.settings
    kind = OrganisationForm if here.may("edit-organisation") else HelpForm
    if request.method == "POST":
        form = kind()
    else:
        lines = [line.__dict__ for line in kept.help_lines] + [{} for _row in range(EMPTY_ROWS)]
        form = kind(data={"name": here.organisation.name, **kept.__dict__, "lines": lines})
    return form


def _chosen(here: Asked, form: HelpForm) -> OrganisationSettings:
    kept = here.organisation.settings
    lines = tuple(
        HelpLine(row["name"] or "", row["contact"] or "", row["hours"] or "", bool(row["own"]))
        for row in form.lines.data
    )
    if not isinstance(form, OrganisationForm):
        return replace(kept, help_lines=lines)
    return OrganisationSettings(
        operator=form.operator.data or "",
        report_elsewhere=form.report_elsewhere.data or "",
        help_lines=lines,
        coordinator_prints_slips=form.coordinator_prints_slips.data,
        quick_exit=form.quick_exit.data,
        advice_reminders=form.advice_reminders.data,
    )
