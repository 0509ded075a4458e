"""One's own account: name, language and password enter and are kept; a new password ends other sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _

from app.core.refusal import Refused
from app.services import signing_in
from app.web.account import blueprint
from app.web.account.forms import IntroduceForm, NothingForm, PasswordForm
from app.web.account.views import Page, put
from app.web.ui import asking, store


@blueprint.get("/own")
def own() -> Page:
    who = asking.account()
    return _page(IntroduceForm(obj=who), PasswordForm())


@blueprint.post("/own")
def introduce() -> Page:
    who = asking.account()
    form = IntroduceForm()
    if form.validate_on_submit():
        try:
            signing_in.introduce(store(), account=who.id, name=form.name.data, language=form.language.data)
        except Refused as error:
            put(form, error, "name")
        else:
            session.pop("language", None)
            flash(_("Saved."), "done")
            return redirect(url_for("account.own"))
    return _page(form, PasswordForm(formdata=None)), 400


@blueprint.post("/own/password")
def change_password() -> Page:
    who = asking.account()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            token = signing_in.change_password(
                store(),
                account=who.id,
                old=form.old.data,
                new=form.new.data,
                now=asking.now(),
                token=session.get("token", ""),
            )
        except Refused as error:
            put(form, error, "old" if error.reason == "throttled" else "new")
        else:
            asking.remember(token)
            flash(_("Your password was changed. You were signed out everywhere else."), "done")
            return redirect(url_for("account.own"))
    return _page(IntroduceForm(formdata=None, obj=who), form), 400


@blueprint.post("/own/sign-out-everywhere")
def sign_out_everywhere() -> Page:
    who = asking.account()
    if NothingForm().validate_on_submit():
        signing_in.sign_out_everywhere(store(), account=who.id)
        asking.forget()
        flash(_("You were signed out everywhere."), "done")
    return redirect(url_for("account.sign_in"))


def _page(introduce: IntroduceForm, password: PasswordForm) -> str:
    return render_template("account/own.html", who=asking.account(), introduce=introduce, password=password)
