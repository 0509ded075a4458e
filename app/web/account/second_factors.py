"""One's own second factors: choosing, setting up, renaming and removing them; spare codes leave, once."""

from __future__ import annotations

import json

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.refusal import Refused
from app.crypto import codes, one_time
from app.services import securing
from app.services.securing import Added
from app.storage.office.second_factors import Standing
from app.web.account import blueprint
from app.web.account.forms import CodeForm, NewPasskeyForm, NothingForm, RenamePasskeyForm
from app.web.account.refusals import sentence
from app.web.account.second_step import door, onward, token
from app.web.account.views import Page, background, put
from app.web.ui import asking, settings, store


@blueprint.get("/second/set-up")
def set_up_second() -> Page:
    """Where an adviser without a second factor is led, and whoever wants one or another one."""
    found = _may_set_up()
    factors = securing.factors(store(), account=found.account.id)
    return render_template(
        "account/second_choose.html", half=found.half, factors=factors, door=door(), onward=onward()
    )


@blueprint.route("/second/app", methods=["GET", "POST"])
def set_up_app() -> Page:
    found = _may_set_up()
    form = CodeForm()
    if form.validate_on_submit():
        try:
            added = securing.add_app(
                store(),
                token=token(),
                code=form.code.data,
                secret=settings().secret,
                now=asking.now(),
                mailer=background(),
            )
        except Refused as error:
            put(form, error, "code")
        else:
            return _added(added, _("Your app is set up."))
    secret = securing.offer_app(store(), token=token(), secret=settings().secret, now=asking.now())
    page = _app_page(found, form, secret)
    return (page, 400) if form.errors else page


@blueprint.route("/second/passkey/new", methods=["GET", "POST"])
def set_up_passkey() -> Page:
    found, here = _may_set_up(), door()
    form = NewPasskeyForm()
    if here.site is None:
        return render_template(
            "account/second_passkey.html", half=found.half, form=form, door=here, options="", onward=onward()
        )
    if form.validate_on_submit():
        try:
            added = securing.add_passkey(
                store(),
                token=token(),
                name=form.name.data,
                answer=form.answer.data or "",
                site=here.site,
                now=asking.now(),
                mailer=background(),
            )
        except Refused as error:
            put(form, error, "name")
        else:
            return _added(added, _("Your passkey is set up."))
    try:
        options = securing.offer_passkey(
            store(), token=token(), site=here.site, secret=settings().secret, now=asking.now()
        )
    except Refused as error:
        flash(sentence(error), "warn")
        return redirect(url_for("account.second_factors"))
    page = render_template(
        "account/second_passkey.html",
        half=found.half,
        form=form,
        door=here,
        options=json.dumps(options),
        onward=onward(),
    )
    return (page, 400) if form.errors else page


@blueprint.get("/second/own")
def second_factors() -> Page:
    who = asking.account()
    factors = securing.factors(store(), account=who.id)
    return render_template("account/second_own.html", who=who, factors=factors)


@blueprint.route("/second/passkey/<int:number>", methods=["GET", "POST"])
def own_passkey(number: int) -> Page:
    """Its name, and a way to remove it."""
    who = asking.account()
    factors = securing.factors(store(), account=who.id)
    row = next((each for each in factors.passkeys if each.id == number), None)
    if row is None:
        abort(404)
    form = RenamePasskeyForm(obj=row)
    if form.validate_on_submit():
        try:
            securing.rename_passkey(store(), account=who.id, passkey=number, name=form.name.data)
        except Refused as error:
            put(form, error, "name")
        else:
            flash(_("Saved."), "done")
            return redirect(url_for("account.second_factors"))
    last = factors.must and factors.count == 1
    page = render_template("account/second_rename.html", form=form, row=row, last=last, nothing=NothingForm())
    return (page, 400) if form.errors else page


@blueprint.post("/second/passkey/<int:number>/remove")
def remove_passkey(number: int) -> Page:
    who = asking.account()
    if NothingForm().validate_on_submit():
        try:
            securing.remove_passkey(
                store(), account=who.id, passkey=number, now=asking.now(), mailer=background()
            )
            flash(
                _("The passkey was removed. Remove it from your device or password manager as well."), "done"
            )
        except Refused as error:
            flash(sentence(error), "warn")
    return redirect(url_for("account.second_factors"))


@blueprint.route("/second/app/remove", methods=["GET", "POST"])
def remove_app() -> Page:
    """The page asks whether this is meant; only sending it does anything."""
    who = asking.account()
    if NothingForm().validate_on_submit():
        try:
            securing.remove_app(store(), account=who.id, now=asking.now(), mailer=background())
            flash(_("The app was removed. Its codes work no more."), "done")
        except Refused as error:
            flash(sentence(error), "warn")
        return redirect(url_for("account.second_factors"))
    return render_template("account/second_remove_app.html", form=NothingForm())


@blueprint.post("/second/spare")
def renew_spare_codes() -> Page:
    who = asking.account()
    if not NothingForm().validate_on_submit():
        return redirect(url_for("account.second_factors"))
    try:
        spare = securing.renew_spare_codes(store(), account=who.id, now=asking.now())
    except Refused as error:
        flash(sentence(error), "warn")
        return redirect(url_for("account.second_factors"))
    return _spare_page(spare, url_for("account.second_factors"), "")


def _may_set_up() -> Standing:
    """A whole session, or a half one with nothing to show yet: a password alone must not add a factor to others."""
    found = asking.standing()
    if found is None:
        abort(redirect(url_for("account.sign_in", next=request.full_path.rstrip("?"))))
    if found.half and found.has_factor:
        abort(redirect(url_for("account.second", next=onward())))
    return found


def _added(added: Added, said: str) -> Page:
    asking.remember(added.token)
    asking.signed_in()
    going = onward() if "next" in request.args else url_for("account.second_factors")
    if added.spare:
        return _spare_page(added.spare, going, said)
    flash(said, "done")
    return redirect(going)


def _spare_page(spare: tuple[str, ...], going: str, said: str) -> str:
    shown = [codes.grouped(each) for each in spare]
    return render_template("account/spare_codes.html", codes=shown, onward=going, said=said)


def _app_page(found: Standing, form: CodeForm, secret: str) -> str:
    from app.render.qr import qr

    address = one_time.address(secret, found.account.email)
    return render_template(
        "account/second_app.html",
        half=found.half,
        form=form,
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        address=address,
        # Made of numbers only: nothing that anybody typed is in it.
        qr=Markup(qr(address)),
        replaces=securing.factors(store(), account=found.account.id).app,
        onward=onward(),
    )
