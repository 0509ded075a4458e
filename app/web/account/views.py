"""Signing in, new passwords and invitations: what somebody typed enters, a page or a session leaves."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.access import can
from app.core.refusal import Refused
from app.mail import mailer
from app.mail.later import Later
from app.services import admitting, signing_in
from app.web.account import blueprint
from app.web.account.forms import (
    AcceptForm,
    AcceptKnownForm,
    AskResetForm,
    NothingForm,
    ResetForm,
    SignInForm,
)
from app.web.account.refusals import role_name, sentence
from app.web.ui import asking, settings, store

Page = str | tuple[str, int] | Response
# Faults that belong to one field; the rest is said at the top of the form.
FIELDS = {
    "email": "email",
    "own-name": "name",
    "wrong-password": "old",
    "passkey-name": "name",
    "no-roles": "roles",
    "works-council-apart": "roles",
    "only-administrator": "roles",
    "already-colleague": "email",
    "no-name": "name",
    "quick-exit": "quick_exit",
}


@blueprint.before_request
def know() -> None:
    """Every page here is in the language of who asks, signed in or not."""
    asking.standing()


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    onward = asking.safe_next(request.args.get("next")) or url_for("account.home")
    if request.method == "GET" and asking.signed_in() is not None:
        return redirect(onward)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            token = signing_in.sign_in(
                store(), email=form.email.data, password=form.password.data, now=asking.now()
            )
        except Refused as error:
            status = 429 if error.reason == "throttled" else 400
            return _sign_in_page(form, onward, fault=sentence(error)), status
        _end_present()
        asking.remember(token)
        return redirect(onward)
    return _answered(_sign_in_page(form, onward), form)


@blueprint.post("/sign-out")
def sign_out() -> Page:
    if NothingForm().validate_on_submit():
        _end_present()
        asking.forget()
    return redirect(url_for("account.sign_in"))


@blueprint.get("/")
def home() -> Page:
    """Straight to the only organisation; a list to choose from where there are more, or none."""
    who = asking.account()
    found = signing_in.organisations_of(store(), account=who.id)
    doors = [(each, _door(each.slug)) for each in found]
    if len(doors) == 1:
        return redirect(doors[0][1])
    return render_template("account/home.html", organisations=doors)


def _door(slug: str) -> str:
    """Where somebody's work in an organisation begins: an adviser's signals, else scans, results or colleagues."""
    by = asking.actor(slug)
    if can("keep-signals", by) and not can("plan-scan", by):
        return url_for("adviser.home", slug=slug)
    if can("see-scans", by):
        return f"/manage/{slug}/"
    return f"/results/{slug}/" if can("read-results", by) else url_for("account.colleagues", slug=slug)


@blueprint.route("/reset", methods=["GET", "POST"])
def ask_reset() -> Page:
    form = AskResetForm()
    if form.validate_on_submit():
        signing_in.ask_reset(
            store(),
            email=form.email.data,
            now=asking.now(),
            mailer=background(),
            address=asking.public_address(),
        )
        return render_template(
            "account/reset_asked.html", email=form.email.data, by_mail=settings().smtp is not None
        )
    return _answered(render_template("account/ask_reset.html", form=form), form)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Page:
    if not signing_in.is_reset(store(), token=token, now=asking.now()):
        return _over("account.ask_reset")
    form = ResetForm()
    if form.validate_on_submit():
        try:
            signing_in.reset_password(
                store(),
                token=token,
                password=form.password.data,
                now=asking.now(),
                mailer=background(),
                address=asking.public_address(),
            )
        except Refused as error:
            if error.reason == "link-over":
                return _over("account.ask_reset")
            put(form, error, "password")
        else:
            asking.forget()
            flash(_("Your new password is set. You were signed out everywhere; sign in with it now."), "done")
            return redirect(url_for("account.sign_in"))
    return _answered(render_template("account/reset.html", form=form), form)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Page:
    offered = admitting.invitation(store(), token=token, now=asking.now())
    if offered is None:
        return _over("account.sign_in")
    form = AcceptKnownForm() if offered.known else AcceptForm()
    if form.validate_on_submit():
        try:
            cookie = admitting.accept(
                store(),
                token=token,
                name="" if offered.known else form.name.data,
                password=form.password.data,
                now=asking.now(),
                language=str(get_locale()),
            )
        except Refused as error:
            if error.reason == "link-over":
                return _over("account.sign_in")
            put(form, error, "password")
        else:
            _end_present()
            asking.remember(cookie)
            flash(
                _("Welcome. You now work with %(organisation)s.", organisation=offered.organisation), "done"
            )
            return redirect(url_for("account.home"))
    roles = [role_name(role) for role in sorted(offered.roles)]
    return _answered(
        render_template("account/invitation.html", form=form, offered=offered, roles=roles), form
    )


def background() -> Later:
    """One mailer per application that sends after the answer, so that the answer's time tells nothing."""
    found: Later = current_app.extensions.setdefault("mail-later", Later(mailer(settings())))
    return found


def put(form: object, error: Refused, otherwise: str) -> None:
    """Show a refusal at the field it is about, else at the field named `otherwise`."""
    name = FIELDS.get(error.reason, otherwise)
    fields = form._fields  # type: ignore[attr-defined]
    field = fields.get(name) or fields[otherwise]
    field.errors = [*field.errors, sentence(error)]


def _answered(page: str, form: object) -> Page:
    """With status 400 when the form was sent and something in it has to be put right."""
    return (page, 400) if getattr(form, "errors", None) else page


def _sign_in_page(form: SignInForm, onward: str, fault: str = "") -> str:
    return render_template("account/sign_in.html", form=form, onward=onward, fault=fault)


def _end_present() -> None:
    token = session.get("token")
    if isinstance(token, str):
        signing_in.sign_out(store(), token=token)


def _over(endpoint: str) -> Page:
    return render_template(
        "account/link_over.html", onward=url_for(endpoint), ask=endpoint == "account.ask_reset"
    ), 410
