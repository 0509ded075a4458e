"""The works council's page about the vault: the fingerprint that the adviser reads out enters, a confirmed vault leaves."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.services import founding
from app.web.adviser import blueprint
from app.web.adviser.forms import FingerprintForm, SureForm
from app.web.adviser.here import Here, enter
from app.web.adviser.refusals import put
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response
ACT = "admit-first-adviser"


@blueprint.route("/<slug>/council", methods=["GET", "POST"])
def council(slug: str) -> Page:
    here = enter(slug, ACT)
    form = FingerprintForm()
    if form.validate_on_submit():
        try:
            founding.confirm(store(), typed=form.typed.data, by=here.actor, now=asking.now())
        except Refused as error:
            put(form.typed, error)
        else:
            flash(_("The vault is confirmed. The adviser can use it now."), "done")
            return redirect(url_for("adviser.council", slug=slug))
    return _page(here, form, SureForm(formdata=None))


@blueprint.post("/<slug>/council/refuse")
def refuse_vault(slug: str) -> Page:
    here = enter(slug, ACT)
    form = SureForm()
    if form.validate_on_submit():
        try:
            founding.refuse(store(), by=here.actor, now=asking.now())
        except Refused as error:
            put(form.sure, error)
        else:
            flash(_("This vault is thrown away. The adviser can make another one."), "done")
            return redirect(url_for("adviser.council", slug=slug))
    return _page(here, FingerprintForm(formdata=None), form)


@blueprint.post("/<slug>/council/give-up")
def give_up(slug: str) -> Page:
    here = enter(slug, ACT)
    form = SureForm()
    if form.validate_on_submit():
        try:
            founding.give_up(store(), by=here.actor, now=asking.now())
        except Refused as error:
            put(form.sure, error)
        else:
            flash(_("The vault is given up. An adviser can make a new one."), "done")
            return redirect(url_for("adviser.council", slug=slug))
    return _page(here, FingerprintForm(formdata=None), form)


def _page(here: Here, form: FingerprintForm, sure: SureForm) -> Page:
    found = founding.founded(store(), by=here.actor)
    page = render_template("adviser/council.html", here=here, found=found, form=form, sure=sure)
    return (page, 400) if form.errors or sure.errors else page
