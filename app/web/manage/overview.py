"""The list of scans, the way to the first one, and a new scan."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.access import Role
from app.core.lifecycle import State, is_frozen
from app.core.refusal import Refused
from app.services import planning
from app.storage.office import accounts, scans
from app.storage.office.scans import Scan
from app.web.manage import blueprint
from app.web.manage.forms import ScanForm
from app.web.manage.here import Here, enter, now
from app.web.manage.refusals import sentence
from app.web.manage.say import _, day, language_name
from app.web.manage.texts import grouping_name, kind_name, state_name, step_name, task_name, way_name
from app.web.ui import store


@dataclass(frozen=True)
class Way:
    """One step on the way to the first results; `link` is "" where somebody else takes it."""

    name: str
    says: str
    done: bool
    link: str = ""


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    here = enter(slug)
    with store().reading() as session:
        rows = scans.of_organisation(session, here.organisation.id)
        members = accounts.members(session, here.organisation.id)
    held = {role for _account, roles in members for role in roles}
    way = first_way(here, rows, held)
    return render_template("manage/overview.html", here=here, scans=rows, way=way)


def first_way(here: Here, rows: list[Scan], held: set[Role]) -> list[Way]:
    """What leads to the first results; nothing once there are some."""
    states = {State(row.state) for row in rows}
    if states & {State.RELEASED, State.ARCHIVED}:
        return []
    newest = rows[0] if rows else None
    plans = here.may("plan-scan")
    at_newest = url_for("manage.scan", slug=here.slug, scan=newest.id) if newest else ""
    chosen = here.organisation.settings
    helped = any(line.own for line in chosen.help_lines) and bool(chosen.report_elsewhere.strip())
    return [
        Way(
            _("Fill in whom people can turn to"),
            _("Your own advisers and the place to report. Both are on every page of the questionnaire."),
            helped,
            account_page("organisation", here.slug) if here.may("edit-help") else "",
        ),
        Way(
            _("Invite an adviser and the works council"),
            _("An adviser hands out the slips; the works council confirms the settings."),
            {Role.ADVISER, Role.WORKS_COUNCIL} <= held,
            account_page("colleagues", here.slug) if here.may("invite-colleague") else "",
        ),
        Way(
            _("Plan the first scan"),
            _("Choose a questionnaire, load your departments and teams, and agree on the dates."),
            any(row.plan for row in rows),
            (at_newest or url_for("manage.new", slug=here.slug)) if plans else at_newest,
        ),
        Way(
            _("Complete the checklist and open"),
            _("Privacy assessment, notice to staff, dates. From then on the settings are frozen."),
            any(is_frozen(state) for state in states),
            at_newest,
        ),
        Way(
            _("Collect the answers"),
            _("Hand out the slips or the link, and seal the scan once it has closed."),
            State.SEALED in states,
            at_newest if State.OPEN in states else "",
        ),
        Way(_("Release the results"), _("Protected, for everybody, by the promised date."), False, ""),
    ]


def account_page(name: str, slug: str) -> str:
    """The address of a page about the organisation, which the account pages hold."""
    endpoint = f"account.{name}"
    return url_for(endpoint, slug=slug) if endpoint in current_app.view_functions else ""


def earlier_scans(here: Here) -> list[Scan]:
    """Scans that another can follow, the newest first."""
    with store().reading() as session:
        rows = scans.of_organisation(session, here.organisation.id)
    return [row for row in rows if is_frozen(State(row.state))]


@blueprint.route("/<slug>/new", methods=["GET", "POST"])
def new(slug: str) -> str | Response:
    here = enter(slug, "plan-scan")
    earlier = earlier_scans(here)
    form = ScanForm()
    form.offer([(row.id, row.name) for row in earlier])
    if form.validate_on_submit():
        try:
            made = planning.start(
                store(),
                name=form.name.data,
                kind=form.kind.data,
                previous=form.previous.data or None,
                by=here.actor,
                now=now(),
            )
        except Refused as error:
            form.previous.errors = [sentence(error)]
        else:
            return redirect(url_for("manage.scan", slug=slug, scan=made))
    return render_template("manage/new.html", here=here, form=form, earlier=earlier)


def _register() -> None:
    """Names the templates of this package use."""
    blueprint.add_app_template_global(state_name, "state_name")
    blueprint.add_app_template_global(kind_name, "kind_name")
    blueprint.add_app_template_global(way_name, "way_name")
    blueprint.add_app_template_global(task_name, "task_name")
    blueprint.add_app_template_global(grouping_name, "grouping_name")
    blueprint.add_app_template_global(day, "day")
    blueprint.add_app_template_global(account_page, "account_page")
    blueprint.add_app_template_filter(step_name, "step_name")
    blueprint.add_app_template_filter(language_name, "language_name")


_register()


def say_saved() -> None:
    flash(_("Saved."), "done")
