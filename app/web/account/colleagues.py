"""Colleagues of an organisation: addresses and roles enter; invitations and changed roles leave."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from app.core.access import Role
from app.core.refusal import Refused
from app.mail import mailer
from app.services import admitting, securing
from app.storage.office.accounts import Account
from app.web.account import blueprint
from app.web.account.forms import InviteForm, NothingForm, RolesForm
from app.web.account.refusals import role_name, sentence
from app.web.account.views import Page, background, put
from app.web.ui import asking, settings, store
from app.web.ui.asking import Asked


@blueprint.get("/<slug>/colleagues")
def colleagues(slug: str) -> Page:
    here = asking.require("invite-colleague", slug)
    return render_template(
        "account/colleagues.html",
        here=here,
        found=admitting.colleagues(store(), by=here.actor),
        waiting=admitting.invitations(store(), by=here.actor, now=asking.now()),
        nothing=NothingForm(),
        role_name=role_name,
        role_of=Role,
        format_day=lambda day: format_date(day, "d MMMM y"),
        by_mail=settings().smtp is not None,
    )


@blueprint.route("/<slug>/colleagues/invite", methods=["GET", "POST"])
def invite(slug: str) -> Page:
    here = asking.require("invite-colleague", slug)
    form = InviteForm()
    form.offer([role for role in Role if role != Role.ADMINISTRATOR or here.may("change-roles")])
    if form.validate_on_submit():
        try:
            _invite(here, form)
        except Refused as error:
            put(form, error, "email")
        else:
            return redirect(url_for("account.colleagues", slug=slug))
    page = render_template("account/invite.html", here=here, form=form, by_mail=settings().smtp is not None)
    return (page, 400) if form.errors else page


@blueprint.post("/<slug>/colleagues/withdraw/<email>")
def withdraw(slug: str, email: str) -> Page:
    here = asking.require("invite-colleague", slug)
    if NothingForm().validate_on_submit():
        try:
            admitting.withdraw(store(), email=email, by=here.actor, now=asking.now())
            flash(_("The invitation of %(email)s was withdrawn.", email=email), "done")
        except Refused as error:
            flash(sentence(error), "warn")
    return redirect(url_for("account.colleagues", slug=slug))


@blueprint.route("/<slug>/colleagues/<int:account>", methods=["GET", "POST"])
def change_roles(slug: str, account: int) -> Page:
    here = asking.require("change-roles", slug)
    who, held = _colleague(here, account)
    form = RolesForm(data={"roles": [role.value for role in held]})
    form.offer(list(Role))
    if form.validate_on_submit():
        try:
            admitting.change_roles(
                store(), account=account, roles=form.chosen, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form, error, "roles")
        else:
            flash(_("The roles of %(name)s were changed.", name=who.name or who.email), "done")
            return redirect(_list_or_home(slug))
    factors = securing.factors(store(), account=account)
    page = render_template("account/colleague.html", here=here, who=who, form=form, factors=factors)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/colleagues/<int:account>/deactivate", methods=["GET", "POST"])
def deactivate(slug: str, account: int) -> Page:
    """The page asks whether this is meant; only sending it does anything."""
    here = asking.require("change-roles", slug)
    who, _held = _colleague(here, account)
    form, fault = NothingForm(), ""
    if form.validate_on_submit():
        try:
            admitting.deactivate(store(), account=account, by=here.actor, now=asking.now())
        except Refused as error:
            fault = sentence(error)
        else:
            flash(_("%(name)s has no access any more.", name=who.name or who.email), "done")
            return redirect(
                url_for("account.home")
                if account == here.account.id
                else url_for("account.colleagues", slug=slug)
            )
    page = render_template("account/deactivate.html", here=here, who=who, form=form, fault=fault)
    return (page, 409) if fault else page


@blueprint.route("/<slug>/colleagues/<int:account>/second", methods=["GET", "POST"])
def reset_second(slug: str, account: int) -> Page:
    """For somebody who lost phone and spare codes. The page says what it does and doesn't do."""
    here = asking.require("reset-second-factor", slug)
    who, held = _colleague(here, account)
    form, fault = NothingForm(), ""
    if form.validate_on_submit():
        try:
            securing.reset(store(), account=account, by=here.actor, now=asking.now(), mailer=background())
        except Refused as error:
            fault = sentence(error)
        else:
            flash(_("The second step of %(name)s was reset.", name=who.name or who.email), "done")
            return redirect(url_for("account.colleagues", slug=slug))
    page = render_template(
        "account/reset_second.html",
        here=here,
        who=who,
        form=form,
        fault=fault,
        adviser=Role.ADVISER in held,
        by_mail=settings().smtp is not None,
    )
    return (page, 409) if fault else page


def _invite(here: Asked, form: InviteForm) -> None:
    """Send it and say where it went: without SMTP that is a file, which only who runs the server can open."""
    where = admitting.invite(
        store(),
        email=form.email.data,
        roles=form.chosen,
        by=here.actor,
        now=asking.now(),
        mailer=mailer(settings()),
        address=asking.public_address(),
        language=str(get_locale()),
    )
    if settings().smtp is not None:
        flash(_("The invitation was sent. The link in it works once, for 7 days."), "done")
    else:
        name = where.rpartition("/")[2]
        flash(
            _(
                "This server sends no e-mail yet. The invitation is in the folder outbox of the "
                "server, in the file "
                "%(name)s. Ask who runs the server to pass it on.",
                name=name,
            ),
            "warn",
        )


def _colleague(here: Asked, account: int) -> tuple[Account, frozenset[Role]]:
    everyone = {who.id: (who, held) for who, held in admitting.colleagues(store(), by=here.actor)}
    if account not in everyone:
        abort(404)
    return everyone[account]


def _list_or_home(slug: str) -> str:
    """Somebody can take roles away from themselves, and then see the list no more."""
    may = asking.enter(slug).may("invite-colleague")
    return url_for("account.colleagues", slug=slug) if may else url_for("account.home")
