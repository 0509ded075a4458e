"""The page about the vault: whether there is one, who is in it, and what this adviser does next."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.services import founding, joining, rotating
from app.services.joining import Member
from app.web.adviser import blueprint
from app.web.adviser.forms import ComparisonForm, FingerprintForm, NothingForm, SureForm
from app.web.adviser.here import Here, enter, look, opened, own_key
from app.web.adviser.refusals import put, sentence, why
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response


@blueprint.get("/<slug>/vault")
def vault(slug: str) -> Page:
    return _page(look(slug))


@blueprint.post("/<slug>/vault/make")
def make_vault(slug: str) -> Page:
    here, own = enter(slug), own_key()
    if own is None:
        return _unlock_first(slug)
    if NothingForm().validate_on_submit():
        try:
            founding.found(store(), private=own, by=here.actor, now=asking.now())
        except Refused as error:
            flash(sentence(error), "error")
    return redirect(url_for("adviser.vault", slug=slug))


@blueprint.post("/<slug>/vault/ask")
def ask_in(slug: str) -> Page:
    here = enter(slug)
    if NothingForm().validate_on_submit():
        try:
            joining.ask(store(), by=here.actor, now=asking.now())
        except Refused as error:
            flash(sentence(error), "error")
    return redirect(url_for("adviser.vault", slug=slug))


@blueprint.post("/<slug>/vault/compare")
def compare(slug: str) -> Page:
    """What a colleague inside reads out, before this adviser first opens the vault."""
    here, own = enter(slug), own_key()
    if own is None:
        return _unlock_first(slug)
    form = ComparisonForm()
    if form.validate_on_submit():
        try:
            joining.compare(store(), private=own, typed=form.typed.data, by=here.actor, now=asking.now())
        except Refused as error:
            put(form.typed, error)
        else:
            return redirect(url_for("adviser.vault", slug=slug))
    return _page(look(slug), form), 400


@blueprint.route("/<slug>/vault/admit/<int:account>", methods=["GET", "POST"])
def admit(slug: str, account: int) -> Page:
    """The fingerprint is not shown here: it has to come from the colleague, by telephone."""
    here = opened(slug)
    who = _one(joining.standing(store(), by=here.actor).waiting, account)
    form = FingerprintForm()
    if form.validate_on_submit():
        try:
            joining.admit(
                store(), here.vault, account=account, typed=form.typed.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.typed, error)
        else:
            flash(
                _(
                    "%(name)s can open the vault of %(organisation)s now.",
                    name=who.name,
                    organisation=here.organisation.name,
                ),
                "done",
            )
            return redirect(url_for("adviser.vault", slug=slug))
    page = render_template("adviser/vault_admit.html", here=here, form=form, who=who)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/vault/remove/<int:account>", methods=["GET", "POST"])
def remove(slug: str, account: int) -> Page:
    here = opened(slug)
    who = _one(joining.standing(store(), by=here.actor).inside, account)
    form = SureForm()
    if form.validate_on_submit():
        try:
            joining.remove(store(), here.vault, account=account, by=here.actor, now=asking.now())
        except Refused as error:
            put(form.sure, error)
        else:
            flash(_("%(name)s can't open this vault any more, and its key is new.", name=who.name), "done")
            return redirect(url_for("adviser.vault", slug=slug))
    page = render_template("adviser/vault_remove.html", here=here, form=form, who=who)
    return (page, 400) if form.errors else page


@blueprint.post("/<slug>/vault/renew")
def renew(slug: str) -> Page:
    here = opened(slug)
    if NothingForm().validate_on_submit():
        try:
            rotating.rotate(store(), here.vault, by=here.actor, now=asking.now())
        except Refused as error:
            flash(sentence(error), "error")
        else:
            flash(
                _("The key of the vault of %(organisation)s is new.", organisation=here.organisation.name),
                "done",
            )
    return redirect(url_for("adviser.vault", slug=slug))


def _one(members: tuple[Member, ...], account: int) -> Member:
    found = [each for each in members if each.account == account]
    if not found:
        abort(404)
    return found[0]


def _unlock_first(slug: str) -> Response:
    return redirect(url_for("adviser.unlock", slug=slug, next=url_for("adviser.vault", slug=slug)))


def _page(here: Here, form: ComparisonForm | None = None) -> str:
    own = own_key()
    standing = joining.standing(store(), by=here.actor, private=own)
    return render_template(
        "adviser/vault.html",
        here=here,
        standing=standing,
        says=why("own-key-changed" if standing.changed else here.closed),
        unlocked=own is not None,
        unread=rotating.unread(store(), here.vault, by=here.actor) if here.vault else 0,
        form=form or ComparisonForm(formdata=None),
    )
