"""A new link for a lost one: an adviser fills in the address; what the page says is the same whether it is known."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.plan import PERSONAL
from app.core.refusal import Refused
from app.services import reissuing
from app.services.inviting_by_mail import Site
from app.web.manage import blueprint
from app.web.manage.here import at_scan, now
from app.web.manage.invitation_forms import NewLinkForm
from app.web.manage.refusals import sentence
from app.web.manage.say import _
from app.web.ui import settings, store


@blueprint.route("/<slug>/<scan>/new-link", methods=["GET", "POST"])
def new_link(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here = at_scan(slug, scan, reissuing.ACT)
    if here.scan.settings is None or here.scan.settings.way != PERSONAL:
        raise Refused("no-links", "this scan has no personal links")
    form = NewLinkForm()
    if form.validate_on_submit():
        try:
            reissuing.replace_link(
                store(),
                scan=scan,
                email=form.email.data or "",
                site=Site.of(settings()),
                by=here.actor,
                now=now(),
            )
        except Refused as error:
            form.email.errors = [sentence(error)]
        else:
            current_app.extensions["queue"].post()
            flash(_("If this address was invited, a new link is on its way to it."), "done")
            return redirect(url_for("manage.new_link", slug=slug, scan=scan))
    page = render_template("manage/new_link.html", here=here, form=form, most=reissuing.MOST_FOR_ONE)
    return (page, 400) if form.errors else page
