"""The adviser's own key: a passphrase enters, a recovery code to print leaves, once."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.services import joining, safeguarding
from app.services.joining import Standing
from app.web.adviser import blueprint
from app.web.adviser.forms import ChangeForm, KeyForm, PartForm, RecoverForm, SureForm, UnlockForm
from app.web.adviser.here import Here, enter, own_key
from app.web.adviser.refusals import put, why
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response


@blueprint.route("/<slug>/key", methods=["GET", "POST"])
def key(slug: str) -> Page:
    """Choosing a passphrase, for who has none; for who has one, what can be done with it."""
    here = enter(slug)
    standing = joining.standing(store(), by=here.actor, private=own_key())
    if standing.has_key:
        return _key_page(here, standing, PartForm())
    form = KeyForm()
    if form.validate_on_submit():
        try:
            code = safeguarding.make_key(
                store(), passphrase=form.passphrase.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.passphrase, error)
        else:
            return _code(here, code)
    page = render_template("adviser/key_new.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.post("/<slug>/key/confirm")
def confirm_code(slug: str) -> Page:
    here = enter(slug)
    form = PartForm()
    if form.validate_on_submit():
        try:
            safeguarding.confirm_code(store(), typed=form.part.data, by=here.actor)
        except Refused as error:
            put(form.part, error)
        else:
            flash(_("Your recovery code is confirmed. Keep it away from this computer."), "done")
            return redirect(url_for("adviser.vault", slug=slug))
    return _key_page(here, joining.standing(store(), by=here.actor, private=own_key()), form), 400


@blueprint.route("/<slug>/key/code", methods=["GET", "POST"])
def new_code(slug: str) -> Page:
    here = enter(slug)
    form = UnlockForm()
    if form.validate_on_submit():
        try:
            code = safeguarding.new_code(
                store(), passphrase=form.passphrase.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.passphrase, error)
        else:
            return _code(here, code)
    page = render_template("adviser/key_code_new.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/key/passphrase", methods=["GET", "POST"])
def change_passphrase(slug: str) -> Page:
    here = enter(slug)
    form = ChangeForm()
    if form.validate_on_submit():
        try:
            safeguarding.change_passphrase(
                store(), old=form.old.data, new=form.new.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.new if error.reason.startswith("passphrase-") else form.old, error)
        else:
            return _changed(slug)
    page = render_template("adviser/key_change.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/key/recover", methods=["GET", "POST"])
def recover(slug: str) -> Page:
    here = enter(slug)
    form = RecoverForm()
    if form.validate_on_submit():
        try:
            safeguarding.recover(
                store(), code=form.code.data, passphrase=form.new.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.new if error.reason.startswith("passphrase-") else form.code, error)
        else:
            return _changed(slug)
    page = render_template("adviser/key_recover.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/key/start-over", methods=["GET", "POST"])
def start_over(slug: str) -> Page:
    here = enter(slug)
    form = SureForm()
    if form.validate_on_submit():
        try:
            safeguarding.start_over(store(), by=here.actor, now=asking.now())
        except Refused as error:
            put(form.sure, error)
        else:
            return redirect(url_for("adviser.key", slug=slug))
    page = render_template("adviser/key_start_over.html", here=here, form=form)
    return (page, 400) if form.errors else page


def _key_page(here: Here, standing: Standing, form: PartForm) -> str:
    says = why("own-key-changed") if standing.changed else ""
    return render_template("adviser/key.html", here=here, standing=standing, form=form, says=says)


def _code(here: Here, code: str) -> str:
    return render_template("adviser/key_code.html", here=here, code=code, form=PartForm(formdata=None))


def _changed(slug: str) -> Response:
    flash(_("Your new passphrase is set. Everything is locked; unlock with it now."), "done")
    return redirect(url_for("adviser.unlock", slug=slug))
